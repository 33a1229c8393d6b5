"""JSON Schemas of what a simulation answers with: counts, fen and kg, as a whole and by group."""

from __future__ import annotations

from incentives.population.people import GROUPS
from incentives.population.work import STATUSES
from portal.api.shapes import COUNT, HASH, LIST, MAYBE, NONE, TEXT, Shape, record

FEN: Shape = {"type": "integer", "description": "Fen: a hundredth of a yuan."}
MAYBE_FEN: Shape = {
    "type": ["integer", "null"],
    "description": "Fen; null where the rule has no sum, or nobody has the figure.",
}
TITLES: Shape = {"type": "object", "additionalProperties": TEXT}
KNOWN: Shape = {"type": ["integer", "null"]}


def schemas() -> dict[str, Shape]:
    """The schema of simulations by its name in the document."""
    figure = record({"name": TEXT, "known": COUNT, "fen": MAYBE_FEN})
    sums = record(
        {
            "yes": COUNT,
            "beneficiaries": COUNT,
            "cost_fen": MAYBE_FEN,
            "reduced_kg": KNOWN,
            "fen_per_tonne": KNOWN,
            "figures": _list(figure),
        }
    )
    both: Shape = {"before": sums, "after": sums}
    share = record(
        {
            "word": TEXT,
            "enterprises": COUNT,
            **both,
            "winners": COUNT,
            "losers": COUNT,
            "near_misses_after": COUNT,
        }
    )
    edge = record(
        {
            "condition": TEXT,
            "clause": MAYBE,
            "expression": TEXT,
            "threshold": MAYBE,
            "missed_closely": COUNT,
            "met_closely": COUNT,
        }
    )
    cliff = record(
        {"name": TEXT, "close": COUNT, "least_fen": FEN, "most_fen": FEN, "mean_fen": FEN}
    )
    states = record(dict.fromkeys(STATUSES.values(), COUNT), tuple(STATUSES.values()))
    held: Shape = {
        "type": "object",
        "description": "By grade how many have it.",
        "additionalProperties": COUNT,
    }
    answer: Shape = {
        "rule": TEXT,
        "rule_sha256": HASH,
        "on": {"type": "string", "format": "date"},
        "known_at": KNOWN,
        "population": {"enum": ["synthetic", "record"]},
        "region": {**MAYBE, "description": "Whose parties a finance bureau has summed up."},
        "pre_check": {"const": True},
        "enterprises": COUNT,
        **both,
        "statuses": record({"before": states, "after": states}),
        "winners": COUNT,
        "losers": COUNT,
        "unsettled": COUNT,
        "won_fen": MAYBE_FEN,
        "lost_fen": MAYBE_FEN,
        "figures": _list(record({"name": TEXT, "title": TITLES, "altered": COUNT})),
        "grades": _list(
            record({"name": TEXT, "title": TITLES, "before": held, "after": held, "altered": COUNT})
        ),
        "near_misses": record({"before": COUNT, "after": COUNT}),
        "thresholds": record({"before": _list(edge), "after": _list(edge)}),
        "by": record({name: _list(share) for name in GROUPS}),
        "cliffs": {"oneOf": [_list(cliff), NONE]},
    }
    return {"Simulation": record(answer)}


def _list(items: Shape) -> Shape:
    return {**LIST, "items": items}
