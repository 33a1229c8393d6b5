"""The policy room: rules and quotas on the record."""

from __future__ import annotations

from incentives import handlers, schemas
from incentives.grants import room as grants
from incentives.models import RULE
from incentives.quotas import handlers as quotas
from incentives.quotas import schemas as quota_schemas
from incentives.quotas.models import PLAN, SHARE
from ledger.statements.types import Circle, StatementType
from ledger.writer.room import Room

FOREVER = "permanent"

STATEMENTS = (
    StatementType(
        "rule.publish",
        1,
        Circle.PUBLIC,
        schemas.RulePublication,
        handlers.publish,
        ("regulator",),
        True,
        FOREVER,
    ),
    StatementType(
        "rule.approve",
        1,
        Circle.PUBLIC,
        schemas.RuleApproval,
        handlers.approve,
        ("finance",),
        True,
        FOREVER,
    ),
    StatementType(
        "quota.publish",
        1,
        Circle.PUBLIC,
        quota_schemas.QuotaPublication,
        quotas.publish,
        ("regulator",),
        True,
        FOREVER,
    ),
)

ROOM = Room(
    "incentives",
    (*STATEMENTS, *grants.STATEMENTS),
    (RULE, PLAN, SHARE, *grants.KINDS),
    reactions=grants.REACTIONS,
    sealed_reactions=grants.SEALED,
    due=grants.due,
)
