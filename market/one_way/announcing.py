"""Announcing an auction, unsealing its reserve, cancelling it: public acts of the exchange."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import partial
from typing import Any

from ledger.credits.handlers import own_batch
from ledger.parties.models import PARTY
from ledger.parties.parameters import business_date
from ledger.statements.canonical import INTEGER_MAX
from ledger.statements.instants import parse_instant
from ledger.writer.context import Context
from ledger.writer.errors import Refusal
from ledger.writer.kinds import Row
from ledger.writer.versions import VALUES_BOUNDED
from market import rules
from market.auctions.one_way import RANDOM
from market.calendar import minute_of_day
from market.checks import judge
from market.instruments.handlers import fits
from market.instruments.models import INSTRUMENT, InstrumentState
from market.one_way.costs import ceiling
from market.one_way.models import AUCTION, OPEN, OVER, PENDING, REVERSE, SEALED, AuctionState
from market.one_way.sealing import reserve_commitment
from market.readers import ONE_WAY
from market.terms import Fault, Terms, price_faults, size_faults

Body = Mapping[str, Any]
MINUTE_MS = 60_000
NEEDED = {SEALED: ("reveal_until",), OPEN: ("step_fen",)}
"""Fields that an announcement of a format must have."""
FOREIGN = {
    SEALED: ("step_fen", "extension_minutes", "latest_at"),
    OPEN: ("reveal_until", "forfeit_fen", "reserve_sha256"),
}
"""Fields that mean nothing in a format."""


def announce(context: Context, body: Body) -> None:
    """Announce an auction; its code is spent for ever.

    A rehearsal judges every rule that can be without the instrument, or without its venue's terms.
    """
    if context.get(AUCTION, body["auction"]) is not None:
        context.fault("auction-exists", field="auction", auction=body["auction"])
    instrument = context.attempt(lambda: context.need(INSTRUMENT, body["instrument"]))
    terms = None if instrument is None else _terms(context, instrument)
    _check_principal(context, terms, body["principal"])
    judge(context, _form_faults(body))
    judge(context, _size_faults(terms, body))
    _check_batches(context, instrument, body)
    if instrument is None:
        return
    times = context.attempt(lambda: _times(context, instrument["venue"], body))
    if terms is None or times is None:
        return
    low, high = terms.price_band(instrument["reference_fen"])
    if "reserve_fen" in body:
        judge(context, price_faults(terms, instrument["reference_fen"], body["reserve_fen"]))
        bounded = context.engine_version >= VALUES_BOUNDED and body["direction"] == REVERSE
        if bounded and ceiling(body, terms) > INTEGER_MAX:
            context.fault("value-too-large", field="quantity")
    optional = ("batches", "bid_maximum", "reserve_fen", "reserve_sha256", "step_fen", "bidders")
    stated = {name: body.get(name) for name in optional}
    blank = (
        "bids",
        "bidders_counted",
        "price_fen",
        "volume",
        "turnover_fen",
        "asked",
        "given",
        "seed",
    )
    context.put(
        AUCTION,
        {
            **{name: body[name] for name in COPIED},
            **stated,
            **times,
            **dict.fromkeys((*blank, "reason", "ended_by", "ended_at", "reserve_secret")),
            "venue": instrument["venue"],
            "operator": context.party,
            "forfeit_fen": body.get("forfeit_fen", 0),
            "tick_fen": terms.tick_fen,
            "low_fen": low,
            "high_fen": high,
            "fees": {
                "buyer_rate": str(terms.buyer_fee),
                "seller_rate": str(terms.seller_fee),
                "minimum_fen": terms.fee_minimum_fen,
                "rounding": terms.fee_rounding,
            },
            "state": AuctionState.ANNOUNCED,
            "stands": PENDING,
            "due_at": times["opens_at"],
            "index": context.index,
        },
    )


COPIED = (
    "auction",
    "instrument",
    "principal",
    "direction",
    "format",
    "pricing",
    "tie",
    "undersubscribed",
    "quantity",
    "lot",
    "bid_minimum",
    "cap_percent",
    "bids_max",
    "document",
)


def unseal(context: Context, body: Body) -> None:
    """Show the sealed reserve, once no commitment can come and before the clearing."""
    row = own_auction(context, body)
    if row["reserve_sha256"] is None or row["reserve_secret"] is not None:
        raise Refusal("reserve-not-sealed", field="auction", auction=row["auction"])
    if row["state"] != AuctionState.OFFERED or context.at < row["closes_at"]:
        raise Refusal("auction-not-closed", field="auction", state=row["state"])
    price, secret = body["reserve_fen"], body["secret"]
    if reserve_commitment(row["auction"], price, secret) != row["reserve_sha256"]:
        raise Refusal("reserve-differs", field="reserve_fen", auction=row["auction"])
    context.put(AUCTION, {**row, "reserve_fen": price, "reserve_secret": secret})


def cancel(context: Context, body: Body) -> None:
    """Cancel before the clearing, by a document; what was frozen follows sealed."""
    row = own_auction(context, body)
    if row["stands"] != PENDING:
        raise Refusal("auction-ended", field="auction", state=row["state"])
    stop(context, row, AuctionState.CANCELLED, body["document"])


def stop(context: Context, row: Row, state: AuctionState, document: str | None = None) -> None:
    """End an auction without a result; ``auction-ended`` lets everything frozen go."""
    ended = {"stands": OVER, "due_at": None, "ended_by": document, "ended_at": context.at}
    context.put(AUCTION, {**row, **ended, "state": state})
    context.emit("auction-ended", auction=row["auction"])


def own_auction(context: Context, body: Body) -> Row:
    """An auction of the author's venue; raises Refusal ``operator-other``."""
    row = context.need(AUCTION, body["auction"])
    if row["operator"] != context.party:
        raise Refusal("operator-other", field="auction", operator=row["operator"])
    return row


