"""Golden tests of rules, and the body with which a proved rule is published."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import NamedTuple

import click

from incentives.rules import golden, packaged
from incentives.rules.rule import Rule, fresh
from ledger.parties import strict_yaml
from portal.cli.asof import DAY
from portal.cli.shared import REFUSED, Failed, dump, json_option, policy, tell

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
SUFFIX = ".golden.yaml"


class Texts(NamedTuple):
    """A rule's text and that of its golden tests, and the files in which they stand."""

    rule: str
    golden: str
    rule_file: str
    golden_file: str


@click.command("test")
@click.argument("file", required=False, type=FILE)
@json_option
def test_rules(file: Path | None, as_json: bool) -> None:
    """Run golden tests: of FILE, else of every rule in the package.

    FILE is a rule with its tests beside it (NAME.golden.yaml), or such tests, beside their rule or
    of a rule in the package.  Exits 1 where an answer differs.
    """
    found = [_of(file)] if file is not None else [*_packaged()]
    results = [_proved(texts) for texts in found]
    told, lines = [], []
    for rule, cases, failures in results:
        shown = [asdict(failure) for failure in failures]
        told.append({"rule": rule.id, "cases": cases, "failures": shown})
        lines.append(f"{rule.id}: {cases} cases, {len(failures)} differences")
        lines += [
            f"  {f.case}: {f.field} {f.found or f.refused} instead of {f.expected}"
            for f in failures
        ]
    tell(as_json, told, "\n".join(lines))
    if any(failures for _, _, failures in results):
        raise SystemExit(REFUSED)


@click.command("draft")
@click.argument("rule")
@click.option("--valid-from", required=True, type=DAY, help="The first day on which it holds.")
@click.option("--document", required=True, help="The document by which it is published.")
@json_option
def draft_rule(rule: str, valid_from: date, document: str, as_json: bool) -> None:
    """Print the body of rule.publish for RULE, a file or a rule in the package, once it is proved.

    Sign it with ``statement sign rule.publish``.
    """
    path = Path(rule)
    texts = _of(path) if path.is_file() else _package(rule)
    _, _, failures = _proved(texts)
    for failure in failures:
        raise Failed(REFUSED, "incentive-rule-unproved", asdict(failure))
    body = {"text": texts.rule, "golden": texts.golden, "document": document}
    click.echo(dump({**body, "valid_from": valid_from.isoformat()}))


def _proved(texts: Texts) -> tuple[Rule, int, tuple[golden.Failure, ...]]:
    with policy(texts.rule_file):
        rule = fresh(texts.rule)
    with policy(texts.golden_file):
        cases = golden.read(texts.golden, rule)
        return rule, len(cases), golden.run(rule, cases)


def _packaged() -> Iterator[Texts]:
    for name in packaged.names():
        yield _package(name)


def _package(name: str) -> Texts:
    if name not in packaged.names():
        raise Failed(REFUSED, "incentive-rule-unknown", {"rule": name})
    files = f"{name}.yaml", f"{name}{SUFFIX}"
    return Texts(packaged.rule_text(name), packaged.golden_text(name), *files)


def _of(file: Path) -> Texts:
    """The two texts of a file given as either of them."""
    with policy(file):
        text = file.read_text("utf-8")
        tree = strict_yaml.read(text)
    if not isinstance(tree, dict) or "cases" not in tree:
        stem = file.name.removesuffix(file.suffix)
        beside = file.with_name(f"{stem}{SUFFIX}")
        return Texts(text, _beside(beside, packaged.golden_text, stem), str(file), str(beside))
    stem = str(tree.get("rule"))
    own = file.name.removesuffix(SUFFIX) if file.name.endswith(SUFFIX) else stem
    beside = file.with_name(f"{own}.yaml")
    return Texts(_beside(beside, packaged.rule_text, stem), text, str(beside), str(file))


def _beside(file: Path, package: Callable[[str], str], name: str) -> str:
    if not file.is_file() and name in packaged.names():
        return package(name)
    with policy(file):
        return file.read_text("utf-8")
