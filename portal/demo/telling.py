"""Telling the story: seed a home of its own, print each step, then serve or stop."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from ledger.credits.models import batch_table
from ledger.credits.queries import identity
from ledger.statements.ed25519 import load_private
from ledger.writer.clock import SystemClock
from ledger.writer.errors import Unavailable
from ledger.writer.store import read_head
from ledger.writer.writer import Reply
from portal.config import Settings, at_home
from portal.demo.answering import answers
from portal.demo.auctions import CODE
from portal.demo.auctions import told as large_trades
from portal.demo.cast import demo_key
from portal.demo.grants import told_money
from portal.demo.live_book import INSTRUMENT, VENUE
from portal.demo.mirror import FARM, REGISTRY
from portal.demo.policy import PLAN
from portal.demo.proving import proofs
from portal.demo.serving import INDEX, open_today, save_players
from portal.demo.step import Step
from portal.demo.story import FOREST_BATCH, story
from portal.home.opening import Ledger, init_ledger, open_ledger, open_record
from portal.processes.serving import serve_ledger
from portal.running.listening import listen
from portal.shell.texts import LANGUAGES, say
from portal.statements.signing import compose

ORIGIN = "demo.qingzhang.example/zhejiang"
OPENED = "2025-01-06"
HOLDER = "demo-hangzhou-1"
"""Whose balances are confirmed when the story ends."""
Say = Callable[[str], None]


class StoryClock:
    """The time of the story, and never before what the log already says."""

    def __init__(self) -> None:
        self.moment = 0
        self.floor = 0
        self.move(OPENED, 0)

    def move(self, day: str, minutes: int) -> None:
        """Go to so many minutes after half past nine, Shanghai time, of a day."""
        morning = datetime.fromisoformat(f"{day}T09:30:00+08:00")
        self.moment = int(morning.timestamp()) * 1000 + minutes * 60_000

    def now(self) -> int:
        """The time now."""
        return max(self.moment, self.floor)


class Chance:
    """Bytes that only look random, so that every telling makes the same log."""

    def __init__(self) -> None:
        self._drawn = 0

    def __call__(self, count: int) -> bytes:
        """The next ``count`` bytes, at most 32."""
        self._drawn += 1
        return drawn(f"draw {self._drawn}", count)


def drawn(name: str, count: int) -> bytes:
    """Up to 32 bytes that depend on nothing but their name."""
    return hashlib.sha256(f"{ORIGIN} {name}".encode()).digest()[:count]


def seed(settings: Settings, say: Say) -> None:
    """Make the demonstration's ledger and tell the whole story.

    Raises Unavailable ``ledger-is-real`` where the home holds another ledger, and
    ``story-differs`` where a step is not answered as told.
    """
    clock = StoryClock()
    with closing(_open(settings, clock)) as ledger:
        Teller(settings, ledger, clock, say).tell()


def _open(settings: Settings, clock: StoryClock) -> Ledger:
    try:
        record = open_record(settings)
    except Unavailable as error:
        if error.code != "ledger-missing":
            raise
        return init_ledger(settings, ORIGIN, clock, Chance())
    with closing(record.database.connect()) as connection:
        head = read_head(connection, record.origin)
    record.database.dispose()
    if record.origin != ORIGIN:
        raise Unavailable("ledger-is-real", retry=False, origin=record.origin)
    clock.floor = head.at if head else 0
    return open_ledger(settings, clock)


class Teller:
    """Signs each step with its players' keys and holds the answer against the story."""

    def __init__(self, settings: Settings, ledger: Ledger, clock: StoryClock, say: Say) -> None:
        self._settings = settings
        self._ledger = ledger
        self._clock = clock
        self._say = say
        self._ids: dict[str, str] = {}
        self._indices: dict[str, int] = {}
        self._figures: dict[str, dict[str, int]] = {}
        self._refused: list[tuple[Step, Reply]] = []

    def tell(self) -> None:
        """Every step in order, then what was refused and why, the balances, the policy's answers.

        A step told before is answered again and changes nothing.
        """
        told_on: Counter[str] = Counter()
        with self._ledger.record.reading() as connection:
            head = read_head(connection, ORIGIN)
        known = head.size if head else 0
        for number, step in enumerate(story(ORIGIN)):
            minute = max(told_on[step.day], step.minute)
            self._clock.move(step.day, minute)
            told_on[step.day] = minute + 1
            reply = self._submit(number, step)
            told = reply.answer.get("code") if reply.answer.get("result") == "refused" else None
            if reply.index is None or told != step.expect:
                raise Unavailable("story-differs", retry=False, step=number, answer=reply.answer)
            self._indices[step.name] = reply.index
            self._say(line(step, reply))
            if told is None:
                if reply.index >= known:  # what was told before says nothing of the units of today
                    self._tell_units()
            else:
                self._refused.append((step, reply))
        self._say(f"\nRefused, each an entry of the log ({len(self._refused)}):")
        for step, reply in self._refused:
            self._say(reason(step, reply))
        self._say("\nIssued = what became of it:")
        for batch, figures in self._units().items():
            self._say(identity_line(batch, figures))
        with self._ledger.record.reading() as connection:
            head = read_head(connection, ORIGIN)
            for told_line in answers(connection, head.size if head else 0, self._indices):
                self._say(told_line)
            for told_line in told_money(connection):
                self._say(told_line)
            for told_line in large_trades(connection, self._clock.now()):
                self._say(told_line)
            for told_line in proofs(self._ledger, connection, HOLDER, self._clock.now()):
                self._say(told_line)

    def _tell_units(self) -> None:
        """The identity of each batch whose units the last step has moved."""
        before, self._figures = self._figures, self._units()
        for name, figures in self._figures.items():
            if figures != before.get(name):
                self._say(f"      {identity_line(name, figures)}")

    def _units(self) -> dict[str, dict[str, int]]:
        """The identity of each batch, in the order of their issue."""
        with self._ledger.record.reading() as connection:
            names = connection.execute(select(batch_table.c.batch).order_by(batch_table.c.index))
            return {name: identity(connection, name) for name in names.scalars().all()}

    def _submit(self, number: int, step: Step) -> Reply:
        body: dict[str, Any] = {**step.body}
        body.update({field: self._ids[name] for field, name in step.refers.items()})
        if step.late is not None:
            body.update(step.late(self._indices))
        if step.asks is not None:
            with self._ledger.record.reading() as connection:
                body.update(step.asks(connection, self._indices))
        submission = compose(
            self._ledger.engine,
            ORIGIN,
            step.type,
            step.party,
            body,
            [self._key(step.party, operator) for operator in step.signers],
            now=self._clock.moment,
            entropy=lambda count: drawn(f"step {number} {count}", count),
        )
        if step.name:
            self._ids[step.name] = submission.envelope.payload.id
        return self._ledger.entrance.submit(submission.encode())

    def _key(self, party: str, operator: str) -> Any:
        path = self._settings.keys / f"{operator}.pem"
        return load_private(path) if path.exists() else demo_key(f"{party}/{operator}")


