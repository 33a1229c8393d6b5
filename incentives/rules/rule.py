"""A rule as a whole: what kind of incentive it is, its law, its facts, its steps, its amount."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from incentives.fields import Fields
from incentives.rules import binding, law, steps
from incentives.rules.binding import Binding
from incentives.rules.errors import RuleRefused
from incentives.rules.inputs import Inputs, read_inputs, read_words
from incentives.rules.law import Clause, Parameter, Span
from incentives.rules.steps import Step
from incentives.rules.syntax import Node
from ledger.parties import strict_yaml

Kind = Literal["tax-relief", "fiscal-award", "interest-subsidy", "facility", "grade", "sanction"]
Review = Literal["verified", "unverified"]

KINDS: tuple[Kind, ...] = (
    "tax-relief",
    "fiscal-award",
    "interest-subsidy",
    "facility",
    "grade",
    "sanction",
)
REVIEWS: tuple[Review, ...] = ("verified", "unverified")
_ID = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_TOP = (
    "rule", "kind", "title", "region", "grantor", "review", "force", "clauses", "parameters",
    "inputs", "facts", "steps", "eligible", "amount", "stacking", "readings",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stacking:
    """With which rules this one may not be granted for the same thing, and why."""

    excludes: tuple[str, ...]
    note: str | None


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that was read.

    `digest` is the SHA-256 of its text, in hex, and names its version; `readings` are the points on
    which the law can be read otherwise, in words by language.
    """

    id: str
    digest: str
    kind: Kind
    title: Mapping[str, str]
    region: str
    grantor: str
    review: Review
    force: Span
    clauses: Mapping[str, Clause]
    parameters: Mapping[str, Parameter]
    inputs: Inputs
    facts: Binding | None
    steps: tuple[Step, ...]
    eligible: Node
    amount: str | None
    stacking: Stacking
    readings: Mapping[str, Mapping[str, str]]


def read(text: str) -> Rule:
    """Read a rule file.

    Raises TextRefused for what is no strict YAML; RuleRefused, naming the field, for the rest:
    amount-unknown (no rounded step of its own in fen) and what law, inputs and steps refuse.
    """
    fields = Fields(strict_yaml.read(text), "", _TOP, RuleRefused)
    clauses = law.read_clauses(fields.below("clauses"))
    parameters = law.read_parameters(fields.below("parameters"), tuple(clauses))
    inputs = read_inputs(fields.below("inputs"))
    found, scope = steps.read_steps(fields, steps.first_scope(inputs, parameters), clauses)
    stacking = fields.below("stacking", ("excludes", "note"))
    readings = fields.below("readings")
    return Rule(
        fields.matching("rule", _ID),
        hashlib.sha256(text.encode("utf-8")).hexdigest(),
        fields.choice("kind", KINDS),
        read_words(fields),
        fields.text("region", 6),
        fields.text("grantor", 80),
        fields.choice("review", REVIEWS),
        law.read_span(fields.below("force", ("from", "before"))),
        clauses,
        parameters,
        inputs,
        binding.below(fields, inputs),
        found,
        steps.expression(fields, "eligible", scope, "flag"),
        _amount(fields, found),
        Stacking(stacking.texts("excludes"), stacking.optional("note")),
        {name: read_words(readings, name) for name in readings.names()},
    )


def _amount(fields: Fields, found: tuple[Step, ...]) -> str | None:
    name = fields.optional("amount")
    for step in found:
        if step.name == name and step.each is None and step.round and step.unit == "fen":
            return name
    if name is not None:
        raise fields.refuse("amount-unknown", "amount", name=name)
    return None
