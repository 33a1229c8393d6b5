"""The forms that there are, by name."""

from __future__ import annotations

from portal.forms.form import Form
from portal.forms.party import PARTY
from portal.forms.project import PROJECT

FORMS: dict[str, Form] = {form.name: form for form in (PARTY, PROJECT)}