def line(step: Step, reply: Reply) -> str:
    """One printed line of the story."""
    verdict = f"refused: {step.expect}" if step.expect else "accepted"
    signers = "+".join(step.signers)
    return f"{reply.index:>4}  {step.day}  {step.type:<19} {step.party} [{signers}]  {verdict}"


def reason(step: Step, reply: Reply) -> str:
    """A refusal in words of both languages."""
    words = [say(f"problem.{step.expect}", language) for language in LANGUAGES]
    return f"{reply.index:>4}  {step.type:<19} {step.party}: {step.expect}  {' / '.join(words)}"


def identity_line(batch: str, figures: dict[str, int]) -> str:
    """The reconciliation identity of a batch, on one line."""
    parts = [f"{n} {v}" for n, v in figures.items() if v and n not in ("issued", "difference")]
    return f"{batch}: issued {figures['issued']} = {' + '.join(parts)}"


def run(settings: Settings, once: bool, port: int) -> None:
    """Tell the story and, unless ``once``, serve what it left behind.

    Raises Unavailable ``address-taken`` or ``address-unusable``.
    """
    home = at_home(
        settings.home if "QINGZHANG_HOME" in os.environ else settings.home / "demo",
        public_url=settings.public_url or (f"http://127.0.0.1:{port}" if port else None),
    )
    if settings.database_url != at_home(settings.home).database_url:
        home = replace(home, database_url=settings.database_url)
    if not once:
        listen("127.0.0.1", port, 1).close()  # told before the long story, not after it
    print(f"{ORIGIN}: a seeded year; every name and figure is invented for the demonstration")
    seed(home, print)
    players = save_players(home)
    if once:
        return
    ledger = open_ledger(home)
    closed = open_today(home, ledger, SystemClock())

    def welcome(address: str) -> None:
        _welcome(address)
        told = f"refused, {closed}" if closed else f"open today: {address}/market/{INSTRUMENT}"
        print(f"  a session:   {VENUE} is {told}")
        print(f"  sign in:     {address}/sign-in as {HOLDER}, with {players}/{HOLDER}-op-1.pem")
        print(f"               ({players}/{INDEX} tells the keys of all others)", flush=True)

    serve_ledger(ledger, "127.0.0.1", port, welcome)


def _welcome(address: str) -> None:
    print(f"\n青账 on {address}  (English: {address}/?lang=en; stop with Ctrl-C)")
    print(f"  a serial:    {address}/serials/{FOREST_BATCH}-1")
    print(f"  a mirror:    {address}/mirrors/{REGISTRY}:{FARM}")
    print(f"  the market:  {address}/market")
    print(f"  an auction:  {address}/market/auctions/{CODE}")
    print(f"  the quotas:  {address}/quotas/{PLAN}")
    print(f"  the guide:   {address}/guide")
    print(f"  checkpoint:  {address}/log/checkpoint")
