"""By shell: what a statement is called, what became of it and what it made, what is attached."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import update

from ledger.statements.envelope import parse_draft
from ledger.writer import tables
from portal.app import create_app
from portal.cli import main
from portal.cli.delivering import failure
from portal.cli.root import NAMES
from portal.cli.root import main as root
from tests.factories.ledger import ORIGIN, Voices, ledger
from tests.factories.server import served

PAPERS = {"application": "开户申请书".encode(), "licence": b"%PDF-1.7 licence", "identity": b"me"}
PARAMETER = {
    "valid_from": "2026-01-01",
    "value": "7",
    "unit": "days",
    "source": "test document",
    "confidence": "low",
}


@dataclass
class Place:
    """A served ledger whose home is this machine's, and files of an author."""

    voices: Voices
    url: str
    folder: Path

    def file(self, name: str, content: bytes) -> Path:
        path = self.folder / name
        path.write_bytes(content)
        return path

    def body(self, body: Any) -> Path:
        return self.file("body.json", json.dumps(body).encode())

    def key(self, name: str) -> Path:
        return self.voices.ledger.settings.keys / f"{name}.pem"

    def admission(self, party: str, number: int) -> tuple[dict[str, Any], list[object]]:
        """An admission signed with three papers, and the words that sign it."""
        papers = [("--attach", f"{name}={self.file(f'{name}.pdf', content)}")
                  for name, content in PAPERS.items()]  # fmt: skip
        words = [
            *("statement", "sign", "party.admit"),
            self.body(self.voices.admission(party, number=number)),
            *("--party", "registrar", "--origin", ORIGIN),
            *("--key", self.key("registrar-1"), "--key", self.key("registrar-2")),
            *(word for pair in papers for word in pair),
            *("-o", self.folder / "signed.json", "--json"),
        ]
        return told(*words), words

    def parameter(self, code: str, *keys: str) -> Path:
        """A statement of a parameter in a file, signed with these keys of the regulator."""
        out = self.folder / f"{code}.json"
        signers = [word for key in keys for word in ("--key", self.key(key))]
        common = ("--party", "regulator", "--origin", ORIGIN, "-o", out)
        body = self.body({**PARAMETER, "code": code})
        run("statement", "sign", "parameter.set", body, *signers, *common)
        return out

    def token(self, name: str, party: str) -> str:
        asked = ("--url", self.url, "--key", self.key(name), "--party", party)
        return run("session", "new", *asked).stdout.strip()


def run(*arguments: object, code: int = 0, **kwargs: Any) -> Result:
    result = CliRunner().invoke(main, [str(argument) for argument in arguments], **kwargs)
    assert result.exit_code == code, (result.output, result.stderr, result.exception)
    return result


def told(*arguments: object, **kwargs: Any) -> Any:
    return json.loads(run(*arguments, **kwargs).stdout)


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Voices, str]]:
    with (
        ledger(tmp_path_factory.mktemp("statements")) as voices,
        served(create_app(voices.ledger)) as url,
    ):
        yield voices, url


