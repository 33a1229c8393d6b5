"""Both languages say everything: no key in one alone, no error code without words."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.house import make_engine
from portal.shell import texts
from tests import tree

TOLD = {
    "context.fault": 0,
    "fault": 0,
    "Fault": 0,
    "Expired": 0,
    "ExportFault": 0,
    "ForkRefused": 0,
    "Malformed": 0,
    "NotAuthenticated": 0,
    "NotKnown": 0,
    "Problem": 1,
    "Refusal": 0,
    "SheetFault": 0,
    "Unauthenticated": 0,
    "Unavailable": 0,
}
"""Errors that a door may answer with, and the place of the code among their arguments."""
PACKAGES = ("ledger", "market", "incentives", "portal")


def codes(source: str) -> Iterator[str]:
    """Codes that a file's errors are made with, where they stand as plain text."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            place = TOLD.get(ast.unparse(node.func))
            if place is not None and len(node.args) > place:
                yield from literals(node.args[place])


def literals(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from literals(node.body)
        yield from literals(node.orelse)


def test_codes_are_found_where_they_stand() -> None:
    source = 'raise Refusal("a-b", x=1)\nProblem(404, "c" if y else "d")\nother("e")\nRefusal(f)'
    source += '\ncontext.fault("g")'
    assert list(codes(source)) == ["a-b", "c", "d", "g"]


def said(language: str) -> set[str]:
    return set(texts.catalogue(language))


def test_the_languages_have_the_same_keys() -> None:
    assert said("zh") ^ said("en") == set()


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_every_error_code_has_words(language: str) -> None:
    wanted = {
        code
        for path in tree.files(*PACKAGES, suffixes=(".py",))
        for code in codes(path.read_text("utf-8"))
    }
    kinds = {f"{name.replace('_', '-')}-unknown" for name in make_engine().kinds}
    silent = {code for code in wanted if f"problem.{code}" not in said(language)}
    assert silent == set()
    assert len(wanted) > 150
    assert {"party-unknown", "project-unknown", "report-unknown"} <= kinds


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_every_statement_type_has_a_name(language: str) -> None:
    types = {name for name, _ in make_engine().types}
    assert {name for name in types if f"type.{name}" not in said(language)} == set()


def test_a_key_said_twice_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "zh.yaml").write_text("a: {b: 一}\n")
    (tmp_path / "more.zh.yaml").write_text("a: {b: 二}\n")
    monkeypatch.setattr(texts, "FOLDER", tmp_path)
    with pytest.raises(KeyError, match=r"a\.b"):
        texts.catalogue.__wrapped__("zh")
