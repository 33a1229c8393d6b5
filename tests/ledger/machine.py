"""Parties that issue, transfer, move, retire and are frozen, beside a model that keeps count."""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
from collections import Counter
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from ledger.accounts.models import BUCKETS, balance_table
from ledger.credits.models import batch_table, block_table, fate_table
from ledger.credits.queries import identity
from ledger.log.merkle import verify_consistency
from ledger.log.reader import consistency_proof
from ledger.log.receipt import verify_receipt
from ledger.parties.authority import public_key
from ledger.parties.parameters import business_date
from ledger.projects.models import report_table
from ledger.statements.canonical import parse
from ledger.statements.envelope import parse_envelope
from ledger.statements.errors import StatementError
from ledger.writer import store
from ledger.writer.audit import audit
from ledger.writer.writer import Reply
from portal.config import at_home
from portal.home.opening import init_ledger, open_ledger
from tests.factories.scene import (
    HOUR_MS,
    OFFICERS,
    ORIGIN,
    MonitoringReport,
    ProjectDesign,
    Scene,
    SteppingClock,
    validation,
    verification,
)
from tests.ledger.restraining import CHANCE, PARTIES, PARTY, QUANTITY
from tests.ledger.units import Units
from tests.ledger.withdrawing import Withdrawing

REGULATORS = ("regulator-1", "regulator-2")
OPEN_MS = 10 * 24 * HOUR_MS  # the seed of transfer-open-days
_SHM = "/dev/shm"
MEMORY = _SHM if os.access(_SHM, os.W_OK) else None  # no disk is tried here, so none need wait
_KEPT: list[tempfile.TemporaryDirectory[str]] = []


@cache
def template() -> tuple[Path, dict[str, Any]]:
    """A closed ledger with a cast and a registered project, and everybody's keys; made once."""
    _KEPT.append(tempfile.TemporaryDirectory(dir=MEMORY))
    settings, clock = at_home(Path(_KEPT[0].name) / "home"), SteppingClock()
    stage = Scene(init_ledger(settings, ORIGIN, clock, os.urandom), clock, settings.keys)
    stage.cast()
    stage.admit("third", "enterprise", 9)
    stage.do("owner", "project.submit", ProjectDesign(), "a")
    stage.do("vvb1", "project.validate", validation(), "a", "b")
    stage.do("registrar", "project.register", {"project": "P1", "document": "d"}, *OFFICERS)
    stage.ledger.close()
    return settings.home, stage.keys


