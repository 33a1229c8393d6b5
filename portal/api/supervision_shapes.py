"""JSON Schemas of what the detectors' route answers with."""

from __future__ import annotations

from market.supervision.models import FindingState
from market.supervision.thresholds import THRESHOLDS
from market.watching.finding import DETECTORS
from portal.api.shapes import COUNT, DATE, FLAG, HASH, MAYBE, NONE, TEXT, Shape, record, several


def schemas() -> dict[str, Shape]:
    """The schema of findings by its name in the document."""
    stated = record({"value": TEXT, "unit": TEXT, "source": TEXT, "verified": FLAG})
    rules = {
        name: {"oneOf": [record(dict.fromkeys(names, stated)), NONE]}
        for name, names in THRESHOLDS.items()
    }
    earlier: dict[str, Shape] = {
        "finding": TEXT,
        "state": {"enum": [state.value for state in FindingState]},
        "digest": HASH,
        "beyond": several(COUNT),
    }
    found: dict[str, Shape] = {
        "detector": {"enum": list(DETECTORS)},
        "instrument": MAYBE,
        "parties": several(TEXT),
        "entries": several(COUNT),
        "figures": several(record({"name": TEXT, "value": {"type": "integer"}})),
        "passed": several(TEXT),
        "digest": HASH,
        "finding": MAYBE,
        "state": {"enum": [*(state.value for state in FindingState), None]},
        "earlier": {"oneOf": [record(earlier), NONE]},
    }
    answer = {
        "from": DATE,
        "to": DATE,
        "size": COUNT,
        "entries": {**several(COUNT), "minItems": 2, "maxItems": 2},
        "thresholds": record(rules),
        "items": several(record(found)),
    }
    return {"Findings": record(answer)}
