"""Knows which region codes (行政区划代码, GB/T 2260) there are, and when.

A table is data: it enters the record by statement, and the file beside seeds genesis alone.
A code is in force from `valid_from` on and before `valid_to`; None means that no date is known.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from importlib import resources
from typing import Literal

from ledger.parties import strict_yaml
from ledger.parties.errors import RegionRefused
from ledger.parties.strict_yaml import Tree

Level = Literal["province", "city", "county"]

CONFIDENCE = ("found", "high", "medium", "low")
_CODE = re.compile(r"[1-9][0-9](?:0000|(?!00)[0-9]{4})", re.ASCII)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NEEDED = ("code", "name", "source", "confidence")
_FIELDS = (*_NEEDED, "name_en", "valid_from", "valid_to")


@dataclass(frozen=True, slots=True)
class Region:
    """A code with its names, its time and who says so."""

    code: str
    name: str
    name_en: str | None
    valid_from: date | None
    valid_to: date | None
    source: str
    confidence: str

    @property
    def level(self) -> Level:
        """The level that the code's own shape tells."""
        return level(self.code)

    def in_force(self, on: date) -> bool:
        """Whether the code stands on a day; the day of `valid_to` is no longer one."""
        started = self.valid_from is None or self.valid_from <= on
        return started and (self.valid_to is None or on < self.valid_to)


class RegionTable:
    """The rows of one table, asked by code and date. Rows of one code never overlap in time."""

    def __init__(self, rows: Iterable[Region]) -> None:
        self.rows = tuple(sorted(rows, key=lambda r: (r.code, r.valid_from or date.min)))
        self._by_code: dict[str, list[Region]] = {}
        for row in self.rows:
            earlier = self._by_code.setdefault(row.code, [])
            if earlier and (
                earlier[-1].valid_to is None
                or row.valid_from is None
                or row.valid_from < earlier[-1].valid_to
            ):
                raise RegionRefused("region-overlap", region=row.code)
            earlier.append(row)
        for row in self.rows:
            above = parent(row.code)
            if above is not None and above not in self._by_code:
                raise RegionRefused("region-orphan", region=row.code, parent=above)

    def at(self, code: str, on: date) -> Region:
        """Give the row of a code on a day. Raises RegionRefused region-unknown, -not-in-force."""
        if code not in self._by_code:
            raise RegionRefused("region-unknown", region=code)
        for row in self._by_code[code]:
            if row.in_force(on):
                return row
        raise RegionRefused("region-not-in-force", region=code, on=on.isoformat())

    def parent(self, code: str) -> str | None:
        """Name the code one level above, None above a province. Raises region-unknown."""
        if code not in self._by_code:
            raise RegionRefused("region-unknown", region=code)
        return parent(code)

    def children(self, code: str, on: date | None = None) -> tuple[Region, ...]:
        """List what lies directly below, by code; with a day, only what stood on it."""
        if code not in self._by_code:
            raise RegionRefused("region-unknown", region=code)
        below = (row for row in self.rows if parent(row.code) == code)
        return tuple(row for row in below if on is None or row.in_force(on))


def is_code(text: str) -> bool:
    """Whether a text has the shape of a region code."""
    return _CODE.fullmatch(text) is not None


def level(code: str) -> Level:
    """Tell the level from a code's shape: PP0000, PPCC00, PPCCXX."""
    if code.endswith("0000"):
        return "province"
    return "city" if code.endswith("00") else "county"


def parent(code: str) -> str | None:
    """Name the code above by shape alone."""
    if code.endswith("0000"):
        return None
    return code[:2] + "0000" if code.endswith("00") else code[:4] + "00"


def load(text: str) -> RegionTable:
    """Read a table: `sources: {key: text}` and `regions: [{code, name, source, …}]`.

    Raises TextRefused for what is no strict YAML, and RegionRefused table-malformed, row-field,
    region-code, region-date, region-dates, region-confidence, region-source, region-overlap,
    region-orphan for what is no table.
    """
    tree = strict_yaml.read(text)
    if not isinstance(tree, dict) or set(tree) != {"standard", "sources", "regions"}:
        raise RegionRefused("table-malformed", rule="standard, sources and regions")
    sources, rows = tree["sources"], tree["regions"]
    if not isinstance(sources, dict) or not isinstance(rows, list):
        raise RegionRefused("table-malformed", rule="sources by key, regions in a list")
    return RegionTable(_row(number, row, sources) for number, row in enumerate(rows, start=1))


def entries(table: RegionTable) -> list[dict[str, str]]:
    """The rows as genesis states them; what is not known is left out."""
    stated = []
    for row in table.rows:
        values: dict[str, str | None] = {
            "code": row.code,
            "name": row.name,
            "name_en": row.name_en,
            "valid_from": row.valid_from.isoformat() if row.valid_from else None,
            "valid_to": row.valid_to.isoformat() if row.valid_to else None,
            "source": row.source,
            "confidence": row.confidence,
        }
        stated.append({name: value for name, value in values.items() if value is not None})
    return stated


def seed() -> str:
    """Give the text of the packaged table, for genesis."""
    file = resources.files("ledger.parties") / "data" / "regions.yaml"
    return file.read_text("utf-8")


def _row(number: int, row: Tree, sources: dict[str, Tree]) -> Region:
    if not isinstance(row, dict):
        raise RegionRefused("row-field", row=number, field="")
    for field in row:
        if field not in _FIELDS:
            raise RegionRefused("row-field", row=number, field=field)
    texts = {field: _text(number, field, row.get(field)) for field in _FIELDS}
    for field in _NEEDED:
        if texts[field] is None:
            raise RegionRefused("row-field", row=number, field=field)
    code = str(texts["code"])
    if not is_code(code):
        raise RegionRefused("region-code", row=number, region=code)
    if texts["confidence"] not in CONFIDENCE:
        raise RegionRefused("region-confidence", region=code, confidence=str(texts["confidence"]))
    if not isinstance(source := sources.get(str(texts["source"])), str):
        raise RegionRefused("region-source", region=code, source=str(texts["source"]))
    start, end = _date(code, texts["valid_from"]), _date(code, texts["valid_to"])
    if start is not None and end is not None and end <= start:
        raise RegionRefused("region-dates", region=code)
    name, confidence = str(texts["name"]), str(texts["confidence"])
    return Region(code, name, texts["name_en"], start, end, source, confidence)


def _text(number: int, field: str, value: Tree) -> str | None:
    if value is None or (isinstance(value, str) and value.strip() == value and value):
        return value
    raise RegionRefused("row-field", row=number, field=field)


def _date(code: str, text: str | None) -> date | None:
    if text is None:
        return None
    try:
        if _DATE.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:  # a day that no month has
        pass
    raise RegionRefused("region-date", region=code, date=text[:40])
