"""The book of an account as lines and as a table: by API for its party, by shell for the house."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from portal.app import create_app
from portal.cli import main
from tests.factories.audits import a_busy_day
from tests.factories.readers import Headers, sign_in
from tests.factories.scene import Scene, scene

BATCH = "ZJ_FS-R1-2024"


@pytest.fixture
def stage(home: Path) -> Iterator[Scene]:
    """The clock stands at 2026-01-01 in Shanghai, and half a day later at the second retirement."""
    with scene(home, None) as opened:
        a_busy_day(opened)
        opened.clock.time += 24 * 3_600_000
        body = {"batch": BATCH, "quantity": 3, "purpose": "public-good", "beneficiary": "公众"}
        opened.do("buyer", "credit.retire", body, "a", "b")
        yield opened


@pytest.fixture
def client(stage: Scene) -> FlaskClient:
    return create_app(stage.ledger, stage.clock).test_client()


@pytest.fixture
def buyer(stage: Scene, client: FlaskClient) -> Headers:
    return sign_in(client, "buyer", stage.key("buyer/a"))


def test_lines_open_with_what_was_held_and_close_with_what_is(
    client: FlaskClient, buyer: Headers
) -> None:
    answer = client.get("/v1/accounts/registry/book", headers=buyer)
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert lines[0]["opening"][BATCH]["available"] == 0
    assert [line["after"]["available"] for line in lines[1:-1]] == [100, 93, 90]
    assert lines[-1]["closing"][BATCH]["available"] == 90
    assert (lines[1]["type"], lines[1]["author"]) == ("credit.accept", "buyer")


def test_days_are_those_of_shanghai_and_both_ends_are_in(
    client: FlaskClient, buyer: Headers
) -> None:
    path = "/v1/accounts/registry/book?from=2026-01-02&to=2026-01-02"
    lines = [json.loads(line) for line in client.get(path, headers=buyer).text.splitlines()]
    assert lines[0]["opening"][BATCH]["available"] == 93
    assert [line["change"] for line in lines[1:-1]] == [{"available": -3}]
    before = client.get("/v1/accounts/registry/book?to=2026-01-01", headers=buyer).text
    assert json.loads(before.splitlines()[-1])["closing"][BATCH]["available"] == 93


def test_the_table_is_one_that_spreadsheets_read(client: FlaskClient, buyer: Headers) -> None:
    answer = client.get("/v1/accounts/registry/book.csv", headers=buyer)
    assert answer.content_type == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert [row["type"] for row in rows] == [
        "opening",
        "credit.accept",
        "credit.retire",
        "credit.retire",
        "closing",
    ]
    assert [row["after_available"] for row in rows] == ["0", "100", "93", "90", "90"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("from=2026-13-01", "from"),
        ("to=2026-1-1", "to"),
        ("from=2026-01-02&to=2026-01-01", "to"),
        ("asset=", "asset"),
        ("asset=a%00", "asset"),
        ("year=2026", "year"),
    ],
)
def test_a_span_that_is_none_is_refused_by_name(
    client: FlaskClient, buyer: Headers, query: str, field: str
) -> None:
    answer = client.get(f"/v1/accounts/registry/book?{query}", headers=buyer)
    assert (answer.status_code, answer.json["errors"][0]["parameter"]) == (400, field)


def test_the_shell_writes_the_same_book(
    home: Path,
    client: FlaskClient,
    buyer: Headers,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("QINGZHANG_HOME", str(home))
    for name in ("book.csv", "book"):
        out = tmp_path / name
        result = CliRunner().invoke(
            main, ["account", "book", "buyer/registry", "-o", str(out), "--json"]
        )
        assert json.loads(result.stdout)["movements"] == 3, result.output
        assert out.read_bytes() == client.get(f"/v1/accounts/registry/{name}", headers=buyer).data


def test_the_shell_writes_no_book_of_an_account_that_is_not_there(
    home: Path, client: FlaskClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QINGZHANG_HOME", str(home))
    out = tmp_path / "book.csv"
    result = CliRunner().invoke(main, ["account", "book", "bogus/registry", "-o", str(out)])
    assert result.exit_code == 1
    assert "account-unknown" in result.stderr
    assert not out.exists()
