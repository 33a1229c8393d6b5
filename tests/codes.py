"""Every code that a door or a command can give, as the source has them: what must have words."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache

from tests import tree

PACKAGES = ("ledger", "market", "incentives", "portal")
ROOTS = {
    "BadValue": 0,
    "ClientError": 0,
    "CellFault": 0,
    "Failed": 1,
    "ImportFault": 0,
    "LedgerError": 0,
    "LogError": 0,
    "Malformed": 0,
    "PolicyError": 0,
    "Problem": 1,
    "FileRefused": 0,
    "StatementError": 0,
}
"""Errors that carry a code, and its place among their arguments; those made of them have it too."""
SILENT = frozenset({"BrokenInvariant"})
"""Faults of our own code: a door answers ``defect``, and what remains is for its authors."""
ASIDE = {"refuse": 0, "_refuse": 0, "fault": 0}
"""Methods that make such an error, or note one, with the place of its code."""
FORM, FORM_PLACE = "Pattern", 1
"""The field whose rule is its own code, which a class made of it hands to ``super().__init__``."""


def codes(source: str, told: dict[str, int]) -> Iterator[str]:
    """Codes of a file that stand there as plain text, given what its errors are called."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            place = _place(node.func, told)
            if place is not None and len(node.args) > place:
                yield from literals(node.args[place])
        elif isinstance(node, ast.FunctionDef) and node.name == "rule":
            for inner in ast.walk(node):
                if isinstance(inner, ast.Return) and inner.value is not None:
                    yield from literals(inner.value)
        elif isinstance(node, ast.ClassDef) and FORM in _bases(node):
            for inner in ast.walk(node):
                made = isinstance(inner, ast.Call) and isinstance(inner.func, ast.Attribute)
                if made and inner.func.attr == "__init__" and len(inner.args) > FORM_PLACE:
                    yield from literals(inner.args[FORM_PLACE])
        elif isinstance(node, ast.Assign) and [_named(t) for t in node.targets] == ["code"]:
            yield from literals(node.value)


def _bases(node: ast.ClassDef) -> list[str | None]:
    return [_named(base) for base in node.bases]


def _named(node: ast.expr) -> str | None:
    return node.id if isinstance(node, ast.Name) else None


def _place(func: ast.expr, told: dict[str, int]) -> int | None:
    if isinstance(func, ast.Name):
        return told.get(func.id, ASIDE.get(func.id))
    if not isinstance(func, ast.Attribute):
        return None
    return ASIDE.get(func.attr, told.get(func.attr))


def literals(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from literals(node.body)
        yield from literals(node.orelse)


def errors() -> dict[str, int]:
    """The errors of the tree that carry a code, found by what they are made of."""
    made = {}
    for path in tree.files(*PACKAGES, suffixes=(".py",)):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef):
                made[node.name] = _bases(node)
    found = dict(ROOTS)
    while more := {
        name: found[base]
        for name, bases in made.items()
        for base in bases
        if base in found and name not in found
    }:
        found |= more
    return {name: place for name, place in found.items() if name not in SILENT}


@cache
def everywhere() -> frozenset[str]:
    """The codes of the whole tree, which is read once."""
    told = errors()
    return frozenset(
        code
        for path in tree.files(*PACKAGES, suffixes=(".py",))
        for code in codes(path.read_text("utf-8"), told)
    )
