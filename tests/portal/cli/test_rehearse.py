"""A statement rehearsed by shell: every rule that it would break, and exit 1 where there is one."""

from __future__ import annotations

import json
import os
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from portal.cli import main
from portal.config import at_home
from portal.home.opening import init_ledger
from tests.factories.scene import ORIGIN, Scene, SteppingClock

TRANSFER = {"batch": "ZJ_FS-R1-2024", "quantity": 5, "receiver": "buyer"}


@pytest.fixture
def held(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A closed ledger with 900 credits."""
    settings = at_home(home)
    with closing(init_ledger(settings, ORIGIN, SteppingClock(), os.urandom)) as ledger:
        Scene(ledger, SteppingClock(), settings.keys).issue(900)
    monkeypatch.setenv("QINGZHANG_HOME", str(home))


def rehearse(
    folder: Path, body: dict[str, Any], type: str = "credit.transfer", *more: str
) -> Result:
    (folder / "body.json").write_text(json.dumps(body), "utf-8")
    asked = ["statement", "rehearse", type, str(folder / "body.json"), "--party", "owner", "--json"]
    return CliRunner().invoke(main, [*asked, *more])


@pytest.mark.usefixtures("held")
def test_what_would_be_accepted_leaves_with_nought(tmp_path: Path) -> None:
    result = rehearse(tmp_path, TRANSFER)
    assert result.exit_code == 0, result.output
    assert (json.loads(result.stdout)["accepted"], json.loads(result.stdout)["people"]) == (True, 2)


@pytest.mark.usefixtures("held")
def test_what_would_be_refused_leaves_with_one_and_says_why(tmp_path: Path) -> None:
    result = rehearse(tmp_path, {**TRANSFER, "quantity": 901})
    assert (result.exit_code, "would-be-refused" in result.stderr) == (1, True)
    assert [fault["code"] for fault in json.loads(result.stdout)["faults"]] == ["balance-short"]


@pytest.mark.usefixtures("held")
@pytest.mark.parametrize(("language", "words"), [("zh_CN.UTF-8", "余额不足"), ("C", "too low")])
def test_each_reason_is_said_once_in_the_language_of_the_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str, words: str
) -> None:
    monkeypatch.setenv("LC_ALL", language)
    body = tmp_path / "body.json"
    body.write_text(json.dumps({**TRANSFER, "quantity": 901}))
    asked = ["statement", "rehearse", "credit.transfer", str(body), "--party", "owner"]
    result = CliRunner().invoke(main, asked)
    said = result.stdout + result.stderr
    assert (said.count("balance-short"), said.count(words)) == (1, 1)


@pytest.mark.usefixtures("held")
def test_every_field_of_a_malformed_body_has_a_line(tmp_path: Path) -> None:
    lines = rehearse(tmp_path, {"batch": 7, "odd": 1}).stderr.splitlines()
    assert lines[0].startswith("Error: ")
    assert sum("/body/" in line for line in lines[1:]) == 4 == len(lines) - 2


@pytest.mark.usefixtures("held")
def test_a_body_or_type_that_nobody_knows_leaves_with_two_or_one(tmp_path: Path) -> None:
    assert "field-missing" in rehearse(tmp_path, {}).stderr
    assert "type-unknown" in rehearse(tmp_path, {}, "credit.steal").stderr


@pytest.mark.usefixtures("held")
def test_evidence_is_rehearsed_by_the_options_of_signing(tmp_path: Path) -> None:
    body = {"batch": "ZJ_FS-R1-2024", "quantity": 5, "beneficiary": "王**"}
    body |= {"beneficiary_person": True, "purpose": "corporate-offset"}
    consent = tmp_path / "consent.pdf"
    consent.write_bytes(b"%PDF consent")
    asked: tuple[Any, ...] = (tmp_path, body, "credit.retire")
    without = json.loads(rehearse(*asked).stdout)
    assert [fault["code"] for fault in without["faults"]] == ["consent-missing"]
    attach = ("--attach", f"consent={consent}")
    assert json.loads(rehearse(*asked, *attach).stdout)["accepted"] is True
    assert "attachment-unknown" in rehearse(*asked, "--attach", f"passport={consent}").stderr
    assert "set twice" in rehearse(*asked, *attach, *attach).stderr
    # a text put into the body is judged as if it stood there
    faults = json.loads(rehearse(*asked, *attach, "--set", "batch=none").stdout)["faults"]
    assert [fault["code"] for fault in faults] == ["batch-unknown"]


@pytest.mark.usefixtures("held")
def test_a_digest_is_rehearsed_where_the_document_stays_with_its_author(tmp_path: Path) -> None:
    body = {"report": "R2", "project": "P1", "start": "2025-01-01", "end": "2025-12-31"}
    document = tmp_path / "report.txt"
    document.write_text("What was measured.")
    asked: tuple[Any, ...] = (tmp_path, {**body, "claimed": 100}, "report.submit")
    assert "/body/report_sha256" in rehearse(*asked).stderr
    digest = ("--digest", f"report_sha256={document}")
    assert json.loads(rehearse(*asked, *digest).stdout)["accepted"] is True
