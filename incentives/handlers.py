"""``rule.publish``: a rule enters the record when its text holds together and its tests agree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from incentives.errors import PolicyError
from incentives.models import RULE
from incentives.rules import golden
from incentives.rules.inputs import Fact
from incentives.rules.rule import Kind, Rule, fresh, read
from ledger.facts.models import INDICATOR, PARTY
from ledger.parties.errors import TextRefused
from ledger.parties.models import REGION
from ledger.writer.context import Context
from ledger.writer.errors import Refusal
from ledger.writer.versions import RULES_FRESH

Body = Mapping[str, Any]
NAME_MAX = 63
KEPT = 64
"""Texts of rules whose reading and tests are kept: an approval and an audit meet them again."""
FISCAL: frozenset[Kind] = frozenset({"tax-relief", "fiscal-award", "interest-subsidy"})
"""The kinds that cost public money, so that law and finance both sign (decision 17)."""


def publish(context: Context, body: Body) -> None:
    """Take a rule's text as it stands from a day on.

    Raises Refusal ``incentive-rule-malformed`` (with the reason and its place),
    ``incentive-rule-unproved`` (the first golden test that differs), ``incentive-rule-twice``,
    ``region-unknown``, ``indicator-unknown`` or ``indicator-differs``.
    """
    rule = read_rule(body["text"])
    if context.engine_version >= RULES_FRESH:
        check_fresh(body["text"])
    prove(body["text"], body["golden"])
    if not context.children(REGION, "code", rule.region):
        raise Refusal("region-unknown", field="text", region=rule.region)
    check_indicators(context, rule)
    if context.get(RULE, rule.id, context.index) is not None:
        raise Refusal("incentive-rule-twice", rule=rule.id)
    titles = dict(rule.title)
    context.put(
        RULE,
        {
            "rule": rule.id,
            "index": context.index,
            "valid_from": body["valid_from"],
            "digest": rule.digest,
            "kind": rule.kind,
            "title": titles.get("zh") or titles.get("en") or rule.id,
            "title_en": titles.get("en"),
            "region": rule.region,
            "grantor": rule.grantor,
            "review": rule.review,
            "document": body["document"],
            "text": body["text"],
            "golden": body["golden"],
            "party": context.party,
            **_approved(context, rule),
        },
    )


def approve(context: Context, body: Body) -> None:
    """The finance bureau signs a text of the regulator, which holds from this entry on.

    Raises Refusal ``incentive-rule-unknown``, ``incentive-rule-differs`` where another text was
    signed, ``incentive-rule-approved``, and what a publication raises: the golden tests run again.
    """
    row = context.need(RULE, body["rule"], body["entry"])
    if row["digest"] != body["sha256"]:
        raise Refusal("incentive-rule-differs", field="sha256", digest=row["digest"])
    if row["approved"] is not None:
        raise Refusal("incentive-rule-approved", rule=row["rule"], index=row["approved"])
    rule = read_rule(row["text"])
    prove(row["text"], row["golden"])
    check_indicators(context, rule)
    signed = {"approved": context.index, "approved_by": context.party}
    context.put(RULE, {**row, **signed, "approval": body["document"]})


def _approved(context: Context, rule: Rule) -> dict[str, Any]:
    """A text that spends or forgoes public money waits for the finance bureau; others hold."""
    waits = rule.kind in FISCAL
    entry, party = (None, None) if waits else (context.index, context.party)
    return {"approved": entry, "approved_by": party, "approval": None}


def read_rule(text: str) -> Rule:
    """Read a rule, or raise Refusal ``incentive-rule-malformed``."""
    try:
        rule = read(text)
    except (PolicyError, TextRefused) as error:
        raise malformed("text", error) from error
    if len(rule.id) > NAME_MAX:
        raise Refusal("incentive-rule-malformed", field="text", reason="length", at={})
    return rule


@lru_cache(maxsize=KEPT)
def check_fresh(text: str) -> None:
    """Refuse of a new text what nobody would read, as ``fresh`` does."""
    try:
        fresh(text)
    except (PolicyError, TextRefused) as error:
        raise malformed("text", error) from error


def prove(text: str, tests: str) -> None:
    """Run a rule's golden tests; all must agree."""
    for failure in _failures(text, tests):
        raise Refusal(
            "incentive-rule-unproved",
            field="golden",
            case=failure.case,
            of=failure.field,
            expected=failure.expected,
            found=failure.found,
        )


@lru_cache(maxsize=KEPT)
def _failures(text: str, tests: str) -> tuple[golden.Failure, ...]:
    """What differs; texts and tests alone decide it, so that one process works it out once."""
    rule = read_rule(text)
    try:
        return golden.run(rule, golden.read(tests, rule))
    except (PolicyError, TextRefused) as error:
        raise malformed("golden", error) from error


def malformed(field: str, error: PolicyError | TextRefused) -> Refusal:
    """The refusal of a text: which rule of the format it breaks, and where."""
    return Refusal(
        "incentive-rule-malformed", field=field, reason=error.code, at=dict(error.params)
    )


def check_indicators(context: Context, rule: Rule) -> None:
    """What a rule asks the record for must be defined there, with the same unit and shape."""
    if rule.facts is None:
        return
    for indicator, fact, dimensions in _asked(rule):
        row = context.get(INDICATOR, indicator)
        if row is None:
            raise Refusal("indicator-unknown", field="text", key=indicator)
        needed = {
            "unit": fact.unit or row["unit"],
            "dimensions": list(dimensions),
            "period": rule.facts.period,
            "subject": PARTY,
        }
        for name, value in needed.items():
            if row[name] != value:
                raise Refusal("indicator-differs", field="text", indicator=indicator, of=name)


def _asked(rule: Rule) -> Iterator[tuple[str, Fact, tuple[str, ...]]]:
    """Every indicator with the input that it fills and the dimensions by which it is found."""
    assert rule.facts is not None
    single = {fact.name: fact for fact in rule.inputs.facts}
    for name, indicator in rule.facts.values.items():
        yield indicator, single[name], ()
    for rows in rule.inputs.lists:
        if (items := rule.facts.lists.get(rows.name)) is not None:
            facts = {fact.name: fact for fact in rows.facts}
            for name, indicator in items.values.items():
                yield indicator, facts[name], items.dimensions
