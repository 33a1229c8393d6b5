"""What a statement would do, found by deciding it and keeping nothing.

The engine decides on the stored rows, in a state that nobody writes, with the party's own
people as signers: the same code as the commit path.  What has fallen due and is not yet
stated is not looked ahead to.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from itertools import combinations, islice
from typing import Any

from sqlalchemy import Connection

from ledger.statements.envelope import Payload, body_digest
from ledger.statements.types import Circle, StatementType
from ledger.writer.context import Signer
from ledger.writer.engine import Engine
from ledger.writer.errors import NotKnown, Refusal
from ledger.writer.state import State
from ledger.writer.store import Head, Rows, read_head

ID = "preview"
SALT = "0" * 32
FOUR_EYES, SIGNED_BEFORE = "four-eyes", "signed-before"
GROUPS_MAX = 64
"""How many groups of people are tried where some of them signed what is judged."""


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


class Rehearsal:
    """Statements decided one after another as of ``now``: each meets what the earlier ones did.

    Nothing is written.  The state is that of the connection's rows with what was accepted here.
    """

    def __init__(self, engine: Engine, connection: Connection, origin: str, now: int) -> None:
        head = read_head(connection, origin) or Head(0, "", 0, 0)
        self._engine = engine
        self._origin = origin
        self._state = State(Rows(connection))
        self._size = head.size
        self._index = head.size
        self._at = max(now, head.at)

    def decide(
        self,
        declared: StatementType,
        party: str,
        body: Mapping[str, Any],
        people: tuple[Signer, ...],
        *,
        id: str = ID,
        least: int = 1,
    ) -> Rehearsed:
        """Decide a body (its salt may be left out), signed by as many of ``people`` as it needs.

        ``people`` are those of the party who could sign, one key each, of whom ``least`` do; where
        some of them signed what this judges, the first others who can.
        Raises Malformed naming the field for a body that the type does not take.
        """
        stated = dict(body)
        if declared.circle is not Circle.PUBLIC:
            stated.setdefault("salt", SALT)
        declared.check(stated)
        named = (declared.name, declared.version, party)
        payload = Payload(self._origin, id, *named, (), self._at, self._at, body_digest(stated))
        judge = partial(self._decided, declared, payload, stated)
        made = judge(people[:least], least)
        while (needed := _needed(made.faults)) > made.people:
            made = judge(people[:needed], needed)
        if _has(made, SIGNED_BEFORE):
            groups = islice(combinations(people, made.people), GROUPS_MAX)
            others = (judge(group, made.people) for group in groups)
            made = next((m for m in others if not _has(m, SIGNED_BEFORE)), made)
        self._index += 1  # what is refused is an entry as well
        return made

    def _decided(
        self,
        declared: StatementType,
        payload: Payload,
        stated: Mapping[str, Any],
        signers: tuple[Signer, ...],
        needed: int,
    ) -> Rehearsed:
        faults: list[Refusal] = []
        try:
            outcome = self._engine.decide(
                self._state,
                declared,
                payload,
                stated,
                signers,
                at=self._at,
                index=self._index,
                faults=faults,
            )
            answer: Mapping[str, Any] = outcome.answer
        except NotKnown as error:
            # The writer leaves no trace of what asks for something that it does not know.
            faults.append(Refusal(error.code, **error.params))
            answer = {"result": "unsupported", "code": error.code, "params": error.params}
        told = tuple({(f.code, repr(f.params)): f for f in faults}.values())
        return Rehearsed(answer, told, needed, self._state, self._size, self._at)


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
    """Decide one body as of ``now``, as `Rehearsal` does.

    Raises KeyError for a type that nobody declares, Malformed naming the field for a body that
    the type does not take.
    """
    declared = engine.types[type, version]
    return Rehearsal(engine, connection, origin, now).decide(declared, party, body, people)


def _has(made: Rehearsed, code: str) -> bool:
    return any(fault.code == code for fault in made.faults)


def _needed(faults: tuple[Refusal, ...]) -> int:
    """How many people the statement, or an operation of it, asks for."""
    asked = [f for f in faults if FOUR_EYES in (f.code, f.params.get("reason"))]
    return max((int(fault.params["needed"]) for fault in asked), default=0)
