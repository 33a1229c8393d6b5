"""JSON Schemas of what is told beside an answer about incentives: results, papers, gaps, steps."""

from __future__ import annotations

from typing import Any

from portal.api.answer_shapes import EXACT, PLACE, TEXTS, VALUE, WORDS, said
from portal.api.shapes import ANY, DATE, FLAG, MAYBE, NONE, TEXT, Shape, record, ref, several


def schemas() -> dict[str, Shape]:
    """The schemas by their names in the document."""
    return {"IncentiveBeside": _beside(), "IncentiveInput": _input()}


def _shape() -> dict[str, Shape]:
    return {
        "kind": {"enum": ["number", "text", "flag", "day", "list"]},
        "unit": TEXT,
        "least": EXACT,
        "most": EXACT,
        "whole": FLAG,
        "choices": TEXTS,
    }


def _input() -> Shape:
    indicator = record(
        {
            "indicator": TEXT,
            "input": said(TEXT, "The input, or the field of a list, that it fills."),
            "title": WORDS,
            "unit": MAYBE,
            "dimensions": TEXTS,
            "roles": said(TEXTS, "Who may state it and is heard by the rule, the first first."),
            "type": {"enum": ["fact.report", "fact.publish"]},
        }
    )
    way = record(
        {"period": TEXT, "start": DATE, "end": DATE, "indicators": several(indicator)},
        description="How facts fill it.",
    )
    return record(
        {
            "name": TEXT,
            "title": WORDS,
            **_shape(),
            "items": several(record({"name": TEXT, "title": WORDS, **_shape()})),
            "needed": said(FLAG, "Whether the answer, or what it would give, waits for it."),
            "stated_as": {"oneOf": [way, NONE], "description": "null: it is declared."},
        },
        additionalProperties=False,
    )


def _beside() -> Shape:
    parameter = record(
        {
            "name": TEXT,
            "kind": {"enum": ["value", "texts", "table", "day"]},
            "unit": TEXT,
            "value": {"oneOf": [TEXT, TEXTS, NONE]},
            "why": WORDS,
            "from": {"oneOf": [DATE, NONE]},
            "before": {"oneOf": [DATE, NONE]},
            "source": TEXT,
            "confidence": TEXT,
            "document": MAYBE,
            "article": MAYBE,
        },
        additionalProperties=False,
    )
    figure = record({"name": TEXT, "title": WORDS, "unit": TEXT, "value": EXACT})
    named = record({"name": TEXT, "title": WORDS})
    paper = record({"id": TEXT, "title": WORDS, "clause": MAYBE})
    unfit = record(
        {
            "input": TEXT,
            "title": WORDS,
            "code": TEXT,
            "params": ANY,
            "left_out": said(FLAG, "Whether the rule is answered as if nobody had said it."),
            **_shape(),
        },
        tuple(_shape()),
    )
    step = record(
        {
            "name": TEXT,
            "title": WORDS,
            "item": PLACE,
            "label": TEXTS,
            "unit": TEXT,
            "round": MAYBE,
            "clause": MAYBE,
            "expression": TEXT,
            "value": VALUE,
            "state": MAYBE,
            "wanting": TEXTS,
            "operands": several(ref("IncentiveOperand")),
        }
    )
    members: dict[str, Any] = {
        "region": record({"rule": TEXT, "party": MAYBE, "within": FLAG}),
        "sum": said(FLAG, "Whether the rule names a sum."),
        "benefits": {
            "enum": ["bank", None],
            "description": "Whose the benefit is, where another's.",
        },
        "applies": said(FLAG, "Whether the answer is yes; else figures are what would be given."),
        "figures": said(several(figure), "What a rule without a sum gives: grade, range, terms."),
        "holds": said(several(named), "Conditions that hold, of a rule without figures."),
        "parameters": several(parameter),
        "papers": said(several(paper), "The papers to bring."),
        "wanted": said(several(ref("IncentiveInput")), "Inputs that the record leaves open."),
        "unfit": said(several(unfit), "What was declared and cannot be taken."),
        "check": said(WORDS, "The rule's own check that refused the facts, if one did."),
        "steps": said(several(step), "With explain: the way to the sum, or to the figures."),
    }
    return record(members, ("steps",), additionalProperties=False)
