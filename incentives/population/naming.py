"""What an expression reads."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from incentives.rules.syntax import (
    Arithmetic,
    Call,
    Choose,
    Compare,
    Fold,
    Junction,
    Name,
    Negative,
    Node,
    Not,
)


def below(node: Node) -> tuple[Node, ...]:
    """The parts of an expression."""
    match node:
        case Negative(of=of) | Not(of=of):
            return (of,)
        case Arithmetic(left=left, right=right) | Compare(left=left, right=right):
            return left, right
        case Junction(parts=parts):
            return parts
        case Choose(test=test, yes=yes, no=no):
            return test, yes, no
        case Call(arguments=arguments):
            return arguments
        case Fold(value=value, where=where):
            return (value,) if where is None else (value, where)
    return ()


def walk(node: Node) -> Iterator[Node]:
    """An expression and all that it is made of."""
    yield node
    for part in below(node):
        yield from walk(part)


@lru_cache(maxsize=4096)
def asks(node: Node) -> frozenset[str]:
    """The names that an expression reads; of a fold the list too."""
    found = {n.text for n in walk(node) if isinstance(n, Name)}
    return frozenset(found | {n.rows for n in walk(node) if isinstance(n, Fold)})
