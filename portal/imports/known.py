"""The formats that can be imported, in the order in which they are listed."""

from __future__ import annotations

from portal.imports.format import Format
from portal.imports.formats import (
    acr,
    arb,
    art,
    car,
    cercarbono,
    eutl,
    gold_standard,
    isometric,
    verra,
)

FORMATS: tuple[Format, ...] = (
    verra.FORMAT,
    gold_standard.FORMAT,
    eutl.FORMAT,
    acr.FORMAT,
    car.FORMAT,
    arb.FORMAT,
    art.FORMAT,
    cercarbono.FORMAT,
    isometric.FORMAT,
)
