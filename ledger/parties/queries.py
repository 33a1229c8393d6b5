"""Reads of parties: what one was admitted with, who acts for it, what happened to it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, func, select

from ledger.parties.conditions import OPERATORS
from ledger.parties.models import KEY, PARTY, key_table, parameter_table
from ledger.parties.people_models import (
    OPERATOR,
    act_table,
    agreement_table,
    approval_table,
    authorised_table,
    operator_table,
)
from ledger.parties.people_schemas import CHECKER, MAKER
from ledger.statements.types import StatementType
from ledger.writer.context import Signer
from ledger.writer.errors import Refusal
from ledger.writer.kinds import Row
from ledger.writer.store import Rows

HISTORY_MAX = 500
"""The newest acts that a dossier shows; the log has all."""


def dossier(connection: Connection, party: str, day: str) -> dict[str, Any] | None:
    """All that is public of a party, or None; ``day`` says which approvals are in force.

    Operators appear by code, duty and number of valid keys; persons do not appear.
    """
    row = Rows(connection).row(PARTY, (party,))
    if row is None:
        return None
    return {
        "party": row,
        "agreements": _newest(connection, agreement_table, party),
        "approvals": [
            {**approval, "standing": standing(approval, day)}
            for approval in _newest(connection, approval_table, party)
        ],
        "operators": _operators(connection, party),
        "operators_max": _operators_max(connection, row["roles"], day),
        "authorised": _authorised(connection, party),
        "history": _newest(connection, act_table, party, HISTORY_MAX),
    }


def standing(approval: Row, day: str) -> str:
    """``valid``, ``expired``, ``not-yet`` or ``ended``, on a day."""
    if approval["ended"] is not None:
        return "ended"
    if day < approval["valid_from"]:
        return "not-yet"
    return "valid" if day <= approval["valid_to"] else "expired"


def _newest(connection: Connection, table: Any, party: str, limit: int = 200) -> list[Row]:
    query = select(table).where(table.c.party == party).order_by(table.c.index.desc())
    return [dict(row) for row in connection.execute(query.limit(limit)).mappings()]


def _operators(connection: Connection, party: str) -> list[Row]:
    table, keys = operator_table, key_table.c
    count = select(keys.operator, func.count().label("keys"))
    count = count.where(keys.party == party, keys.until.is_(None)).group_by(keys.operator)
    valid = {operator: int(number) for operator, number in connection.execute(count)}
    query = select(table.c.operator, table.c.role, table.c.index).where(table.c.party == party)
    found = connection.execute(query.order_by(table.c.operator)).mappings()
    return [{**row, "keys": valid.get(row["operator"], 0)} for row in found]


def _operators_max(connection: Connection, roles: list[str], day: str) -> Row | None:
    """The lowest limit of these roles in force on a day, with what it rests on."""
    table = parameter_table.c
    limits = []
    for role in roles:
        query = select(table.value, table.source, table.confidence)
        query = query.where(table.code == OPERATORS + role, table.valid_from <= day)
        row = connection.execute(query.order_by(table.valid_from.desc()).limit(1)).first()
        if row is not None:
            limits.append({"max": int(row[0]), "source": row[1], "confidence": row[2]})
    return min(limits, key=lambda limit: int(limit["max"]), default=None)


def _authorised(connection: Connection, party: str) -> Row | None:
    """Since when somebody speaks for a party, and by which document; not who."""
    table = authorised_table.c
    query = select(table.since, table.document, table.index).where(table.party == party)
    row = connection.execute(query).mappings().first()
    return None if row is None else dict(row)


def party_named(connection: Connection, text: str) -> str:
    """The id of the party that a text names by its id or its unified code; else the text itself.

    An id goes before a code, since an id may have the form of one. What is nobody's stays as it
    is, so that whoever is told of it is told what was asked.
    """
    if Rows(connection).row(PARTY, (text,)) is not None:
        return text
    table = PARTY.table.c
    found = connection.execute(select(table.party).where(table.uscc == text.upper())).scalar()
    return text if found is None else str(found)


def only_speaker(connection: Connection, declared: StatementType) -> str:
    """The one active party that may state a type; raises Refusal ``speaker-unknown``."""
    columns = PARTY.table.c
    query = select(columns.party, columns.roles).where(columns.status == "active")
    able = [row.party for row in connection.execute(query) if {*row.roles} & {*declared.signers}]
    if len(able) != 1:
        raise Refusal("speaker-unknown", type=declared.name, roles=list(declared.signers))
    return str(able[0])


def people_of(connection: Connection, party: str) -> tuple[Signer, ...]:
    """One valid key for each of the party's people, in the order in which they could sign."""
    rows = [row for row in Rows(connection).group(KEY, ("party",), (party,)) if not row["until"]]
    found: dict[str, Signer] = {}
    for row in sorted(rows, key=lambda row: (row["since"], row["key"])):
        found.setdefault(row["person"], Signer(row["key"], row["operator"], row["person"]))
    return signing_order(connection, party, found.values())


def signing_order(
    connection: Connection, party: str, people: Iterable[Signer]
) -> tuple[Signer, ...]:
    """People of a party so that the first may make what the second may check, where any two can."""
    given, rows = list(people), Rows(connection)
    seats = {one.operator: rows.row(OPERATOR, (party, one.operator)) for one in given}
    roles = {name: seat["role"] if seat else None for name, seat in seats.items()}
    first = next((one for one in given if roles[one.operator] != CHECKER), None)
    others = [one for one in given if one is not first]
    others.sort(key=lambda one: roles[one.operator] == MAKER)
    return (*([] if first is None else [first]), *others)
