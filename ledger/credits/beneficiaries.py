"""In whose name credits are retired: an organisation by its code, or a person behind a mask.

A retirement is public for ever, so that a person's name stands there masked (张*, 欧阳*华) and
with the person's consent attached, which nobody but the register reads and which can be erased.
The name itself is the author's word.  ``beneficiary-form`` says whether a name alone is enough
(``any``) or one of the two is needed (``identified``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ledger.credits.models import BENEFICIARY
from ledger.parties.errors import CodeRefused
from ledger.parties.models import USCC
from ledger.parties.parameters import in_force
from ledger.parties.uscc import check_uscc
from ledger.writer.context import Context
from ledger.writer.errors import Refusal

FORM = "beneficiary-form"
FORMS = ("any", "identified")
CONSENT = "consent"
_MASKED = re.compile(r"[^*\s]{1,2}\*{1,4}[^*\s]?")
"""At most two characters, asterisks, and at most one character more."""


def note_beneficiary(context: Context, body: Mapping[str, Any]) -> None:
    """Check who benefits and put down a code or that the name is masked.

    Raises Refusal ``beneficiary-twice``, ``uscc-invalid``, ``beneficiary-not-masked``,
    ``consent-missing`` or ``beneficiary-unidentified``.
    """
    code, person = body.get("beneficiary_uscc"), body.get("beneficiary_person", False)
    if code is not None and person:
        raise Refusal("beneficiary-twice", field="beneficiary_uscc")
    if code is not None:
        _put(context, "code", code, _holder(context, code))
    elif person:
        _check_person(context, body)
        _put(context, "masked", None, None)
    elif in_force(context, FORM) == "identified":
        raise Refusal("beneficiary-unidentified", field="beneficiary")


def check_form(context: Context, params: Mapping[str, Any]) -> None:
    """Refuse a form that nothing reads; raises Refusal ``parameter-malformed``."""
    if params["code"] == FORM and params["value"] not in FORMS:
        raise Refusal("parameter-malformed", field="value", parameter=FORM)


def _holder(context: Context, code: str) -> str | None:
    try:
        check_uscc(code)
    except CodeRefused as error:
        raise Refusal("uscc-invalid", field="beneficiary_uscc", rule=error.code) from error
    held = context.get(USCC, code)
    return None if held is None else str(held["party"])


def _check_person(context: Context, body: Mapping[str, Any]) -> None:
    if not _MASKED.fullmatch(body["beneficiary"]):
        raise Refusal("beneficiary-not-masked", field="beneficiary")
    # An operation of a batch brings no attachments along, whatever its body says.
    if CONSENT not in body.get("attachments", {}) or "/" in context.id:
        raise Refusal("consent-missing", field="attachments")


def _put(context: Context, form: str, code: str | None, party: str | None) -> None:
    row = {"retirement": context.id, "form": form, "uscc": code, "party": party}
    context.create(BENEFICIARY, {**row, "index": context.index})
