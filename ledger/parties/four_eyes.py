"""Four eyes: how many people sign a statement, by its type, its amount and the day.

A dated parameter ``four-eyes.TYPE`` says from which amount on two distinct people sign: ``0``
means always, ``never`` means that one is enough.  Without one, what the type declares holds.
The amount is in the type's own unit (credits, fen); a type without one knows always and never
alone.  The operations of a batch add up, so that no sum passes by being split within one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ledger.parties.operators import check_maker
from ledger.parties.parameters import in_force
from ledger.statements.types import StatementType
from ledger.writer.context import Context, people
from ledger.writer.errors import NotKnown, Refusal

PREFIX = "four-eyes."
NEVER = "never"
FIXED = frozenset(
    {
        "authority.admit",
        "engine.activate",
        "key.block",
        "key.register",
        "key.replace",
        "log.rotate",
        "operator.assign",
        "parameter.set",
    }
)
"""Who may change the rules or the keys alone could lift every other rule first."""
_AMOUNT = re.compile(r"0|[1-9][0-9]{0,14}", re.ASCII)


def check_four_eyes(context: Context, declared: StatementType, body: Mapping[str, Any]) -> None:
    """Hold the signers against what their number and their roles must be.

    Raises Refusal ``one-person-twice``; ``maker-missing`` where only checkers signed;
    ``four-eyes`` where too few people signed, and ``checker-missing`` where enough did and none
    of them may check.
    """
    signed = people(context.signers)
    if len(signed) < len(context.signers):
        raise Refusal("one-person-twice", persons=len(signed), signatures=len(context.signers))
    if check_maker(context, declared.name):
        return
    code = "checker-missing" if len(signed) >= 2 else "four-eyes"
    threshold = in_force(context, PREFIX + declared.name)
    if threshold is None:
        if declared.four_eyes:
            context.fault(code, persons=len(signed), needed=2)
        return
    if threshold == NEVER:
        return
    if declared.amount is None or context.tally(declared.name, declared.amount(body)) >= int(
        threshold
    ):
        context.fault(code, persons=len(signed), needed=2, threshold=int(threshold))


def check_threshold(context: Context, code: str, value: str) -> None:
    """Refuse a parameter of this family that would not mean anything, or lift the last lock.

    Raises Refusal ``four-eyes-fixed`` or ``parameter-malformed``, and NotKnown
    ``four-eyes-type-unknown``.
    """
    if not code.startswith(PREFIX):
        return
    name = code.removeprefix(PREFIX)
    if context.engine.type_of(name, 1) is None:
        raise NotKnown("four-eyes-type-unknown", field="code", type=name)
    if name in FIXED:
        raise Refusal("four-eyes-fixed", field="code", type=name)
    if value != NEVER and not _AMOUNT.fullmatch(value):
        raise Refusal("parameter-malformed", field="value", parameter=code)
