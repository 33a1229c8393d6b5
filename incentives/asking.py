"""Puts a party to the rules on the record: facts as known at a log size, law as of a day.

Each question has two times, and both are in its answer, so that it can be asked again and be
answered with the same bytes. An answer is a pre-check (预审结果), no administrative decision.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from incentives.putting import NOTHING, Put, put
from incentives.reading import Reading, Stored
from incentives.recorded import recorded
from incentives.rule_sets import digest
from incentives.rules.declared import Declared, Unfit, check, check_form, fitted
from incentives.rules.plain import Plain, copied
from incentives.rules.rule import Rule
from incentives.rules.together import combined
from ledger.facts.periods import period_of
from ledger.writer.errors import Refusal
from ledger.writer.kinds import Row


@dataclass(frozen=True, slots=True)
class Asked:
    """The answers to a question as they are written, and what each of them was made of.

    ``unfit`` are the declarations that were left out of a rule because they mean another one.
    """

    written: dict[str, Plain]
    puts: tuple[Put, ...]
    unfit: tuple[Unfit, ...] = ()


def ask(
    connection: Connection,
    party: str,
    on: date,
    size: int,
    rule: str | None = None,
    *,
    explain: bool = False,
    declared: Declared = NOTHING,
) -> dict[str, Plain]:
    """Answer by one rule or by all that hold on a day, in the order of their names.

    Raises Refusal ``party-unknown`` or ``incentive-rule-unknown``, and DeclarationRefused.
    """
    reading = Stored(connection)
    return asked_of(reading, party, on, size, rule, explain=explain, declared=declared).written


def asked_of(
    reading: Reading,
    party: str,
    on: date,
    size: int,
    rule: str | None = None,
    *,
    explain: bool = False,
    declared: Declared = NOTHING,
    rule_set: str | None = None,
    fit: bool = False,
) -> Asked:
    """The same answer with what it was made of, wherever the record is read.

    ``rule_set`` is the digest of the rules that whoever asks expects to hold: where others do,
    nothing is worked out.  With ``fit`` a word that was declared for whatever rule has such an
    input is left out of those that cannot take it, so that it refuses none of them.  The record
    takes what was declared as it stands.  Raises what ``ask`` raises, and Refusal
    ``rule-set-differs``.
    """
    row = known_party(reading, party, size)
    held = reading.laws(on.isoformat(), size)
    found = [(stated, law) for stated, law in held if rule in (None, stated["rule"])]
    if not found:
        raise Refusal("incentive-rule-unknown", rule=rule, on=on.isoformat(), known_at=size)
    held_sha256 = digest(stated for stated, _ in held)
    if rule_set not in (None, held_sha256):
        raise Refusal("rule-set-differs", field="rule_set_sha256", sha256=held_sha256)
    laws = [law for _, law in found]
    check(declared, laws)
    declared, unfit = fitted(declared, laws) if fit else (declared, ())
    puts = [put_of(reading, law, row, on, size, explain, declared) for law in laws]
    answers = [
        {**told(stated), **made.written} for (stated, _), made in zip(found, puts, strict=True)
    ]
    written: dict[str, Plain] = {
        "party": party,
        "on": on.isoformat(),
        "known_at": size,
        "pre_check": True,
        "declared": copied(declared),
        "rule_set_sha256": held_sha256,
        "combination": combined(answers),
        "answers": [*answers],
    }
    return Asked(written, tuple(puts), unfit)


def put_of(
    reading: Reading,
    law: Rule,
    party: Row,
    on: date,
    size: int,
    explain: bool = False,
    declared: Declared = NOTHING,
) -> Put:
    """A rule put to one party, its facts and the ledger as known at a log size."""
    return put(
        law,
        facts_read(reading, law, on, size, party["party"]),
        on,
        party["region"],
        explain=explain,
        declared=declared,
        known=recorded(reading, law, party, on, size),
    )


def check_declared(
    reading: Reading, on: date, size: int, rule: str | None, declared: Declared
) -> None:
    """Refuse a declaration whose form the rules that hold on a day do not take.

    For an answer that somebody is to rely on; to a mere question the answer says ``refused``.
    Raises DeclarationRefused.
    """
    for stated, law in reading.laws(on.isoformat(), size):
        if rule in (None, stated["rule"]):
            check_form(law, declared)


def facts_read(reading: Reading, rule: Rule, on: date, size: int, party: str) -> list[Row]:
    """The facts of a party that a rule asks for, of the period in which a day lies."""
    if rule.facts is None:
        return []
    start, end = period_of(rule.facts.period, on)
    return reading.facts(rule.facts.indicators, start, end, size, party)


def known_party(reading: Reading, party: str, size: int) -> Row:
    """A party as it was known at a log size; raises Refusal ``party-unknown``."""
    row = reading.party(party, size)
    if row is None:
        raise Refusal("party-unknown", key=party)
    return row


def told(stated: Row) -> dict[str, Plain]:
    """Where on the record a rule's text stands, and from which day it holds."""
    return {
        "rule_entry": stated["index"],
        "rule_valid_from": stated["valid_from"],
        "title": stated["title"],
        "title_en": stated["title_en"],
    }
