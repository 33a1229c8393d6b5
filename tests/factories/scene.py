"""An open ledger for tests, with a cast of parties that sign with keys made for the test."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import wraps
from hashlib import sha256
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

import factory
from sqlalchemy import Table, select

from ledger.parties.handlers import AUTHORITIES, possession
from ledger.parties.models import ledger_table
from ledger.parties.uscc import check_digit
from ledger.statements.ed25519 import key_id, new_key, public_bytes
from ledger.statements.envelope import Payload, Submission, body_digest, sign_statement
from ledger.statements.ids import make_uuid7
from ledger.statements.types import Circle
from ledger.writer.versions import AUTHORITIES_APART, ENGINE_VERSION
from ledger.writer.writer import Reply
from portal.config import at_home
from portal.home.opening import Ledger
from tests.factories.admission import admission_papers
from tests.factories.begun import Beginning, Start, beginning, beside, read_keys

ORIGIN = "test.example/qz"
OFFICERS = ("registrar-1", "registrar-2")
REGULATORS = ("regulator-1", "regulator-2")
HOUR_MS = 3_600_000


class ProjectDesign(factory.DictFactory):  # type: ignore[misc]  # factory-boy is untyped
    """The body of project.submit."""

    project = "P1"
    credit_class = "ZJ_FS"
    name = "造林"
    methodology = "CCER-14-001-V01"
    region = "330100"
    site = factory.LazyAttribute(lambda body: f"plot-{body.project}")
    construction_start = "2021-01-01"
    crediting_start = "2021-01-01"
    crediting_end = "2041-01-01"
    design_sha256 = "0" * 64


class MonitoringReport(factory.DictFactory):  # type: ignore[misc]  # factory-boy is untyped
    """The body of report.submit."""

    report = "R1"
    project = "P1"
    start = "2023-01-01"
    end = "2024-12-31"
    claimed = 1_000
    report_sha256 = factory.LazyAttribute(lambda body: sha256(body.report.encode()).hexdigest())


class SteppingClock:
    """A clock that a test sets."""

    def __init__(self, now: int = 1_767_225_600_000) -> None:
        self.time = now

    def now(self) -> int:
        return self.time


P = ParamSpec("P")
T = TypeVar("T")
_TOLD: dict[tuple[Any, ...], Start] = {}
"""By a start, what was told to it and when: where that led, of this process's own."""


def told(start: Start, name: tuple[Any, ...], at: int, tell: Callable[[Scene], Any]) -> Start:
    """Where it leads that something is told to a start at an instant; told once a process."""
    key = (start, name, at)
    if key not in _TOLD:
        clock = SteppingClock(at)
        settings = beside(start)
        stage = Scene(Beginning(start, settings, clock), clock)
        came = tell(stage)
        stage.close()
        _TOLD[key] = Start(settings, dict(stage.keys), clock.time, came)
    return _TOLD[key]


def once(tell: Callable[Concatenate[Scene, P], T]) -> Callable[Concatenate[Scene, P], T]:
    """Of a function that speaks to a scene: what it says to a new ledger is told once, then copied.

    Its arguments are hashable, what it gives is not changed by anybody, and it hangs on nothing
    else but the ledger and its clock.
    """

    @wraps(tell)
    def speak(stage: Scene, /, *args: P.args, **more: P.kwargs) -> T:
        name = (tell.__module__, tell.__qualname__, args, tuple(sorted(more.items())))
        given: T = stage.after(name, lambda other: tell(other, *args, **more))
        return given

    return speak


