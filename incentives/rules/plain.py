"""The form of written answers: texts, integers, booleans, nulls, lists and mappings of them."""

from __future__ import annotations

from collections.abc import Mapping

from incentives.rules import values
from incentives.rules.values import Value

Plain = str | int | bool | None | list["Plain"] | dict[str, "Plain"]


def bare(value: Value | None) -> Plain:
    """A value as a flag or an exact text; None where there is none."""
    return value if value is None or isinstance(value, bool) else values.text(value)


def copied(tree: object) -> Plain:
    """A tree that came from outside, in this form; what is none of it as its text."""
    if isinstance(tree, Mapping):
        return {str(name): copied(value) for name, value in tree.items()}
    if isinstance(tree, list | tuple):
        return [copied(value) for value in tree]
    return tree if tree is None or isinstance(tree, str | int) else str(tree)
