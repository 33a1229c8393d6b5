"""An initialised ledger for tests, and a voice for each of its parties."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.parties.handlers import possession
from ledger.parties.uscc import check_digit
from ledger.statements.ed25519 import load_private, new_key, public_bytes
from ledger.statements.envelope import Submission
from ledger.writer.clock import SystemClock
from ledger.writer.writer import Reply
from portal.config import at_home
from portal.home.opening import Ledger
from portal.statements.signing import compose
from tests.factories.admission import admission_papers
from tests.factories.begun import begin
from tests.factories.scene import paper, validation

ORIGIN = "ledger.example/test"


@dataclass
class Voices:
    """A ledger with its authorities' keys."""

    ledger: Ledger
    keys: dict[str, list[Ed25519PrivateKey]]

    def sign(
        self,
        party: str,
        type: str,
        body: Mapping[str, Any],
        keys: Sequence[Ed25519PrivateKey] | None = None,
    ) -> Submission:
        """A statement of a party, signed with all its keys unless told otherwise."""
        chosen = self.keys[party] if keys is None else keys
        now = self.ledger.writer._state.clock.now()  # the same clock as the writer's
        return compose(
            self.ledger.engine, ORIGIN, type, party, body, chosen, now=now, entropy=os.urandom
        )

    def say(
        self,
        party: str,
        type: str,
        body: Mapping[str, Any],
        keys: Sequence[Ed25519PrivateKey] | None = None,
    ) -> Reply:
        """State it and wait for the durable answer."""
        return self.ledger.entrance.submit(self.sign(party, type, body, keys).encode())

    def admission(self, party: str, role: str = "enterprise", number: int = 1) -> dict[str, Any]:
        """The body that admits a new party with two operators; keeps their keys."""
        self.keys[party] = [new_key(), new_key()]
        entries = []
        for place, key in enumerate(self.keys[party], 1):
            operator, public = f"op-{place}", public_bytes(key).hex()
            proof = key.sign(possession(ORIGIN, party, operator, public)).hex()
            person = f"{party}.{operator}"
            entry = {"operator": operator, "person": person, "public": public, "proof": proof}
            entries.append(entry)
        code = f"91330100MAXEQ{number:04d}"
        return {
            "party": party,
            "name": f"测试企业{number}",
            "uscc": code + check_digit(code),
            "region": "330100",
            "roles": [role],
            "keys": entries,
            **admission_papers(role),
        }

    def admit(self, party: str, role: str = "enterprise", number: int = 1) -> Reply:
        """Admit a party; raises AssertionError where the ledger refuses."""
        reply = self.say("registrar", "party.admit", self.admission(party, role, number))
        assert reply.status == "accepted", reply
        return reply


@contextmanager
def ledger(tmp_path: Path, database_url: str | None = None) -> Iterator[Voices]:
    """A new ledger in a home below ``tmp_path``; SQLite there unless a database is named."""
    settings = at_home(tmp_path / "qingzhang", database_url)
    opened = begin(settings, ORIGIN, SystemClock())
    keys = {"operator": [load_private(settings.keys / "operator.pem")]}
    for party in ("registrar", "exchange", "bank", "regulator", "finance"):
        keys[party] = [load_private(settings.keys / f"{party}-{n}.pem") for n in (1, 2)]
    try:
        yield Voices(opened, keys)
    finally:
        opened.close()


def issue_credits(voices: Voices, quantity: int = 100) -> str:
    """Take a project from design to issuance for party ``maker``; the name of its batch."""
    digest = "ab" * 32
    voices.admit("maker", number=1)
    voices.admit("verifier-a", "verifier", 2)
    voices.admit("verifier-b", "verifier", 3)
    design = {
        "project": "P1",
        "credit_class": "ZJ_FS",
        "name": "测试林业碳汇项目",
        "methodology": "CCER-14-001-V01",
        "region": "330100",
        "site": "plot-1",
        "construction_start": "2016-03-01",
        "crediting_start": "2021-01-01",
        "crediting_end": "2040-12-31",
        "design_sha256": digest,
    }
    period = {"start": "2024-01-01", "end": "2024-12-31"}
    vintages = [{"year": 2024, "quantity": quantity}]
    document = {"document": "test document 1"}
    steps: list[tuple[str, str, dict[str, Any]]] = [
        ("maker", "project.submit", design),
        (
            "verifier-a",
            "project.validate",
            validation(),
        ),
        ("registrar", "project.register", {"project": "P1", **document}),
        (
            "maker",
            "report.submit",
            {
                "report": "MR1",
                "project": "P1",
                **period,
                "claimed": quantity,
                "report_sha256": digest,
            },
        ),
        (
            "verifier-b",
            "report.verify",
            {
                "report": "MR1",
                "opinion": "positive",
                "vintages": vintages,
                "report_sha256": paper("MR1"),
            },
        ),
        ("registrar", "reduction.register", {"report": "MR1", "quantity": quantity, **document}),
        ("registrar", "credit.issue", {"report": "MR1", "quantity": quantity}),
    ]
    for party, type, body in steps:
        reply = voices.say(party, type, body)
        assert reply.status == "accepted", (type, reply)
    return "ZJ_FS-MR1-2024"
