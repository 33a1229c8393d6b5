"""The house rules that no linter knows. Each rule is first tried with what it must refuse."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import pytest

from tests import tree

Rule = Callable[[str], Sequence[object]]
LINES_MAX = 400
SOURCE = (".py", ".js", ".css", ".html", ".sql")
TEXT = (*SOURCE, ".md", ".toml", ".txt", ".yaml", ".yml", ".json", ".in", "")

# Written in pieces, so that this file passes its own rules.
UNFINISHED = re.compile(
    r"\b(TO" r"DO|FIX" r"ME|X" r"XX)\b|(?i:place" r"holder|not[ _]?implement" r"ed|\bfor n" r"ow\b)"
)
SOURCES_OF_PACKAGES = re.compile(
    r"(?i)\b(py" r"pi\.org|python" r"hosted\.org|npm" r"js\.(org|com)|yarn" r"pkg\.com"
    r"|proxy\.gol" r"ang\.org|crates\.i" r"o)\b"
    r"|--(extra-)?index-" r"url|--find-" r"links|index-serv" r"ers|\[\[tool\.uv\.ind" r"ex\]\]"
    r"|https?://[^\s\"']+/simp" r"le/"
)  # fmt: skip
MACHINE = re.compile(r"(?<![\w./~-])/(ro" r"ot|ho" r"me|wo" r"rk|Us" r"ers)/\w")
EXCUSE = re.compile(r"#\s*(noqa\b(:\s*[A-Z]+\d+(,\s*[A-Z]+\d+)*)?|type: ignore(\[[\w, -]+\])?)(.*)")


def lines_found(rule: re.Pattern[str], text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if rule.search(line)]


unfinished = partial(lines_found, UNFINISHED)
package_sources = partial(lines_found, SOURCES_OF_PACKAGES)
machine_paths = partial(lines_found, MACHINE)


def floats_made(source: str) -> list[int]:
    """Lines that call float: money, units and quotas are integers, rates exact decimals."""
    calls = (n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Call))
    return [n.lineno for n in calls if isinstance(n.func, ast.Name) and n.func.id == "float"]


def deeds(source: str) -> list[int]:
    """Lines of an __init__.py that do more than hand names on."""
    found = []
    for node in ast.parse(source).body:
        docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        names = isinstance(node, ast.Assign) and [ast.unparse(t) for t in node.targets] == [
            "__all__"
        ]
        if not (docstring or names or isinstance(node, ast.Import | ast.ImportFrom)):
            found.append(node.lineno)
    return found


def names_unlooked(source: str) -> list[int]:
    """Lines that put a row called after a statement's id without asking whether the name is free.

    An id is its author's alone: another party may have used it, and its row would be lost.
    """
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("context.put", "put"):
            rows = [n for n in ast.walk(node) if isinstance(n, ast.Dict) and n.keys]
            first = {ast.unparse(value) for row in rows for value in named(row)}
            if "context.id" in first:
                found.append(node.lineno)
    return found


def named(row: ast.Dict) -> list[ast.expr]:
    """What a row's columns are filled with, but for a mere reference to the act behind it."""
    pairs = zip(row.keys, row.values, strict=True)
    return [v for k, v in pairs if k is not None and ast.unparse(k) != "'act'"]


def bare_excuses(source: str) -> list[str]:
    """Lint and type excuses that do not say why, on their own line."""
    found = []
    for line in source.splitlines():
        excuse = EXCUSE.search(line)
        if excuse and not re.search(r"\w{2}", excuse[5]):
            found.append(line.strip())
    return found


REFUSED: list[tuple[Rule, str]] = [
    (unfinished, "x = 1  # TO" + "DO: think"),
    (unfinished, "raise NotImplement" + "edError"),
    (unfinished, "good enough for n" + "ow"),
    (unfinished, "a Place" + "holder"),
    (package_sources, "https://py" + "pi.org/x"),
    (package_sources, "--index-" + "url http://h"),
    (package_sources, "http://mirror.example/simp" + "le/"),
    (machine_paths, 'open("/ho' + 'me/someone/x")'),
    (floats_made, "a = 1\nb = float(a)"),
    (deeds, '"""Doc."""\nCACHE = {}'),
    (deeds, "def f() -> None: ..."),
    (names_unlooked, "context.put(KIND, {'pledge': context.id, 'state': OPEN})"),
    (names_unlooked, "put(context, {**row, 'proposal': context.id})"),
    (bare_excuses, "import x  # no" + "qa: F401"),
    (bare_excuses, "x()  # type: ig" + "nore[misc]"),
]


@pytest.mark.parametrize(("rule", "text"), REFUSED)
def test_each_rule_refuses_what_it_is_for(rule: Rule, text: str) -> None:
    assert rule(text)


ALLOWED: list[tuple[Rule, str]] = [
    (unfinished, "before now, for nowhere, methods"),
    (package_sources, "the registry https://example.org/"),
    (machine_paths, '"/v1/root/x" "~/work/x" QINGZHANG_HOME/keys'),
    (floats_made, "timeout: float | None = None"),
    (deeds, '"""Doc."""\nfrom a import b\n__all__ = ["b"]'),
    (names_unlooked, "context.create(KIND, {'pledge': context.id})"),
    (names_unlooked, "context.put(FATE, {**row, 'act': context.id})"),
    (bare_excuses, "import x  # no" + "qa: F401 the import is the test"),
    (bare_excuses, "x()  # type: ig" + "nore[misc]  # untyped base"),
]


@pytest.mark.parametrize(("rule", "text"), ALLOWED)
def test_each_rule_lets_pass_what_is_right(rule: Rule, text: str) -> None:
    assert not rule(text)


def in_tree(rule: Rule, *folders: str, suffixes: tuple[str, ...]) -> str:
    """Apply a rule to every file of the project's own; vendored files answer to their makers."""
    found = [
        f"{tree.name(path)}: {fault}"
        for path in tree.files(*folders, suffixes=suffixes)
        if "vendor" not in path.parts
        for fault in rule(path.read_text("utf-8"))
    ]
    return "\n".join(found)


def test_nothing_is_left_unfinished() -> None:
    assert in_tree(unfinished, suffixes=TEXT) == ""


def test_no_file_says_where_packages_come_from() -> None:
    assert in_tree(package_sources, suffixes=TEXT) == ""


def test_no_file_knows_the_machine_it_was_written_on() -> None:
    assert in_tree(machine_paths, suffixes=TEXT) == ""


def test_money_units_and_quotas_are_never_floats() -> None:
    rooms = ("ledger", "market", "incentives")
    assert in_tree(floats_made, *rooms, suffixes=(".py",)) == ""


def test_rows_called_after_a_statement_ask_whether_the_name_is_free() -> None:
    rooms = ("ledger", "market", "incentives")
    assert in_tree(names_unlooked, *rooms, suffixes=(".py",)) == ""


def test_excuses_give_their_reason_on_the_same_line() -> None:
    assert in_tree(bare_excuses, suffixes=(".py",)) == ""


def test_init_files_only_hand_names_on() -> None:
    inits = [p for p in tree.files(suffixes=(".py",)) if p.name == "__init__.py"]
    assert [tree.name(p) for p in inits if deeds(p.read_text("utf-8"))] == []


def test_files_are_short() -> None:
    def too_long(path: Path) -> bool:
        return "vendor" not in path.parts and len(path.read_text("utf-8").splitlines()) > LINES_MAX

    assert [tree.name(p) for p in tree.files(suffixes=SOURCE) if too_long(p)] == []
