"""A rule as a whole: what kind of incentive it is, its law, its facts, its steps, its amount."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal

from incentives.fields import Fields
from incentives.rules import binding, law, steps
from incentives.rules.binding import Binding
from incentives.rules.errors import RuleRefused
from incentives.rules.inputs import Inputs, read_inputs
from incentives.rules.law import Clause, Force, Parameter, read_words
from incentives.rules.places import located
from incentives.rules.steps import Step
from incentives.rules.syntax import Node, without_comments
from incentives.rules.values import Absent, unverified
from ledger.parties import strict_yaml
from ledger.parties.regions import is_code

Kind = Literal["tax-relief", "fiscal-award", "interest-subsidy", "facility", "grade", "sanction"]
Review = Literal["draft", "unverified", "in-force", "repealed"]

KINDS: tuple[Kind, ...] = (
    "tax-relief",
    "fiscal-award",
    "interest-subsidy",
    "facility",
    "grade",
    "sanction",
)
REVIEWS: tuple[Review, ...] = ("draft", "unverified", "in-force", "repealed")
"""What the desk knows of a rule: a draft whose figures nobody has found in a source; one whose
sources were read and whose wording nobody has held against the original; one that somebody has; one
that ended."""
LEVELS = ("state", "province", "city", "county")
KEPT = 1_000
"""How many texts are kept as rules: several times those that ship."""
_ID = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_TOP = (
    "rule", "kind", "title", "region", "grantor", "review", "force", "clauses", "parameters",
    "inputs", "facts", "steps", "eligible", "amount", "budget", "evidence", "clawback", "stacking",
    "readings",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stacking:
    """With which rules this one may not be granted for the same thing, by which clause, and why."""

    excludes: tuple[str, ...]
    clause: str | None
    note: str | None


@dataclass(frozen=True, slots=True)
class Budget:
    """Who pays: the level of government, and the account where the rule's source names one."""

    level: str
    account: str | None


