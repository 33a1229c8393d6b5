"""From the rows of entries to what the detectors look at.

An entry's outcome holds each row that it changed, in its public part or in those of the parties
concerned, so that the life of an order can be told from the log alone, whatever its trade method.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from ledger.statements.canonical import parse
from ledger.writer.kinds import Row
from ledger.writer.store import StoredEntry
from market.readers import BLOCK as BY_BLOCK
from market.readers import ONE_WAY
from market.watching.history import (
    AUCTION,
    BLOCK,
    QUOTE,
    SELL,
    Deal,
    Moved,
    Retired,
    Session,
    Withdrawn,
)

BODY_BYTES_MAX = 1 << 30
KINDS = {BY_BLOCK: BLOCK, ONE_WAY: AUCTION}
ENDED_BY_OWNER = {"listing": ("seller", "withdrawn"), "order": ("party", "cancelled")}
"""What may be taken back: whose it is, and in which state that leaves it."""
_WANTED = {
    "deal": ("deal",),
    "listing": ("listing",),
    "order": ("order",),
    "transfer": ("transfer",),
    "retirement": ("retirement",),
    "trading_session": ("venue", "date"),
    "trading_day": ("instrument", "date", "method"),
}
"""Kinds of rows and their keys."""
_SIGNS = tuple(f'["{kind}"'.encode() for kind in _WANTED)


@dataclass
class Told:
    """What a stretch of entries tells, each list in the order of the log."""

    deals: list[Deal] = field(default_factory=list)
    withdrawn: list[Withdrawn] = field(default_factory=list)
    moves: list[Moved] = field(default_factory=list)
    retired: list[Retired] = field(default_factory=list)
    sessions: dict[tuple[str, str], Session] = field(default_factory=dict)
    references: dict[tuple[str, str], int] = field(default_factory=dict)


@dataclass(frozen=True)
class Shown:
    """The newest row of an open order: what stood since which entry, how much of it traded."""

    row: Row
    index: int
    at: int
    quantity: int
    filled: int = 0


def tell(entries: Iterable[StoredEntry]) -> Told:
    """Read entries in order; what began before the first of them is told from its end alone."""
    told = Told()
    open_: dict[str, Shown] = {}
    for entry in entries:
        for kind, row in seen_in(entry):
            if kind == "deal":
                if row["index"] == entry.index:  # the close tells a block once more
                    told.deals.append(deal_of(row))
            elif kind in ENDED_BY_OWNER:
                _order(told, open_, kind, row, entry)
            elif kind == "transfer" and row["state"] == "accepted":
                told.moves.append(_moved(row, entry))
            elif kind == "retirement":
                told.retired.append(_retired(row))
            elif kind == "trading_session":
                place = (row["venue"], row["date"])
                told.sessions[place] = Session(*place, row["ends_at"])
            elif kind == "trading_day":
                told.references[row["instrument"], row["date"]] = row["reference_fen"]
    return told


def seen_in(entry: StoredEntry) -> Iterator[tuple[str, Row]]:
    """What `rows_of` gives, once each: a row that concerns two parties stands in both parts."""
    seen: set[tuple[Any, ...]] = set()
    for kind, row in rows_of(entry):
        key = (kind, *(row[name] for name in _WANTED[kind]))
        if key not in seen:
            seen.add(key)
            yield kind, row


def rows_of(entry: StoredEntry) -> Iterator[tuple[str, Row]]:
    """Every row that an entry wrote and the detectors look at, with its kind."""
    if not any(sign in data for data in (entry.outcome, entry.body) for sign in _SIGNS):
        return
    public = parse(entry.outcome, max_bytes=BODY_BYTES_MAX)["public"]
    held = parse(entry.body, max_bytes=BODY_BYTES_MAX) if entry.body else {}
    changes = [public.get("changes", {}), public.get("followed", {})]
    changes += [part["changes"] for part in held.get("parts", ())]
    for change in changes:
        for kind, row in change.get("rows", ()):
            if kind in _WANTED:
                yield kind, row


def deal_of(row: Row) -> Deal:
    """A deal's row as the detectors see it."""
    lots: dict[str, int] = {}
    for batch, first, last in row["delivered"]:
        lots[batch] = lots.get(batch, 0) + last - first + 1
    names = ("index", "at", "date", "venue", "instrument", "price_fen", "quantity", "bid", "offer")
    return Deal(
        **{name: row[name] for name in names},
        kind=KINDS.get(row["method"], QUOTE),
        buyer=row["buyer"],
        seller=row["seller"],
        lots=tuple(lots.items()),
    )


def _order(told: Told, open_: dict[str, Shown], kind: str, row: Row, entry: StoredEntry) -> None:
    """A version of an order: what its owner took off it since the one before was not filled."""
    party, ended = ENDED_BY_OWNER[kind]
    before = open_.pop(row[kind], None)
    anew = before is None or _turn(row) != _turn(before.row)
    if before is not None:
        gone = row["state"] == ended or anew
        less = before.row["remaining"] if gone else before.row["quantity"] - row["quantity"]
        if less > 0 and (row["state"] in ("open", ended) or anew):
            told.withdrawn.append(
                Withdrawn(
                    index=before.index,
                    at=before.at,
                    ended=entry.index,
                    ended_at=entry.at,
                    party=row[party],
                    instrument=row["instrument"],
                    side=row.get("side", SELL),
                    shown=before.quantity,
                    filled=before.filled,
                    quantity=less,
                )
            )
    if row["state"] != "open":
        return
    if before is None and row["index"] != entry.index:  # it stood before the stretch
        begun = row["placed" if "placed" in row else "index"]
        filled = row["quantity"] - row["remaining"]
        open_[row[kind]] = Shown(row, begun, row["at"], row["quantity"], filled)
    elif before is None or anew:
        open_[row[kind]] = Shown(row, entry.index, entry.at, row["remaining"])
    else:
        traded = before.row["remaining"] - row["remaining"] - less
        filled = before.filled + traded
        open_[row[kind]] = Shown(row, before.index, before.at, before.quantity, filled)


def _turn(row: Row) -> tuple[Any, Any]:
    """An order that is replaced loses its turn; a listing keeps what it has."""
    return row.get("placed"), row.get("nth")


def _moved(row: Row, entry: StoredEntry) -> Moved:
    names = ("sender", "receiver", "batch", "quantity")
    return Moved(entry.index, entry.at, **{name: row[name] for name in names})


def _retired(row: Row) -> Retired:
    names = ("index", "at", "party", "beneficiary", "quantity")
    return Retired(**{name: row[name] for name in names})
