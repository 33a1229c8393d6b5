"""People of two parties before the drafts box of one application."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from ledger.statements.binary import to_text
from ledger.statements.ed25519 import key_id, public_bytes
from ledger.statements.envelope import Submission, cosign, parse_draft
from portal.app import create_app
from portal.statements.signing import compose
from tests import databases
from tests.factories.readers import Headers, sign_in
from tests.factories.scene import ORIGIN, Scene, scene

PEOPLE = ("owner/a", "owner/b", "owner/c", "buyer/a")


class Desk:
    """People of two parties before one application."""

    def __init__(self, stage: Scene, client: FlaskClient) -> None:
        self.stage = stage
        self.client = client
        self.readers = {
            name: sign_in(client, name.partition("/")[0], stage.key(name)) for name in PEOPLE
        }

    def key_id(self, name: str) -> str:
        return key_id(public_bytes(self.stage.key(name)))

    def write(
        self,
        *others: str,
        signer: str = "owner/a",
        type: str = "credit.transfer",
        body: dict[str, Any] | None = None,
    ) -> Submission:
        """A statement that ``signer`` has signed and ``others`` are to sign."""
        transfer = {"batch": "ZJ_FS-R1-2024", "quantity": 10, "receiver": "buyer"}
        return compose(
            self.stage.ledger.engine,
            ORIGIN,
            type,
            signer.partition("/")[0],
            transfer if body is None else body,
            [self.stage.key(signer)],
            now=self.stage.clock.now(),
            entropy=os.urandom,
            others=[self.key_id(name) for name in others],
        )

    def ask(self, method: str, path: str, who: str, **kwargs: Any) -> TestResponse:
        headers: Headers = self.readers[who]
        return self.client.open(path, method=method, headers=headers, **kwargs)

    def put(self, draft: Submission, who: str = "owner/a") -> TestResponse:
        return self.ask("POST", "/v1/drafts", who, data=draft.encode())

    def left(self, *others: str) -> str:
        """Leave a draft that must be taken; gives its path."""
        made = self.put(self.write(*others))
        assert made.status_code == 201, made.text
        return str(made.headers["Location"])

    def sign(self, path: str, who: str, key: str | None = None) -> TestResponse:
        read = self.ask("GET", path, who).get_data()
        submission = parse_draft(encode_submission(read))
        signed = dict(cosign(submission, self.stage.key(key or who)).envelope.signatures)
        own = signed[self.key_id(key or who)]
        return self.ask("POST", f"{path}/signatures", who, json={"signature": to_text(own)})


def encode_submission(answer: bytes) -> bytes:
    return orjson.dumps(orjson.loads(answer)["submission"])


@contextmanager
def drafting(folder: Path) -> Iterator[Scene]:
    """A ledger whose owner holds 900 units, with a third person and a second key of the first."""
    with databases.vacant(folder) as url, scene(folder / "home", url) as made:
        made.issue(900)
        third = made.entry("owner", "c")
        made.do("owner", "key.register", {"key": third}, "a", "b")
        second = made.entry("owner", "spare", "owner.a")
        made.do("owner", "key.register", {"key": second}, "a", "b")
        yield made


def seated(stage: Scene) -> Desk:
    """Its people, all signed in."""
    stage.clock.time += 60_000  # a new window for their sign-ins
    return Desk(stage, create_app(stage.ledger, stage.clock).test_client())