@pytest.fixture
def place(opened: tuple[Voices, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG", "QINGZHANG_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    voices, url = opened
    return Place(voices, url, tmp_path)


def test_papers_go_with_an_admission_and_are_read_back_with_their_digests(place: Place) -> None:
    signed, _ = place.admission("evident", 61)
    assert [item["name"] for item in signed["attachments"]] == [*PAPERS]
    statement = parse_draft((place.folder / "signed.json").read_bytes())
    assert signed["id"] == statement.envelope.payload.id
    assert statement.body["attachments"] == {i["name"]: i["digest"] for i in signed["attachments"]}
    answer = told("statement", "submit", place.folder / "signed.json", "--url", place.url, "--json")
    assert (answer["status"], answer["id"], answer["type"]) == (
        *("accepted", signed["id"]),
        "party.admit",
    )
    assert answer["receipt"] == f"{place.url}/v1/entries/{answer['index']}/proof"
    assert {"kind": "party", "id": "evident"} in answer["made"]
    assert [row["kind"] for row in answer["made"]].count("signing_key") == 2
    reader = ("--url", place.url, "--token", place.token("registrar-1", "registrar"))
    rows = told("statement", "attachment", signed["id"], *reader, "--json")
    assert {(row["name"], row["bytes"]) for row in rows} == {
        (name, len(content)) for name, content in PAPERS.items()
    }
    for name, content in PAPERS.items():
        out = place.folder / f"back-{name}.pdf"
        back = told(
            *("statement", "attachment", answer["index"], name, "-o", out), *reader, "--json"
        )
        assert (out.read_bytes(), back["checked"]) == (content, True)
        assert back["media_type"] == "application/pdf"


def test_an_attachment_that_is_another_is_told_and_not_written(place: Place) -> None:
    signed, _ = place.admission("forged", 62)
    told("statement", "submit", place.folder / "signed.json", "--url", place.url, "--json")
    table, database = tables.attachment, place.voices.ledger.record.database
    reader = ("--url", place.url, "--token", place.token("regulator-1", "regulator"))
    ref = told("statement", "list", *reader, "--json")
    assert all(row["party"] == "regulator" for row in ref)
    registrar = ("--url", place.url, "--token", place.token("registrar-1", "registrar"))
    index = told("statement", "show", signed["id"], *registrar, "--json")["index"]
    with database.begin() as connection:
        forged = update(table).where(table.c.index == index, table.c.name == "licence")
        connection.execute(forged.values(content=b"another"))
    out = place.folder / "licence"
    failed = run("statement", "attachment", index, "licence", "-o", out, *reader, code=3)
    assert "attachment-digest-differs" in failed.stderr
    assert not out.exists()
    run("statement", "attachment", index, "ownership", "-o", out, *reader, code=1)


@pytest.mark.parametrize(
    ("attach", "code", "field"),
    [
        (["passport=licence.pdf"], "attachment-unknown", "/attachments/passport"),
        (["licence=huge.pdf"], "too-large", "/attachments/licence"),
    ],
)
def test_what_cannot_be_attached_is_named_before_anything_is_signed(
    place: Place, monkeypatch: pytest.MonkeyPatch, attach: list[str], code: str, field: str
) -> None:
    _, words = place.admission("refused", 63)
    place.file("huge.pdf", bytes(512_001))
    (place.folder / "signed.json").unlink()
    monkeypatch.chdir(place.folder)
    at = words.index("--attach")
    failed = run(*words[:at], *[w for a in attach for w in ("--attach", a)], *words[-3:], code=1)
    assert code in failed.stderr
    assert f'"field":"{field}"' in failed.stderr
    assert not (place.folder / "signed.json").exists()
    run(*words[:at], "--attach", "licence", *words[-3:], code=2)
    run(*words[:at], *("--attach", "a=b", "--attach", "a=c"), *words[-3:], code=2)


def test_a_document_that_stays_with_its_author_is_bound_by_its_digest(place: Place) -> None:
    report = place.file("report.pdf", b"a monitoring report")
    stated = {"report": "MR-1", "project": "P-1", "start": "2024-01-01", "end": "2024-12-31"}
    words = ("statement", "sign", "report.submit", place.body({**stated, "claimed": 5}))
    common = ("--party", "owner", "--origin", ORIGIN, "--key", place.key("registrar-1"))
    out = place.folder / "signed.json"
    run(*words, *common, "--digest", f"report_sha256={report}", "-o", out)
    shown = told("statement", "show", out, "--json")
    assert shown["body"]["report_sha256"] == hashlib.sha256(b"a monitoring report").hexdigest()
    wrong = run(*words, *common, "--digest", f"claimed/x={report}", code=1)
    assert '"field":"/body/claimed/x"' in wrong.stderr


def test_an_entry_is_shown_by_its_file_id_and_index_the_same(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = place.parameter("shown", "regulator-1", "regulator-2")
    id = told("statement", "show", file, "--json")["id"]
    answer = told("statement", "submit", file, "--url", place.url, "--json")
    monkeypatch.setenv("QINGZHANG_HOME", str(place.voices.ledger.settings.home))
    monkeypatch.setenv("QINGZHANG_DATABASE_URL", place.voices.ledger.settings.database_url)
    by_id = told("statement", "show", id, "--json")
    assert by_id == told("statement", "show", answer["index"], "--json")
    assert (by_id["id"], by_id["result"], by_id["body"]["code"]) == (id, "accepted", "shown")
    abroad = told("statement", "show", answer["index"], "--url", place.url, "--json")
    assert {**abroad, "receipt": by_id["receipt"]} == by_id
    listed = run("statement", "list", "--party", "regulator").stdout
    assert f"{answer['index']:>7}  {id}  " in listed
    assert "statement-unknown" in run("statement", "show", f"{id[:-1]}x", code=1).stderr
    assert "entry-unknown" in run("statement", "show", "99999", code=1).stderr


@pytest.mark.parametrize(
    ("language", "meaning", "again"),
    [
        ("zh_CN.UTF-8", "须由两人签名", "该声明编号不能再用"),
        ("en_US.UTF-8", "Two people must sign", "the statement's id is spent"),
    ],
)
def test_a_refusal_says_what_it_means_and_whether_to_send_it_again(
    place: Place, monkeypatch: pytest.MonkeyPatch, language: str, meaning: str, again: str
) -> None:
    monkeypatch.setenv("LANG", language)
    alone = place.parameter(f"alone-{language[:2]}", "regulator-1")
    asked = ("statement", "submit", alone, "--url", place.url)
    for status in ("refused", "replayed"):  # a first answer given again is a refusal as well
        failed = run(*asked, code=1)
        assert failed.stdout.startswith(f"{status}: four-eyes  parameter.set  ")
        first, second, last = failed.stderr.splitlines()
        assert first.startswith("Error: four-eyes {")
        assert second == meaning
        assert again in last


def test_a_refusal_tells_an_earlier_entry_apart_from_its_own() -> None:
    outcome = {"result": "refused", "code": "order-stated", "params": {"index": 478}}
    told = failure({"status": "refused", "index": 479, "outcome": outcome})
    assert 'order-stated {"index":478,"entry":479}' in str(told)


def test_what_left_no_trace_says_the_field_and_to_sign_anew(
    place: Place, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path_factory.mktemp("own")
    monkeypatch.setenv("QINGZHANG_HOME", str(home))
    run("init", "--origin", "ledger.example/own")
    broken = place.file("broken.json", b'{"envelope":{}}')
    for where in (("--url", place.url), ()):
        failed = run("statement", "submit", broken, *where, code=1)
        assert failed.stdout == "malformed: field-missing  -  -\n"
        lines = failed.stderr.splitlines()
        assert lines[0] == 'Error: field-missing {"field":"/body"}'
        assert lines[2:] == [
            "Field: /body",
            "Nothing was recorded: correct it, sign it anew and submit that.",
        ]


def test_of_several_each_says_its_own_and_the_end_counts(place: Place) -> None:
    good = place.parameter("several-1", "regulator-1", "regulator-2")
    alone = place.parameter("several-2", "regulator-2")
    failed = run("statement", "submit", good, alone, "--url", place.url, code=1)
    assert failed.stdout.index("accepted  parameter.set") < failed.stdout.index("Two people")
    assert 'Error: not-accepted {"refused":1,"of":2}' in failed.stderr


def test_a_signature_that_is_there_is_not_given_twice(place: Place) -> None:
    file = place.parameter("twice", "regulator-1", "regulator-2")
    before = file.read_bytes()
    failed = run("statement", "cosign", file, "--key", place.key("regulator-1"), code=1)
    assert "signed-already" in failed.stderr
    assert file.read_bytes() == before


def test_a_key_is_repeated_where_several_sign_and_refused_where_one_does(place: Place) -> None:
    file = place.parameter("one-key", "regulator-1")
    twice = ("--key", place.key("regulator-1"), "--key", place.key("regulator-2"))
    for words in (
        ("statement", "cosign", file),
        ("session", "new", "--url", place.url, "--party", "regulator"),
        ("draft", "list", "--url", place.url, "--party", "regulator"),
        ("statement", "show", "1", "--url", place.url, "--party", "regulator"),
    ):
        assert "given more than once" in run(*words, *twice, code=2).stderr


def test_every_key_option_takes_several_and_says_so_or_refuses_them() -> None:
    context = root.make_context("qingzhang", ["--help"], resilient_parsing=True)
    silent = []
    waiting = [(name, root.get_command(context, name)) for name in NAMES]
    while waiting:
        name, command = waiting.pop()
        for inner, below in getattr(command, "commands", {}).items():
            waiting.append((f"{name} {inner}", below))
        for option in getattr(command, "params", ()):
            if "--key" in option.opts and type(option).__name__ != "Single":
                good = option.multiple and "repeat" in (option.help or "")
                silent += [] if good else [name]
    assert silent == []
