"""The language of rules: a small part of Python's expressions, as a tree of our own.

Python's parser reads the text and only what is listed here becomes a node; nothing is ever run by
Python. There are exact numbers, texts, flags, names, + - * /, comparisons, and, or, not, the
conditional, calls of named functions and folds of a declared list (`sum(x for row in rows if y)`).
There are no attributes, subscripts, lambdas, powers or keywords.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from fractions import Fraction

from incentives.rules.errors import ExpressionRefused

TEXT_MAX = 1000
_COMMENTS = ContextVar("comments", default=True)  # what is on the record is read as it was
NODES_MAX = 200
DEPTH_MAX = 20
NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_NUMBER = re.compile(r"(?:0|[1-9][0-9]{0,29})(?:\.[0-9]{1,30})?")
_ARITHMETIC = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
_COMPARISON = {
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
    ast.In: "in", ast.NotIn: "not in",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Number:
    """An exact number as written."""

    text: str
    value: Fraction


@dataclass(frozen=True, slots=True)
class Text:
    """A quoted text."""

    text: str
    value: str


@dataclass(frozen=True, slots=True)
class Flag:
    """True or False."""

    text: str
    value: bool


@dataclass(frozen=True, slots=True)
class Name:
    """An input, a field of the item at hand, a parameter or an earlier step."""

    text: str


@dataclass(frozen=True, slots=True)
class Negative:
    """A number with its sign turned."""

    text: str
    of: Node


@dataclass(frozen=True, slots=True)
class Not:
    """A flag turned."""

    text: str
    of: Node


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """Two numbers joined by + - * or /."""

    text: str
    op: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Compare:
    """Two values compared, or a text looked for in a list of texts (in, not in)."""

    text: str
    op: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Junction:
    """Flags joined by and, or by or."""

    text: str
    op: str
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Choose:
    """`yes if test else no`: only the branch that is taken is evaluated."""

    text: str
    test: Node
    yes: Node
    no: Node


@dataclass(frozen=True, slots=True)
class Call:
    """A named function of values."""

    text: str
    function: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Fold:
    """A named function over the items of a list: `function(value for row in rows if where)`."""

    text: str
    function: str
    value: Node
    rows: str
    where: Node | None


Node = (
    Number | Text | Flag | Name | Negative | Not | Arithmetic | Compare | Junction | Choose
    | Call | Fold
)  # fmt: skip


def names_of(node: Node) -> Iterator[str]:
    """The names that stand in an expression; of a fold those outside its items too."""
    match node:
        case Name(text=text):
            yield text
        case Negative(of=of) | Not(of=of):
            yield from names_of(of)
        case Arithmetic(left=left, right=right) | Compare(left=left, right=right):
            yield from names_of(left)
            yield from names_of(right)
        case Junction(parts=parts) | Call(arguments=parts):
            for part in parts:
                yield from names_of(part)
        case Choose(test=test, yes=yes, no=no):
            for part in (test, yes, no):
                yield from names_of(part)
        case Fold(value=value, rows=rows, where=where):
            yield rows
            yield from names_of(value)
            if where is not None:
                yield from names_of(where)


def parse(text: str) -> Node:
    """Read an expression.

    Raises ExpressionRefused expression-too-long, expression-too-large, expression-too-deep,
    expression-malformed or expression-not-allowed, with the part that is meant.
    """
    if len(text) > TEXT_MAX:
        raise ExpressionRefused("expression-too-long", limit=TEXT_MAX)
    if not text.isprintable() or "\\" in text or text.strip() != text:
        raise ExpressionRefused("expression-malformed", expression=text)
    if not _COMMENTS.get() and _commented(text):
        raise ExpressionRefused("expression-comment", expression=text)
    try:
        tree = ast.parse(text, mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise ExpressionRefused("expression-malformed", expression=text) from None
    return _Builder(text).node(tree.body, 0)


@contextmanager
def without_comments() -> Iterator[None]:
    """Refuse comments inside: what follows a # is signed by two people and never worked out."""
    token = _COMMENTS.set(False)
    try:
        yield
    finally:
        _COMMENTS.reset(token)


def _commented(text: str) -> bool:
    try:
        tokens = tokenize.generate_tokens(io.StringIO(text).readline)
        return any(token.type == tokenize.COMMENT for token in tokens)
    except (tokenize.TokenError, SyntaxError):  # told as what it is
        return False


