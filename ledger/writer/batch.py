"""``batch``: one signed statement of one party with many operations, all of them or none.

One signature check and one entry serve up to OPERATIONS_MAX acts; operation ``n`` has the id
``id/n``.  Batches do not nest.  A confidential batch holds confidential operations only, a
public one public operations, so that the leaf hides or shows them together.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from marshmallow import Schema

from ledger.statements import fields
from ledger.statements.errors import Malformed
from ledger.statements.types import Circle, StatementType
from ledger.writer.context import Context
from ledger.writer.errors import NotKnown, Refusal
from ledger.writer.room import ROLES, Room

OPERATIONS_MAX = 1_000
BATCHES = ("batch", "batch.public")


class OperationBody(fields.Strict):
    """An object, checked against the operation's own type when the batch is decided."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.json = {"type": "object"}

    def rule(self, value: Any) -> str | None:
        """``not-an-object``."""
        return None if isinstance(value, dict) else "not-an-object"


class Operation(Schema):
    """One act of a batch; a salt is derived from the batch's own."""

    type = fields.Text(max_length=63, required=True)
    body = OperationBody(required=True)


class Batch(Schema):
    """Many acts of one party under one signature."""

    operations = fields.ListOf(
        fields.Nested(Operation), max_items=OPERATIONS_MAX, min_items=1, required=True
    )


def decide(context: Context, body: Mapping[str, Any]) -> None:
    """Decide each operation in order; the first refusal refuses the whole batch."""
    for number, operation in enumerate(body["operations"]):
        known = len(context.faults or ())
        try:
            _one(context, number, operation)
        except Refusal as refusal:
            raise _refused(number, refusal) from refusal
        finally:
            if context.faults is not None:
                added = context.faults[known:]
                context.faults[known:] = [_refused(number, fault) for fault in added]


def _refused(number: int, refusal: Refusal) -> Refusal:
    reason = {"reason": refusal.code, **refusal.params}
    return Refusal("operation-refused", operation=number, **reason)


def _one(context: Context, number: int, operation: Mapping[str, Any]) -> None:
    declared = context.engine.type_of(operation["type"], 1)
    if declared is None:
        raise NotKnown("operation-unknown", type=operation["type"])
    if declared.name in BATCHES:
        raise Refusal("operation-not-allowed", type=operation["type"])
    if (declared.circle is Circle.PUBLIC) != context.public:
        raise Refusal("operation-of-another-circle", type=operation["type"])
    body = dict(operation["body"])
    salt = None
    if not context.public:
        if "salt" in body:
            raise Refusal("operation-salted", type=operation["type"])
        salt = hashlib.sha256(f"{context.salt}/{number}".encode()).hexdigest()[:32]
        body["salt"] = salt
    try:
        declared.check(body)
    except Malformed as error:
        raise Refusal("operation-malformed", field=error.field, rule=error.code) from error
    inner = context.sub(str(number), declared.name, salt)
    context.engine.operate(inner, declared, body)


STATEMENTS = (
    StatementType("batch", 1, Circle.PARTY, Batch, decide, ROLES, False, "trade-20-years"),
    StatementType("batch.public", 1, Circle.PUBLIC, Batch, decide, ROLES, False, "permanent"),
)

ROOM = Room("batch", STATEMENTS)