def _terms(context: Context, instrument: Row) -> Terms | None:
    """The terms of the instrument, which whoever states is to operate and have listed."""
    code = instrument["instrument"]
    if instrument["operator"] != context.party:
        context.fault("operator-other", field="instrument", operator=instrument["operator"])
    if instrument["state"] != InstrumentState.LISTED:
        context.fault("instrument-state", instrument=code, state=instrument["state"])
    context.attempt(lambda: rules.check_method(context, instrument["venue"], ONE_WAY))
    return context.attempt(lambda: rules.terms(context, instrument, ONE_WAY))


def _check_principal(context: Context, terms: Terms | None, party: str) -> None:
    row = context.attempt(lambda: context.need(PARTY, party))
    if row is None:
        return
    fit = terms is None or terms.eligible & set(row["roles"])
    if row["status"] != "active" or not fit:
        context.fault("principal-not-eligible", field="principal", party=party)


def _check_batches(context: Context, instrument: Row | None, body: Body) -> None:
    for name in body.get("batches", ()):
        batch = context.attempt(partial(own_batch, context, name))
        if instrument is not None and batch is not None and not fits(instrument, batch):
            code = instrument["instrument"]
            context.fault("batch-not-of-instrument", field="batches", instrument=code)
    if len(set(body.get("batches", ()))) < len(body.get("batches", ())):
        context.fault("batch-twice", field="batches")


def _form_faults(body: Body) -> Iterator[Fault]:
    """What of the terms does not go together."""
    form = body["format"]
    for name in NEEDED[form]:
        if name not in body:
            yield Fault("auction-field-missing", {"field": name, "format": form})
    for name in FOREIGN[form]:
        if name in body:
            yield Fault("auction-field-extra", {"field": name, "format": form})
    if ("extension_minutes" in body) is not ("latest_at" in body):
        yield Fault("auction-extension-bound", {"field": "latest_at"})
    if "reserve_fen" in body and "reserve_sha256" in body:
        yield Fault("reserve-twice", {"field": "reserve_sha256"})
    if body["direction"] == REVERSE and "reserve_fen" not in body:
        yield Fault("reverse-needs-ceiling", {"field": "reserve_fen"})
    if body["direction"] == REVERSE and "forfeit_fen" in body:
        yield Fault("auction-field-extra", {"field": "forfeit_fen", "format": REVERSE})
    if body["tie"] == RANDOM and form == OPEN:
        yield Fault("tie-needs-sealed", {"field": "tie"})


def _size_faults(terms: Terms | None, body: Body) -> Iterator[Fault]:
    """Whether quantity, lot and the sizes of bids fit each other and the instrument's own."""
    lot = body["lot"]
    if terms is not None and lot % terms.lot:
        yield Fault("quantity-off-lot", {"field": "lot", "lot": terms.lot})
    names = ("quantity", "bid_minimum", "bid_maximum")
    for name in names:
        if body.get(name, 0) % lot:
            yield Fault("quantity-off-lot", {"field": name, "lot": lot})
    largest = min(body.get("bid_maximum", body["quantity"]), capped(body))
    if body["bid_minimum"] > largest:
        yield Fault("auction-bid-sizes", {"field": "bid_minimum", "largest": largest})
    if terms is not None:
        yield from size_faults(terms, body["quantity"])


def capped(terms: Body) -> int:
    """The most that one bidder may ask for, of an announcement or its row."""
    return int(terms["quantity"] * terms["cap_percent"] // 100)


def _times(context: Context, venue: str, body: Body) -> dict[str, int | None]:
    """The instants of the announcement, in UTC milliseconds, in order and at trading hours."""
    minutes = body.get("extension_minutes")
    times: dict[str, int | None] = {
        name: parse_instant(body[name]) if name in body else None
        for name in ("opens_at", "closes_at", "reveal_until", "latest_at")
    }
    stated = [(name, instant) for name, instant in times.items() if instant is not None]
    before = context.at
    for name, instant in stated:
        if instant < before or (instant == before and name != "latest_at"):
            context.fault("auction-times", field=name)
        day = business_date(instant)
        if not rules.trades_on(context, venue, date.fromisoformat(day)) or not _within(
            context, venue, instant
        ):
            context.fault("auction-outside-hours", field=name)
        before = instant
    return {**times, "extension_ms": minutes * MINUTE_MS if minutes else None}


def _within(context: Context, venue: str, instant: int) -> bool:
    now = minute_of_day(instant)
    return any(start <= now <= end for start, end in rules.hours(context, venue, ONE_WAY))
