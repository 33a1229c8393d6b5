"""What an expression can come to: a number, a text, a flag, a day, or why none is known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

from incentives import exact

Wanting = Literal["missing", "unverified", "not-in-force"]
State = Literal["yes", "no", "missing", "unverified", "not-in-force"]
_WEIGHT: tuple[Wanting, ...] = ("missing", "unverified", "not-in-force")
"""Which reason says most, the last first: without force nothing else matters."""


@dataclass(frozen=True, slots=True)
class Absent:
    """No value: facts are missing, or the law that would give it is not in force.

    `unverified` is law of which nobody has read what it says on the day. `names` are the facts,
    parameters or clauses that are wanting, in order and once.
    """

    state: Wanting
    names: tuple[str, ...]


Value = Fraction | str | bool | date | Absent


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the law as it stands on a day: numbers by keys, or why a key has none.

    `rest` is why keys that are not in it have none; without it they are missing.
    """

    name: str
    rows: Mapping[tuple[str, ...], Fraction | Absent]
    rest: Absent | None = None

    def of(self, keys: tuple[str, ...]) -> Fraction | Absent:
        """What a key comes to."""
        found = self.rows.get(keys, self.rest)
        return missing(f"{self.name}[{', '.join(keys)}]") if found is None else found


def missing(name: str) -> Absent:
    """A fact that nobody gave."""
    return Absent("missing", (name,))


def not_in_force(name: str) -> Absent:
    """A parameter or clause without force on the day."""
    return Absent("not-in-force", (name,))


def unverified(name: str) -> Absent:
    """A parameter or clause of which it is not established what it says on the day."""
    return Absent("unverified", (name,))


def merged(values: Iterable[Value]) -> Absent | None:
    """Join the absent among values: not in force says more than unverified, that than missing."""
    absent = [v for v in values if isinstance(v, Absent)]
    if not absent:
        return None
    names = tuple(dict.fromkeys(name for a in absent for name in a.names))
    return Absent(max((a.state for a in absent), key=_WEIGHT.index), names)


def joined(op: str, values: Iterable[Value]) -> Value:
    """Join flags by and/or: what one flag alone decides is decided, whatever is absent."""
    parts = list(values)
    deciding = op == "or"
    if any(isinstance(v, bool) and v is deciding for v in parts):
        return deciding
    return merged(parts) or not deciding


def state(value: Value) -> State:
    """Tell the state of a condition from its value."""
    if isinstance(value, Absent):
        return value.state
    return "yes" if value is True else "no"


def text(value: Value) -> str | None:
    """Write a value for people and records; None where there is none."""
    if isinstance(value, Absent):
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    return exact.text(value) if isinstance(value, Fraction) else value
