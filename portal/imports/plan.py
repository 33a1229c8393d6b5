"""Acts: the statements that a file asks the mirror registrar for, under keys of no one run.

An act's statement id is derived from `ms`, `source`, `key` and how often it was stated before, so a
second import of the file, or of a later export that holds the same things, meets the ids that it
made before. Within one file every key is named once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ledger.statements.ids import derived_uuid7

Json = str | int | bool | list["Json"] | dict[str, "Json"]
Measure = tuple[str, int]
"""(unit, quantity) that a row states; ("", 0) where it states none."""


@dataclass(frozen=True, slots=True)
class Act:
    """One statement of the mirror registrar.

    `rows` are the data rows that it settles, as `kind` in the report, and `measures` what each of
    them states; `body` is what the decision needs, `attached` free text in which the registry may
    name a person, for an erasable attachment. `ms` is the row's date in Unix milliseconds.
    """

    type: str
    source: str
    key: str
    ms: int
    body: Mapping[str, Json]
    attached: Mapping[str, str] = field(default_factory=dict)
    kind: str = ""
    rows: tuple[int, ...] = ()
    measures: tuple[Measure, ...] = ()

    def id(self, occurrence: int) -> str:
        """The statement id of the act when it is stated for the (`occurrence` + 1)th time.

        Times before 1970 become 0, since an id holds no negative time.
        """
        return derived_uuid7(max(self.ms, 0), self.source, self.key, occurrence)
