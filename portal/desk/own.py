"""What a party may read of its own: which rows are a party's, and what is shown of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, or_, select, true

from ledger.accounts.cash.models import (
    ACCOUNT,
    BANK,
    CORRECTION,
    DIFFERENCE,
    MOVEMENT,
    OPEN,
    PAYOUT,
    RECEIPT,
    AccountState,
    CorrectionState,
    PayoutState,
    ReceiptState,
)
from ledger.accounts.cash.reconciling import EXPLAINED
from ledger.accounts.claims import CLAIM, ENDED, STANDING
from ledger.accounts.models import BALANCE, CASH
from ledger.consents.models import CONSENT, ConsentState
from ledger.credits.models import TRANSFER
from ledger.credits.queries import transferable_of
from ledger.parties.models import KEY
from ledger.pledges.models import DISPOSAL, PLEDGE, PledgeState
from ledger.restraints.models import FREEZE, FreezeState
from ledger.statements.instants import format_instant
from ledger.writer import tables
from ledger.writer.kinds import Kind, Row
from ledger.writer.store import StoredEntry, entries_at
from ledger.writer.turn import answer_of
from market.blocks.models import PROPOSAL, ProposalState
from market.listings.models import LISTING, ListingState
from market.one_way.models import BID, OFFER, BidState
from market.orders.models import ORDER, OrderState
from market.settlement.models import DEAL
from market.stops.models import BAR, BarState
from market.supervision.models import (
    FINDING,
    POSITION_DUTY,
    REFERRAL,
    RESERVE_APPROVAL,
    RESERVE_DAY,
    WARNING,
    ApprovalState,
    FindingState,
    ReportState,
)
from portal.desk.claimed import frozen, with_held
from portal.desk.sold import with_sold
from portal.desk.valued import with_value

STATEMENT = Kind("statement", tables.statement, parties=lambda row: (row["party"],))
TRANSFER_STATES = (
    "proposed",
    "accepted",
    "declined",
    "withdrawn",
    "expired",
    "stopped",
    "clearing",
    "recalled",
)
DISPOSAL_STATES = ("offered", "withdrawn", "sold", "ended")
ANSWERS = ("accepted", "refused")


@dataclass(frozen=True)
class Collection:
    """Rows of a kind: those of a party, what they may be narrowed by, what is left out.

    ``narrowed`` gives each query parameter the words that it takes; none means any text.
    ``hidden`` are secrets that salt what others are told, and ``sides`` the columns that only
    the party of the named column sees.  ``beside`` adds what is told with the rows.
    """

    kind: Kind
    of: Callable[[str], ColumnElement[bool]]
    narrowed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    hidden: tuple[str, ...] = ()
    sides: Mapping[str, str] = field(default_factory=dict)
    beside: Callable[[Connection, list[Row]], list[Row]] | None = None

    def query(self, party: str | None, asked: Mapping[str, str]) -> Select[Any]:
        """The rows of a party, or everybody's, with equal values in the columns asked for."""
        table = self.kind.table
        statement = select(table)
        if party is not None:
            statement = statement.where(self.of(party))
        for name, value in asked.items():
            if name in table.c:
                statement = statement.where(table.c[name] == value)
        return statement

    def shown(self, row: Row, viewer: str | None) -> Row:
        """A row as ``viewer`` sees it; None stands for the supervisor."""
        out = {name: value for name, value in row.items() if name not in self.hidden}
        for column, side in self.sides.items():
            if viewer is not None and row[side] != viewer:
                del out[column]
        return out


def _accounts(party: str) -> ColumnElement[bool]:
    return BALANCE.table.c.account.startswith(f"{party}/", autoescape=True)


def _with_locks(connection: Connection, rows: list[Row]) -> list[Row]:
    """Balances, those of credits with how many are locked and how many may be given."""
    credits = [row for row in rows if row["asset"] != CASH]
    told = iter(transferable_of(connection, credits))
    return [row if row["asset"] == CASH else {**row, **next(told)} for row in rows]


