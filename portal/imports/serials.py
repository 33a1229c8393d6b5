"""Grammars of external serial numbers: parse and format are inverse, character for character.

Verra, 13 fields (the old form has 12, without "VCS"; registry and field names as in public models
of the number): batch-first-last-VCS-VCU-body-registry-country-scope-project-from-to-certified,
dates ddmmyyyy. Units are numbered through the whole registry.
Gold Standard: GS1-n-country-GSproject-type-vintage-batch-first-last; units count within the batch,
so the scope of a range is the text before it.
APX (the platform of ACR, CAR and ART): programme-…-vintage-batch-first to last, the fields between
as each programme has them; units count within the batch.
CER (international transaction log): party-type-number-original period-applicable period-activity-
project; Gold Standard writes a block as two full serials with " - " between them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from portal.imports.dates import iso_date
from portal.imports.errors import BadValue

_N = r"(0|[1-9][0-9]*)"
_VERRA = re.compile(
    rf"{_N}-{_N}-{_N}-(VCS-)?VCU-([0-9]+)-([A-Z]+)-([A-Z]{{2}})-([0-9]+)-([0-9]+)"
    r"-([0-9]{8})-([0-9]{8})-([01])"
)
_GOLD = re.compile(rf"(GS1-[0-9]+-([A-Z]{{2}})-GS([0-9]+)-[0-9]+-([0-9]{{4}})-[0-9]+)-{_N}-{_N}")
_APX: Mapping[str, re.Pattern[str]] = {
    "acr": re.compile(rf"(ACR-[A-Z]{{2}}-([0-9]+)-([0-9]{{4}})-[0-9]+)-{_N} to {_N}"),
    "car": re.compile(
        r"(CAR-(?:[0-9]+|ROC)-[A-Z]{2}-([0-9]+)-[0-9]+-[0-9]+-[A-Z]{2,3}-([0-9]{4})-[0-9]+)"
        rf"-{_N} to {_N}"
    ),
    "art": re.compile(rf"((?:ART|FCPF)-[A-Z]{{2}}-([0-9]+)-([0-9]{{4}})-[0-9]+)-{_N} to {_N}"),
}
_CER = re.compile(rf"([A-Z]{{2}}-[0-9]+)-{_N}-([0-9]+-[0-9]+-[0-9]+)-([0-9]+)")


def _ordered(first: int, last: int) -> None:
    if last < first:
        raise BadValue("serial-backwards", first=first, last=last)


def check_size(first: int, last: int, quantity: int) -> None:
    """Require last - first + 1 = quantity. Raises BadValue serial-quantity-mismatch."""
    if last - first + 1 != quantity:
        raise BadValue("serial-quantity-mismatch", units=last - first + 1, quantity=quantity)


def _iso(ddmmyyyy: str) -> str:
    return iso_date(f"{ddmmyyyy[4:]}-{ddmmyyyy[2:4]}-{ddmmyyyy[:2]}").text


def _ddmmyyyy(iso: str) -> str:
    return iso[8:] + iso[5:7] + iso[:4]


@dataclass(frozen=True, slots=True)
class VerraSerial:
    """A block of Verra's units (VCU); `vintage_from` and `vintage_to` are ISO dates."""

    batch: int
    first: int
    last: int
    programme_stated: bool
    body: str
    registry: str
    country: str
    scope: str
    project: str
    vintage_from: str
    vintage_to: str
    certified: bool

    @classmethod
    def parse(cls, text: str) -> VerraSerial:
        """Read one serial. Raises BadValue serial-malformed, serial-backwards, date-impossible."""
        found = _VERRA.fullmatch(text)
        if found is None:
            raise BadValue("serial-malformed", value=text[:100], grammar="verra")
        batch, first, last = (int(found[n]) for n in (1, 2, 3))
        _ordered(first, last)
        return cls(
            batch, first, last, found[4] is not None, found[5], found[6], found[7], found[8],
            found[9], _iso(found[10]), _iso(found[11]), found[12] == "1",
        )  # fmt: skip

    def __str__(self) -> str:
        programme = "VCS-VCU" if self.programme_stated else "VCU"
        return (
            f"{self.batch}-{self.first}-{self.last}-{programme}-{self.body}-{self.registry}"
            f"-{self.country}-{self.scope}-{self.project}-{_ddmmyyyy(self.vintage_from)}"
            f"-{_ddmmyyyy(self.vintage_to)}-{int(self.certified)}"
        )


@dataclass(frozen=True, slots=True)
class GoldSerial:
    """A block of Gold Standard units; `batch` is the text that the range counts within."""

    batch: str
    country: str
    project: str
    vintage: str
    first: int
    last: int

    @classmethod
    def parse(cls, text: str) -> GoldSerial:
        """Read one serial. Raises BadValue serial-malformed, serial-backwards."""
        found = _GOLD.fullmatch(text)
        if found is None:
            raise BadValue("serial-malformed", value=text[:100], grammar="gold-standard")
        first, last = int(found[5]), int(found[6])
        _ordered(first, last)
        return cls(found[1], found[2], found[3], found[4], first, last)

    def __str__(self) -> str:
        return f"{self.batch}-{self.first}-{self.last}"


@dataclass(frozen=True, slots=True)
class ApxSerial:
    """A block of ACR, CAR or ART units; `batch` is the text that the range counts within."""

    batch: str
    project: str
    vintage: str
    first: int
    last: int

    @classmethod
    def parse(cls, text: str, programme: str) -> ApxSerial:
        """Read one serial of `programme` (acr, car, art). Raises BadValue serial-malformed,
        serial-backwards."""
        found = _APX[programme].fullmatch(text)
        if found is None:
            raise BadValue("serial-malformed", value=text[:100], grammar=programme)
        first, last = int(found[4]), int(found[5])
        _ordered(first, last)
        return cls(found[1], found[2], found[3], first, last)

    def __str__(self) -> str:
        return f"{self.batch}-{self.first} to {self.last}"


@dataclass(frozen=True, slots=True)
class CerSerial:
    """A block of CERs: `series` is party and unit type, `tail` periods and activity."""

    series: str
    tail: str
    project: str
    first: int
    last: int

    @classmethod
    def parse(cls, text: str) -> CerSerial:
        """Read two full serials joined by " - ". Raises BadValue serial-malformed,
        serial-range-mixed (the two differ in more than the number), serial-backwards."""
        ends = [_CER.fullmatch(part) for part in text.split(" - ")]
        if len(ends) != 2 or ends[0] is None or ends[1] is None:
            raise BadValue("serial-malformed", value=text[:100], grammar="cer-range")
        low, high = ends[0], ends[1]
        if low.group(1, 3, 4) != high.group(1, 3, 4):
            raise BadValue("serial-range-mixed", value=text[:100])
        first, last = int(low[2]), int(high[2])
        _ordered(first, last)
        return cls(low[1], low[3], low[4], first, last)

    def __str__(self) -> str:
        ends = (f"{self.series}-{n}-{self.tail}-{self.project}" for n in (self.first, self.last))
        return " - ".join(ends)
