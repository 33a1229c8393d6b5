"""By shell: sign in, read what is one's own, and pass a draft from one person to the next."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from ledger.statements.ed25519 import key_id, load_private, public_bytes
from portal.app import create_app
from portal.cli import main
from portal.ops.sessions import DOMAIN
from tests.factories.ledger import ORIGIN, Voices, ledger
from tests.factories.server import served

PARAMETER = {
    "code": "test-parameter",
    "valid_from": "2026-01-01",
    "value": "7",
    "unit": "days",
    "source": "test document",
    "confidence": "low",
}


@dataclass
class Place:
    voices: Voices
    url: str
    keys: Path
    folder: Path

    def key(self, number: int) -> Path:
        return self.keys / f"regulator-{number}.pem"

    def who(self, number: int) -> tuple[object, ...]:
        return ("--url", self.url, "--key", self.key(number), "--party", "regulator", "--json")

    def draft(self, name: str, value: str = "7") -> Path:
        """A file with a statement that the second officer is to sign."""
        body, signed = self.folder / f"{name}.body.json", self.folder / f"{name}.json"
        body.write_text(json.dumps({**PARAMETER, "code": name, "value": value}))
        other = key_id(public_bytes(load_private(self.key(2))))
        common = ("--party", "regulator", "--origin", ORIGIN, "--with", other, "-o", signed)
        run("statement", "sign", "parameter.set", body, "--key", self.key(1), *common)
        return signed

    def put(self, name: str) -> str:
        return str(told("draft", "put", self.draft(name), *self.who(1))["id"])


def run(*arguments: object, code: int = 0, **kwargs: Any) -> Result:
    result = CliRunner().invoke(main, [str(argument) for argument in arguments], **kwargs)
    assert result.exit_code == code, (result.output, result.exception)
    return result


def told(*arguments: object, **kwargs: Any) -> Any:
    return json.loads(run(*arguments, **kwargs).stdout)


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Voices, str]]:
    with (
        ledger(tmp_path_factory.mktemp("session")) as voices,
        served(create_app(voices.ledger)) as url,
    ):
        yield voices, url


@pytest.fixture
def place(opened: tuple[Voices, str], tmp_path: Path) -> Place:
    voices, url = opened
    return Place(voices, url, voices.ledger.settings.keys, tmp_path)


def read(url: str, token: str) -> int:
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"})
    try:
        with urllib.request.urlopen(request) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code


def test_a_token_reads_what_is_ones_own_until_it_is_ended(place: Place) -> None:
    at = ("--url", f"{place.url}/")
    new = ("session", "new", *at, "--key", place.key(1), "--party", "regulator")
    token = run(*new).stdout.strip()
    assert token.startswith("qzs_")
    assert told("session", "show", *at, "--token", token, "--json")["supervisor"] is True
    assert read(f"{place.url}/v1/supervision/accounts", token) == 200
    assert told("session", "end", *at, "--token", token, "--json") == {"ended": 1}
    assert read(f"{place.url}/v1/supervision/accounts", token) == 401
    refused = run("session", "show", *at, "--token", token, code=1)
    assert "session-unknown" in refused.output


def test_a_key_of_somebody_else_is_refused(place: Place) -> None:
    who = ("--url", place.url, "--key", place.key(1), "--party", "bank")
    assert "sign-in-refused" in run("session", "new", *who, code=1).output


def test_no_server_is_a_typed_failure(place: Place) -> None:
    who = ("--url", "http://127.0.0.1:9", "--key", place.key(1), "--party", "regulator")
    assert "server-unreachable" in run("session", "new", *who, code=1).output


def test_a_challenge_for_another_address_is_not_signed(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody between passes on the challenge of the real server under his own address."""
    monkeypatch.setattr("portal.doors.sessions.address", lambda: "https://real.example")
    who = ("--url", place.url, "--key", place.key(1), "--party", "regulator")
    refused = run("session", "new", *who, code=3)
    assert "challenge-differs" in refused.output
    assert DOMAIN not in refused.output


def test_a_draft_passes_from_hand_to_hand(place: Place) -> None:
    id = place.put("hand-to-hand")
    (waiting,) = told("draft", "list", *place.who(2))
    assert (waiting["id"], waiting["state"]) == (id, "waiting")
    assert told("draft", "list", *place.who(1)) == []
    own = run("draft", "cosign", id, *place.who(1), code=1)  # refused before it asks
    assert "draft-signed-by-maker" in own.stderr
    assert "Sign?" not in own.stderr
    done = told("draft", "cosign", id, "--yes", *place.who(2))
    assert done["receipt"] == f"{place.url}/v1/entries/{done['index']}/proof"
    assert done["outcome"]["result"] == "accepted"
    (item,) = [i for i in told("draft", "list", "--for", "all", *place.who(1)) if i["id"] == id]
    assert (item["state"], item["index"]) == ("entered", done["index"])


def test_the_words_are_shown_before_they_are_signed(place: Place) -> None:
    id = place.put("shown-first")
    who = place.who(2)
    declined = run("draft", "cosign", id, *who, code=1, input="n\n")
    assert '"code":"shown-first"' in declined.stderr
    assert told("draft", "list", *who)[0]["id"] == id
    assert "accepted" in run("draft", "cosign", id, *who, input="y\n").stdout


def test_a_draft_is_rejected_or_withdrawn(place: Place) -> None:
    first, second = place.put("rejected"), place.put("withdrawn")
    said = told("draft", "reject", first, "--reason", "wrong value", *place.who(2))
    assert (said["state"], said["reason"]) == ("rejected", "wrong value")
    assert "draft-not-own" in run("draft", "withdraw", second, *place.who(2), code=1).output
    assert told("draft", "withdraw", second, *place.who(1))["state"] == "withdrawn"
    assert "draft-closed" in run("draft", "cosign", second, "--yes", *place.who(2), code=1).output


def test_a_token_does_instead_of_signing_in(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    made = told("session", "new", *place.who(1))
    monkeypatch.setenv("QINGZHANG_TOKEN", made["token"])
    id = told("draft", "put", place.draft("by-token"), "--url", place.url, "--json")["id"]
    lines = run("draft", "list", "--for", "all", "--url", place.url).stdout
    assert f"{id}  waiting" in lines
    assert "parameter.set" in lines


def test_who_asks_must_be_said(place: Place) -> None:
    run("draft", "list", "--url", place.url, code=2)
    run("draft", "cosign", "x", "--url", place.url, "--token", "t", code=2)
    assert "draft-unknown" in run("draft", "cosign", "x", "--yes", *place.who(2), code=1).output
