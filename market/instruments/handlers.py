"""Listing, suspension, resumption and delisting of instruments; public from end to end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ledger.credits.handlers import own_batch
from ledger.writer.context import Context
from ledger.writer.errors import Refusal
from ledger.writer.kinds import Row
from market.instruments.models import INSTRUMENT, INSTRUMENT_MOVES, VENUE, InstrumentState
from market.rules import methods

Body = Mapping[str, Any]


def admit(context: Context, body: Body) -> None:
    """List an instrument; its code is spent for ever."""
    if context.get(INSTRUMENT, body["instrument"]) is not None:
        raise Refusal("instrument-exists", field="instrument", instrument=body["instrument"])
    _venue(context, body["venue"])
    vintage, batch = body.get("vintage"), body.get("batch")
    if batch is not None:
        if vintage is not None:
            raise Refusal("vintage-or-batch", field="vintage")
        credit_class = own_batch(context, batch)["class"]
        if credit_class != body["credit_class"]:
            raise Refusal("class-differs", field="credit_class", credit_class=credit_class)
    names = ("instrument", "venue", "name", "reference_fen", "reference_source")
    context.put(
        INSTRUMENT,
        {
            **{name: body[name] for name in names},
            "operator": context.party,
            "name_en": body.get("name_en"),
            "class": body["credit_class"],
            "vintage": vintage,
            "batch": batch,
            "state": InstrumentState.LISTED,
            "index": context.index,
        },
    )


def _venue(context: Context, code: str) -> None:
    """The venue of that name, which is its first instrument's operator's from then on."""
    methods(context, code)  # none are stated of a venue that nobody set up
    if context.get(VENUE, code) is None:
        context.put(VENUE, {"venue": code, "session": None, "sessions": 0, "trades": 0})
    else:
        check_operator(context, code)


def check_operator(context: Context, venue: str) -> None:
    """Raise Refusal ``operator-other`` where the venue is not the author's.

    The venue's own row does not say whose it is, because each trade writes that row, and a
    trade's public part names nobody.
    """
    (first, *_), *_ = context.children(INSTRUMENT, "venue", venue)
    operator = context.need(INSTRUMENT, first)["operator"]
    if operator != context.party:
        context.fault("operator-other", venue=venue, operator=operator)


def suspend(context: Context, body: Body) -> None:
    """Halt trading in an instrument; its open listings are cancelled."""
    _halt(context, body, InstrumentState.SUSPENDED)


def resume(context: Context, body: Body) -> None:
    """Let a suspended instrument be traded again."""
    _move(context, body, InstrumentState.LISTED)


def delist(context: Context, body: Body) -> None:
    """End trading in an instrument for ever; its open listings are cancelled."""
    _halt(context, body, InstrumentState.DELISTED)


def _halt(context: Context, body: Body, after: InstrumentState) -> None:
    _move(context, body, after)
    context.emit("instrument-halted", instrument=body["instrument"])


def _move(context: Context, body: Body, after: InstrumentState) -> Row:
    row = context.need(INSTRUMENT, body["instrument"])
    if row["operator"] != context.party:
        raise Refusal("operator-other", instrument=row["instrument"], operator=row["operator"])
    if after not in INSTRUMENT_MOVES[row["state"]]:
        raise Refusal("instrument-state", instrument=row["instrument"], state=row["state"])
    moved = {**row, "state": after}
    context.put(INSTRUMENT, moved)
    return moved


def fits(instrument: Row, batch: Row) -> bool:
    """Whether units of a batch may be delivered into an instrument."""
    return (
        bool(batch["class"] == instrument["class"])
        and instrument["vintage"] in (None, batch["vintage"])
        and instrument["batch"] in (None, batch["batch"])
    )