def _pledges(connection: Connection, rows: list[Row]) -> list[Row]:
    """Pledges with what they hold and wait for, and with what that is worth."""
    return with_value(connection, with_held(connection, rows, "pledge"))


def _at_bank(kind: Kind) -> Callable[[str], ColumnElement[bool]]:
    """The rows of a party, and to the settlement bank everybody's."""

    def of(party: str) -> ColumnElement[bool]:
        return kind.table.c.party == party if party != BANK else true()

    return of


def _differences(party: str) -> ColumnElement[bool]:
    return true() if party == BANK else DIFFERENCE.table.c.operator == party


def _either(kind: Kind, *names: str) -> Callable[[str], ColumnElement[bool]]:
    """The rows that name a party in one of some columns."""
    columns = [kind.table.c[name] for name in names]
    return lambda party: or_(*(column == party for column in columns))


ANY: tuple[str, ...] = ()
COLLECTIONS: Mapping[str, Collection] = {
    "accounts": Collection(BALANCE, _accounts, {"account": ANY, "asset": ANY}, beside=_with_locks),
    "transfers": Collection(
        TRANSFER,
        _either(TRANSFER, "sender", "receiver"),
        {"state": TRANSFER_STATES, "batch": ANY},
        hidden=("salt",),
    ),
    "listings": Collection(
        LISTING,
        _either(LISTING, "seller"),
        {"state": tuple(state.value for state in ListingState), "instrument": ANY},
        hidden=("salt", "persons"),
        beside=with_sold,
    ),
    "orders": Collection(
        ORDER,
        _either(ORDER, "party"),
        {"state": tuple(state.value for state in OrderState), "instrument": ANY},
        hidden=("salt", "tariff"),
    ),
    "deals": Collection(
        DEAL,
        _either(DEAL, "buyer", "seller"),
        {"instrument": ANY},
        sides={"buyer_fee_fen": "buyer", "seller_fee_fen": "seller"},
    ),
    "blocks": Collection(
        PROPOSAL,
        _either(PROPOSAL, "proposer", "counterparty"),
        {"state": tuple(state.value for state in ProposalState), "instrument": ANY},
        hidden=("salt", "persons"),
    ),
    "offers": Collection(
        OFFER, _either(OFFER, "principal"), {"auction": ANY}, hidden=("salt", "persons")
    ),
    "bids": Collection(
        BID,
        _either(BID, "bidder"),
        {"state": tuple(state.value for state in BidState), "auction": ANY},
        hidden=("salt", "persons"),
    ),
    "bank_accounts": Collection(
        ACCOUNT,
        _at_bank(ACCOUNT),
        {"state": tuple(state.value for state in AccountState)},
        hidden=("salt",),
    ),
    "movements": Collection(MOVEMENT, _at_bank(MOVEMENT), {"date": ANY}),
    "receipts": Collection(
        RECEIPT, _at_bank(RECEIPT), {"state": tuple(state.value for state in ReceiptState)}
    ),
    "payouts": Collection(
        PAYOUT,
        _at_bank(PAYOUT),
        {"state": tuple(state.value for state in PayoutState)},
        hidden=("salt",),
    ),
    "corrections": Collection(
        CORRECTION,
        _at_bank(CORRECTION),
        {"state": tuple(state.value for state in CorrectionState)},
    ),
    "differences": Collection(DIFFERENCE, _differences, {"state": (OPEN, EXPLAINED), "date": ANY}),
    "claims": Collection(
        CLAIM, _either(CLAIM, "party", "creditor"), {"state": (STANDING, ENDED), "asset": ANY}
    ),
    "freezes": Collection(
        FREEZE,
        _either(FREEZE, "party"),
        {"state": tuple(state.value for state in FreezeState), "asset": ANY},
        beside=frozen,
    ),
    "pledges": Collection(
        PLEDGE,
        _either(PLEDGE, "pledgor", "bank"),
        {"state": tuple(state.value for state in PledgeState), "batch": ANY},
        hidden=("salt",),
        beside=_pledges,
    ),
    "disposals": Collection(
        DISPOSAL,
        _either(DISPOSAL, "pledgor", "bank", "buyer"),
        {"state": DISPOSAL_STATES, "pledge": ANY},
        hidden=("salt",),
    ),
    "keys": Collection(KEY, _either(KEY, "party"), {"operator": ANY}),
    "consents": Collection(
        CONSENT,
        _either(CONSENT, "giver", "reader"),
        {"state": tuple(state.value for state in ConsentState)},
        hidden=("salt",),
    ),
    "bars": Collection(
        BAR, _either(BAR, "party", "author"), {"state": tuple(state.value for state in BarState)}
    ),
    "warnings": Collection(WARNING, _either(WARNING, "party", "author")),
    "position_duties": Collection(
        POSITION_DUTY,
        _either(POSITION_DUTY, "party", "operator"),
        {"state": tuple(state.value for state in ReportState)},
    ),
    "referrals": Collection(REFERRAL, _either(REFERRAL, "party", "author")),
    "recorded_findings": Collection(
        FINDING,
        _either(FINDING, "author"),
        {"state": tuple(state.value for state in FindingState), "detector": ANY},
    ),
    "reserve_days": Collection(RESERVE_DAY, _either(RESERVE_DAY, "operator"), {"date": ANY}),
    "reserve_approvals": Collection(
        RESERVE_APPROVAL,
        _either(RESERVE_APPROVAL, "operator", "author"),
        {"state": tuple(state.value for state in ApprovalState)},
    ),
    "statements": Collection(
        STATEMENT, _either(STATEMENT, "party"), {"state": ANSWERS, "type": ANY}
    ),
}

