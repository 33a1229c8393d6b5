"""The deterministic function: state, statement, time and index in; outcome out.

The writer runs it once, every auditor runs it again; it must not know which of the two
it serves.  Nothing else decides: no clock, no randomness, no order but the log's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ledger.statements.canonical import encode
from ledger.statements.envelope import Payload
from ledger.statements.types import Circle, StatementType
from ledger.writer.context import Context, Signer
from ledger.writer.errors import BrokenInvariant, NotAuthenticated, Refusal
from ledger.writer.kept import note_attachments
from ledger.writer.kinds import Kind
from ledger.writer.outcome import Outcome, Write, compose
from ledger.writer.room import Due, Room, nothing_due
from ledger.writer.state import State
from ledger.writer.versions import ENGINE_VERSION

Authority = Callable[[State, Payload, StatementType, int, int], tuple[Signer, ...]]
VersionAt = Callable[[State, str], int]
Admission = Callable[[Context, StatementType, Mapping[str, Any]], None]

CLOCK_SKEW_MS = 5 * 60 * 1000
"""How far an author's clock may run ahead of the writer's before a statement is refused."""


class Engine:
    """Statement types, reactions and kinds of all rooms, in house order.

    ``authority`` finds the signers' keys in the state at an index and raises
    NotAuthenticated; ``admission`` raises Refusal for roles, suspension and four eyes.
    ``version_at`` tells the engine version that a ledger has activated; ``supported`` is the
    highest that this software knows.  A type whose behaviour changes with a version is declared
    once for each span of versions, with the same schema and circle.
    """

    def __init__(
        self,
        rooms: Iterable[Room],
        authority: Authority,
        admission: Admission,
        version_at: VersionAt = lambda state, ledger: 1,
        supported: int = ENGINE_VERSION,
    ) -> None:
        self.rooms = tuple(rooms)
        self.supported = supported
        self._version_at = version_at
        self.types: dict[tuple[str, int], StatementType] = {}
        self._spans: dict[tuple[str, int], list[StatementType]] = {}
        self.kinds: dict[str, Kind] = {}
        self._authority = authority
        self._admission = admission
        self._hooks = [room.due for room in self.rooms if room.due is not nothing_due]
        for room in self.rooms:
            for declared in room.statements:
                self._declare(declared)
            for kind in room.kinds:
                self.kinds[kind.name] = kind

    def _declare(self, declared: StatementType) -> None:
        name = (declared.name, declared.version)
        spans = self._spans.setdefault(name, [])
        if any(overlap(declared, other) for other in spans):
            raise BrokenInvariant("type-declared-twice", type=declared.name)
        if any((o.circle, o.schema) != (declared.circle, declared.schema) for o in spans):
            raise BrokenInvariant("type-changed-shape", type=declared.name)
        spans.append(declared)
        self.types[name] = declared

    def in_force(self, context: Context, declared: StatementType) -> StatementType:
        """The declaration that holds at the context's own index.

        Raises Refusal ``type-not-active`` where the engine version is too low or too high.
        """
        version = context.engine_version
        for span in self._spans[declared.name, declared.version]:
            until = span.engine_until
            if span.engine_since <= version and (until is None or version < until):
                return span
        raise Refusal("type-not-active", type=declared.name, engine=version)

    def version(self, state: State, ledger: str) -> int:
        """The engine version that the ledger has activated so far."""
        return self._version_at(state, ledger)

    def type_of(self, name: str, version: int) -> StatementType | None:
        """The declared type, or None."""
        return self.types.get((name, version))

    def due(self, state: State, at: int) -> list[Due]:
        """What has fallen due by ``at``: the earliest first, then in house order."""
        items = [item for hook in self._hooks for item in hook(state, at)]
        return sorted(items, key=lambda item: item.at)

    def react(self, context: Context, event: str, params: Mapping[str, Any]) -> None:
        """Let every room answer an event, in house order, within the same outcome."""
        for room in self.rooms:
            reaction = room.reactions.get(event)
            if reaction is not None:
                reaction(context, params)

    def _follow(self, context: Context, state: State) -> None:
        """Let every room answer the events behind the leaf; whoever holds no private rows cannot.

        What follows cannot refuse: the public, which does not see it, must decide alike.
        """
        if state.public_only or not context.events:
            return
        sealed = context.sealed()
        waiting = list(context.events)
        while waiting:
            event = waiting.pop(0)
            for room in self.rooms:
                reaction = room.sealed_reactions.get(event["event"])
                if reaction is None:
                    continue
                try:
                    reaction(sealed, event)
                except Refusal as refusal:
                    raise BrokenInvariant("reaction-refused", reason=refusal.code) from refusal
            waiting += sealed.events
            sealed.events.clear()

    def authenticate(
        self, state: State, payload: Payload, declared: StatementType, at: int, index: int
    ) -> tuple[Signer, ...]:
        """The signers as known at this index; raises NotAuthenticated, which leaves no trace."""
        if not payload.issued_at - CLOCK_SKEW_MS <= at < payload.expires_at:
            raise NotAuthenticated("statement-expired", field="expires_at")
        return self._authority(state, payload, declared, at, index)

    def decide(
        self,
        state: State,
        declared: StatementType,
        payload: Payload,
        body: Mapping[str, Any],
        signers: tuple[Signer, ...],
        *,
        at: int,
        index: int,
        write: Write = encode,
        faults: list[Refusal] | None = None,
    ) -> Outcome:
        """Run the handler; a Refusal becomes the outcome, anything else is a defect.

        With ``faults`` it is a rehearsal: every rule that is broken is put into that list, as far
        as one breach leaves the next rule something to judge, and the first is the answer.

        Who compares the outcome with one that was written needs no guard on what it holds, and
        gives a plain ``write``.

        On any exception the state is as before.  Raises whatever the handler raised
        other than Refusal; nothing is then logged.
        """
        context = Context(
            self,
            state,
            at=at,
            index=index,
            party=payload.party,
            ledger=payload.ledger,
            id=payload.id,
            type=declared.name,
            public=declared.circle is Circle.PUBLIC,
            salt=body.get("salt"),
            signers=signers,
            faults=faults,
        )
        mark = state.mark()
        try:
            try:
                span = self.in_force(context, declared)
                self._admission(context, span, body)
                span.decide(context, body)
                if span.attachments:
                    note_attachments(context, span, body)
                if faults:
                    raise faults[0]
                answer: dict[str, Any] = {"result": "accepted"}
            except Refusal as refusal:
                if faults is not None and refusal not in faults:
                    faults.append(refusal)
                    refusal = faults[0]
                state.rollback(mark)
                context.events.clear()
                answer = {"result": "refused", "code": refusal.code, "params": refusal.params}
            decided = state.mark()
            self._follow(context, state)
            return compose(context, state, mark, decided, answer, write)
        except BaseException:
            state.rollback(mark)
            raise

    def operate(self, context: Context, declared: StatementType, body: Mapping[str, Any]) -> None:
        """Admit and decide one operation inside a batch; raises Refusal."""
        span = self.in_force(context, declared)
        self._admission(context, span, body)
        span.decide(context, body)


def overlap(one: StatementType, other: StatementType) -> bool:
    """Whether two declarations hold at one engine version."""
    ends = [s.engine_until for s in (one, other)]
    starts = (other.engine_since, one.engine_since)
    return all(end is None or start < end for end, start in zip(ends, starts, strict=True))
