"""A certificate proves a recorded answer offline, to its party, and fails after any change."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from incentives.asking import ask
from incentives.onrecord.certificate import check
from incentives.onrecord.leaves import answer_digest, root_of
from incentives.onrecord.models import answer_table
from ledger.log.errors import ReceiptError
from ledger.log.note import parse_vkey
from ledger.parties.key_history import follow
from ledger.statements.canonical import encode
from portal.cli import main
from portal.home.record import signers
from portal.policy.answered import certified
from tests.factories import grants
from tests.factories.facts import FINANCE
from tests.factories.scene import Scene, scene

Value = dict[str, Any]
SALT = "5" * 32


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Scene, Path]]:
    """An answer by its subject, and a record of two by the bureau."""
    home = tmp_path_factory.mktemp("certificates") / "home"
    with scene(home, None) as stage:
        grants.desk(stage)
        grants.recorded(stage)
        stage.do("finance", "answer.record-many", _many(stage), FINANCE[0])
        yield stage, home


def _many(stage: Scene) -> Value:
    body = grants.answer_body(stage)
    del body["subject"], body["answer_sha256"]
    subjects, size = ["owner", "buyer"], body["known_at"]
    with stage.ledger.record.reading() as connection:
        day = date.fromisoformat(body["as_of"])
        found = [
            ask(connection, party, day, size, body["rule"], explain=True) for party in subjects
        ]
    digests = [answer_digest(answer) for answer in found]
    return {**body, "salt": SALT, "subjects": subjects, "root": root_of(digests, SALT)}


def handed(stage: Scene, name: str, party: str | None) -> bytes | None:
    record = stage.ledger.record
    with record.reading() as connection:
        found = certified(record, connection, name, party)
    return None if found is None else found[1]


def answers(stage: Scene) -> list[Value]:
    return sorted(stage.rows(answer_table), key=lambda row: (row["index"], row["place"]))


def pinned(stage: Scene) -> str:
    record = stage.ledger.record
    with record.reading() as connection:
        return signers(connection, record.origin)[0]


def proved(stage: Scene, data: bytes) -> Any:
    return check(data, follow(parse_vkey(pinned(stage))).verify_receipt)


def test_it_proves_what_was_answered_about_whom_and_when(office: tuple[Scene, Path]) -> None:
    stage, _ = office
    row = answers(stage)[0]
    data = handed(stage, row["answer"], "owner")
    assert data is not None
    good = proved(stage, data)
    assert (good.row["subject"], good.row["status"]) == ("owner", "yes")
    assert good.row["amount_fen"] == grants.FEN
    assert good.index == row["index"] < good.size
    assert good.told["answers"][0]["amount_fen"] == grants.FEN


def test_of_many_each_proves_its_own_and_names_no_neighbour(office: tuple[Scene, Path]) -> None:
    stage, _ = office
    own, other = answers(stage)[1:]
    assert (own["subject"], other["subject"]) == ("owner", "buyer")
    data = handed(stage, own["answer"], "owner")
    assert data is not None and b'"buyer"' not in data
    assert proved(stage, data).row["place"] == 0
    assert handed(stage, own["answer"], "finance") == data  # who asked hands on the same
    assert handed(stage, other["answer"], "owner") is None


@pytest.mark.parametrize("party", ["buyer", "county", "nobody"])
def test_others_have_none(office: tuple[Scene, Path], party: str) -> None:
    stage, _ = office
    assert handed(stage, answers(stage)[0]["answer"], party) is None
    assert handed(stage, "0" * 32, "owner") is None


CHANGES: dict[str, Callable[[Value], None]] = {
    "certificate-answer-differs": lambda v: v["told"].update(as_of="2031-01-01"),
    "certificate-part-differs": lambda v: v["part"].update(salt="0" * 32),
    "certificate-outcome-differs": lambda v: v["outcome"]["parts"].append("0" * 64),
    "certificate-outcome": lambda v: v.update(answer="another"),
    "certificate-malformed": lambda v: v.update(told=[]),
}


@pytest.mark.parametrize("code", sorted(CHANGES))
def test_whatever_is_changed_is_found(office: tuple[Scene, Path], code: str) -> None:
    stage, _ = office
    data = handed(stage, answers(stage)[0]["answer"], "owner")
    assert data is not None
    value = json.loads(data)
    CHANGES[code](value)
    with pytest.raises(ReceiptError) as caught:
        proved(stage, encode(value))
    assert caught.value.code == code


def test_written_and_checked_from_the_shell(
    office: tuple[Scene, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage, home = office
    monkeypatch.setenv("QINGZHANG_HOME", str(home))
    name, file = answers(stage)[0]["answer"], tmp_path / "answer.json"

    def run(*words: str) -> Any:
        return CliRunner().invoke(main, ["incentive", *words])

    assert run("certify", name, "-o", str(file)).exit_code == 0
    monkeypatch.delenv("QINGZHANG_HOME")  # from here on nothing but the file and the key
    good = run("verify", str(file), "--vkey", pinned(stage), "--json")
    assert json.loads(good.stdout)["amount_fen"] == grants.FEN
    file.write_bytes(file.read_bytes().replace(b'"status":"yes"', b'"status":"no"', 1))
    assert run("verify", str(file), "--vkey", pinned(stage)).exit_code == 3
    monkeypatch.setenv("QINGZHANG_HOME", str(home))
    assert "recorded-answer-unknown" in run("certify", "nope", "-o", str(file)).stderr
