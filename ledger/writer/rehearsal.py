"""What a statement would do, found by deciding it and keeping nothing.

The engine decides on the stored rows, in a state that nobody writes, with the party's own
people as signers: the same code as the commit path.  What has fallen due and is not yet
stated is not looked ahead to.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from ledger.statements.envelope import Payload, body_digest
from ledger.statements.types import Circle
from ledger.writer.context import Signer
from ledger.writer.engine import Engine
from ledger.writer.errors import NotKnown, Refusal
from ledger.writer.state import State
from ledger.writer.store import Head, Rows, read_head

ID = "preview"
SALT = "0" * 32
FOUR_EYES = "four-eyes"


@dataclass(frozen=True)
class Rehearsed:
    """The answer that a statement would get, and the state as it would leave it.

    ``faults`` are the rules that it breaks, each once, in the order of their judging; ``people``
    are needed to sign; ``size`` is the log size that was read, ``at`` the instant in UTC
    milliseconds.
    """

    answer: Mapping[str, Any]
    faults: tuple[Refusal, ...]
    people: int
    state: State
    size: int
    at: int


def rehearse(
    engine: Engine,
    connection: Connection,
    origin: str,
    type: str,
    party: str,
    body: Mapping[str, Any],
    people: tuple[Signer, ...],
    now: int,
    version: int = 1,
) -> Rehearsed:
    """Decide a body (its salt may be left out) as of ``now``, signed by as many as it needs.

    ``people`` are those of the party who could sign, one key each.
    Raises KeyError for a type that nobody declares, Malformed naming the field for a body that
    the type does not take.
    """
    declared = engine.types[type, version]
    stated = dict(body)
    if declared.circle is not Circle.PUBLIC:
        stated.setdefault("salt", SALT)
    declared.check(stated)
    head = read_head(connection, origin) or Head(0, "", 0, 0)
    at = max(now, head.at)
    payload = Payload(origin, ID, type, version, party, (), at, at, body_digest(stated))

    def decided(needed: int) -> Rehearsed:
        state = State(Rows(connection))
        faults: list[Refusal] = []
        try:
            outcome = engine.decide(
                state,
                declared,
                payload,
                stated,
                people[:needed],
                at=at,
                index=head.size,
                faults=faults,
            )
        except NotKnown as error:
            # The writer leaves no trace of what asks for something that it does not know.
            unsupported = Refusal(error.code, **error.params)
            answer = {"result": "unsupported", "code": error.code, "params": error.params}
            return Rehearsed(answer, (*faults, unsupported), needed, state, head.size, at)
        told = tuple({(f.code, repr(f.params)): f for f in faults}.values())
        return Rehearsed(outcome.answer, told, needed, state, head.size, at)

    made = decided(1)
    while (needed := _needed(made.faults)) > made.people:
        made = decided(needed)
    return made


def _needed(faults: tuple[Refusal, ...]) -> int:
    """How many people the statement, or an operation of it, asks for."""
    asked = [f for f in faults if FOUR_EYES in (f.code, f.params.get("reason"))]
    return max((int(fault.params["needed"]) for fault in asked), default=0)
