"""What a class of credits may be retired for: dated rule data, and one thing that no data allows.

A parameter ``purposes.CLASS`` lists the purposes with a space between two.  The classes of this
register are provincial; the national market takes CCER alone (Order 31, Art. 2 and 28), so that
its purpose is neither stated nor used.  Where nothing is in force, every other purpose may be.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ledger.credits.schemas import PURPOSES
from ledger.parties.parameters import in_force
from ledger.writer.context import Context
from ledger.writer.errors import Refusal

PREFIX = "purposes."
NATIONAL = "offset-national"


def check_purpose(context: Context, credit_class: str, purpose: str) -> None:
    """Raise Refusal ``class-not-for-national-market`` or ``purpose-not-for-class``."""
    if purpose == NATIONAL:
        raise Refusal("class-not-for-national-market", field="purpose", credit_class=credit_class)
    stated = in_force(context, PREFIX + credit_class)
    allowed = PURPOSES if stated is None else stated.split(" ")
    if purpose not in allowed:
        raise Refusal(
            "purpose-not-for-class",
            field="purpose",
            credit_class=credit_class,
            allowed=list(allowed),
        )


def check_list(context: Context, params: Mapping[str, Any]) -> None:
    """Refuse a list that would mean nothing, or give a provincial class to the national market.

    Raises Refusal ``parameter-malformed`` or ``class-not-for-national-market``.
    """
    code = params["code"]
    if not code.startswith(PREFIX):
        return
    words = params["value"].split(" ")
    if len(set(words)) < len(words) or not set(words) <= set(PURPOSES):
        raise Refusal("parameter-malformed", field="value", parameter=code)
    if NATIONAL in words:
        credit_class = code.removeprefix(PREFIX)
        raise Refusal("class-not-for-national-market", field="value", credit_class=credit_class)
