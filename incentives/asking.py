"""Puts a party to the rules on the record: facts as known at a log size, law as of a day.

Each question has two times, and both are in its answer, so that it can be asked again and be
answered with the same bytes. An answer is a pre-check (预审结果), no administrative decision.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import Connection

from incentives.errors import NumberRefused, PolicyError
from incentives.reading import Reading, Stored
from incentives.recorded import recorded
from incentives.regions import within
from incentives.rule_sets import digest
from incentives.rules import report
from incentives.rules.answer import Answer
from incentives.rules.assess import assess
from incentives.rules.declared import Declared, check, check_form, fill
from incentives.rules.errors import InputRefused, RuleFault
from incentives.rules.flips import Changes, changes
from incentives.rules.gather import Gathered, Observed, gather
from incentives.rules.plain import Plain, copied
from incentives.rules.rule import Rule
from incentives.rules.sources import Sources
from incentives.rules.together import combined
from ledger.facts.periods import period_of
from ledger.statements.canonical import INTEGER_MAX
from ledger.writer.errors import Refusal
from ledger.writer.kinds import Row

_SHOWN = ("fact", "indicator", "dimensions", "value", "scale", "unit", "party", "role")
NOTHING: Declared = {}


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
    return ask_of(Stored(connection), party, on, size, rule, explain=explain, declared=declared)


def ask_of(
    reading: Reading,
    party: str,
    on: date,
    size: int,
    rule: str | None = None,
    *,
    explain: bool = False,
    declared: Declared = NOTHING,
    rule_set: str | None = None,
) -> dict[str, Plain]:
    """The same answer, wherever the record is read.

    ``rule_set`` is the digest of the rules that whoever asks expects to hold: where others do,
    nothing is worked out.  Raises what ``ask`` raises, and Refusal ``rule-set-differs``.
    """
    row = known_party(reading, party, size)
    held = reading.laws(on.isoformat(), size)
    found = [(stated, law) for stated, law in held if rule in (None, stated["rule"])]
    if not found:
        raise Refusal("incentive-rule-unknown", rule=rule, on=on.isoformat(), known_at=size)
    held_sha256 = digest(stated for stated, _ in held)
    if rule_set not in (None, held_sha256):
        raise Refusal("rule-set-differs", field="rule_set_sha256", sha256=held_sha256)
    check(declared, (law for _, law in found))
    answers = [
        {**told(stated), **answer_of(reading, law, row, on, size, explain, declared)}
        for stated, law in found
    ]
    return {
        "party": party,
        "on": on.isoformat(),
        "known_at": size,
        "pre_check": True,
        "declared": copied(declared),
        "rule_set_sha256": held_sha256,
        "combination": combined(answers),
        "answers": [*answers],
    }


def answer_of(
    reading: Reading,
    law: Rule,
    party: Row,
    on: date,
    size: int,
    explain: bool = False,
    declared: Declared = NOTHING,
) -> dict[str, Plain]:
    """A rule's answer about one party, from its facts and the ledger as known at a log size."""
    return answer(
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


def answer(
    rule: Rule,
    facts: Sequence[Observed],
    on: date,
    region: str | None,
    *,
    explain: bool = False,
    declared: Declared = NOTHING,
    known: Mapping[str, object] = NOTHING,
) -> dict[str, Plain]:
    """A rule's answer from the facts of one party, with the facts that it rests on.

    ``known`` are the answers of the ledger to the rule's queries.
    ``status`` is ``refused`` with a reason where the facts contradict themselves or the rule, or
    the amount is beyond the integers of the record.
    """
    period = None if rule.facts is None else period_of(rule.facts.period, on)
    shown: dict[str, Plain] = {
        "rule": rule.id,
        "rule_sha256": rule.digest,
        "kind": rule.kind,
        "review": rule.review,
        "as_of": on.isoformat(),
        "pre_check": True,
        "period": None if period is None else [*period],
    }
    if region is None or not within(region, rule.region):
        state = "missing" if region is None else "not-in-force"
        return {**shown, "status": state, "amount_fen": None, "wanting": ["region"], "facts": []}
    gathered = Gathered({}, ())
    try:
        gathered = gather(rule, facts)
        found = _found(rule, gathered, on, declared, known, explain=explain)
    except (InputRefused, RuleFault, NumberRefused) as error:
        found = {"status": "refused", "amount_fen": None, "reason": _reason(error)}
    return {**shown, **found, "facts": [_fact(row) for row in gathered.used]}


def _found(
    rule: Rule,
    gathered: Gathered,
    on: date,
    declared: Declared,
    known: Mapping[str, object],
    *,
    explain: bool,
) -> Mapping[str, Plain]:
    filled = fill(rule, {**known, **gathered.inputs}, declared)
    given = _writable(assess(rule, filled.inputs, on))
    asked = {} if rule.facts is None else rule.facts.queries
    sources = Sources(gathered.sources, {name: query.name for name, query in asked.items()})
    return {
        **report.plain(given, explain=explain, sources=sources),
        "changes": report.changed(_bounded(changes(rule, filled.inputs, given))),
        "declared": [*sorted(filled.used)],
        "declared_unused": [*sorted(filled.unused)],
    }


def _writable(found: Answer) -> Answer:
    """An answer whose amount can be written; raises RuleFault ``amount-too-large``."""
    if not _fits(found.amount_fen):
        raise RuleFault("amount-too-large", most=INTEGER_MAX)
    return found


def _bounded(found: Changes) -> Changes:
    """The changes whose amounts can be written: of others nothing is told."""
    together = found.together
    return Changes(
        tuple(flip for flip in found.flips if _fits(flip.amount_fen)),
        together if together is None or _fits(together.amount_fen) else None,
        found.left_out,
    )


def _fits(amount_fen: int | None) -> bool:
    return amount_fen is None or abs(amount_fen) <= INTEGER_MAX


def _reason(error: PolicyError) -> Plain:
    return {"code": error.code, **error.written()}


def _fact(row: Observed) -> Plain:
    shown: dict[str, Plain] = {name: row[name] for name in _SHOWN}
    return {**shown, "entry": row["index"], "confidence": row["confidence"]}
