"""Asks a tree of texts for its fields by name and kind, and refuses what it was not asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import TypeVar

from incentives import exact
from incentives.errors import NumberRefused, Param, PolicyError

TEXT_MAX = 4000
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_Choice = TypeVar("_Choice", bound=str)


class Fields:
    """A mapping at a path. Every refusal is of the given type and names the path as `field`.

    Codes: field-type, field-unknown, field-missing, text-empty, text-too-long, number-malformed,
    date-malformed, flag-malformed, choice-unknown.
    """

    def __init__(
        self, tree: object, path: str, known: Sequence[str] | None, error: type[PolicyError]
    ) -> None:
        self.path = path
        self._error = error
        if not isinstance(tree, Mapping):
            raise error("field-type", field=path, expected="mapping")
        for key in tree:
            if not isinstance(key, str) or (known is not None and key not in known):
                raise error("field-unknown", field=self.at(str(key)))
        self._tree: Mapping[str, object] = tree

    def at(self, name: str) -> str:
        """Name the path of a field."""
        return f"{self.path}.{name}" if self.path else name

    def refuse(self, code: str, name: str, /, **params: Param) -> PolicyError:
        """Make a refusal of a field, for the caller to raise."""
        return self._error(code, field=self.at(name), **params)

    def names(self) -> tuple[str, ...]:
        """The names that are there, in their order."""
        return tuple(self._tree)

    def has(self, name: str) -> bool:
        """Whether a field is there with a value."""
        return self._tree.get(name) is not None

    def raw(self, name: str) -> object:
        """Give a field as it is; it must be there."""
        if not self.has(name):
            raise self.refuse("field-missing", name)
        return self._tree[name]

    def text(self, name: str, limit: int = TEXT_MAX) -> str:
        """Give a text that is not empty."""
        value = self.raw(name)
        if not isinstance(value, str):
            raise self.refuse("field-type", name, expected="text")
        if not value.strip():
            raise self.refuse("text-empty", name)
        if len(value) > limit:
            raise self.refuse("text-too-long", name, limit=limit)
        return value

    def optional(self, name: str, limit: int = TEXT_MAX) -> str | None:
        """Give a text, or None where there is none."""
        return self.text(name, limit) if self.has(name) else None

    def matching(self, name: str, pattern: re.Pattern[str]) -> str:
        """Give a text of a certain shape."""
        if not pattern.fullmatch(value := self.text(name, 200)):
            raise self.refuse("text-malformed", name, pattern=pattern.pattern)
        return value

    def choice(self, name: str, choices: Sequence[_Choice]) -> _Choice:
        """Give one of a few words."""
        value = self.text(name)
        for choice in choices:
            if choice == value:
                return choice
        raise self.refuse("choice-unknown", name, known=tuple(choices))

    def number(self, name: str) -> Fraction:
        """Give an exact number."""
        try:
            return exact.number(self.raw(name))
        except NumberRefused as fault:
            raise self.refuse("number-malformed", name, rule=fault.code) from None

    def flag(self, name: str) -> bool:
        """Give a flag: a boolean, or the word true or false."""
        value = self.raw(name)
        if isinstance(value, bool):
            return value
        if value in ("true", "false"):
            return value == "true"
        raise self.refuse("flag-malformed", name)

    def day(self, name: str) -> date:
        """Give a day written YYYY-MM-DD."""
        value = self.text(name)
        try:
            if _DATE.fullmatch(value):
                return date.fromisoformat(value)
        except ValueError:  # a day that no month has
            pass
        raise self.refuse("date-malformed", name)

    def optional_day(self, name: str) -> date | None:
        """Give a day, or None where there is none."""
        return self.day(name) if self.has(name) else None

    def below(self, name: str, known: Sequence[str] | None = None) -> Fields:
        """Give a mapping; an absent one is empty."""
        tree = self._tree.get(name)
        return Fields({} if tree is None else tree, self.at(name), known, self._error)

    def each(self, name: str, known: Sequence[str] | None = None) -> Iterator[Fields]:
        """Give the mappings of a list; an absent one is empty."""
        for place, item in enumerate(self.entries(name)):
            yield Fields(item, f"{self.at(name)}[{place}]", known, self._error)

    def entries(self, name: str) -> Sequence[object]:
        """Give a list; an absent one is empty."""
        value = self._tree.get(name)
        if value is None:
            return ()
        if not isinstance(value, Sequence) or isinstance(value, str):
            raise self.refuse("field-type", name, expected="list")
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """Give a list of texts, each once."""
        found: list[str] = []
        for place, value in enumerate(self.entries(name)):
            if not isinstance(value, str) or not value or value in found:
                raise self.refuse("field-type", f"{name}[{place}]", expected="text, once")
            found.append(value)
        return tuple(found)
