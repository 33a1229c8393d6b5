"""A certificate proves itself offline, and its address is the one that the operator set."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import segno
from click.testing import CliRunner, Result
from flask.testing import FlaskClient

from ledger.credits.certificate import check
from ledger.log.errors import LogError
from ledger.log.note import parse_vkey
from ledger.parties.key_history import follow
from ledger.parties.uscc import check_digit
from ledger.statements.canonical import encode
from portal.app import create_app
from portal.cli import main
from portal.home.opening import Counter
from tests.factories.ledger import Voices

BATCH = "ZJ_FS-MR1-2024"
PUBLIC = "https://register.example/qz"


@pytest.fixture(scope="module")
def addressed(voices: Voices) -> FlaskClient:
    """The same ledger, whose operator has said where it is reached."""
    inner = voices.ledger
    settings = replace(inner.settings, public_url=PUBLIC)
    counter = Counter(settings, inner.engine, inner.record, inner.entrance)
    return create_app(counter).test_client()


@pytest.fixture(scope="module")
def name(voices: Voices) -> str:
    client = create_app(voices.ledger).test_client()
    found: str = client.get("/v1/retirements").json["items"][0]["retirement"]
    return found


@pytest.fixture
def run(voices: Voices, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    monkeypatch.setenv("QINGZHANG_HOME", str(voices.ledger.settings.home))

    def invoke(*words: Any) -> Result:
        return CliRunner().invoke(main, [str(word) for word in words])

    return invoke


def test_both_languages_stand_on_one_page(client: FlaskClient, name: str) -> None:
    text = client.get(f"/retirements/{name}").text
    for words in ("减排量注销证书", "Certificate of retirement", "受益人甲", f"{BATCH}-1-30"):
        assert words in text
    for language in ("zh", "en"):
        again = client.get(f"/retirements/{name}?lang={language}").text
        assert "减排量注销证书" in again
        assert "Certificate of retirement" in again


def test_it_says_how_many_tonnes_and_by_which_rule(client: FlaskClient, name: str) -> None:
    text = " ".join(client.get(f"/retirements/{name}").text.split())
    assert '= 30 <span class="unit"><span lang="zh-CN">吨二氧化碳当量' in text
    assert "1,000 kg · 生态环境部 市场监管总局令第31号" in text


def test_a_beneficiary_is_shown_with_its_code(voices: Voices, client: FlaskClient) -> None:
    code = "91330100MATE9TX01" + check_digit("91330100MATE9TX01")
    body = {"batch": BATCH, "quantity": 1, "purpose": "public-good", "beneficiary": "某企业"}
    reply = voices.say("maker", "credit.retire", {**body, "beneficiary_uscc": code})
    assert reply.status == "accepted"
    (made,) = [
        row for row in client.get("/v1/retirements").json["items"] if row["beneficiary"] == "某企业"
    ]
    text = client.get(f"/retirements/{made['retirement']}").text
    assert code in text
    assert "统一社会信用代码" in text


def test_the_code_leads_to_the_public_address_whatever_host_was_asked(
    addressed: FlaskClient, name: str
) -> None:
    text = addressed.get(f"/retirements/{name}", headers={"Host": "evil.example"}).text
    address = f"{PUBLIC}/retirements/{name}"
    out = io.BytesIO()
    segno.make(address, error="m").save(
        out, kind="svg", xmldecl=False, svgns=True, omitsize=True, border=2, title=address
    )
    assert out.getvalue().decode() in text
    assert "evil.example" not in text


def test_without_a_public_address_there_is_no_code(client: FlaskClient, name: str) -> None:
    text = client.get(f"/retirements/{name}", headers={"Host": "evil.example"}).text
    assert "<svg" not in text
    assert "evil.example" not in text
    assert "登记簿未设对外网址" in text


def test_problems_name_the_public_address(addressed: FlaskClient) -> None:
    kind = addressed.get("/v1/entries/99999").json["type"]
    assert kind == f"{PUBLIC}/problems/entry-unknown"


def test_the_page_shows_entry_receipt_and_how_to_check(client: FlaskClient, name: str) -> None:
    text = client.get(f"/retirements/{name}").text
    index = client.get(f"/v1/retirements/{name}").json["index"]
    assert f'href="/entries/{index}' in text
    assert "c2sp.org/tlog-proof@v1" in text
    assert "qingzhang certificate verify certificate.json" in text


def test_a_bundle_convinces_the_shell_offline(
    client: FlaskClient, name: str, run: Callable[..., Result], tmp_path: Path
) -> None:
    answer = client.get(f"/v1/certificates/{name}.zip")
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    zipfile.ZipFile(io.BytesIO(answer.data)).extractall(tmp_path)
    assert client.get(f"/v1/certificates/{name}.zip").data == answer.data
    index = client.get(f"/v1/retirements/{name}").json["index"]
    vkey = (tmp_path / "vkey.txt").read_text()
    told = run("certificate", "verify", tmp_path / "certificate.json", "--vkey", vkey, "--json")
    assert told.exit_code == 0, told.output
    row = json.loads(told.stdout)
    assert (row["quantity"], row["beneficiary"], row["index"]) == (30, "受益人甲", index)
    pair = (tmp_path / f"entry-{index}.json", tmp_path / f"entry-{index}.tlog-proof")
    keys = ("--keys", tmp_path / "log-keys.json")
    assert run("log", "verify", *pair, "--vkey", vkey, *keys).exit_code == 0
    assert "qingzhang log verify" in (tmp_path / "README.txt").read_text("utf-8")


def test_the_shell_writes_what_the_door_gives(
    client: FlaskClient, name: str, run: Callable[..., Result], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    assert run("certificate", "write", name, "-o", out).exit_code == 0
    packed = zipfile.ZipFile(io.BytesIO(client.get(f"/v1/certificates/{name}.zip").data))
    assert {p.name: p.read_bytes() for p in out.iterdir()} == {
        member: packed.read(member) for member in packed.namelist()
    }
    assert run("certificate", "write", "none", "-o", out).exit_code == 1


@pytest.mark.parametrize("path", ["none", "none.zip", "a/b", "%00", "x" * 300, "%00.zip"])
def test_what_is_not_retired_has_no_certificate(client: FlaskClient, path: str) -> None:
    answer = client.get(f"/v1/certificates/{path}")
    assert (answer.status_code, answer.json["code"]) == (404, "retirement-unknown")
    assert client.get(f"/retirements/{path}").status_code == 404


def test_an_act_of_many_has_its_own_certificate(
    voices: Voices, client: FlaskClient, run: Callable[..., Result], tmp_path: Path
) -> None:
    body = {"batch": BATCH, "quantity": 5, "purpose": "public-good", "beneficiary": "受益人丙"}
    acts = [{"type": "credit.retire", "body": body}]
    reply = voices.say("maker", "batch", {"operations": acts})
    assert reply.status == "accepted", reply
    rows = client.get("/v1/retirements").json["items"]
    (row,) = [row for row in rows if row["index"] == reply.index]
    assert "/" in row["retirement"]
    for path in (f"/v1/retirements/{row['retirement']}", f"/retirements/{row['retirement']}"):
        assert client.get(path).status_code == 200
    file = tmp_path / "certificate.json"
    file.write_bytes(client.get(f"/v1/certificates/{row['retirement']}").data)
    told = run("certificate", "verify", file, "--vkey", voices.ledger.record.vkey, "--json")
    assert json.loads(told.stdout)["beneficiary"] == "受益人丙"


def changed(value: dict[str, Any], what: str) -> dict[str, Any]:
    rows = value["outcome"]["public"]["changes"]["rows"]
    row = next(row for kind, row in rows if kind == "retirement")
    if what == "quantity":
        row["quantity"] = 31
    elif what == "beneficiary":
        row["beneficiary"] = "受益人乙"
    elif what == "another":
        value["retirement"] = "another"
    elif what == "leaf":
        value["leaf"] = value["leaf"].replace("20", "19", 1)
    elif what == "receipt":
        value["receipt"] = value["receipt"].replace("index ", "index 1")
    elif what == "format":
        value["format"] = "qingzhang.retirement/v0"
    elif what == "more":
        value["more"] = 1
    elif what == "type":
        value["leaf"] = 1
    elif what == "none":
        rows.clear()
    return value


@pytest.mark.parametrize(
    ("what", "code"),
    [
        ("quantity", "certificate-outcome-differs"),
        ("beneficiary", "certificate-outcome-differs"),
        ("none", "certificate-outcome-differs"),
        ("another", "certificate-outcome"),
        ("leaf", "root-differs"),
        ("receipt", "index-outside-tree"),
        ("format", "certificate-malformed"),
        ("more", "certificate-malformed"),
        ("type", "certificate-malformed"),
    ],
)
def test_an_altered_certificate_is_refused_by_name(
    client: FlaskClient, name: str, voices: Voices, what: str, code: str
) -> None:
    data = client.get(f"/v1/certificates/{name}").data
    keys = follow(parse_vkey(voices.ledger.record.vkey))
    assert check(data, keys.verify_receipt).row["quantity"] == 30
    bad = encode(changed(json.loads(data), what))
    with pytest.raises(LogError) as told:
        check(bad, keys.verify_receipt)
    assert told.value.code == code


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b"\xff", b'{"format":1}'])
def test_what_is_no_certificate_exits_with_three(
    run: Callable[..., Result], tmp_path: Path, voices: Voices, data: bytes
) -> None:
    file = tmp_path / "certificate.json"
    file.write_bytes(data)
    told = run("certificate", "verify", file, "--vkey", voices.ledger.record.vkey)
    assert (told.exit_code, "certificate-malformed" in told.output) == (3, True)
