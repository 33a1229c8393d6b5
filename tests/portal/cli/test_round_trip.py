"""The shell: from an empty folder to a verified receipt, with the promised exit codes."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from portal.cli import main

PARAMETER = {
    "code": "test-parameter",
    "valid_from": "2026-01-01",
    "value": "7",
    "unit": "days",
    "source": "test document",
    "confidence": "low",
}


@pytest.fixture
def folder(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("QINGZHANG_HOME", str(home))
    return home


def run(*arguments: Any, code: int = 0) -> Result:
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert result.exit_code == code, (result.output, result.exception)
    return result


def test_init_sign_cosign_submit_prove_verify(folder: Path, tmp_path: Path) -> None:
    vkey = json.loads(run("init", "--origin", "ledger.example/cli", "--json").stdout)["vkey"]
    keys = sorted((folder / "keys").iterdir())
    assert {stat.S_IMODE(path.stat().st_mode) for path in keys} == {0o600}
    body, signed = tmp_path / "body.json", tmp_path / "signed.json"
    body.write_text(json.dumps(PARAMETER))
    one, two = (folder / "keys" / f"regulator-{n}.pem" for n in (1, 2))
    common = ("--party", "regulator", "-o", signed)
    run("statement", "sign", "parameter.set", body, "--key", one, "--key", two, *common)
    accepted = json.loads(run("statement", "submit", signed, "--json").stdout)
    assert (accepted["status"], accepted["index"]) == ("accepted", 1)
    assert json.loads(run("statement", "submit", signed, "--json").stdout)["status"] == "replayed"
    out = tmp_path / "proofs"
    run("log", "prove", 1, "-o", out)
    entry, proof = out / "entry-1.json", out / "entry-1.tlog-proof"
    assert (
        json.loads(run("log", "verify", entry, proof, "--vkey", vkey, "--json").stdout)["index"]
        == 1
    )
    entry.write_bytes(entry.read_bytes() + b" ")
    run("log", "verify", entry, proof, "--vkey", vkey, code=3)


def test_a_refusal_exits_with_one(folder: Path, tmp_path: Path) -> None:
    run("init", "--origin", "ledger.example/cli")
    run("init", "--origin", "ledger.example/cli", code=1)
    body, signed = tmp_path / "body.json", tmp_path / "signed.json"
    body.write_text(json.dumps(PARAMETER))
    own = folder / "keys" / "regulator-1.pem"
    common = ("--party", "regulator", "-o", signed)
    run("statement", "sign", "parameter.set", body, "--key", own, *common)
    assert "four-eyes" in run("statement", "submit", signed, code=1).output
    assert json.loads(run("doctor", "--json").stdout)["tree"] is True


def test_a_text_is_put_into_a_body_before_it_is_signed(folder: Path, tmp_path: Path) -> None:
    run("init", "--origin", "ledger.example/cli")
    body, signed = tmp_path / "body.json", tmp_path / "signed.json"
    body.write_text(json.dumps({**PARAMETER, "source": "another"}))
    keys = [folder / "keys" / f"regulator-{n}.pem" for n in (1, 2)]
    signing = ["statement", "sign", "parameter.set", body, "--party", "regulator", "-o", signed]
    signing += [word for key in keys for word in ("--key", key)]
    run(*signing, "--set", "source=a = b")
    assert json.loads(signed.read_text())["body"]["source"] == "a = b"
    run(*signing, "--set", "source/name=a", code=1)  # the field above it is a text
    for wrong in ("source", "=a", "source="):
        assert "FIELD=TEXT" in run(*signing, "--set", wrong, code=2).output
    twice = run(*signing, "--set", "source=a", "--set", "source=b", code=2).output
    assert "source is set twice" in twice


def test_a_second_person_adds_the_missing_signature(folder: Path, tmp_path: Path) -> None:
    run("init", "--origin", "ledger.example/cli")
    body, signed = tmp_path / "body.json", tmp_path / "signed.json"
    body.write_text(json.dumps(PARAMETER))
    mine, theirs = tmp_path / "mine.pem", folder / "keys" / "regulator-2.pem"
    run("key", "new", "--out", mine)
    run("key", "new", "--out", mine, code=1)
    from ledger.statements.ed25519 import key_id, load_private, public_bytes

    other = key_id(public_bytes(load_private(theirs)))
    first = folder / "keys" / "regulator-1.pem"
    common = ("--party", "regulator", "--with", other, "-o", signed)
    run("statement", "sign", "parameter.set", body, "--key", first, *common)
    run("statement", "submit", signed, code=1)
    run("statement", "cosign", signed, "--key", mine, code=1)
    run("statement", "cosign", signed, "--key", theirs)
    assert json.loads(run("statement", "submit", signed, "--json").stdout)["status"] == "accepted"


def test_usage_and_missing_ledgers(folder: Path) -> None:
    run("init", code=2)
    run("serve", "--workers", 0, code=2)
    run("serve", "--workers", 2, code=1)
    run("log", "checkpoint", code=1)
    run("credit", "trace", "x-1", code=1)
    assert (
        json.loads(run("statement", "types", "--schema", "credit.retire").stdout)["type"]
        == "object"
    )
    assert "credit.retire" in run("statement", "types").stdout


def test_nothing_is_erased_that_nobody_gave_up(folder: Path) -> None:
    run("init", "--origin", "ledger.example/cli")
    assert json.loads(run("log", "erase", "--json").stdout) == {"erased": 0}
    assert json.loads(run("log", "audit", "--json").stdout)["faults"] == []


def test_the_log_key_is_rotated_and_a_pinned_first_key_follows(
    folder: Path, tmp_path: Path
) -> None:
    first = json.loads(run("init", "--origin", "ledger.example/cli", "--json").stdout)["vkey"]
    rotated = json.loads(run("log", "rotate", "--json").stdout)
    assert rotated["index"] == 1
    assert stat.S_IMODE(Path(rotated["file"]).stat().st_mode) == 0o600
    told = json.loads(run("log", "vkey", "--json").stdout)
    assert (told["vkey"], told["first"]) == (rotated["vkey"], first)
    assert run("log", "vkey").stdout.strip() == rotated["vkey"]
    history = tmp_path / "keys.json"
    run("log", "keys", "-o", history)
    run("log", "prove", 1, "-o", tmp_path)
    receipt = (tmp_path / "entry-1.json", tmp_path / "entry-1.tlog-proof")
    run("log", "verify", *receipt, "--vkey", first, "--keys", history)
    history.write_text("{}")
    run("log", "verify", *receipt, "--vkey", first, "--keys", history, code=3)
    assert json.loads(run("log", "audit", "--json").stdout)["faults"] == []
    assert json.loads(run("doctor", "--json").stdout)["key"] is True


def test_a_rotation_that_is_not_accepted_leaves_no_key_behind(folder: Path) -> None:
    run("init", "--origin", "ledger.example/cli")
    (folder / "keys" / "operator.pem").unlink()
    before = sorted((folder / "keys").iterdir())
    assert "signer-key-missing" in run("log", "rotate", code=1).stderr
    assert sorted((folder / "keys").iterdir()) == before


@pytest.mark.parametrize("origin", ["two words", "a+b", " "])
def test_an_origin_that_cannot_name_a_log_is_wrong_usage(folder: Path, origin: str) -> None:
    assert "name-malformed" in run("init", "--origin", origin, code=2).output
    assert list(folder.iterdir()) == []