@dataclass(frozen=True, slots=True)
class Term:
    """A paper to bring, or what takes a grant back; `parameters` are the figures that it is by."""

    id: str
    title: Mapping[str, str]
    clause: str | None
    parameters: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """A rule that was read; another reading, or one with other figures, is another rule.

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
    force: Force
    clauses: Mapping[str, Clause]
    parameters: Mapping[str, Parameter]
    inputs: Inputs
    facts: Binding | None
    steps: tuple[Step, ...]
    eligible: Node
    amount: str | None
    budget: Budget | None
    evidence: tuple[Term, ...]
    clawback: tuple[Term, ...]
    stacking: Stacking
    readings: Mapping[str, Mapping[str, str]]

    def standing(self, on: date) -> Absent | None:
        """Why the rule says neither yes nor no on a day, whatever the facts; None where it does."""
        found = self.force.given(True, self.id, on)
        if isinstance(found, Absent):
            return found
        return unverified(self.id) if self.review == "draft" else None


@lru_cache(maxsize=KEPT)
def read(text: str) -> Rule:
    """Read a rule file; what was read lately is kept, since a text is one rule for ever.

    Raises TextRefused for what is no strict YAML; RuleRefused, naming the field with its line and
    column, for the rest: amount-unknown (no rounded step of its own in fen), repeal-undated and
    what law, inputs and steps refuse.
    """
    try:
        return _read(Fields(strict_yaml.read(text), "", _TOP, RuleRefused), text)
    except RuleRefused as fault:
        raise located(fault, text) from None


def fresh(text: str) -> Rule:
    """Read a text that is tried or about to be published, more strictly than one on the record.

    Raises as ``read``, and RuleRefused: ``expression-comment``, ``region-malformed``,
    ``excludes-itself``, ``words-missing`` for a title in one language alone, ``parameter-gap`` for
    a figure without a value on a day on which rule and clause are in force, and
    ``parameter-out-of-range`` for one that its unit cannot be.
    """
    fields = Fields(strict_yaml.read(text), "", _TOP, RuleRefused)
    try:
        with without_comments():
            rule = _read(fields, text)
        if not is_code(rule.region):
            raise fields.refuse("region-malformed", "region", region=rule.region)
        if rule.id in rule.stacking.excludes:
            raise fields.below("stacking").refuse("excludes-itself", "excludes")
        if {"zh", "en"} - set(rule.title):
            raise fields.refuse("words-missing", "title")
        for parameter in rule.parameters.values():
            if not parameter.covers(rule.force):
                raise fields.below("parameters").refuse("parameter-gap", parameter.id)
            if not parameter.sound():
                raise fields.below("parameters").refuse("parameter-out-of-range", parameter.id)
        return rule
    except RuleRefused as fault:
        raise located(fault, text) from None


def _read(fields: Fields, text: str) -> Rule:
    clauses = law.read_clauses(fields.below("clauses"))
    parameters = law.read_parameters(fields.below("parameters"), clauses)
    inputs = read_inputs(fields.below("inputs"))
    found, scope = steps.read_steps(fields, steps.first_scope(inputs, parameters), clauses)
    readings = fields.below("readings")
    return Rule(
        fields.matching("rule", _ID),
        hashlib.sha256(text.encode("utf-8")).hexdigest(),
        fields.choice("kind", KINDS),
        read_words(fields),
        fields.text("region", 6),
        fields.text("grantor", 80),
        *_reviewed(fields),
        clauses,
        parameters,
        inputs,
        binding.below(fields, inputs),
        found,
        steps.expression(fields, "eligible", scope, "flag"),
        _amount(fields, found),
        _budget(fields),
        _terms(fields, "evidence", clauses, parameters),
        _terms(fields, "clawback", clauses, parameters),
        _stacking(fields, clauses),
        {name: read_words(readings, name) for name in readings.names()},
    )


def _reviewed(fields: Fields) -> tuple[Review, Force]:
    review = fields.choice("review", REVIEWS)
    force = law.read_force(fields.below("force", ("from", "before", "unverified")))
    if review == "repealed" and force.span.before is None:
        raise fields.refuse("repeal-undated", "force")
    return review, force


def _budget(fields: Fields) -> Budget | None:
    if not fields.has("budget"):
        return None
    entry = fields.below("budget", ("level", "account"))
    return Budget(entry.choice("level", LEVELS), entry.optional("account", 120))


def _terms(
    fields: Fields, name: str, clauses: Mapping[str, Clause], parameters: Mapping[str, Parameter]
) -> tuple[Term, ...]:
    found: dict[str, Term] = {}
    for entry in fields.each(name, ("id", "title", "clause", "parameters")):
        id_ = entry.matching("id", _ID)
        if id_ in found:
            raise entry.refuse("name-twice", "id", name=id_)
        used = entry.texts("parameters")
        for parameter in used:
            if parameter not in parameters:
                raise entry.refuse("rule-parameter-unknown", "parameters", name=parameter)
        found[id_] = Term(id_, read_words(entry), _clause(entry, clauses), used)
    return tuple(found.values())


def _stacking(fields: Fields, clauses: Mapping[str, Clause]) -> Stacking:
    entry = fields.below("stacking", ("excludes", "clause", "note"))
    return Stacking(entry.texts("excludes"), _clause(entry, clauses), entry.optional("note"))


def _clause(entry: Fields, clauses: Mapping[str, Clause]) -> str | None:
    clause = entry.optional("clause")
    if clause is not None and clause not in clauses:
        raise entry.refuse("clause-unknown", "clause", clause=clause)
    return clause


def _amount(fields: Fields, found: tuple[Step, ...]) -> str | None:
    name = fields.optional("amount")
    for step in found:
        if step.name == name and step.each is None and step.round and step.unit == "fen":
            return name
    if name is not None:
        raise fields.refuse("amount-unknown", "amount", name=name)
    return None
