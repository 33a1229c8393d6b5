"""The mirrors room: other registries' projects and units, to be read and never moved."""

from __future__ import annotations

from ledger.mirrors import accounts, handlers, schemas
from ledger.mirrors.addresses import check_address
from ledger.mirrors.models import KINDS
from ledger.statements.types import Circle, StatementType
from ledger.writer.room import Room

PUBLIC = Circle.PUBLIC
KEPT = "mirror-of-public-registry"
MIRROR = ("mirror",)
ON_REQUEST = "on-request"
CLAIM = ("beneficiary", "details")
"""Free text in which a registry may name a person: erasable attachments, which nothing reads."""

STATEMENTS = (
    StatementType(
        "mirror.project",
        1,
        PUBLIC,
        schemas.Project,
        handlers.project,
        MIRROR,
        False,
        KEPT,
        attachments=("description",),
        attachments_kept=ON_REQUEST,
    ),
    StatementType("mirror.batch", 1, PUBLIC, schemas.Batch, handlers.batch, MIRROR, False, KEPT),
    StatementType("mirror.block", 1, PUBLIC, schemas.Holding, handlers.block, MIRROR, False, KEPT),
    StatementType(
        "mirror.retirement",
        1,
        PUBLIC,
        schemas.Retirement,
        handlers.retire,
        MIRROR,
        False,
        KEPT,
        attachments=CLAIM,
        attachments_kept=ON_REQUEST,
    ),
    StatementType(
        "mirror.cancellation",
        1,
        PUBLIC,
        schemas.Cancellation,
        handlers.cancel,
        MIRROR,
        False,
        KEPT,
        attachments=CLAIM,
        attachments_kept=ON_REQUEST,
    ),
    StatementType(
        "mirror.opening", 1, PUBLIC, schemas.Opening, accounts.open_balances, MIRROR, False, KEPT
    ),
    StatementType(
        "mirror.transaction",
        1,
        PUBLIC,
        schemas.Transaction,
        accounts.transact,
        MIRROR,
        False,
        KEPT,
    ),
)

ROOM = Room("mirrors", STATEMENTS, KINDS, reactions={"parameter-set": check_address})
