"""The JSON bodies of mirror statements: from facts to ASCII keys, strings and integers.

What the source leaves empty is left out. Text in which a registry may name a person (beneficiary,
note) goes to the attachment, which can be erased while the proof holds.
"""

from __future__ import annotations

from portal.imports.model import (
    Batch,
    Block,
    BlockRow,
    CancellationRow,
    Project,
    RetirementRow,
    Transaction,
)
from portal.imports.plan import Json


def _kept(values: dict[str, Json | None]) -> dict[str, Json]:
    return {key: value for key, value in values.items() if value is not None and value != []}


def project_body(project: Project) -> dict[str, Json]:
    """Body of mirror.project."""
    return _kept(
        {
            "registry": project.registry,
            "project": project.id,
            "origin": project.origin,
            "name": project.name,
            "proponent": project.proponent,
            "country": project.country,
            "kinds": list(project.kinds),
            "methodologies": list(project.methodologies),
            "status": project.status,
            "programme": project.programme,
            "annual_estimate": project.annual_estimate,
            "registered_on": project.registered.day if project.registered else None,
            "period_from": project.period_from,
            "period_to": project.period_to,
        }
    )


def block_body(block: Block) -> dict[str, Json]:
    """The part of a body that names units."""
    return _kept(
        {
            "serial": block.serial,
            "scope": block.scope,
            "first": block.first,
            "last": block.last,
            "quantity": block.quantity,
            "labels": list(block.labels),
        }
    )


def batch_body(batch: Batch, block: Block | None) -> dict[str, Json]:
    """Body of mirror.batch; `block` where the export lists the whole batch as one range."""
    return _kept(
        {
            "registry": batch.registry,
            "batch": batch.key,
            "project": batch.project,
            "origin": batch.origin,
            "unit": batch.unit,
            "vintage_from": batch.vintage_from,
            "vintage_to": batch.vintage_to,
            "period_from": batch.period_from,
            "period_to": batch.period_to,
            "issued_at": batch.issued.text if batch.issued else None,
            "quantity": batch.quantity,
            "buffer": batch.buffer,
            "block": block_body(block) if block else None,
        }
    )


def holding_body(row: BlockRow) -> dict[str, Json]:
    """Body of mirror.block, mirror.retirement and mirror.cancellation."""
    body: dict[str, Json | None] = {
        "registry": row.batch.registry,
        "batch": row.batch.key,
        "block": block_body(row.block),
    }
    if isinstance(row, RetirementRow):
        body |= {"retired_at": row.at.text, "reason": row.reason}
    if isinstance(row, CancellationRow):
        body |= {"cancelled_at": row.at.text if row.at else None, "reason": row.reason}
    return _kept(body)


def attached_text(row: BlockRow) -> dict[str, str]:
    """Free text of a terminal act."""
    texts: dict[str, str | None] = {}
    if isinstance(row, RetirementRow):
        texts = {"beneficiary": row.beneficiary, "details": row.details}
    if isinstance(row, CancellationRow):
        texts = {"details": row.details}
    return {key: text for key, text in texts.items() if text is not None}


def transaction_body(registry: str, transaction: Transaction) -> dict[str, Json]:
    """Body of mirror.transaction; a leg is [id, from, to, unit, quantity] and, where the source
    names one, the project: arrays, because the largest act of the public extract has 2,112."""
    legs: list[Json] = []
    for leg in transaction.legs:
        cells: list[Json] = [leg.id, leg.sender, leg.receiver, leg.unit, leg.quantity]
        if leg.project is not None:
            cells.append(leg.project)
        legs.append(cells)
    return {
        "registry": registry,
        "transaction": transaction.id,
        "at": transaction.at.text,
        "zone": transaction.at.zone,
        "type": transaction.type,
        "operation": transaction.operation,
        "legs": legs,
    }
