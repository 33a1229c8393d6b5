"""JSON Schemas of questions about incentives, of the answers, and of comparisons."""

from __future__ import annotations

from incentives.rules.rule import KINDS, REVIEWS
from ledger.statements.types import object_schema
from portal.api.shapes import (
    ANY,
    COUNT,
    DATE,
    FLAG,
    HASH,
    MAYBE,
    NONE,
    TEXT,
    Shape,
    record,
    ref,
    several,
)
from portal.policy.questions import Comparison, Question

DECLARED: Shape = {
    "type": "object",
    "description": "Inputs that no fact holds: {INPUT: VALUE} for every rule that takes it,"
    " {RULE.INPUT: VALUE} or {RULE: {INPUT: VALUE}} for one. Numbers are integers or exact texts.",
}
STATES = ("yes", "no", "missing", "unverified", "not-in-force")
TEXTS = several(TEXT)
FEN: Shape = {
    "type": ["integer", "null"],
    "description": "Fen, a hundredth of a yuan; null where the rule names no sum or none is known.",
}
WORDS: Shape = {
    "type": "object",
    "additionalProperties": TEXT,
    "description": "Words by language, zh and en.",
}
EXACT: Shape = {
    "type": ["string", "null"],
    "description": "An exact decimal, or a ratio such as 2/37; null where there is none.",
}
VALUE: Shape = {
    "type": ["string", "boolean", "null"],
    "description": "An exact number, a day or a text, as text; a flag; null where there is none.",
}
PLACE: Shape = {
    "type": ["integer", "null"],
    "description": "The place in its list, from 0; null outside lists.",
}
STATUS: Shape = {
    "enum": [*STATES, "refused"],
    "description": "missing, unverified and refused are no no: nothing is said.",
}


def schemas() -> dict[str, Shape]:
    """Every schema of an answer about incentives by its name in the document."""
    return {
        "IncentiveAnswers": {
            "oneOf": [ref("IncentiveAnswersOfOne"), ref("IncentiveAnswersOfSeveral")]
        },
        "IncentiveAnswersOfOne": _asked(),
        "IncentiveAnswersOfSeveral": record(
            {"items": several({"oneOf": [ref("IncentiveAnswersOfOne"), _problem()]})}
        ),
        "IncentiveAnswer": _answer(),
        "IncentiveCondition": _condition(),
        "IncentiveOperand": _operand(),
        "IncentiveTrace": _trace(),
        "IncentiveComparison": _comparison(),
        **{s.__name__: _declaring(object_schema(s)) for s in (Question, Comparison)},
    }


def _declaring(shape: Shape) -> Shape:
    """An object beside whose members inputs may be declared."""
    return {**shape, "properties": {**shape["properties"], "declared": DECLARED}}


def said(shape: Shape, words: str) -> Shape:
    return {**shape, "description": words}


def _problem() -> Shape:
    return record({"party": TEXT, "problem": TEXT}, description="Not there, or not to be asked of.")


def _asked() -> Shape:
    combination = record(
        {
            "rules": TEXTS,
            "amount_fen": FEN,
            "without_amount": TEXTS,
            "unverified": TEXTS,
            "left": said(TEXTS, "Rules that say yes and are excluded by those that are taken."),
        },
        description="The best lawful combination: the largest sum where no two exclude each other.",
    )
    beside: Shape = {
        "type": "object",
        "additionalProperties": ref("IncentiveBeside"),
        "description": "By rule, what helps to read its answer.",
    }
    return record(
        {
            "party": TEXT,
            "on": said(DATE, "The day whose law counts; facts are of the period it lies in."),
            "known_at": said(COUNT, "The log size up to which the record is known."),
            "pre_check": {"const": True},
            "declared": said(ANY, "What was declared, as it was put to the rules."),
            "rule_set_sha256": HASH,
            "combination": combination,
            "answers": several(ref("IncentiveAnswer")),
            "beside": beside,
        },
        additionalProperties=False,
        description="All members but beside are what answer_sha256 of answer.record is the digest"
        " of, in canonical JSON, where explain was asked for.",
    )


def _answer() -> Shape:
    always: dict[str, Shape] = {
        "rule": TEXT,
        "rule_sha256": said(HASH, "The digest of the rule's text: its version."),
        "rule_entry": said(COUNT, "The entry that stated the text."),
        "rule_valid_from": DATE,
        "title": TEXT,
        "title_en": MAYBE,
        "kind": {"enum": [*KINDS]},
        "review": {"enum": [*REVIEWS]},
        "as_of": DATE,
        "pre_check": {"const": True},
        "period": {
            "oneOf": [{"type": "array", "items": DATE, "minItems": 2, "maxItems": 2}, NONE],
            "description": "First and last day of the facts; null where the rule asks for none.",
        },
        "status": STATUS,
        "amount_fen": FEN,
        "facts": several(_fact()),
        "excluded_by": TEXTS,
        "stacks_with": TEXTS,
    }
    worked: dict[str, Shape] = {
        "wanting": said(TEXTS, "Names for want of which nothing is said; beside says which help."),
        "reason": said(ANY, "Of a refused one: code and parameters."),
        "excludes": TEXTS,
        "stacking_note": MAYBE,
        "doubts": several(record({"of": TEXT, "why": WORDS})),
        "readings": {"type": "object", "additionalProperties": WORDS},
        "figures": several(record({"name": TEXT, "unit": TEXT, "value": EXACT})),
        "conditions": several(ref("IncentiveCondition")),
        "parameters": several(_parameter()),
        "clauses": several(_clause()),
        "changes": _changes(),
        "declared": said(TEXTS, "The inputs that a declaration filled."),
        "declared_unused": said(TEXTS, "Declared although the record says it."),
        "steps": several(_worked()),
        "eligible": {"oneOf": [ref("IncentiveTrace"), NONE]},
    }
    return record({**always, **worked}, tuple(worked), additionalProperties=False)


