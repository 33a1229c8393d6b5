"""Puts one rule to what is known of one party: the answer as it is written, and its makings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from incentives.errors import NumberRefused, PolicyError
from incentives.regions import within
from incentives.rules import report
from incentives.rules.answer import Answer
from incentives.rules.assess import assess
from incentives.rules.declared import Declared, fill, own
from incentives.rules.errors import InputRefused, RuleFault
from incentives.rules.flips import Changes, changes
from incentives.rules.gather import Gathered, Observed, gather
from incentives.rules.plain import Plain
from incentives.rules.rule import Rule
from incentives.rules.sources import Sources
from ledger.facts.periods import period_of
from ledger.statements.canonical import INTEGER_MAX

_SHOWN = ("fact", "indicator", "dimensions", "value", "scale", "unit", "party", "role")
NOTHING: Declared = {}


@dataclass(frozen=True, slots=True)
class Put:
    """A rule put to facts.

    ``written`` is the answer whose bytes are kept.  ``given`` is what it was written from, None
    where the rule is of another region or what was given to it is refused; ``sources`` say what
    filled each input; ``stated`` are the inputs that the record filled and ``declared`` what was
    declared for this rule, needed or not.
    """

    rule: Rule
    on: date
    region: str | None
    written: dict[str, Plain]
    given: Answer | None = None
    sources: Sources = field(default_factory=Sources)
    stated: Mapping[str, object] = field(default_factory=dict)
    declared: Mapping[str, object] = field(default_factory=dict)

    @property
    def here(self) -> bool:
        """Whether the rule is one of the party's region."""
        return self.region is not None and within(self.region, self.rule.region)


def put(
    rule: Rule,
    facts: Sequence[Observed],
    on: date,
    region: str | None,
    *,
    explain: bool = False,
    declared: Declared = NOTHING,
    known: Mapping[str, object] = NOTHING,
) -> Put:
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
        none: dict[str, Plain] = {"amount_fen": None, "wanting": ["region"], "facts": []}
        return Put(rule, on, region, {**shown, "status": state, **none})
    gathered, given, sources = Gathered({}, ()), None, Sources()
    found: Mapping[str, Plain]
    try:
        gathered = gather(rule, facts)
        filled = fill(rule, {**known, **gathered.inputs}, declared)
        answer = _writable(assess(rule, filled.inputs, on))
        asked = {} if rule.facts is None else rule.facts.queries
        sources = Sources(gathered.sources, {name: query.name for name, query in asked.items()})
        found = {
            **report.plain(answer, explain=explain, sources=sources),
            "changes": report.changed(_bounded(changes(rule, filled.inputs, answer))),
            "declared": [*sorted(filled.used)],
            "declared_unused": [*sorted(filled.unused)],
        }
        given = answer
    except (InputRefused, RuleFault, NumberRefused) as error:
        found = {"status": "refused", "amount_fen": None, "reason": _reason(error)}
    written = {**shown, **found, "facts": [_fact(row) for row in gathered.used]}
    stated = {**known, **gathered.inputs}
    return Put(rule, on, region, written, given, sources, stated, own(rule, declared))


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
