"""The register in the words of others: written for their readers, checked against the record."""

from portal.exports.errors import ExportFault
from portal.exports.known import VOCABULARIES
from portal.exports.vocabulary import Column, Sheet, Vocabulary

__all__ = ["VOCABULARIES", "Column", "ExportFault", "Sheet", "Vocabulary"]