def _fact() -> Shape:
    return record(
        {
            "fact": TEXT,
            "entry": said(COUNT, "The entry that stated it; /v1/entries/ENTRY/proof proves it."),
            "indicator": TEXT,
            "dimensions": several({"type": "array", "items": TEXT}),
            "value": {"type": "integer", "description": "The value times 10 to the power scale."},
            "scale": COUNT,
            "unit": TEXT,
            "party": said(TEXT, "Who said it."),
            "role": TEXT,
            "confidence": TEXT,
        },
        additionalProperties=False,
    )


def _condition() -> Shape:
    distance = record(
        {
            "expression": TEXT,
            "op": TEXT,
            "value": EXACT,
            "threshold": EXACT,
            "difference": EXACT,
        }
    )
    return record(
        {
            "name": TEXT,
            "title": WORDS,
            "item": PLACE,
            "label": TEXTS,
            "state": {"enum": [*STATES]},
            "wanting": TEXTS,
            "distances": several(distance),
            "operands": several(ref("IncentiveOperand")),
            "clause": MAYBE,
        },
        additionalProperties=False,
    )


def _operand() -> Shape:
    sources = "parameter question step fact missing record declared items"
    return record(
        {
            "name": TEXT,
            "title": WORDS,
            "value": VALUE,
            "from": {"enum": sources.split(), "description": "Where the value comes from."},
            "fact": TEXT,
            "entry": COUNT,
            "query": TEXT,
            "inputs": TEXTS,
            "entries": several(COUNT),
        },
        ("fact", "entry", "query", "inputs", "entries"),
        additionalProperties=False,
    )


def _parameter() -> Shape:
    value: Shape = {"oneOf": [TEXT, TEXTS, NONE], "description": "null for a table, or in doubt."}
    return record(
        {
            "name": TEXT,
            "unit": TEXT,
            "value": value,
            "source": TEXT,
            "confidence": TEXT,
            "clause": MAYBE,
        },
        additionalProperties=False,
    )


def _clause() -> Shape:
    return record(
        {
            "id": TEXT,
            "document": TEXT,
            "article": TEXT,
            "text": said(MAYBE, "The wording itself."),
            "summary": said(MAYBE, "What it says in other words."),
            "source": TEXT,
            "confidence": TEXT,
        },
        additionalProperties=False,
    )


def _changes() -> Shape:
    flip = record(
        {
            "condition": TEXT,
            "item": PLACE,
            "operand": TEXT,
            "list": MAYBE,
            "unit": TEXT,
            "value": VALUE,
            "to": VALUE,
            "bound": {"enum": ["at", "above", "below"]},
            "change": EXACT,
            "status": STATUS,
            "amount_fen": FEN,
        },
        description="The smallest change of one operand that meets a condition, and what then.",
    )
    together = record({"status": STATUS, "amount_fen": FEN})
    return record(
        {"flips": several(flip), "together": {"oneOf": [together, NONE]}, "left_out": COUNT}
    )


def _valued() -> dict[str, Shape]:
    return {"value": VALUE, "state": TEXT, "wanting": TEXTS}


def _worked() -> Shape:
    members: dict[str, Shape] = {
        "name": TEXT,
        "role": {"enum": ["let", "condition", "check"]},
        "each": MAYBE,
        "item": PLACE,
        "label": TEXTS,
        "unit": TEXT,
        "round": MAYBE,
        "clause": MAYBE,
        **_valued(),
        "trace": ref("IncentiveTrace"),
    }
    words = "A step after rounding; state and wanting stand where it came to nothing."
    return record(members, ("state", "wanting"), description=words)


def _trace() -> Shape:
    given = record({"name": TEXT, **_valued()}, ("state", "wanting"))
    members: dict[str, Shape] = {
        "expression": TEXT,
        **_valued(),
        "inputs": several(given),
        "parts": several(ref("IncentiveTrace")),
    }
    return record(members, ("state", "wanting"), description="How an expression came to its value.")


def _comparison() -> Shape:
    side = record({"on": DATE, "known_at": COUNT})
    found = record({"status": MAYBE, "amount_fen": FEN})
    kinds = "rule text parameter clause fact declared region"
    cause = record({"kind": {"enum": kinds.split()}, "name": TEXT, "before": {}, "after": {}})
    turned = record({"name": TEXT, "label": TEXTS, "before": MAYBE, "after": MAYBE})
    rule = record(
        {
            "rule": TEXT,
            "before": found,
            "after": found,
            "changed": FLAG,
            "causes": several(cause),
            "conditions": several(turned),
        }
    )
    return record(
        {
            "party": TEXT,
            "pre_check": {"const": True},
            "before": side,
            "after": side,
            "rules": several(rule),
        },
        additionalProperties=False,
    )
