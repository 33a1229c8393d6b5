"""How a foreign serial, block or batch is written, and whether a text names one that is mirrored.

Verra numbers units through the whole registry and writes first and last between a counter and
``VCU``; the international log writes a CER's number behind party and unit type; other registries
count within a batch and write ``SCOPE-FIRST-LAST``, ``SCOPE-FIRST to LAST`` or, for one unit,
``SCOPE-NUMBER``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ledger.mirrors.cells import cell_of
from ledger.mirrors.models import BATCH, REGISTRY, SPAN
from ledger.writer.context import Context
from ledger.writer.errors import Refusal

_VERRA = re.compile(r"[0-9]{1,9}-([0-9]{1,15})-([0-9]{1,15})-(?:VCS-)?VCU-[0-9A-Z-]+", re.ASCII)
_CER = re.compile(r"([A-Z]{2}-[0-9]{1,3})-([0-9]{1,15})-[0-9]+-[0-9]+-[0-9]+-[0-9]+", re.ASCII)
_LAST = re.compile(r"(.+)-([0-9]{1,15})", re.ASCII)
VERRA_SCOPE = "verra"
SHOWN_ONLY = "mirror-unit-not-held-here"
BY_ACT = {
    "credit.move": "mirror-unit-not-moved",
    "credit.transfer": "mirror-unit-not-transferred",
    "credit.retire": "mirror-unit-not-retired",
    "instrument": "mirror-unit-not-traded",
    "listing": "mirror-unit-not-traded",
    "pledge": "mirror-unit-not-pledged",
}
"""What a statement of a type, or of a family of types, may not do with a foreign unit."""

Place = tuple[str, int, int]
"""(scope, first, last)"""


def places(serial: str) -> Iterator[Place]:
    """Where a serial may stand, the likeliest reading first."""
    if found := _VERRA.fullmatch(serial):
        yield VERRA_SCOPE, int(found[1]), int(found[2])
        return
    ends = [_CER.fullmatch(part) for part in serial.split(" - ", 1)]
    if ends[0] and ends[-1]:
        yield ends[0][1], int(ends[0][2]), int(ends[-1][2])
        return
    if found := re.fullmatch(r"(.+)-([0-9]{1,15}) to ([0-9]{1,15})", serial, re.ASCII):
        yield found[1], int(found[2]), int(found[3])
        return
    if found := re.fullmatch(r"(.+)-([0-9]{1,15})-([0-9]{1,15})", serial, re.ASCII):
        yield found[1], int(found[2]), int(found[3])
    if found := _LAST.fullmatch(serial):
        yield found[1], int(found[2]), int(found[2])
    # Where a registry numbers no units, a block is its own scope and begins at 1.
    yield serial, 1, 1


def refuse_mirrored(context: Context, name: str) -> None:
    """Refuse a statement about own units that names a foreign registry's.

    ``name`` may be ``REGISTRY:BATCH``, a batch of any mirrored registry, or a serial.  Raises
    Refusal with the code of the act in ``BY_ACT``, or ``mirror-unit-not-held-here``.
    """
    registry = registry_of(context, name)
    if registry is not None:
        family = context.type.partition(".")[0]
        code = BY_ACT.get(context.type) or BY_ACT.get(family, SHOWN_ONLY)
        raise Refusal(code, field="batch", batch=name, registry=registry)


def registry_of(context: Context, name: str) -> str | None:
    """The registry whose mirrored units a text names, or None."""
    head, colon, rest = name.partition(":")
    if colon and context.get(REGISTRY, head) is not None:
        return head
    for (registry,) in context.children(REGISTRY, "all"):
        if context.get(BATCH, registry, rest if colon else name) is not None:
            return str(registry)
    for scope, first, _ in places(name):
        for key in context.children(SPAN, "cell", scope, cell_of(first)):
            row = context.need(SPAN, *key)
            if row["first"] <= first <= row["last"]:
                return str(row["registry"])
    return None
