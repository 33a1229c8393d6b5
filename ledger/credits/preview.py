"""What a retirement would do, found by deciding it and keeping nothing.

The engine decides the statement on the stored rows, in a state that nobody writes, with the
party's own people as signers.  What has fallen due and is not yet stated is not looked ahead to.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from ledger.accounts.models import BALANCE
from ledger.accounts.verbs import registry
from ledger.credits.mass import Mass, mass_of
from ledger.credits.models import BATCH, RETIREMENT
from ledger.credits.serials import format_block
from ledger.parties.models import KEY
from ledger.projects.models import PROJECT
from ledger.statements.envelope import Payload, body_digest
from ledger.writer.context import Signer
from ledger.writer.engine import Engine
from ledger.writer.kinds import Row
from ledger.writer.outcome import Outcome
from ledger.writer.state import State
from ledger.writer.store import Head, Rows, read_head

TYPE, VERSION, ID = "credit.retire", 1, "preview"
SALT = "0" * 32
FOUR_EYES = "four-eyes"


@dataclass(frozen=True)
class Preview:
    """The answer that a retirement would get, and what it would take.

    ``people`` are needed to sign; ``available`` and ``left`` are credits of the batch on the
    registry account before and after; ``size`` is the log size that was read.
    """

    answer: Mapping[str, Any]
    people: int
    serials: tuple[str, ...]
    available: int
    left: int
    batch: Row | None
    project: Row | None
    mass: Mass | None
    size: int
    at: int


def preview(
    engine: Engine,
    connection: Connection,
    origin: str,
    party: str,
    body: Mapping[str, Any],
    now: int,
) -> Preview:
    """Decide a body of ``credit.retire`` (its salt may be left out) as of ``now`` in UTC ms.

    Raises Malformed naming the field for a body that the type does not take.
    """
    stated = {"salt": SALT, **body}
    declared = engine.types[TYPE, VERSION]
    declared.check(stated)
    head = read_head(connection, origin) or Head(0, "", 0, 0)
    at = max(now, head.at)
    payload = Payload(origin, ID, TYPE, VERSION, party, (), at, at, body_digest(stated))

    def decided(signers: tuple[Signer, ...]) -> tuple[Outcome, State]:
        state = State(Rows(connection))
        outcome = engine.decide(state, declared, payload, stated, signers, at=at, index=head.size)
        return outcome, state

    people = _people(connection, party)
    needed = 1
    outcome, state = decided(people[:needed])
    if outcome.answer.get("code") == FOUR_EYES:
        needed = int(outcome.answer["params"]["needed"])
        outcome, state = decided(people[:needed])
    rows = Rows(connection)
    batch = rows.row(BATCH, (stated["batch"],))
    place = (registry(party), stated["batch"])
    made = state.get(RETIREMENT, ID)
    spans = made["blocks"] if made else ()
    return Preview(
        answer=outcome.answer,
        people=needed,
        serials=tuple(format_block(stated["batch"], (first, last)) for first, last in spans),
        available=_available(rows.row(BALANCE, place)),
        left=_available(state.get(BALANCE, *place)),
        batch=batch,
        project=rows.row(PROJECT, (batch["project"],)) if batch else None,
        mass=mass_of(connection, batch) if batch else None,
        size=head.size,
        at=at,
    )


def _people(connection: Connection, party: str) -> tuple[Signer, ...]:
    """One valid key for each of the party's people, the oldest first."""
    rows = [row for row in Rows(connection).group(KEY, ("party",), (party,)) if not row["until"]]
    found: dict[str, Signer] = {}
    for row in sorted(rows, key=lambda row: (row["since"], row["key"])):
        found.setdefault(row["person"], Signer(row["key"], row["operator"], row["person"]))
    return tuple(found.values())


def _available(row: Row | None) -> int:
    return 0 if row is None else int(row["available"])
