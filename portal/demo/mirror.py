"""An offshore wind farm as the national registry shows it: seen here, held there.

Its units stand on the record as a mirror states them, can be traced, and can be neither listed,
moved nor retired.  Names, numbers and serials are invented; the methodology is a real one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from portal.demo.cast import LABEL
from portal.demo.market import EXCHANGE, SEEDED, VENUE
from portal.demo.step import BOTH, Step

MIRROR, KEY = "mirror", ("mirror-1",)
REGISTRY = "ccer-demo"
FARM = "DEMO-OFFSHORE-WIND-1"
UNITS = "DEMO-CCER-2024-OW1"
HOLDER = "demo-ningbo-1"


def mirror() -> Iterator[Step]:
    """The farm, what was issued and retired there, and what nobody can do with it here."""
    project = {
        "registry": REGISTRY,
        "project": FARM,
        "origin": "listed",
        "name": f"{LABEL}浙江海上风电场",
        "proponent": f"{LABEL}海上风电企业",
        "country": "CN",
        "kinds": ["A0102 并网海上风力发电"],
        "methodologies": ["CCER-01-002-V01"],
        "status": f"{LABEL}已登记",
        "registered_on": "2025-02-20",
        "period_from": "2024-01-01",
        "period_to": "2033-12-31",
    }
    batch = {
        "registry": REGISTRY,
        "batch": UNITS,
        "project": FARM,
        "origin": "listed",
        "unit": "CCER",
        "vintage_from": "2024",
        "vintage_to": "2024",
        "issued_at": "2025-10-15",
        "quantity": 240_000,
        "block": _block(1, 240_000),
    }
    ended = {
        "registry": REGISTRY,
        "batch": UNITS,
        "block": _block(1, 35_000),
        "retired_at": "2025-12-10",
        "reason": f"{LABEL}全国碳市场清缴抵销",
    }
    yield Step("2025-12-15", MIRROR, "mirror.project", project, KEY)
    yield Step("2025-12-15", MIRROR, "mirror.batch", batch, KEY)
    yield Step("2025-12-15", MIRROR, "mirror.retirement", ended, KEY)
    yield from _refused()


def _refused() -> Iterator[Step]:
    """A mirror unit listed for trading, moved and retired by an enterprise: three refusals."""
    instrument = {
        "instrument": "CCER1",
        "venue": VENUE,
        "name": f"{LABEL}镜像核证自愿减排量",
        "name_en": "Demonstration: mirrored CCER",
        "credit_class": "ZJ_VER",
        "batch": UNITS,
        "reference_fen": 85_00,
        "reference_source": SEEDED,
    }
    shift = {"batch": UNITS, "quantity": 100, "to": "trading"}
    claim = {
        "batch": UNITS,
        "quantity": 100,
        "purpose": "corporate-offset",
        "beneficiary": f"{LABEL}企业宁波1号",
    }
    day = "2026-03-31"
    yield Step(
        day, "exchange", "instrument.list", instrument, EXCHANGE, expect="mirror-unit-not-traded"
    )
    yield Step(day, HOLDER, "credit.move", shift, ("op-1",), expect="mirror-unit-not-moved")
    yield Step(day, HOLDER, "credit.retire", claim, BOTH, expect="mirror-unit-not-retired")


def _block(first: int, last: int) -> dict[str, Any]:
    return {
        "serial": f"{UNITS}-{first}-{last}",
        "scope": UNITS,
        "first": first,
        "last": last,
        "quantity": last - first + 1,
    }
