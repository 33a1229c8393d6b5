"""Bulk forms: a table of parties or projects becomes one statement a row."""

from portal.forms.form import Column, Form
from portal.forms.known import FORMS

__all__ = ["FORMS", "Column", "Form"]
