"""The policy for everybody: rules with clause, source and confidence, and plans of quotas.

Answers about a party have no door here: they rest on facts that are not public.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response
from sqlalchemy import select

from incentives.queries import laws_at, rules_at, versions, waiting
from incentives.quotas.models import PLAN, plan_table
from incentives.quotas.queries import plan as read_plan
from incentives.quotas.queries import plans as newest_plans
from incentives.rules import golden, values
from incentives.rules.law import Dated
from incentives.rules.rule import Rule, read
from ledger.statements.types import Circle
from ledger.writer.kinds import Row
from portal.policy.beside import unit
from portal.shell.answers import json_resource
from portal.shell.asked import plausible, times_asked
from portal.shell.circles import circle
from portal.shell.current import ledger
from portal.shell.operations import operation
from portal.shell.pages import page
from portal.shell.paging import page_of
from portal.shell.problems import Problem

DOOR = Blueprint("policy", __name__)
TEXTS = ("text", "golden")


@DOOR.get("/v1/incentives/rules")
@operation("Rules", query=("as_of", "known_at"), kept=True)
@circle(Circle.PUBLIC)
def rules() -> Response:
    """The rules as they hold ``?as_of=`` a day and were known ``?known_at=`` a log size."""
    with ledger().record.reading() as connection:
        as_of, size = times_asked(connection)
        rows = rules_at(connection, as_of, size)
    items = [{n: v for n, v in row.items() if n not in TEXTS} for row in rows]
    return json_resource({"as_of": as_of, "known_at": size, "items": items, "next": None})


@DOOR.get("/v1/incentives/rules/<rule_name>")
@operation("Rule", query=("as_of", "known_at"), kept=True, problems=(404,))
@circle(Circle.PUBLIC)
def rule(rule_name: str) -> Response:
    """A rule's text with its golden tests, as of a day and a log size, and all its versions."""
    row, told, as_of, size = _rule(rule_name)
    return json_resource({**row, "as_of": as_of, "known_at": size, "versions": told})


@DOOR.get("/v1/quotas")
@operation("Page.quotas", query=("limit", "cursor"), kept=True)
@circle(Circle.PUBLIC)
def quotas() -> Response:
    """A page of the plans, without their texts."""
    query = select(*(column for column in plan_table.c if column.name != "text"))
    with ledger().record.reading() as connection:
        return page_of(connection, PLAN, query)


@DOOR.get("/v1/quotas/<plan_name>")
@operation("Quota", kept=True, problems=(404,))
@circle(Circle.PUBLIC)
def quota(plan_name: str) -> Response:
    """A plan with its text and the shares that it gave."""
    return json_resource(_plan(plan_name))


@DOOR.get("/incentives")
@circle(Circle.PUBLIC)
def desk() -> Response:
    """The library of rules as of a day: each with clauses, kind, grantor and review."""
    with ledger().record.reading() as connection:
        as_of, size = times_asked(connection)
        rows, unsigned = laws_at(connection, as_of, size), waiting(connection)
    return page("incentives.html", rules=rows, waiting=unsigned, as_of=as_of, known_at=size)


@DOOR.get("/incentives/<name>")
@circle(Circle.PUBLIC)
def rule_sheet(name: str) -> Response:
    """One rule: clauses, dated figures with source and confidence, readings, text."""
    row, told, as_of, size = _rule(name)
    law = read(row["text"])
    return page(
        "incentive.html",
        stated=row,
        rule=law,
        versions=told,
        as_of=as_of,
        known_at=size,
        asked=asked_for(law),
        cases=len(golden.read(row["golden"], law)),
        figures=figures(law),
        unit=unit,
    )


@DOOR.get("/quotas")
@circle(Circle.PUBLIC)
def plans() -> Response:
    """The plans of quotas, the newest first."""
    with ledger().record.reading() as connection:
        return page("quotas.html", plans=newest_plans(connection))


@DOOR.get("/quotas/<name>")
@circle(Circle.PUBLIC)
def plan(name: str) -> Response:
    """One plan: its cap, method, bounds and the share of every member."""
    found = _plan(name)
    facts: dict[str, list[Any]] = {}
    for item in found["evidence"]:
        facts.setdefault(item["code"], []).append(item)
    total = sum(share["quantity"] for share in found["shares"])
    return page("quota.html", plan=found, facts=facts, total=total)


def asked_for(rule: Rule) -> list[dict[str, Any]]:
    """Every input of a rule, with the indicator or query that fills it; else it is declared."""
    binding = rule.facts
    values = {} if binding is None else binding.values
    queries = {} if binding is None else binding.queries
    found = [
        (fact, fact.name, values.get(fact.name), queries.get(fact.name))
        for fact in rule.inputs.facts
    ]
    for rows in rule.inputs.lists:
        items = None if binding is None else binding.lists.get(rows.name)
        for fact in rows.facts:
            named = {} if items is None else {n: n for n in items.dimensions} | {**items.values}
            found.append((fact, f"{rows.name}.{fact.name}", named.get(fact.name), None))
    return [
        {"fact": fact, "name": name, "indicator": indicator, "query": query}
        for fact, name, indicator, query in found
    ]


def figures(rule: Rule) -> list[dict[str, Any]]:
    """Every dated figure of a rule; of a table the number of its keys."""
    return [
        {
            "name": parameter.id,
            "value": _value(dated),
            "unit": parameter.unit,
            "from": "" if dated.span.start is None else dated.span.start.isoformat(),
            "before": "" if dated.span.before is None else dated.span.before.isoformat(),
            "why": dict(dated.why),
            "source": dated.source,
            "confidence": dated.confidence,
        }
        for parameter in rule.parameters.values()
        for dated in parameter.values
    ]


def _value(dated: Dated) -> str:
    if isinstance(dated.value, frozenset):
        return "、".join(sorted(dated.value))
    if isinstance(dated.value, dict):
        return f"{{{len(dated.value)}}}"
    return "" if dated.value is None else values.text(dated.value) or ""


def _rule(name: str) -> tuple[Row, list[Row], str, int]:
    """A rule as of both times asked, and its versions.

    Raises Problem 404, which names the entry of a text that waits for its second signature.
    """
    unsigned: list[int] = []
    with ledger().record.reading() as connection:
        as_of, size = times_asked(connection)
        found = rules_at(connection, as_of, size, name) if plausible(name) else []
        if found:
            return found[0], versions(connection, name), as_of, size
        unsigned = [row["index"] for row in waiting(connection) if row["rule"] == name]
    if unsigned:
        raise Problem(404, "incentive-rule-waiting", key=name, index=unsigned[-1])
    raise Problem(404, "incentive-rule-unknown", key=name[:60])


def _plan(name: str) -> dict[str, Any]:
    """A plan with its shares; raises Problem 404."""
    found = None
    if plausible(name):
        with ledger().record.reading() as connection:
            found = read_plan(connection, name)
    if found is None:
        raise Problem(404, "quota-plan-unknown", key=name[:60])
    return found
