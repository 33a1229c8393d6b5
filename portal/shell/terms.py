"""The glossary: which word stands for what, in both languages, and which words stand nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from portal import packaged
from portal.shell.texts import FOLDER

FILE = FOLDER / "glossary.yaml"


@dataclass(frozen=True)
class Term:
    """One term: its Chinese and English, the forms and stems it is known by, what it is not."""

    name: str
    zh: str
    en: str
    also: tuple[str, ...]
    stems: tuple[str, ...]
    never: tuple[str, ...]

    @property
    def forms(self) -> tuple[str, ...]:
        """Every form in which the Chinese term may stand."""
        return (self.zh, *self.also)


@cache
def glossary() -> tuple[Term, ...]:
    """Every term, in the order of the file."""
    stated = packaged.read(FILE)
    return tuple(
        Term(
            name,
            item["zh"],
            item["en"],
            tuple(item.get("also", ())),
            tuple(item["stems"]),
            tuple(item.get("never", ())),
        )
        for name, item in stated.items()
    )