NAMES = f"<any({', '.join(COLLECTIONS)}):name>"
"""The part of a route that names one of the collections."""
NARROWED = {name: ("limit", "cursor", *sorted(c.narrowed)) for name, c in COLLECTIONS.items()}
"""Query parameters of each collection."""
NARROWED_BY_PARTY = {name: ("party", *asked) for name, asked in NARROWED.items()}
"""The same where one party's may be asked for among everybody's."""


def answered(connection: Connection, rows: Sequence[Row]) -> list[Row]:
    """Rows of the statement table with when each was entered and what its author was told."""
    entries = entries_at(connection, {row["index"] for row in rows})
    return [{**row, **_answer(entries[row["index"]])} for row in rows]


def _answer(entry: StoredEntry) -> Row:
    answer = answer_of(entry)
    return {"at": format_instant(entry.at), "state": answer["result"], "answer": answer}


def given(connection: Connection, name: str, rows: list[Row]) -> list[Row]:
    """Rows of a collection with what is told beside them."""
    beside = COLLECTIONS[name].beside
    return rows if beside is None else beside(connection, rows)


def latest(
    connection: Connection, name: str, party: str, limit: int, /, **equal: str | Sequence[str]
) -> tuple[list[Row], bool]:
    """The newest rows of a party's collection, and whether there are others.

    ``equal`` narrows columns to a value, or to one of several.
    """
    found = COLLECTIONS[name]
    query = found.query(party, {})
    rows, more = newest(connection, found.kind, query, limit, **equal)
    return given(connection, name, [found.shown(row, party) for row in rows]), more


def newest(
    connection: Connection,
    kind: Kind,
    query: Select[Any],
    limit: int,
    /,
    **equal: str | Sequence[str],
) -> tuple[list[Row], bool]:
    """The rows of a query by the entry that made them, the last first, and whether others follow.

    Rows of a kind that does not name its entry come in the order of their key, backwards.
    """
    columns = kind.table.c
    for name, value in equal.items():
        wanted = columns[name] == value if isinstance(value, str) else columns[name].in_(value)
        query = query.where(wanted)
    order = ("index", *kind.key) if "index" in columns else kind.key
    query = query.order_by(*(columns[name].desc() for name in order)).limit(limit + 1)
    rows = [dict(row) for row in connection.execute(query).mappings()]
    return rows[:limit], len(rows) > limit
