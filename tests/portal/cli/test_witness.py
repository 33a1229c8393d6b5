"""From a witness of one's own to a receipt that a quorum stands behind, by the shell alone."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ledger.log.policy import parse_policy
from portal.cli import main
from portal.config import at_home
from portal.witnesses.standing import Standing, keep
from tests.judge.build import judge, missing
from tests.portal.processes.harness import wait_until

SHELL = "from portal.cli import main; main()"


@pytest.fixture
def folder(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("QINGZHANG_HOME", str(home))
    return home


def run(*arguments: object, code: int = 0) -> Result:
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert result.exit_code == code, (result.output, result.exception)
    return result


@contextmanager
def running(*words: object) -> Iterator[str]:
    """A serving command in a process of its own; its address."""
    command = [sys.executable, "-c", SHELL, *map(str, words), "--port", "0"]
    with subprocess.Popen(
        command, stderr=subprocess.PIPE, text=True, env={**os.environ}
    ) as process:
        assert process.stderr is not None
        said = process.stderr.readline()
        try:
            found = re.search(r"http://\S+$", said.strip())
            assert found, said
            yield found[0]
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)


def read(url: str) -> str:
    with urllib.request.urlopen(url, timeout=60) as answer:
        return str(answer.read().decode())


@pytest.mark.parametrize("workers", [1, 2])
def test_a_served_ledger_is_witnessed_by_a_quorum_that_others_verify(
    folder: Path, tmp_path: Path, workers: int
) -> None:
    origin = "ledger.example/witnessed"
    log = json.loads(run("init", "--origin", origin, "--json").stdout)["vkey"]
    vkeys = [
        json.loads(run("witness", "init", "--name", f"w.example/{n}", "--folder", tmp_path / n,
                       "--json").stdout)["vkey"]
        for n in "ab"
    ]  # fmt: skip
    serve = [("witness", "serve", "--folder", tmp_path / n, "--log", log) for n in "ab"]
    with running(*serve[0]) as first, running(*serve[1]) as second:
        policy = folder / "witness-policy"
        policy.write_text(
            f"log {log}\nwitness a {vkeys[0]} {first}\nwitness b {vkeys[1]} {second}\n"
            "group both all a b\nquorum both\n"
        )
        with running("serve", "--workers", workers) as address:
            wait_until(lambda: "w.example/b" in read(f"{address}/log/checkpoint"))
            note, proof, leaf = tmp_path / "note", tmp_path / "proof", tmp_path / "leaf"
            note.write_text(read(f"{address}/log/cosigned/checkpoint"))
            proof.write_text(read(f"{address}/v1/entries/0/proof"))
            leaf.write_text(read(f"{address}/entries/0/leaf"))
            assert "w.example/a" in read(f"{address}/?lang=en")
            if missing() is None:
                assert judge("cosigned", note, log, *vkeys) == (True, "PASS: 2 witnesses at 1")
                assert judge("log", f"{address}/log/cosigned", log)[0]
                assert judge("receipt", leaf, proof, log)[0]
    rows = json.loads(run("witness", "list", "--json").stdout)
    assert [(row["name"], row["size"], row["fork"]) for row in rows] == [
        ("a", 1, False),
        ("b", 1, False),
    ]
    verified = json.loads(run("log", "verify", leaf, proof, "--policy", policy, "--json").stdout)
    assert verified["signers"] == [origin, "w.example/a", "w.example/b"]
    assert run("log", "checkpoint").stdout == note.read_text()
    assert json.loads(run("doctor", "--json").stdout)["cosigned"] == 1
    bare = tmp_path / "bare"
    bare.write_text(
        "".join(line for line in proof.read_text().splitlines(True) if "/b " not in line)
    )
    run("log", "verify", leaf, bare, "--vkey", log)
    missed = run("log", "verify", leaf, bare, "--vkey", log, "--policy", policy, code=3)
    assert "policy-quorum-missed" in missed.output


def test_verifying_needs_a_key_and_a_readable_policy(folder: Path, tmp_path: Path) -> None:
    run("init", "--origin", "ledger.example/witnessed")
    run("log", "prove", 0, "-o", tmp_path)
    receipt = (tmp_path / "entry-0.json", tmp_path / "entry-0.tlog-proof")
    run("log", "verify", *receipt, code=2)
    policy = tmp_path / "policy"
    policy.write_text("quorum none\n")
    assert "policy-log-unknown" in run("log", "verify", *receipt, "--policy", policy, code=3).output
    for text, code in (("quorum\n", "policy-line-malformed"), ("\udcff", "file-unreadable")):
        policy.write_text(text, errors="surrogateescape")
        assert code in run("log", "verify", *receipt, "--policy", policy, code=1).output


def test_an_alarm_is_told_by_exit_3_until_it_is_forgotten(folder: Path, tmp_path: Path) -> None:
    run("init", "--origin", "ledger.example/witnessed")
    assert "witness-policy-missing" in run("witness", "list", code=1).output
    made = run("witness", "init", "--name", "w", "--folder", tmp_path / "w", "--json").stdout
    settings = at_home(folder)
    settings.witness_policy.write_text(
        f"witness w {json.loads(made)['vkey']} http://127.0.0.1:1\nquorum w\n"
    )
    assert run("doctor").exit_code == 0
    (witness,) = parse_policy(settings.witness_policy.read_text()).witnesses
    keep(settings.witnesses, witness, Standing(0, 0, "witness-proof-refused", 5, 1, True, "note"))
    assert "witness-fork" in run("doctor", code=3).output
    assert "witness-proof-refused" in run("witness", "list").stdout
    assert "witness-unknown" in run("witness", "retry", "x", code=1).output
    assert json.loads(run("witness", "retry", "w", "--json").stdout)["forgotten"] is True
    assert json.loads(run("witness", "retry", "w", "--json").stdout)["forgotten"] is False
    assert run("doctor").exit_code == 0


def test_a_policy_that_cannot_be_followed_stops_the_server(folder: Path) -> None:
    run("init", "--origin", "ledger.example/witnessed")
    (folder / "witness-policy").write_text("quorum\n")
    for workers in (1, 2):
        assert "witness-policy-malformed" in served(workers)
    assert "witness-policy-malformed" in run("witness", "list", code=1).output
    examined = run("doctor", "--json", code=1)
    assert json.loads(examined.stdout)["policy"] is False
    assert "home-unsound" in examined.output


def served(workers: int) -> str:
    command = [sys.executable, "-c", SHELL, "serve", "--port", "0", "--workers", str(workers)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=100)
    assert done.returncode == 1, done.stderr
    return done.stderr


def test_a_witness_of_one_s_own_is_made_once_and_named_well(tmp_path: Path) -> None:
    place = ("--folder", tmp_path / "w")
    run("witness", "serve", *place, "--log", "x", code=1)
    run("witness", "init", "--name", "a+b", *place, code=2)
    run("witness", "init", "--name", "w.example", *place)
    assert "file-exists" in run("witness", "init", "--name", "w.example", *place, code=1).output
    run("witness", "serve", *place, "--log", "x", code=2)
