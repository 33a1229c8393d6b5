"""Operators (操作员) of a party: how many, who, and which of them makes and which checks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ledger.parties.acts import note
from ledger.parties.conditions import operators_max
from ledger.parties.models import KEY, PARTY
from ledger.parties.people_models import OPERATOR
from ledger.parties.people_schemas import CHECKER, MAKER
from ledger.writer.context import Context
from ledger.writer.errors import Refusal
from ledger.writer.kinds import Row

Body = Mapping[str, Any]
ANYBODY = frozenset({"key.revoke"})
"""What a checker may state alone: a key that is in danger must not wait for its maker."""


def take_seat(context: Context, party: str, entry: Body) -> None:
    """Seat the operator of a new key.

    Raises Refusal ``operators-full``, ``operator-person-differs``, ``operator-role-differs`` or
    ``maker-is-checker``.
    """
    held = context.get(OPERATOR, party, entry["operator"])
    seated = live(context, party)
    role = entry.get("role") or (held["role"] if held else None)
    if held is not None and entry["operator"] in seated:
        if held["person"] != entry["person"]:
            context.fault("operator-person-differs", field="person", operator=entry["operator"])
        if held["role"] != role:
            context.fault("operator-role-differs", field="role", role=held["role"])
    else:
        most = operators_max(context, context.need(PARTY, party)["roles"])
        if most is not None and len(seated) >= most:
            context.fault("operators-full", field="operator", max=most)
    row = {
        "party": party,
        "operator": entry["operator"],
        "person": entry["person"],
        "role": role,
        "index": context.index,
    }
    _apart(context, row, seated)
    if held is None or {**held, "index": row["index"]} != row:
        context.put(OPERATOR, row)


def assign(context: Context, body: Body) -> None:
    """Give an own operator the role of maker or checker.

    Raises Refusal ``operator-unknown``, ``operator-role-held``, ``maker-is-checker`` or
    ``operators-one-sided``.
    """
    party, operator = context.party, body["operator"]
    seated = live(context, party)
    held = context.get(OPERATOR, party, operator)
    if held is None or operator not in seated:
        raise Refusal("operator-unknown", key=operator)
    if held["role"] == body["role"]:
        raise Refusal("operator-role-held", field="role", role=held["role"])
    row = {**held, "role": body["role"], "index": context.index}
    _apart(context, row, seated)
    context.put(OPERATOR, row)
    check_sides(context, party)
    note(context, party, operator=operator, role=body["role"])


def check_sides(context: Context, party: str) -> None:
    """Refuse a party none of whose operators could make, or, where it has several, check.

    Raises Refusal ``operators-one-sided``.
    """
    roles = [_role(context, party, operator) for operator in sorted(live(context, party))]
    if roles and set(roles) in ({CHECKER}, {MAKER}) and (len(roles) > 1 or roles == [CHECKER]):
        context.fault("operators-one-sided", role=roles[0])


def check_maker(context: Context, type: str) -> bool:
    """Whether among the signers one makes and another checks.

    Raises Refusal ``maker-missing`` where nobody among them may make.
    """
    roles = [_role(context, context.party, signer.operator) for signer in context.signers]
    if set(roles) == {CHECKER} and type not in ANYBODY:
        raise Refusal("maker-missing", role=CHECKER)
    return len(roles) > 1 and set(roles) != {MAKER}


def live(context: Context, party: str) -> set[str]:
    """The operators of a party who hold a key that has not stopped."""
    rows = context.members(KEY, "party", party)
    return {row["operator"] for row in rows if row["until"] is None}


def _apart(context: Context, row: Row, seated: set[str]) -> None:
    """One person does not make as one operator and check as another."""
    for name in sorted(seated - {row["operator"]}):
        other = context.get(OPERATOR, row["party"], name)
        if other is None or other["person"] != row["person"]:
            continue
        if {other["role"], row["role"]} == {MAKER, CHECKER}:
            context.fault("maker-is-checker", field="role", operator=name)


def _role(context: Context, party: str, operator: str) -> str | None:
    row = context.get(OPERATOR, party, operator)
    return None if row is None else row["role"]
