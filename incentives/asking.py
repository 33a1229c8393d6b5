"""Puts a party to the rules on the record: facts as known at a log size, law as of a day.

Each question has two times, and both are in its answer, so that it can be asked again and be
answered with the same bytes. An answer is a pre-check (预审结果), no administrative decision.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from sqlalchemy import Connection

from incentives.errors import PolicyError
from incentives.reading import Reading, Stored
from incentives.regions import within
from incentives.rule_sets import digest
from incentives.rules import report
from incentives.rules.answer import Answer
from incentives.rules.assess import assess
from incentives.rules.errors import InputRefused, RuleFault
from incentives.rules.gather import Gathered, Observed, gather
from incentives.rules.report import Plain
from incentives.rules.rule import Rule, read
from ledger.facts.periods import period_of
from ledger.statements.canonical import INTEGER_MAX
from ledger.writer.errors import Refusal
from ledger.writer.kinds import Row

_SHOWN = ("fact", "indicator", "dimensions", "value", "scale", "unit", "party", "role")


def ask(
    connection: Connection,
    party: str,
    on: date,
    size: int,
    rule: str | None = None,
    *,
    explain: bool = False,
) -> dict[str, Plain]:
    """Answer by one rule or by all that hold on a day, in the order of their names.

    Raises Refusal ``party-unknown`` or ``incentive-rule-unknown``.
    """
    return ask_of(Stored(connection), party, on, size, rule, explain=explain)


def ask_of(
    reading: Reading,
    party: str,
    on: date,
    size: int,
    rule: str | None = None,
    *,
    explain: bool = False,
) -> dict[str, Plain]:
    """The same answer, wherever the record is read; raises what ``ask`` raises."""
    row = reading.party(party, size)
    if row is None:
        raise Refusal("party-unknown", key=party)
    held = reading.rules(on.isoformat(), size)
    found = [stated for stated in held if rule in (None, stated["rule"])]
    if not found:
        raise Refusal("incentive-rule-unknown", rule=rule, on=on.isoformat(), known_at=size)
    answers: list[Plain] = []
    for stated in found:
        law = parsed(stated["text"])
        facts = facts_read(reading, law, on, size, party)
        answers.append({**told(stated), **answer(law, facts, on, row["region"], explain=explain)})
    return {
        "party": party,
        "on": on.isoformat(),
        "known_at": size,
        "pre_check": True,
        "rule_set_sha256": digest(held),
        "answers": answers,
    }


@lru_cache(maxsize=256)
def parsed(text: str) -> Rule:
    """A rule from its text, which stood on the record and so can be read."""
    return read(text)


def facts_read(reading: Reading, rule: Rule, on: date, size: int, party: str) -> list[Row]:
    """The facts of a party that a rule asks for, of the period in which a day lies."""
    if rule.facts is None:
        return []
    start, end = period_of(rule.facts.period, on)
    return reading.facts(rule.facts.indicators, start, end, size, party)


def told(stated: Row) -> dict[str, Plain]:
    """Where on the record a rule's text stands, and from which day it holds."""
    return {"rule_entry": stated["index"], "rule_valid_from": stated["valid_from"]}


def answer(
    rule: Rule,
    facts: Sequence[Observed],
    on: date,
    region: str | None,
    *,
    explain: bool = False,
) -> dict[str, Plain]:
    """A rule's answer from the facts of one party, with the facts that it rests on.

    ``status`` is ``refused`` with a reason where the facts contradict themselves or the rule, or
    the amount is beyond the integers of the record.
    """
    period = None if rule.facts is None else period_of(rule.facts.period, on)
    shown: dict[str, Plain] = {
        "rule": rule.id,
        "rule_sha256": rule.digest,
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
        found = report.plain(_writable(assess(rule, gathered.inputs, on)), explain=explain)
    except (InputRefused, RuleFault) as error:
        found = {"status": "refused", "amount_fen": None, "reason": _reason(error)}
    return {**shown, **found, "facts": [_fact(row) for row in gathered.used]}


def _writable(found: Answer) -> Answer:
    """An answer whose amount can be written; raises RuleFault ``amount-too-large``."""
    if found.amount_fen is not None and found.amount_fen > INTEGER_MAX:
        raise RuleFault("amount-too-large", most=INTEGER_MAX)
    return found


def _reason(error: PolicyError) -> Plain:
    params: dict[str, Plain] = {
        name: [*value] if isinstance(value, tuple) else value
        for name, value in error.params.items()
    }
    return {"code": error.code, **params}


def _fact(row: Observed) -> Plain:
    shown: dict[str, Plain] = {name: row[name] for name in _SHOWN}
    return {**shown, "entry": row["index"], "confidence": row["confidence"]}
