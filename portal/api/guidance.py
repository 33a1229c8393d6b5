"""The guide to an act (办事指南): what a declaration and the dated parameters say of it.

Nothing here is written by hand but words: who signs, what is needed, who reads it and how long it
is kept come from the declaration; how many people, how long and how much from parameters in force
on the day.  ``term.TYPE`` and ``fee.TYPE`` are shown beside the codes that the type declares, so
that the authority can state either without a new version of the software.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection

from ledger.parties.authority import GENESIS, SUSPENDED_MAY
from ledger.parties.four_eyes import NEVER
from ledger.parties.four_eyes import PREFIX as FOUR_EYES
from ledger.parties.stated import spelled_out, stated_on
from ledger.retention.handlers import PERMANENT
from ledger.retention.handlers import PREFIX as RETENTION
from ledger.statements.types import StatementType
from ledger.writer.engine import Engine
from ledger.writer.kinds import Row
from portal.api import examples

TERM, FEE = "term.", "fee."
SCHEDULER = "scheduler"
SERVER, READER = " --url https://register.example", " --token TOKEN"
ADDED = frozenset({"salt", "attachments"})
"""Fields that the software itself fills in."""


@dataclass(frozen=True)
class People:
    """How many people sign: one, two, or two from an amount on; and which parameter says so."""

    count: int
    above: int | None
    parameter: Row | None


@dataclass(frozen=True)
class Kept:
    """How long something is kept: for ever, or for the years of a parameter; None is unknown."""

    name: str
    forever: bool
    parameter: Row | None


@dataclass(frozen=True)
class Guide:
    """All that a page says of one type on a day."""

    declared: StatementType
    day: str
    people: People
    fields: tuple[Mapping[str, Any], ...]
    terms: tuple[Row, ...]
    fees: tuple[Row, ...]
    rules: tuple[Row, ...]
    kept: Kept
    attachments_kept: Kept | None
    automatic: bool
    suspended_may: bool
    example: str
    commands: tuple[str, ...]


def newest(engine: Engine) -> dict[str, StatementType]:
    """The newest version of each type by its name, in house order."""
    found: dict[str, StatementType] = {}
    for declared in engine.types.values():
        if declared.name not in found or declared.version > found[declared.name].version:
            found[declared.name] = declared
    return found


def may_state(engine: Engine, type: str, roles: Iterable[str]) -> bool:
    """Whether the newest version of a type is for one of these roles."""
    return not set(newest(engine)[type].signers).isdisjoint(roles)


def guide(connection: Connection, declared: StatementType, day: str) -> Guide:
    """What is to be known of a type on a day."""
    name = declared.name
    terms, fees, rules = (
        spelled_out(connection, codes, day)
        for codes in (
            (*declared.terms, TERM + name),
            (*declared.fees, FEE + name),
            declared.rules,
        )
    )
    retention = [RETENTION + kept for kept in _classes(declared)]
    stated = stated_on(connection, (*terms, *fees, *rules, *retention, FOUR_EYES + name), day)
    attached = declared.attachments_kept if declared.attachments else None
    people = _people(declared, stated.get(FOUR_EYES + name))
    return Guide(
        declared=declared,
        day=day,
        people=people,
        fields=tuple(row for row in declared.fields_doc() if row["field"] not in ADDED),
        terms=_named(stated, terms),
        fees=_named(stated, fees),
        rules=_named(stated, rules),
        kept=_kept(declared.retention, stated),
        attachments_kept=None if attached is None else _kept(attached, stated),
        automatic=declared.signers == (SCHEDULER,),
        suspended_may=name in SUSPENDED_MAY,
        example=example(name),
        commands=commands(declared, people.count),
    )


def example(name: str) -> str:
    """A made-up body as its author would write it; the software adds salt and attachments."""
    shown = {key: value for key, value in examples.bodies()[name].items() if key not in ADDED}
    return orjson.dumps(shown, option=orjson.OPT_INDENT_2).decode()


def commands(declared: StatementType, people: int) -> tuple[str, ...]:
    """What its author types to state it: the body first looked at, then signed and submitted.

    None where nobody states it by hand: the scheduler does, or ``init`` has done.
    """
    name, party = declared.name, _speaker(declared)
    if declared.signers == (SCHEDULER,):
        return ()
    if name == GENESIS:
        return ("qingzhang init --origin example.test/qz",)
    said, papers = "qingzhang statement", declared.attachments[:1]  # the others go the same way
    both = " --with KEY_ID_OF_COLLEAGUE" if people > 1 else ""
    attach = "".join(f" --attach {paper}={paper}.pdf" for paper in papers)
    return (
        f"{said} types --schema {name}",
        f"{said} rehearse {name} body.json --party {party}{attach}",
        f"{said} sign {name} body.json --key me.pem --party {party}{both}{attach} -o signed.json",
        *((f"{said} cosign signed.json --key colleague.pem",) if both else ()),
        f"{said} submit signed.json{SERVER}",
        f"{said} show ID{SERVER}{READER}",
        *(f"{said} attachment ID {paper} -o back.pdf{SERVER}{READER}" for paper in papers),
    )


def _speaker(declared: StatementType) -> str:
    """A party that may state it: a company's own, else the authority called after its role."""
    own = {"enterprise", "verifier"} & set(declared.signers)
    return "my-company" if own else declared.signers[0]


def _classes(declared: StatementType) -> Iterable[str]:
    return [kept for kept in (declared.retention, declared.attachments_kept) if kept]


def _people(declared: StatementType, row: Row | None) -> People:
    if row is None:
        return People(2 if declared.four_eyes else 1, None, None)
    if row["value"] == NEVER:
        return People(1, None, row)
    return People(2, int(row["value"]) or None, row)


def _named(stated: Mapping[str, Row], codes: Iterable[str]) -> tuple[Row, ...]:
    return tuple(stated[code] for code in codes if code in stated)


def _kept(name: str, stated: Mapping[str, Row]) -> Kept:
    return Kept(name, name == PERMANENT, stated.get(RETENTION + name))
