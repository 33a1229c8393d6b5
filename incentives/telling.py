"""Answers with what is told beside them: what each rule gives, the papers, the steps, what is open.

The answer itself is what `incentives.asking` gives, byte for byte, under the same names; ``beside``
is one member more and no part of what a digest on the record is of.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlalchemy import Connection

from incentives.asking import Asked, asked_of
from incentives.putting import NOTHING, Put
from incentives.reading import Stored
from incentives.rules import beside
from incentives.rules.beside import Defined
from incentives.rules.declared import Declared, addressed, unfit_in
from incentives.rules.plain import Plain
from ledger.facts.queries import defined

BESIDE = "beside"


def tell(
    connection: Connection,
    party: str,
    on: date,
    size: int,
    rule: str | None = None,
    *,
    explain: bool = False,
    declared: Declared = NOTHING,
) -> dict[str, Plain]:
    """Answer as `ask` does, and tell ``beside`` it by rule what helps to read the answer.

    Inputs may be declared as ``RULE.INPUT`` too, and a word that one rule takes and another does
    not is left out of the other.  ``explain`` has the steps.  Raises what `ask` raises, and
    DeclarationRefused declared-twice.
    """
    asked = asked_of(
        Stored(connection),
        party,
        on,
        size,
        rule,
        explain=explain,
        declared=addressed(declared),
        fit=True,
    )
    return {**asked.written, BESIDE: _beside(asked, _defined(connection, asked), explain=explain)}


def answer_in(told: Mapping[str, Plain]) -> dict[str, Plain]:
    """The answer alone, whose digest stands on the record."""
    return {name: value for name, value in told.items() if name != BESIDE}


def beside_in(told: Mapping[str, Plain]) -> Plain:
    """What is told beside the answer, by rule."""
    return told[BESIDE]


def _defined(connection: Connection, asked: Asked) -> Defined:
    bindings = (made.rule.facts for made in asked.puts)
    names = {name for binding in bindings if binding for name in binding.indicators}
    return defined(connection, names) if names else {}


def _beside(asked: Asked, indicators: Defined, *, explain: bool) -> Plain:
    return {made.rule.id: _of(made, asked, indicators, explain=explain) for made in asked.puts}


def _of(made: Put, asked: Asked, indicators: Defined, *, explain: bool) -> Plain:
    rule, given = made.rule, made.given
    wanted = beside.wanted(rule, given, made.stated, made.on, indicators) if made.here else []
    unfit = (*asked.unfit, *unfit_in(rule, made.declared)) if made.here else ()
    told: dict[str, Plain] = {
        "region": {"rule": rule.region, "party": made.region, "within": made.here},
        **beside.outcome(rule, given),
        "parameters": beside.parameters(rule, made.on),
        "papers": beside.papers(rule),
        "wanted": wanted,
        "unfit": beside.misfits(rule, unfit),
        "check": _checked(made),
    }
    if explain:
        told["steps"] = beside.steps(given, made.sources)
    return told


def _checked(made: Put) -> Plain:
    """In words the check of the rule that refused the facts; none where none did."""
    reason = made.written.get("reason")
    name = reason.get("check") if isinstance(reason, Mapping) else None
    titles = {step.name: step.title for step in made.rule.steps}
    words: dict[str, Plain] = {**titles.get(name, {})} if isinstance(name, str) else {}
    return words
