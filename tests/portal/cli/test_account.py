"""A holding certificate by shell: made at the ledger, checked anywhere."""

from __future__ import annotations

import json
import os
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ledger.statements.canonical import encode
from portal.cli import main
from portal.config import at_home
from portal.home.opening import init_ledger
from tests.factories.scene import HOUR_MS, ORIGIN, Scene, SteppingClock

BATCH = "ZJ_FS-R1-2024"


def run(*arguments: object, code: int = 0) -> Result:
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert result.exit_code == code, (result.output, result.exception)
    return result


def test_prove_and_verify_a_holding(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings, clock = at_home(home), SteppingClock()
    with closing(init_ledger(settings, ORIGIN, clock, os.urandom)) as ledger:
        stage = Scene(ledger, clock, settings.keys)
        stage.issue(900)
        clock.time += 24 * HOUR_MS  # the seed of commit-every-hours
        ledger.writer.tick().result(30)
        vkey = ledger.record.vkey
    monkeypatch.setenv("QINGZHANG_HOME", str(home))
    out = tmp_path / "holding.json"
    run("account", "prove", "owner/registry", BATCH, "-o", out)
    told = json.loads(run("account", "verify", out, "--vkey", vkey, "--json").stdout)
    assert (told["account"], told["asset"], told["available"]) == ("owner/registry", BATCH, 900)
    assert told["as_of_size"] > 1
    out.write_bytes(out.read_bytes().replace(b'"available":900', b'"available":901'))
    run("account", "verify", out, "--vkey", vkey, code=3)
    run("account", "prove", "buyer/registry", BATCH, "-o", out, code=1)
    words = ("account", "prove", "owner/registry", BATCH, "-o", out)
    made = json.loads(run(*words, "--as-of", "2026-01-02", "--json").stdout)
    assert (made["as_of_size"], made["at"]) == (told["as_of_size"], told["at"])
    assert run(*words, "--as-of", made["as_of_size"])
    for asked, code in (("2026-01-03", "day-not-reached"), ("2026-01-01", "commitment-missing")):
        assert code in run(*words, "--as-of", asked, code=1).stderr
    for asked in ("2026-02-30", "0", "-1", "tomorrow", ""):
        run(*words, "--as-of", asked, code=2)
    nobody = run("account", "prove", "nobody/registry", BATCH, "-o", out, code=1)
    assert "account-unknown" in nobody.stderr


def test_a_confirmation_is_made_for_a_day_and_refused_after_one_digit(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings, clock = at_home(home), SteppingClock()
    with closing(init_ledger(settings, ORIGIN, clock, os.urandom)) as ledger:
        stage = Scene(ledger, clock, settings.keys)
        stage.issue(900)
        move = {"batch": BATCH, "quantity": 300, "to": "trading"}
        stage.do("owner", "credit.move", move, "a")
        clock.time += 24 * HOUR_MS
        ledger.writer.tick().result(30)
        vkey = ledger.record.vkey
    monkeypatch.setenv("QINGZHANG_HOME", str(home))
    out = tmp_path / "confirmation.json"
    run("account", "confirm", "owner", "--as-of", "2026-01-02", "-o", out)
    told = json.loads(run("account", "verify", out, "--vkey", vkey, "--json").stdout)
    held = [(row["account"], row["available"]) for row in told["holdings"]]
    assert held == [("owner/registry", 600), ("owner/trading", 300)]
    cut = json.loads(out.read_bytes())
    cut["items"] = cut["items"][1:]
    out.write_bytes(encode(cut))
    assert "confirmation-incomplete" in run("account", "verify", out, "--vkey", vkey, code=3).stderr
    told = json.loads(run("account", "verify", out, "--vkey", vkey, "--listed", "--json").stdout)
    assert (told["complete"], len(told["holdings"])) == (False, 2)
    out.write_bytes(out.read_bytes().replace(b'"available":300', b'"available":301'))
    run("account", "verify", out, "--vkey", vkey, code=3)
    missing = run("account", "confirm", "owner", "--as-of", "2026-01-01", "-o", out, code=1)
    assert "commitment-missing" in missing.stderr
    later = run("account", "confirm", "owner", "--as-of", "2026-01-03", "-o", out, code=1)
    assert 'day-not-reached {"field":"as_of"' in later.stderr
    assert "holdings-none" in run("account", "confirm", "buyer", "-o", out, code=1).stderr
    assert "party-unknown" in run("account", "confirm", "nobody", "-o", out, code=1).stderr