class _Builder:
    """Turns Python's tree into ours, counting nodes and depth."""

    def __init__(self, text: str) -> None:
        self._raw = text.encode("utf-8")
        self._count = 0

    def node(self, tree: ast.expr, depth: int) -> Node:
        self._count += 1
        if self._count > NODES_MAX:
            raise ExpressionRefused("expression-too-large", limit=NODES_MAX)
        if depth > DEPTH_MAX:
            raise ExpressionRefused("expression-too-deep", limit=DEPTH_MAX)
        text, below = self._text(tree), depth + 1
        match tree:
            case ast.Constant():
                return self._constant(tree, text)
            case ast.Name():
                # Python folds full-width letters into ASCII; a rule must say what it means.
                return Name(self._named(tree, text))
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return Negative(text, self.node(operand, below))
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return Not(text, self.node(operand, below))
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _ARITHMETIC:
                sides = self.node(left, below), self.node(right, below)
                return Arithmetic(text, _ARITHMETIC[type(op)], *sides)
            case ast.Compare():
                return self._comparison(tree, text, below)
            case ast.BoolOp(op=op, values=values):
                word = "and" if isinstance(op, ast.And) else "or"
                return Junction(text, word, tuple(self.node(v, below) for v in values))
            case ast.IfExp(test=test, body=body, orelse=orelse):
                return Choose(text, *(self.node(part, below) for part in (test, body, orelse)))
            case ast.Call(func=ast.Name() as function, args=arguments, keywords=[]):
                name = self._named(function, self._text(function))
                if len(arguments) == 1 and isinstance(arguments[0], ast.GeneratorExp):
                    return self._fold(name, arguments[0], text, below)
                return Call(text, name, tuple(self.node(a, below) for a in arguments))
        raise self._refuse(text)

    def _constant(self, tree: ast.Constant, text: str) -> Node:
        if isinstance(tree.value, bool):
            return Flag(text, tree.value)
        # One plain literal: no prefix, no triple quotes, no neighbours joined to it.
        if isinstance(tree.value, str) and text in (f"'{tree.value}'", f'"{tree.value}"'):
            return Text(text, tree.value)
        # The number is read from its text: Python's own value of 0.7 is not seven tenths. A letter
        # right behind it ("1or x") is what other versions of Python read differently.
        after = self._raw[tree.end_col_offset or 0 :][:1]
        if _NUMBER.fullmatch(text) and not (after.isalnum() or after == b"_"):
            return Number(text, Fraction(text))
        raise self._refuse(text)

    def _comparison(self, tree: ast.Compare, text: str, below: int) -> Node:
        sides = [self.node(side, below) for side in (tree.left, *tree.comparators)]
        for op in tree.ops:
            if type(op) not in _COMPARISON:
                raise self._refuse(text)
        words = [_COMPARISON[type(op)] for op in tree.ops]
        if len(words) == 1:
            return Compare(text, words[0], *sides)
        pairs = zip(words, sides, sides[1:], strict=False)
        return Junction(
            text, "and", tuple(Compare(f"{a.text} {w} {b.text}", w, a, b) for w, a, b in pairs)
        )

    def _fold(self, function: str, tree: ast.GeneratorExp, text: str, below: int) -> Node:
        match tree.generators:
            case [
                ast.comprehension(
                    target=ast.Name() as row, iter=ast.Name() as rows, is_async=0
                ) as g
            ]:
                self._named(row, self._text(row))
                if len(g.ifs) <= 1:
                    where = self.node(g.ifs[0], below) if g.ifs else None
                    name = self._named(rows, self._text(rows))
                    return Fold(text, function, self.node(tree.elt, below), name, where)
        raise self._refuse(text)

    def _named(self, tree: ast.Name, text: str) -> str:
        if tree.id != text or not NAME.fullmatch(text):
            raise self._refuse(text)
        return text

    def _text(self, tree: ast.expr) -> str:
        return self._raw[tree.col_offset : tree.end_col_offset].decode("utf-8")

    def _refuse(self, part: str) -> ExpressionRefused:
        return ExpressionRefused(
            "expression-not-allowed", expression=self._raw.decode("utf-8"), part=part
        )
