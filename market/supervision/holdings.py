"""Who held what of each vintage when the log had a size, and who is behind whom."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, select

from ledger.accounts.models import BUCKETS, balance_table, owner
from ledger.accounts.verbs import registry, trading
from ledger.credits.models import batch_table
from ledger.parties.models import key_table, party_table
from ledger.statements.canonical import parse
from ledger.writer import tables
from ledger.writer.store import StoredEntry, read_entries
from market.settlement.models import deal_table
from market.supervision.rows import BODY_BYTES_MAX, deal_of
from market.watching.history import Holding, Opened, Vintage

EVIDENCE = 100
"""Purchases that are named as evidence of what a party holds: the newest."""
Held = dict[tuple[str, str], int]
"""Units by account and batch."""


def holdings(connection: Connection, stop: int, size: int) -> tuple[Holding, ...]:
    """Each party's units by class and vintage at size ``stop``, with what its trades brought."""
    held = _held(connection, stop, size)
    table = batch_table
    rows = connection.execute(select(table).where(table.c.index < stop)).mappings()
    vintages = {row["batch"]: (row["class"], row["vintage"]) for row in rows}
    bought: dict[tuple[str, Vintage], int] = defaultdict(int)
    shown: dict[tuple[str, Vintage], deque[int]] = defaultdict(lambda: deque(maxlen=EVIDENCE))
    query = select(deal_table).where(deal_table.c.index < stop).order_by(deal_table.c.index)
    for row in connection.execute(query).mappings():
        deal = deal_of(dict(row))
        for batch, quantity in deal.lots:
            for party, change in ((deal.buyer, quantity), (deal.seller, -quantity)):
                bought[party, vintages[batch]] += change
            shown[deal.buyer, vintages[batch]].append(deal.index)
    sides: dict[tuple[str, Vintage], list[int]] = defaultdict(lambda: [0, 0])
    for (account, batch), units in held.items():
        party = owner(account)
        if batch in vintages and party:
            place = 0 if account == trading(party) else 1 if account == registry(party) else None
            if place is not None:
                sides[party, vintages[batch]][place] += units
    return tuple(
        Holding(
            party,
            vintage,
            on_trading,
            on_registry,
            bought[party, vintage],
            tuple(shown[party, vintage]),
        )
        for (party, vintage), (on_trading, on_registry) in sorted(sides.items())
    )


def _held(connection: Connection, stop: int, size: int) -> Held:
    """The balances of today less what later entries posted."""
    held: Held = defaultdict(int)
    table = balance_table
    for row in connection.execute(select(table)).mappings():
        held[row["account"], row["asset"]] = sum(row[bucket] for bucket in BUCKETS)
    for entry in read_entries(connection, stop, size) if stop < size else ():
        for account, asset, amount in _posted(entry):
            held[account, asset] -= amount
    return held


def _posted(entry: StoredEntry) -> Iterable[tuple[str, str, int]]:
    public = parse(entry.outcome, max_bytes=BODY_BYTES_MAX)["public"]
    parts = parse(entry.body, max_bytes=BODY_BYTES_MAX).get("parts", ()) if entry.body else ()
    changes = [public.get("changes", {}), public.get("followed", {})]
    for change in (*changes, *(part["changes"] for part in parts)):
        for kind, (account, asset), amounts in (
            row for row in change.get("add", ()) if row[0] == "balance"
        ):
            assert kind == "balance"
            yield account, asset, sum(amounts.values())


def controls(connection: Connection, stop: int) -> Mapping[str, str]:
    """One word for all parties in which one person has held keys, by party."""
    parent: dict[str, str] = {}

    def find(name: str) -> str:
        while parent.setdefault(name, name) != name:
            name = parent[name]
        return name

    of_person: dict[str, str] = {}
    table = key_table.c
    query = select(table.person, table.party).where(table.since < stop)
    for person, party in connection.execute(query.order_by(table.since, table.key)):
        one, other = sorted((find(of_person.setdefault(person, party)), find(party)))
        parent[other] = one
    return {party: find(party) for party in sorted(parent)}


def names(connection: Connection, stop: int) -> Mapping[str, str]:
    """The registered name of each party."""
    table = party_table.c
    query = select(table.party, table.name).where(table.index < stop)
    return {party: name for party, name in connection.execute(query)}


def opened(connection: Connection, stop: int) -> tuple[Opened, ...]:
    """When each party was admitted."""
    segment, party = tables.segment.c, party_table.c
    at = (
        select(segment.at)
        .where(segment.first <= party.index)
        .order_by(segment.first.desc())
        .limit(1)
        .correlate(party_table)
        .scalar_subquery()
    )
    query = select(party.index, at, party.party).where(party.index < stop)
    return tuple(Opened(*row) for row in connection.execute(query.order_by(party.index)))
