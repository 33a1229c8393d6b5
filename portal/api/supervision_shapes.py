"""JSON Schemas of what the detectors' route answers with."""

from __future__ import annotations

from market.supervision.models import FindingState
from market.supervision.thresholds import THRESHOLDS
from market.watching.finding import DETECTORS
from portal.api.shapes import COUNT, FLAG, HASH, LIST, MAYBE, NONE, TEXT, Shape, record

DATE: Shape = {"type": "string", "format": "date"}


def schemas() -> dict[str, Shape]:
    """The schema of findings by its name in the document."""
    stated = record({"value": TEXT, "unit": TEXT, "source": TEXT, "verified": FLAG})
    rules = {
        name: {"oneOf": [record(dict.fromkeys(names, stated)), NONE]}
        for name, names in THRESHOLDS.items()
    }
    found = {
        "detector": {"enum": list(DETECTORS)},
        "instrument": MAYBE,
        "parties": _list(TEXT),
        "entries": _list(COUNT),
        "figures": _list(record({"name": TEXT, "value": {"type": "integer"}})),
        "passed": _list(TEXT),
        "digest": HASH,
        "finding": MAYBE,
        "state": {"enum": [*(state.value for state in FindingState), None]},
    }
    answer = {
        "from": DATE,
        "to": DATE,
        "size": COUNT,
        "entries": {**_list(COUNT), "minItems": 2, "maxItems": 2},
        "thresholds": record(rules),
        "items": _list(record(found)),
    }
    return {"Findings": record(answer)}


def _list(items: Shape) -> Shape:
    return {**LIST, "items": items}