class Register(Withdrawing, RuleBasedStateMachine):
    """Acts in any order; invariants bear the numbers of RELIABILITY.md §1.2.

    Every act is answered accepted or refused. What is accepted changes the model; the record must
    then say what the model says, and nothing else may have changed it.
    """

    def __init__(self) -> None:
        super().__init__()
        home, keys = template()
        self.folder = tempfile.TemporaryDirectory(dir=MEMORY)
        self.settings = at_home(Path(self.folder.name) / "home")
        shutil.copytree(home, self.settings.home)
        self.clock = SteppingClock()
        self.stage = self.opened(keys)
        self.units = Units()
        self.held = self.units.free  # party, side, batch
        self.orders: dict[str, tuple[str, str]] = {}
        self.papers: dict[str, dict[str, Any]] = {}
        self.courts: dict[str, str] = {}
        self.pledges: dict[str, None] = {}
        self.batches: dict[str, int] = {}
        self.stands: dict[str, int] = {}
        self.owed: Counter[str] = Counter()
        self.duties: set[str] = set()
        self.missing: dict[str, int] = {}
        self.borne = True
        self.reports: list[str] = []  # with those that were taken back or brought nothing
        self.retired: Counter[str] = Counter()
        self.open: dict[str, tuple[str, str, str, int, int]] = {}
        self.ways: dict[str, tuple[str, str]] = {}
        self.said: list[tuple[bytes, Reply]] = []
        self.ended: set[tuple[Any, ...]] = set()
        self.seen: tuple[int, str] = (0, "")

    def opened(self, keys: dict[str, Any]) -> Scene:
        stage = Scene(open_ledger(self.settings, self.clock), self.clock, self.settings.keys)
        stage.keys = {**stage.keys, **keys}
        return stage

    def teardown(self) -> None:
        try:
            self.replays_to_what_is_stored()
        finally:
            self.stage.ledger.close()
            self.folder.cleanup()

    def act(self, party: str, type: str, body: dict[str, Any], *signers: str) -> str | None:
        """Say it; the statement's id where it was accepted."""
        self.lapse()
        submission = self.stage.write(party, type, body, *signers)
        data = submission.encode()
        reply = self.stage.ledger.entrance.submit(data)
        assert reply.status in ("accepted", "refused"), reply
        self.said.append((data, reply))
        return submission.envelope.payload.id if reply.status == "accepted" else None

    def lapse(self) -> None:
        """What nobody answered in time is the sender's again, and freezes end on their day."""
        for name, (sender, _, batch, quantity, until) in list(self.open.items()):
            if until <= self.clock.time:
                del self.open[name]
                self.units.gain(sender, batch, quantity)
        over = [f for f in self.units.standing.values() if f.until <= self.clock.time]
        for order in sorted(over, key=lambda order: order.until):
            self.units.leave(order.name)

    def some(self, names: Any, chance: int) -> str:
        """One of the names; one that does not exist where there are none.

        By the order in which they came up: ids are made by chance, and a run must repeat.
        """
        known = list(names)
        return known[chance % len(known)] if known else "none"

    def batches_of(self, party: str) -> list[str]:
        own = {b for (p, _, b), n in self.held.items() if p == party and n}
        return sorted(own or self.batches)

    # What may happen

    @initialize()
    def begin(self) -> None:
        self.issue(2021, 1, 30)

    @rule(year=st.integers(2021, 2025), years=st.integers(1, 2), quantity=st.integers(10, 30))
    def issue(self, year: int, years: int, quantity: int) -> None:
        """I6: refused where any of the period has been reported before."""
        taken = {y for name in self.batches for y in self.years_of(name)}
        name, wanted = f"R{len(self.said)}", set(range(year, year + years))
        period = {"start": f"{year}-01-01", "end": f"{year + years - 1}-12-31"}
        report = MonitoringReport(report=name, claimed=quantity, **period)
        if not self.act("owner", "report.submit", report, "a"):
            return
        self.reports.append(name)
        opinion = verification(quantity, year=year, report=name)
        registered = {"report": name, "quantity": quantity, "document": "d"}
        issuance = {"report": name, "quantity": quantity}
        if (
            self.act("vvb2", "report.verify", opinion, "a", "b")
            and self.act("registrar", "reduction.register", registered, *OFFICERS)
            and self.act("registrar", "credit.issue", issuance, *OFFICERS)
        ):
            assert not taken & wanted and self.borne
            assert period["end"] <= business_date(self.clock.time)
            batch = f"ZJ_FS-{name}-{year}"
            self.batches[batch] = self.stands[batch] = quantity
            self.units.gain("owner", batch, quantity)

    @rule(year=st.integers(2021, 2027))
    def take_back(self, year: int) -> None:
        """A report that its owner takes back brings nothing and leaves its period free."""
        name = f"R{len(self.said)}"
        period = {"start": f"{year}-01-01", "end": f"{year}-12-31"}
        report = MonitoringReport(report=name, claimed=1, **period)
        back = {"subject": "report", "name": name, "reason": "r"}
        if self.act("owner", "report.submit", report, "a"):
            self.reports.append(name)
            assert self.act("owner", "submission.withdraw", back, "a", "b")
            assert not self.act("owner", "submission.withdraw", back, "a", "b")

    def years_of(self, batch: str) -> set[int]:
        rows = {row["report"]: row for row in self.stage.rows(report_table)}
        row = rows[batch.split("-")[1]]
        return set(range(int(row["start"][:4]), int(row["end"][:4]) + 1))

    @rule(
        party=PARTY, chance=CHANCE, quantity=QUANTITY, to=st.sampled_from(["trading", "registry"])
    )
    def move(self, party: str, chance: int, quantity: int, to: str) -> None:
        batch = self.some(self.batches_of(party), chance)
        body = {"batch": batch, "quantity": quantity, "to": to}
        if self.act(party, "credit.move", body, "a"):
            out = "registry" if to == "trading" else "trading"
            self.held[party, out, batch] -= quantity
            self.held[party, to, batch] += quantity

    @rule(party=PARTY, receiver=PARTY, chance=CHANCE, quantity=QUANTITY)
    def transfer(self, party: str, receiver: str, chance: int, quantity: int) -> None:
        batch = self.some(self.batches_of(party), chance)
        body = {"batch": batch, "quantity": quantity, "receiver": receiver}
        until = self.clock.time + OPEN_MS
        if name := self.act(party, "credit.transfer", body, "a", "b"):
            self.held[party, "registry", batch] -= quantity
            self.open[name] = (party, receiver, batch, quantity, until)
            self.ways[name] = (party, receiver)

    @rule(
        chance=CHANCE,
        side=st.sampled_from([0, 1, 1, 2]),
        answer=st.sampled_from(["accept", "accept", "decline", "withdraw"]),
    )
    def answer(self, chance: int, side: int, answer: str) -> None:
        """I20: only the two may; I5: once."""
        name = self.some((chance % 3 and self.open) or self.ways, chance)
        party = (*self.ways.get(name, ("owner", "buyer")), "third")[side]
        if self.act(party, f"credit.{answer}", {"transfer": name}, "a"):
            sender, receiver, batch, quantity, _ = self.open.pop(name)
            assert party == (sender if answer == "withdraw" else receiver)
            self.units.gain(receiver if answer == "accept" else sender, batch, quantity)

    @rule(batch=CHANCE, party=PARTY, receiver=PARTY)
    def answer_again(self, batch: int, party: str, receiver: str) -> None:
        """I5: what was answered stays answered, though the sender has more in transfer."""
        for _ in range(2):
            self.transfer(party, receiver, batch, 1)
        for name in list(self.open)[-1:] * 2:
            taker = self.ways[name][1]
            was_open = name in self.open
            if self.act(taker, "credit.accept", {"transfer": name}, "a"):
                assert was_open
                _, _, units, quantity, _ = self.open.pop(name)
                self.units.gain(taker, units, quantity)

    @rule(party=PARTY, chance=CHANCE, quantity=QUANTITY)
    def retire(self, party: str, chance: int, quantity: int) -> None:
        batch = self.some(self.batches_of(party), chance)
        body = {
            "batch": batch,
            "quantity": quantity,
            "purpose": "public-good",
            "beneficiary": "公众",
        }
        if self.act(party, "credit.retire", body, "a", "b"):
            self.held[party, "registry", batch] -= quantity
            self.retired[batch] += quantity

    @rule(party=PARTY, act=st.sampled_from(["suspend", "reinstate", "reinstate"]))
    def stand(self, party: str, act: str) -> None:
        self.act("regulator", f"party.{act}", {"party": party, "document": "d"}, *REGULATORS)

    @rule(days=st.sampled_from([1, 10]))
    def wait(self, days: int) -> None:
        self.clock.time += days * 24 * HOUR_MS

    @rule()
    def restart(self) -> None:
        """I14: what is loaded is what was left."""
        self.stage.ledger.close()
        self.stage = self.opened(self.stage.keys)

    # What must change nothing

    @precondition(lambda self: self.said)
    @rule(chance=CHANCE)
    def say_again(self, chance: int) -> None:
        """I7: the same bytes get the first answer; I15: nothing is appended."""
        self.lapse()
        data, first = self.said[chance % len(self.said)]
        again = self.stage.ledger.entrance.submit(data)
        assert (again.status, again.index, again.answer) == ("replayed", first.index, first.answer)

    @rule(party=PARTY, other=PARTY, chance=CHANCE)
    def forge(self, party: str, other: str, chance: int) -> None:
        """I20: a statement in another's name leaves no trace."""
        key = self.stage.key(f"{other}/a")
        self.stage.keys["forger"] = key
        body = {"batch": self.some(self.batches, chance), "quantity": 1, "to": "trading"}
        data = self.stage.write(party, "credit.move", body, "forger").encode()
        if party != other:
            self.lapse()
            try:
                assert self.stage.ledger.entrance.submit(data).status == "unauthenticated"
            except StatementError as error:
                assert error.code in ("key-unknown", "key-foreign")

    @rule(party=PARTY)
    def poison(self, party: str) -> None:
        """I22: a handler that breaks is our defect; nothing is entered, the next goes on."""
        spans = self.stage.ledger.engine._spans
        usual = spans["credit.move", 1]

        def breaks(*_: Any) -> None:
            raise ZeroDivisionError("planted")

        self.lapse()
        self.stage.ledger.writer.alarm = lambda code, error: None
        spans["credit.move", 1] = [replace(usual[0], decide=breaks)]
        body = {"batch": "none", "quantity": 1, "to": "trading"}
        reply = self.stage.say(party, "credit.move", body, "a")
        spans["credit.move", 1] = usual
        assert reply.status in ("broken", "refused"), reply  # a suspended party is not even heard

    # What holds after every step

    @invariant()
    def counts_are_those_of_the_model(self) -> None:
        """I1, I2, I3, I20, all read within one transaction (I19)."""
        with self.stage.ledger.record.reading() as connection:
            rows = list(connection.execute(balance_table.select()).mappings())
            figures = {batch: identity(connection, batch) for batch in self.batches}
        sums: Counter[str] = Counter()
        for row in rows:
            sums[row["asset"]] += sum(row[bucket] for bucket in BUCKETS)
            assert row["account"].startswith("@") or min(row[bucket] for bucket in BUCKETS) >= 0
        assert set(sums.values()) <= {0}
        ours = [r for r in rows if not r["account"].startswith("@")]
        available = {(r["account"], r["asset"]): r["available"] for r in ours if r["available"]}
        held = {(f"{p}/{side}", batch): n for (p, side, batch), n in self.held.items() if n}
        assert available == held
        for bucket in ("frozen", "pledged"):
            found = {(r["account"], r["asset"]): r[bucket] for r in ours if r[bucket]}
            taken: Counter[tuple[str, str]] = Counter()
            for claim in self.units.standing.values():
                for side, n in claim.taken.items():
                    taken[f"{claim.party}/{side}", claim.batch] += n * (claim.bucket == bucket)
            assert found == {place: n for place, n in taken.items() if n}
        for batch, quantity in self.batches.items():
            found = [figures[batch][name] for name in ("difference", "issued", "retired")]
            assert found == [0, quantity, self.retired[batch]]
            moving = sum(n for _, _, b, n, _ in self.open.values() if b == batch)
            assert figures[batch]["registry_in_transfer"] == moving

    @invariant()
    def serials_are_disjoint_complete_and_where_the_units_are(self) -> None:
        """I4, and I5: what has ended stays as it ended."""
        blocks, fates = self.stage.rows(block_table), self.stage.rows(fate_table)
        ended = {(r["batch"], r["first"], r["last"], r["fate"], r["act"]) for r in fates}
        assert ended >= self.ended
        self.ended = ended
        assert {row["batch"] for row in self.stage.rows(batch_table)} == set(self.batches)
        for batch, issued in self.batches.items():
            spans = sorted((r["first"], r["last"]) for r in blocks + fates if r["batch"] == batch)
            assert (spans[0][0], spans[-1][1]) == (1, issued)
            assert all(a[1] + 1 == b[0] for a, b in itertools.pairwise(spans))
            for party in PARTIES:
                mine = [
                    r for r in blocks if (r["batch"], r["account"]) == (batch, f"{party}/registry")
                ]
                moving = sum(n for s, _, b, n, _ in self.open.values() if (s, b) == (party, batch))
                count = sum(r["last"] - r["first"] + 1 for r in mine)
                frozen = self.units.frozen(party, "registry", batch)
                assert count == self.held[party, "registry", batch] + moving + frozen

    @invariant()
    def the_log_only_grows_and_proves_itself(self) -> None:
        """I13, I15, I21: gapless; each head extends the last one seen; receipts hold offline."""
        ledger = self.stage.ledger
        with ledger.record.reading() as connection:
            head = ledger.record.head(connection)
            size, root = self.seen
            assert head.size >= size
            proof = consistency_proof(store.Tiles(connection), size, head.size) if size else []
            newest = ledger.record.entry(connection, head.size - 1)
            receipt = ledger.record.receipt(connection, head.size - 1)
        assert newest is not None and receipt is not None
        if size:
            verify_consistency(
                size, head.size, proof, bytes.fromhex(root), bytes.fromhex(head.root)
            )
        verify_receipt(newest.leaf, receipt, [ledger.record.verifier])
        self.seen = head.size, head.root

    def replays_to_what_is_stored(self) -> None:
        """I14, I24: another hand, which has the entries alone, comes to the same rows."""
        ledger = self.stage.ledger
        with ledger.record.reading() as connection:
            report = audit(
                connection, ledger.engine, ORIGIN, ledger.record.vkey, public_key, supervisor=True
            )
            entries = list(store.read_entries(connection, 0, report.entries))
        assert report.faults == []
        assert [entry.index for entry in entries] == list(range(report.entries))
        times = [entry.at for entry in entries]
        assert times == sorted(times)  # I17
        leaves = (parse(entry.leaf).get("envelope") for entry in entries)
        ids = [parse_envelope(envelope).payload.id for envelope in leaves if envelope]
        assert len(ids) == len(set(ids))
