"""One enterprise asked of thirty rules, with every reason, through a server in its own process.

The record is that of the demonstration, whose shipped rules are made up to thirty with invented
awards; whoever asks is the regulator.
"""

from __future__ import annotations

import http.client
import json
import os
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from incentives.queries import rules_at
from incentives.rules.rule import read
from ledger.statements.binary import to_text
from ledger.statements.ed25519 import key_id, load_private, public_bytes
from ledger.writer.clock import SystemClock
from portal.bench import awards
from portal.bench.http import served
from portal.config import Settings, at_home
from portal.demo.policy import FINANCE, NEAR, REGULATOR
from portal.demo.telling import seed
from portal.home.opening import Ledger, open_ledger
from portal.statements.signing import compose

RULES, ASKED, WARM = 30, 400, 40
ON = "2026-03-31"
DECLARED = awards.one(awards.columns(1), 0)
GOLDEN = (
    "rule: {name}\ncases: [{{name: none, as_of: 2019-01-01, expect: {{status: not-in-force}}}}]"
)


def measure(asked: int) -> dict[str, Any]:
    """Microseconds of so many questions, one after the other, on one connection.

    Raises RuntimeError where an answer is not one to thirty rules.
    """
    with tempfile.TemporaryDirectory(prefix="qz-asking-") as folder:
        settings = at_home(Path(folder) / "home")
        seed(settings, lambda _: None)
        with closing(open_ledger(settings)) as ledger:
            _fill(settings, ledger)
        with served(settings, 1) as port:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            with closing(connection):
                key = load_private(settings.keys / f"{REGULATOR[0]}.pem")
                us, size = _asked(connection, _token(connection, key), asked)
    return {"rules": RULES, "asked": asked, "answer_bytes": size, **spread(us)}


def spread(us: Sequence[int]) -> dict[str, int]:
    """The median, the 99th percentile and the longest."""
    ordered = sorted(us)
    return {
        "median": ordered[len(ordered) // 2],
        "p99": ordered[len(ordered) * 99 // 100],
        "most": ordered[-1],
    }


def _fill(settings: Settings, ledger: Ledger) -> None:
    """Publish awards until thirty rules hold on the day."""
    with ledger.record.reading() as connection:
        head = ledger.record.head(connection)
        held = len(rules_at(connection, ON, head.size))
    for award in awards.AWARDS[: RULES - held]:
        name = read(award.text).id
        body = {
            "text": award.text,
            "golden": GOLDEN.format(name=name),
            "valid_from": "2020-01-01",
            "document": "invented for measurement",
        }
        entry = _stated(settings, ledger, "regulator", "rule.publish", body, REGULATOR)
        signed = {"rule": name, "entry": entry, "sha256": read(award.text).digest}
        signed["document"] = "invented for measurement"
        _stated(settings, ledger, "finance", "rule.approve", signed, FINANCE)


def _stated(
    settings: Settings,
    ledger: Ledger,
    party: str,
    type: str,
    body: dict[str, Any],
    people: Sequence[str],
) -> int:
    keys = [load_private(settings.keys / f"{name}.pem") for name in people]
    submission = compose(
        ledger.engine,
        ledger.record.origin,
        type,
        party,
        body,
        keys,
        now=SystemClock().now(),
        entropy=os.urandom,
    )
    reply = ledger.entrance.submit(submission.encode())
    if reply.status != "accepted" or reply.index is None:
        raise RuntimeError(f"{type}: {reply.answer}")
    return reply.index


def _token(connection: http.client.HTTPConnection, key: Ed25519PrivateKey) -> str:
    who = {"party": "regulator", "key": key_id(public_bytes(key))}
    told = _posted(connection, "/v1/sessions/challenges", who)
    signed = to_text(key.sign(told["message"].encode()))
    answered = {**who, "challenge": told["challenge"], "signature": signed}
    return str(_posted(connection, "/v1/sessions", answered)["token"])


def _posted(connection: http.client.HTTPConnection, path: str, body: dict[str, Any]) -> Any:
    connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
    answer = connection.getresponse()
    told = json.loads(answer.read())
    if answer.status >= 400:
        raise RuntimeError(f"{path}: {told}")
    return told


def _asked(connection: http.client.HTTPConnection, token: str, asked: int) -> tuple[list[int], int]:
    """How long each answer took to be read whole, and how long the last one is."""
    body = json.dumps({"party": NEAR, "on": ON, "explain": True, "declared": DECLARED})
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    us, data = [], b""
    for place in range(WARM + asked):
        start = time.perf_counter_ns()
        connection.request("POST", "/v1/incentives/answers", body, headers)
        data = connection.getresponse().read()
        spent = (time.perf_counter_ns() - start) // 1_000
        if place >= WARM:
            us.append(spent)
    told = json.loads(data)
    if len(told.get("answers", ())) != RULES:
        raise RuntimeError(f"the answer: {data[:500]!r}")
    return us, len(data)