class Scene:
    """Speaks for every party of a test ledger, which opens when somebody looks at it."""

    def __init__(
        self, ledger: Ledger | Beginning, clock: SteppingClock, keys: Path | None = None
    ) -> None:
        self.clock = clock
        self._ledger: Ledger | None = None
        self._beginning: Beginning | None = None
        if isinstance(ledger, Beginning):
            self._beginning = ledger
            self.keys = dict(ledger.start.keys)
        else:
            self._ledger = ledger
            self.keys = read_keys(keys) if keys is not None else {}

    @property
    def ledger(self) -> Ledger:
        if self._ledger is None:
            assert self._beginning is not None
            self._ledger, self._beginning = self._beginning.open(), None
        return self._ledger

    @ledger.setter
    def ledger(self, ledger: Ledger) -> None:
        self._ledger, self._beginning = ledger, None

    def close(self) -> None:
        """Close the ledger; it stands where it was to begin, whether anybody has looked or not."""
        if self._beginning is not None:
            self._beginning.leave()
        else:
            self.ledger.close()

    def after(self, name: tuple[Any, ...], tell: Callable[[Scene], Any]) -> Any:
        """What ``tell`` says and gives; to a ledger to which nothing else was said, by a copy."""
        waiting = self._beginning
        if waiting is None or waiting.copied or self.keys != waiting.start.keys:
            return tell(self)
        start = told(waiting.start, name, self.clock.time, tell)
        self._beginning = Beginning(start, waiting.settings, self.clock)
        self.keys = dict(start.keys)
        self.clock.time = start.at or self.clock.time
        return start.came

    def key(self, name: str) -> Any:
        return self.keys.setdefault(name, new_key())

    def entry(self, party: str, operator: str, person: str | None = None) -> dict[str, str]:
        key = self.key(f"{party}/{operator}")
        public = public_bytes(key).hex()
        proof = key.sign(possession(ORIGIN, party, operator, public)).hex()
        who = person or f"{party}.{operator}"
        return {"operator": operator, "person": who, "public": public, "proof": proof}

    def write(
        self, party: str, type: str, body: dict[str, Any], *signers: str, id: str | None = None
    ) -> Submission:
        declared = self.ledger.engine.type_of(type, 1)
        assert declared is not None
        if declared.circle is not Circle.PUBLIC:
            body = {"salt": os.urandom(16).hex(), **body}
        keys = [self.keys.get(s) or self.key(f"{party}/{s}") for s in signers]
        now = self.clock.now()
        payload = Payload(
            ORIGIN,
            id or make_uuid7(now, os.urandom(10)),
            type,
            1,
            party,
            tuple(key_id(public_bytes(key)) for key in keys),
            now,
            now + HOUR_MS,
            body_digest(body),
        )
        return sign_statement(payload, body, keys)

    def say(
        self, party: str, type: str, body: dict[str, Any], *signers: str, id: str | None = None
    ) -> Reply:
        return self.ledger.entrance.submit(self.write(party, type, body, *signers, id=id).encode())

    def do(self, party: str, type: str, body: dict[str, Any], *signers: str) -> str:
        """Say what must be accepted; gives the statement's id."""
        submission = self.write(party, type, body, *signers)
        reply = self.ledger.entrance.submit(submission.encode())
        assert reply.status == "accepted", reply
        return submission.envelope.payload.id

    def refused(self, party: str, type: str, body: dict[str, Any], *signers: str) -> str:
        """Say what must be refused; gives the code."""
        reply = self.say(party, type, body, *signers)
        assert reply.status == "refused", reply
        assert reply.index is not None
        return str(reply.answer["code"])

    def admit(self, party: str, role: str, number: int, **persons: str) -> None:
        base = f"91330100MATET{number:04d}"
        body = {
            "party": party,
            "name": party,
            "uscc": base + check_digit(base),
            "region": "330100",
            "roles": [role],
            "keys": [self.entry(party, op, persons.get(op)) for op in ("a", "b")],
            **admission_papers(role),
        }
        if role in AUTHORITIES and self.engine >= AUTHORITIES_APART:
            self.do("regulator", "authority.admit", body, *REGULATORS)
        else:
            self.do("registrar", "party.admit", body, *OFFICERS)

    @property
    def engine(self) -> int:
        """The engine version that is active."""
        return int(self.rows(ledger_table)[0]["engine"])

    @once
    def cast(self) -> None:
        """An owner, a buyer and two verifiers."""
        roles = {
            "owner": "enterprise",
            "buyer": "enterprise",
            "vvb1": "verifier",
            "vvb2": "verifier",
        }
        for number, (party, role) in enumerate(roles.items()):
            self.admit(party, role, number)

    @once
    def issue(self, quantity: int = 900) -> str:
        """From design document to one issued batch of the owner; gives the batch."""
        self.cast()
        self.do("owner", "project.submit", ProjectDesign(), "a")
        self.do("vvb1", "project.validate", validation(), "a", "b")
        decision = {"project": "P1", "document": "d"}
        self.do("registrar", "project.register", decision, *OFFICERS)
        self.do("owner", "report.submit", MonitoringReport(claimed=quantity), "a")
        self.do("vvb2", "report.verify", verification(quantity), "a", "b")
        registered = {"report": "R1", "quantity": quantity, "document": "d"}
        self.do("registrar", "reduction.register", registered, *OFFICERS)
        issuance = {"report": "R1", "quantity": quantity}
        self.do("registrar", "credit.issue", issuance, *OFFICERS)
        return "ZJ_FS-R1-2024"

    def rows(self, table: Table) -> list[dict[str, Any]]:
        with self.ledger.record.reading() as connection:
            query = select(table).order_by(*table.primary_key.columns)
            return [dict(row) for row in connection.execute(query).mappings()]


def verification(
    quantity: int, opinion: str = "positive", year: int = 2024, report: str = "R1"
) -> dict[str, Any]:
    """The body of report.verify."""
    vintages = [{"year": year, "quantity": quantity}]
    about = {"report": report, "report_sha256": paper(report)}
    return {**about, "opinion": opinion, "vintages": vintages}


def validation(project: str = "P1") -> dict[str, Any]:
    """The body of project.validate: a positive opinion."""
    return {"project": project, "opinion": "positive", "report_sha256": paper(project)}


def paper(name: str) -> str:
    """The digest of the paper that holds an opinion on a project or a report."""
    return sha256(f"opinion on {name}".encode()).hexdigest()


@contextmanager
def scene(home: Path, database_url: str, version: int = ENGINE_VERSION) -> Iterator[Scene]:
    """A new ledger, open for writing; ``version`` is of the engine with which it begins."""
    clock = SteppingClock()
    stage = Scene(beginning(at_home(home, database_url), ORIGIN, clock, version), clock)
    with closing(stage):
        yield stage
