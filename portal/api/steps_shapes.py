"""JSON Schema of what was said of a project."""

from __future__ import annotations

from ledger.projects.owner_models import ENGAGEMENT, RETRACTION
from ledger.projects.steps_models import APPLICATION, COMMENT, NOTICE
from ledger.projects.succession_models import SUCCESSION
from portal.api.shapes import (
    FLAG,
    TEXT,
    Shape,
    record,
    ref,
    row,
    several,
    widened,
    without,
)

NUMBER: Shape = {"type": "integer"}


def schemas() -> dict[str, Shape]:
    """The schema of a project's steps, by its name in the document."""
    answer = record(
        {
            "verifier": TEXT,
            "verifier_name": TEXT,
            "text": TEXT,
            "answered": {"type": ["string", "null"], "format": "date"},
            "index": {"type": ["integer", "null"], "description": "The entry of the answer."},
        },
        additionalProperties=False,
    )
    comment = widened(without(row(COMMENT), "answered_by", "answer"), {"answers": several(answer)})
    texts = ("project", "name", "owner", "class", "state", "crediting_start", "crediting_end")
    return {
        "ProjectSteps": record(
            {
                "project": TEXT,
                "reports": several(ref("Row.reports")),
                "notices": several(widened(row(NOTICE), {"comments": several(comment)})),
                "applications": several(widened(row(APPLICATION), {"overdue": FLAG})),
                "withdrawals": several(ref("Row.withdrawals")),
                "engagements": several(widened(row(ENGAGEMENT), {"verifier_name": TEXT})),
                "retractions": several(row(RETRACTION)),
                "successions": several(row(SUCCESSION)),
                "neighbours": several(record({**dict.fromkeys(texts, TEXT), "index": NUMBER})),
            }
        )
    }
