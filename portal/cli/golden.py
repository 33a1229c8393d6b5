"""Golden tests of rules, and the body with which a proved rule is published."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import date
from pathlib import Path

import click

from incentives.errors import PolicyError
from incentives.rules import golden, packaged
from incentives.rules.rule import Rule, fresh
from ledger.parties import strict_yaml
from ledger.parties.errors import TextRefused
from portal.cli.asof import DAY
from portal.cli.shared import REFUSED, Failed, dump, json_option, tell

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
SUFFIX = ".golden.yaml"
Texts = tuple[str, str]
"""A rule's text and that of its golden tests."""


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
    body = {"text": texts[0], "golden": texts[1], "document": document}
    click.echo(dump({**body, "valid_from": valid_from.isoformat()}))


def _proved(texts: Texts) -> tuple[Rule, int, tuple[golden.Failure, ...]]:
    try:
        rule = fresh(texts[0])
        cases = golden.read(texts[1], rule)
        return rule, len(cases), golden.run(rule, cases)
    except (PolicyError, TextRefused) as error:
        raise Failed(REFUSED, error.code, dict(error.params)) from error


def _packaged() -> Iterator[Texts]:
    for name in packaged.names():
        yield _package(name)


def _package(name: str) -> Texts:
    if name not in packaged.names():
        raise Failed(REFUSED, "incentive-rule-unknown", {"rule": name})
    return packaged.rule_text(name), packaged.golden_text(name)


def _of(file: Path) -> Texts:
    """The two texts of a file given as either of them."""
    text = _text(file)
    try:
        tree = strict_yaml.read(text)
    except TextRefused as error:
        raise Failed(REFUSED, error.code, dict(error.params)) from error
    if not isinstance(tree, dict) or "cases" not in tree:
        stem = file.name.removesuffix(file.suffix)
        return text, _beside(file.with_name(f"{stem}{SUFFIX}"), packaged.golden_text, stem)
    stem = str(tree.get("rule"))
    beside = file.name.removesuffix(SUFFIX) if file.name.endswith(SUFFIX) else stem
    return _beside(file.with_name(f"{beside}.yaml"), packaged.rule_text, stem), text


def _beside(file: Path, package: Callable[[str], str], name: str) -> str:
    if file.is_file():
        return _text(file)
    if name in packaged.names():
        return package(name)
    raise Failed(REFUSED, "file-unreadable", {"file": str(file)})


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Failed(REFUSED, "file-unreadable", {"file": str(file)}) from error
