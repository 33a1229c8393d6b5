"""Checks what an expression is about before it is ever evaluated: names, kinds, arguments.

So that a rule fails when it is written and not for the one enterprise whose facts reach the fault.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from incentives.rules import days
from incentives.rules.errors import ExpressionRefused
from incentives.rules.syntax import (
    Arithmetic,
    Call,
    Choose,
    Compare,
    Flag,
    Fold,
    Junction,
    Name,
    Negative,
    Node,
    Not,
    Number,
    Text,
)

Kind = Literal["number", "text", "flag", "day"]

_LITERALS: Mapping[type, Kind] = {Number: "number", Text: "text", Flag: "flag"}
# What a fold wants of each item, and gives.
FOLDS: Mapping[str, tuple[Kind, Kind]] = {
    "sum": ("number", "number"),
    "min": ("number", "number"),
    "max": ("number", "number"),
    "count": ("flag", "number"),
    "any": ("flag", "flag"),
    "all": ("flag", "flag"),
}
# Functions of numbers: how few and how many they take.
NUMERIC: Mapping[str, tuple[int, int]] = {
    "min": (2, 20),
    "max": (2, 20),
    "abs": (1, 1),
    "floor": (1, 1),
    "ceil": (1, 1),
}
# Functions of days: how many they take; each gives a number.
OF_DAYS: Mapping[str, int] = {"year": 1, "days": 2, "months": 2}
AS_OF = "as_of"
"""The day of which the law is asked, by name."""
FUNCTIONS = tuple(
    sorted({*FOLDS, *NUMERIC, *OF_DAYS, "day", "lookup", "given", "position", "members"})
)


@dataclass(frozen=True, slots=True)
class Scope:
    """What names mean where an expression stands.

    `tables` tells how many keys a table is asked with; `item` names the list whose item is at hand;
    `units` are those that are declared.
    """

    scalars: Mapping[str, Kind]
    lists: Mapping[str, Mapping[str, Kind]] = field(default_factory=dict)
    tables: Mapping[str, int] = field(default_factory=dict)
    texts: frozenset[str] = frozenset()
    item: str | None = None
    units: Mapping[str, str | None] = field(default_factory=dict)

    def of_item(self, name: str) -> Scope:
        """The scope of an expression on one item of a list."""
        scalars = {**self.scalars, **self.lists[name]}
        return Scope(scalars, self.lists, self.tables, self.texts, name, self.units)


def kind(node: Node, scope: Scope) -> Kind:
    """Tell an expression's kind.

    Raises ExpressionRefused name-unknown, kind-mismatch, function-unknown, arguments-wrong,
    fold-nested (a fold inside an expression on items) or window-without-item.
    """
    match node:
        case Number() | Text() | Flag():
            return _LITERALS[type(node)]
        case Name(text=text):
            if text not in scope.scalars:
                raise ExpressionRefused("name-unknown", name=text)
            return scope.scalars[text]
        case Negative(of=of) | Not(of=of):
            return _want("flag" if isinstance(node, Not) else "number", of, scope)
        case Arithmetic(left=left, right=right):
            _want("number", left, scope)
            return _want("number", right, scope)
        case Compare():
            return _comparison(node, scope)
        case Junction(parts=parts):
            for part in parts:
                _want("flag", part, scope)
            return "flag"
        case Choose(test=test, yes=yes, no=no):
            _want("flag", test, scope)
            return _want(kind(yes, scope), no, scope)
        case Call():
            return _call(node, scope)
        case Fold():
            return _fold(node, scope)


def _want(wanted: Kind, node: Node, scope: Scope) -> Kind:
    if (found := kind(node, scope)) != wanted:
        raise ExpressionRefused("kind-mismatch", part=node.text, expected=wanted, found=found)
    return found


def _comparison(node: Compare, scope: Scope) -> Kind:
    if node.op in ("in", "not in"):
        _want("text", node.left, scope)
        if not isinstance(node.right, Name) or node.right.text not in scope.texts:
            raise ExpressionRefused("name-unknown", name=node.right.text)
    elif node.op in ("==", "!="):
        _want(kind(node.left, scope), node.right, scope)
    else:
        found = kind(node.left, scope)
        _want("day" if found == "day" else "number", node.left, scope)
        _want("day" if found == "day" else "number", node.right, scope)
    return "flag"


def _call(node: Call, scope: Scope) -> Kind:
    arguments = node.arguments
    if node.function in NUMERIC:
        least, most = NUMERIC[node.function]
        _arguments(node, least <= len(arguments) <= most)
        for argument in arguments:
            _want("number", argument, scope)
        return "number"
    if node.function == "day" or node.function in OF_DAYS:
        return _of_days(node, scope)
    if node.function == "given":
        _arguments(node, len(arguments) == 1 and isinstance(arguments[0], Name))
        kind(arguments[0], scope)
        return "flag"
    if node.function == "lookup":
        table = arguments[0].text if arguments else ""
        if table not in scope.tables:
            raise ExpressionRefused("name-unknown", name=table)
        _arguments(node, len(arguments) == scope.tables[table] + 1)
        for key in arguments[1:]:
            _want("text", key, scope)
        return "number"
    if node.function in ("position", "members"):
        return _window(node, scope)
    raise ExpressionRefused("function-unknown", function=node.function, known=FUNCTIONS)


def _of_days(node: Call, scope: Scope) -> Kind:
    arguments = node.arguments
    if node.function == "day":
        _arguments(node, len(arguments) == 1 and days.written(arguments[0]) is not None)
        return "day"
    _arguments(node, len(arguments) == OF_DAYS[node.function])
    for argument in arguments:
        _want("day", argument, scope)
    return "number"


def _window(node: Call, scope: Scope) -> Kind:
    if scope.item is None:
        raise ExpressionRefused("window-without-item", part=node.text)
    first = 1 if node.function == "position" else 0
    _arguments(node, len(node.arguments) > first)
    if first:
        _want("number", node.arguments[0], scope)
    for key in node.arguments[first:]:
        _want("text", key, scope)
    return "number"


def _fold(node: Fold, scope: Scope) -> Kind:
    if node.function not in FOLDS:
        raise ExpressionRefused("function-unknown", function=node.function, known=FUNCTIONS)
    if scope.item is not None:
        raise ExpressionRefused("fold-nested", part=node.text)
    if node.rows not in scope.lists:
        raise ExpressionRefused("name-unknown", name=node.rows)
    inner = scope.of_item(node.rows)
    wants, gives = FOLDS[node.function]
    _want(wants, node.value, inner)
    if node.where is not None:
        _want("flag", node.where, inner)
    return gives


def _arguments(node: Call, right: bool) -> None:
    if not right:
        raise ExpressionRefused("arguments-wrong", part=node.text, function=node.function)
