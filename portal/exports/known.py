"""The vocabularies that there are, by name."""

from __future__ import annotations

from portal.exports.cadt import CADT
from portal.exports.ccer import CCER
from portal.exports.vocabulary import Vocabulary

VOCABULARIES: dict[str, Vocabulary] = {item.name: item for item in (CADT, CCER)}
