"""Acts into the log: looked up, signed, sent in windows, and settled as the answers come.

One act is one statement (decision 8). While one window is being written the next is looked up and
signed, so that memory holds two windows, whatever the file. Answers are durable, and the log keeps
the order in which acts are sent: an import that is killed leaves a beginning of its acts on record,
and the next run finds them and goes on.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, Protocol

from ledger.statements.errors import StatementError
from ledger.writer.errors import Refusal, Unavailable
from ledger.writer.writer import Pending, Reply
from portal.home.record import Record
from portal.home.submit import Entrance, wait
from portal.imports.account import Outcome
from portal.imports.author import Author
from portal.imports.plan import Act
from portal.imports.standing import Standing, look_up

WINDOW_ACTS, WINDOW_ROWS = 500, 5_000
IN_FLIGHT = 1
OF_THE_AUTHOR = frozenset(
    {"four-eyes", "one-person-twice", "party-suspended", "role-not-allowed", "type-not-active"}
)
"""Refusals that say nothing about the act: the import stops, and a later one states it again."""

SETTLED = frozenset({"accepted", "refused", "conflict", "broken", "unsupported"})

Told = Callable[[], None]


class Settles(Protocol):
    """What is told of each act: how it ended, at which entry, and why where it was not taken."""

    def settle(self, outcome: Outcome, act: Act, **why: Any) -> None:
        """Take note of an act's end."""


@dataclass
class _Window:
    """Acts on their way, and what is waited for."""

    acts: list[Act]
    answers: list[Future[Reply]]


class Delivery:
    """States acts in their order and settles each in an account.

    An act that the ledger refused before is not stated again, so that importing twice changes
    nothing; unless something new was stated before it in this run (what it lacked may be there
    now), its row has changed, the refusal was the author's, or ``again`` says so.
    """

    def __init__(
        self, author: Author, way: Entrance, record: Record, account: Settles, again: bool = False
    ) -> None:
        self._author = author
        self._way = way
        self._record = record
        self._account = account
        self._moved = again
        self._heard = False

    def run(self, acts: Iterable[Act], told: Told) -> None:
        """State every act; ``told`` is called as rows are settled.

        The first statement goes alone: where the author may not speak, one entry says so.
        Raises Unavailable where the record cannot be written, Refusal where its author may not
        write it; what was stated until then is on record, and a later run goes on from there.
        """
        flying: deque[_Window] = deque()
        for window in self._windows(acts):
            flying.append(self._send(window))
            while len(flying) > IN_FLIGHT:
                self._settle(flying.popleft())
            told()
        while flying:
            self._settle(flying.popleft())
        told()

    def _windows(self, acts: Iterable[Act]) -> Iterator[list[Act]]:
        window: list[Act] = []
        rows = 0
        for act in acts:
            window.append(act)
            rows += len(act.rows)
            if len(window) >= WINDOW_ACTS or rows >= WINDOW_ROWS:
                yield window
                window, rows = [], 0
        if window:
            yield window

    def _send(self, acts: list[Act]) -> _Window:
        with self._record.reading() as connection:
            standings = look_up(connection, self._author.party, acts)
        new = [pair for item in standings if (pair := self._open(item)) is not None]
        return _Window([act for act, _ in new], self._queue([pending for _, pending in new]))

    def _queue(self, items: list[Pending]) -> list[Future[Reply]]:
        answers: list[Future[Reply]] = []
        if items and not self._heard:
            answers = self._way.queue(items[:1])
            checked(wait(answers[0]))
            self._heard = True
        return [*answers, *self._way.queue(items[len(answers) :])]

    def _open(self, item: Standing) -> tuple[Act, Pending] | None:
        """A statement that is yet to be made; an act that needs none is settled."""
        act = item.act
        before = settled_before(item, self._moved)
        if before is not None:
            outcome, why = before
            self._account.settle(outcome, act, **why)
            return None
        try:
            pending = self._way.check(self._author.sign(act, item.refusals))
        except StatementError as error:
            params = {"field": error.field, **error.params}
            self._account.settle("refused", act, code=error.code, params=params, index=None)
            return None
        self._moved = True
        return act, pending

    def _settle(self, window: _Window) -> None:
        lost: list[Act] = []
        for act, future in zip(window.acts, window.answers, strict=True):
            reply = checked(wait(future))
            if reply.status == "accepted":
                self._account.settle("written", act, index=reply.index)
            elif reply.status == "conflict":
                lost.append(act)
            else:
                why = {"code": reply.answer["code"], "params": reply.answer.get("params", {})}
                self._account.settle("refused", act, **why, index=reply.index)
        if lost:
            self._meet(lost)

    def _meet(self, acts: list[Act]) -> None:
        """Acts that somebody else stated between our look and our statement."""
        with self._record.reading() as connection:
            for item in look_up(connection, self._author.party, acts):
                newest = item.newest
                if newest is not None and newest.accepted and newest.same:
                    self._account.settle("already", item.act, index=newest.index)
                else:
                    index = None if newest is None else newest.index
                    self._account.settle("conflict", item.act, code="id-spent", index=index)


def settled_before(item: Standing, moved: bool) -> tuple[Outcome, dict[str, Any]] | None:
    """What an act has come to on record, so that it is not stated; None for one that is.

    One that was refused is stated again where something was ``moved`` since (or whoever asks says
    so), where it has changed, and where the refusal was the author's.
    """
    newest = item.newest
    if newest is None:
        return None
    if newest.accepted and newest.same:
        return "already", {"index": newest.index}
    if newest.accepted:
        return "conflict", {"code": "id-spent", "index": newest.index}
    if moved or not newest.same or newest.code in OF_THE_AUTHOR:
        return None
    return "refused", {"code": newest.code, "params": dict(newest.params), "index": newest.index}


def checked(reply: Reply) -> Reply:
    """An answer that is about its act alone.

    Raises Refusal where it says that the author may not speak, Unavailable where it says nothing.
    """
    code = str(reply.answer.get("code", ""))
    if reply.status not in SETTLED:
        raise Unavailable(code, **reply.answer.get("params", {}))
    if reply.status == "refused" and code in OF_THE_AUTHOR:
        raise Refusal(code, **reply.answer.get("params", {}))
    return reply
