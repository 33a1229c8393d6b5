"""A plan: the mirror acts that a file asks for, in order, with keys that never depend on the run.

An act's statement id is derived from `ms`, `source`, `key` and `occurrence`, so a second import of
the file, or of a later export that holds the same things, meets the ids that it made before.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from portal.imports.report import Report

Json = str | int | bool | list["Json"] | dict[str, "Json"]


@dataclass(frozen=True, slots=True)
class Act:
    """One statement of the mirror registrar.

    `rows` are the data rows that it settles; `body` what the decision needs; `attached` free text
    in which the registry may name a person, for an erasable attachment.
    """

    type: str
    source: str
    key: str
    occurrence: int
    ms: int
    rows: tuple[int, ...]
    body: Mapping[str, Json]
    attached: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """What to submit, in this order, and the account of the rows."""

    acts: tuple[Act, ...]
    report: Report


class ActList:
    """Acts in the making; counts how often a key occurred."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.acts: list[Act] = []
        self._seen: Counter[tuple[str, str]] = Counter()

    def add(
        self,
        type_name: str,
        key: str,
        ms: int,
        rows: tuple[int, ...],
        body: Mapping[str, Json],
        attached: Mapping[str, str] | None = None,
    ) -> None:
        """Append an act; times before 1970 become 0, since an id holds no negative time."""
        occurrence = self._seen[type_name, key]
        self._seen[type_name, key] += 1
        self.acts.append(
            Act(type_name, self.source, key, occurrence, max(ms, 0), rows, body, attached or {})
        )
