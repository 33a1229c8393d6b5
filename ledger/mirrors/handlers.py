"""What the mirror registrar may state of another registry's projects and units."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ledger.mirrors.days import DAY, check_past
from ledger.mirrors.models import BATCH, END, PROJECT, REGISTRY
from ledger.mirrors.spans import end, fill, place
from ledger.writer.context import Context
from ledger.writer.errors import Refusal

Body = Mapping[str, Any]
PROJECT_TEXTS = (
    "proponent",
    "country",
    "status",
    "programme",
    "annual_estimate",
    "registered_on",
    "period_from",
    "period_to",
)
NOT_STATED = ""
"""A batch's vintage or day of issue where its source states none: before every date."""


def project(context: Context, body: Body) -> None:
    """A project; what the registry's own list said is not overwritten by a passing mention.

    A mention by the id alone, which then stands for the name, overwrites nothing.
    """
    know(context, body["registry"])
    known = context.get(PROJECT, body["registry"], body["project"])
    bare = body["name"] == body["project"]
    if known is not None and body["origin"] == "seen" and (known["origin"] == "listed" or bare):
        return
    row = {name: body[name] for name in ("registry", "project", "origin", "name")}
    row |= {name: body.get(name) for name in PROJECT_TEXTS}
    row |= {name: list(body.get(name, ())) for name in ("kinds", "methodologies")}
    context.put(PROJECT, {**row, "index": context.index})


def batch(context: Context, body: Body) -> None:
    """An issuance, with its block where the source lists it as one range.

    A batch that was only seen is completed by the registry's own list.
    """
    context.need(PROJECT, body["registry"], body["project"])
    check_past(context, "issued_at", body.get("issued_at"))
    if body.get("buffer", 0) > body.get("quantity", 0):
        raise Refusal("mirror-buffer-exceeds", field="buffer", quantity=body.get("quantity", 0))
    if "block" in body and body["block"]["quantity"] != body.get("quantity"):
        raise Refusal("mirror-serial-quantity", field="block", units=body["block"]["quantity"])
    known = context.get(BATCH, body["registry"], body["batch"])
    if known is not None:
        _agree(known, body)
        if body["origin"] == "seen":
            return
        if known["origin"] == "listed":
            raise Refusal("mirror-batch-exists", batch=body["batch"])
    row = {name: body[name] for name in ("registry", "batch", "project", "origin", "unit")}
    dated = ("vintage_from", "vintage_to", "issued_at")
    row |= {name: body.get(name, NOT_STATED) for name in dated}
    row |= {name: body.get(name) for name in ("period_from", "period_to", "quantity")}
    counted = ("listed", "retired", "cancelled")
    row |= {name: known[name] if known else 0 for name in counted}
    row["index"] = context.index
    if row["quantity"] is not None and row["listed"] > row["quantity"]:
        raise Refusal(
            "mirror-batch-exceeded",
            batch=body["batch"],
            quantity=row["quantity"],
            listed=row["listed"],
        )
    if "block" in body:
        row["listed"] += fill(context, row, body["block"])
    context.put(BATCH, row)


def block(context: Context, body: Body) -> None:
    """Units of a batch that are held by somebody; by whom, a mirror does not say."""
    row = context.need(BATCH, body["registry"], body["batch"])
    added = place(context, row, body["block"])
    if added:
        context.put(BATCH, {**row, "listed": row["listed"] + added})


def retire(context: Context, body: Body) -> None:
    """Units that another registry has retired; this register retires nothing by it."""
    _end(context, body, "retired", body["retired_at"])


def cancel(context: Context, body: Body) -> None:
    """Units that another registry has cancelled."""
    _end(context, body, "cancelled", body.get("cancelled_at"))


def know(context: Context, registry: str) -> None:
    """Take note of a registry at its first act."""
    if context.get(REGISTRY, registry) is None:
        context.put(REGISTRY, {"registry": registry, "index": context.index})


def _end(context: Context, body: Body, fate: str, at: str | None) -> None:
    row = context.need(BATCH, body["registry"], body["batch"])
    check_past(context, f"{fate}_at", at)
    if at is not None and at[:DAY] < row["issued_at"][:DAY]:
        raise Refusal("mirror-ended-before-issue", issued_at=row["issued_at"], ended_at=at)
    stated = body["block"]
    added = place(context, row, stated)
    end(context, row, stated, fate)
    context.put(
        BATCH,
        {**row, "listed": row["listed"] + added, fate: row[fate] + stated["quantity"]},
    )
    context.create(
        END,
        {
            "act": context.id,
            "registry": body["registry"],
            "batch": body["batch"],
            "fate": fate,
            "serial": stated["serial"],
            "quantity": stated["quantity"],
            "ended_at": at,
            "reason": body.get("reason"),
            "index": context.index,
        },
    )


def _agree(known: Body, body: Body) -> None:
    """Two mentions of one batch tell of one project, unit, vintage and day of issue, as far as
    each states them."""
    for name in ("project", "unit", "vintage_from", "vintage_to"):
        stated = body.get(name, NOT_STATED)
        if NOT_STATED not in (known[name], stated) and known[name] != stated:
            raise Refusal("mirror-batch-differs", field=name, known=known[name])
    days = {known["issued_at"][:DAY], body.get("issued_at", NOT_STATED)[:DAY]} - {NOT_STATED}
    if len(days) > 1:
        raise Refusal("mirror-batch-differs", field="issued_at", known=known["issued_at"])
