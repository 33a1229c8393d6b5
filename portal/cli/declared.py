"""``qingzhang incentive try``: a rule in the package, or a file, put to values that are declared.

Nothing is read from a record and nothing is written, so that an officer can see a rule work before
anybody signs it. What is said here has no receipt.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import click

from incentives import exact
from incentives.rules import beside as besides
from incentives.rules import packaged
from incentives.rules.answer import Answer, Condition
from incentives.rules.assess import assess
from incentives.rules.report import plain
from incentives.rules.rule import Rule, fresh, read
from incentives.rules.values import text
from portal.cli.asof import DAY
from portal.cli.params import Named, once
from portal.cli.shared import REFUSED, Failed, json_option, policy, tell
from portal.policy.answers import in_both, notice, yuan

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("try")
@click.argument("rule")
@click.argument("values", nargs=-1, type=Named("value", "NAME=VALUE"), metavar="[NAME=VALUE]...")
@click.option("--on", required=True, type=DAY, help="The law of this day.")
@click.option("--facts", type=FILE, help="Declared values as a JSON object, lists among them.")
@click.option("--explain", is_flag=True, help="With --json every step with its values.")
@json_option
def try_rule(
    rule: str,
    values: tuple[tuple[str, str], ...],
    on: date,
    facts: Path | None,
    explain: bool,
    as_json: bool,
) -> None:
    """Put declared values to RULE, a rule in the package or a file.

    What is not given is missing, which is no no. Flags are true or false, days YYYY-MM-DD.
    """
    given = {**_facts(facts), **once(values, "VALUES")}
    with policy():
        found = assess(_rule(rule), given, on)
    tell(as_json, plain(found, explain=explain), "\n".join(_lines(found)))


def _rule(name: str) -> Rule:
    if name in packaged.names():
        return read(packaged.rule_text(name))
    path = Path(name)
    if not path.is_file():
        raise Failed(REFUSED, "incentive-rule-unknown", {"rule": name})
    with policy(path):
        return fresh(path.read_text("utf-8"))


def _facts(file: Path | None) -> dict[str, Any]:
    """The object of a file; its numbers stay as they are written."""
    if file is None:
        return {}
    try:
        tree = json.loads(file.read_text("utf-8"), parse_float=str, object_pairs_hook=_once)
    except (OSError, ValueError, RecursionError) as error:
        raise Failed(REFUSED, "file-unreadable", {"file": str(file)}) from error
    if not isinstance(tree, dict):
        raise Failed(REFUSED, "field-type", {"field": str(file), "expected": "mapping"})
    return tree


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object none of whose names stands twice: of two values nobody knows which was meant."""
    names = [name for name, _ in pairs]
    for name in names:
        if names.count(name) > 1:
            raise Failed(REFUSED, "duplicate-key", {"field": name})
    return dict(pairs)


def _lines(answer: Answer) -> Iterator[str]:
    rule = answer.rule
    titles = {fact.name: fact.title for fact in rule.inputs.facts}
    titles |= {rows.name: rows.title for rows in rule.inputs.lists}
    steps = {step.name: step.title for step in rule.steps}
    yield f"{rule.id}  {answer.status}  {yuan(answer.amount_fen)}  (law of {answer.as_of})"
    yield f"  {_both(rule.title)}"
    yield f"  {in_both(f'policy.review_of.{rule.review}')}"
    for name in answer.wanting:
        yield f"  wanting {name}: {_both(titles.get(name, {}))}".rstrip(": ")
    written: Any = plain(answer, explain=False)
    for doubt in written["doubts"]:
        yield f"  unverified {doubt['of']}: {_both(doubt['why'])}"
    for condition in answer.conditions:
        said = f"{_condition(condition)}  {_both(steps[condition.name])}"
        yield f"  {condition.state:<12} {said}"
    for figure in answer.figures:
        value = "-" if figure.value is None else exact.text(figure.value)
        yield f"  {figure.name} = {value} {figure.unit}  {_both(steps[figure.name])}".rstrip()
    given: Any = {**besides.outcome(rule, answer), "papers": besides.papers(rule)}
    if given["benefits"]:
        yield f"  {in_both('asking.benefits.' + given['benefits'])}"
    for paper in given["papers"]:
        yield f"  {in_both('asking.evidence')}: {_both(paper['title'])}"
    for clause in answer.clauses:
        yield f"  {clause.document} {clause.article} ({clause.confidence})"
    yield notice()


def _condition(condition: Condition) -> str:
    label = f"[{' '.join(condition.label)}]" if condition.label else ""
    away = "; ".join(
        f"{d.text}: {text(d.value)} against {text(d.threshold)}" for d in condition.distances
    )
    return f"{condition.name}{label}" + (f" ({away})" if away else "")


def _both(words: Any) -> str:
    return " / ".join(words[language] for language in ("zh", "en") if language in words)
