"""The market's measurement compares books whose trades agree, and nothing else."""

from __future__ import annotations

import gc
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from portal.bench import books, javascript, market, matching
from portal.bench.stream import Generator, read, written
from portal.cli import main

WORDS = ["bench", "market", "--rows", "300", "--rounds", "1", "--orders", "200"]


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the network, the peers and processes of their own."""

    def here(name: str, stream: Path, count: int, rows: int) -> dict[str, Any]:
        return books.passes(name, read(stream.read_text())[:rows], count)

    monkeypatch.setattr(market, "_python", here)
    monkeypatch.setattr(
        gc, "collect", lambda generation=2: 0
    )  # a pass over all that tests hold is slow
    monkeypatch.setattr(javascript, "install", lambda folder: "not today")
    monkeypatch.setattr(books, "installed", lambda name: name == market.OURS)


@pytest.mark.usefixtures("alone")
def test_what_is_not_there_is_left_out_by_name() -> None:
    result = CliRunner().invoke(main, [*WORDS, "--json"])
    assert result.exit_code == 0, result.output
    found = json.loads(result.output)
    assert list(found["rows"]) == ["qingzhang"]
    assert set(found["left_out"]) == {*books.ENGINES, *javascript.NAMES} - {"qingzhang"}
    assert found["pauses_ns"]["collector off"]["max"] >= found["pauses_ns"]["collector off"]["p50"]
    assert found["memory"]["kept_bytes"] < found["memory"]["resting_bytes"]
    assert "nodejs-order-book: left out, not today" in market.told(found)


@pytest.mark.usefixtures("alone")
def test_a_book_whose_trades_differ_ends_the_measurement(monkeypatch: pytest.MonkeyPatch) -> None:
    def other(folder: Path, name: str, stream: Path, count: int, rows: int) -> dict[str, Any]:
        return {"seconds": [1.0], "trades": 0, "digest": "0" * 64}

    monkeypatch.setattr(javascript, "install", lambda folder: None)
    monkeypatch.setattr(javascript, "passes", other)
    result = CliRunner().invoke(main, WORDS)
    assert (result.exit_code, "bench-failed" in result.output) == (1, True)


@pytest.mark.parametrize("name", list(books.ENGINES))
def test_each_book_that_is_installed_trades_as_ours(name: str) -> None:
    if not books.installed(name):
        pytest.skip(f"{name} is not installed (make setup-bench)")
    messages = Generator().messages(400)
    assert (
        books.passes(name, messages, 1)["digest"]
        == books.passes("qingzhang", messages, 1)["digest"]
    )


def test_a_book_runs_in_a_process_of_its_own(tmp_path: Path) -> None:
    messages = Generator().messages(300)
    stream = tmp_path / "stream.csv"
    stream.write_text(written(messages))
    found = market._python("qingzhang", stream, 2, 200)
    assert found["digest"] == books.passes("qingzhang", messages[:200], 1)["digest"]
    assert len(found["seconds"]) == 2
    with pytest.raises(RuntimeError, match="no-such-book"):
        market._python("no-such-book", stream, 1, 200)


def test_without_node_the_javascript_books_are_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert javascript.install(tmp_path / "x") == "node and npm are not on this machine"


def test_the_lock_pins_every_package_by_digest_and_names_no_host() -> None:
    text = (javascript._FILES / "package-lock.json").read_text()
    packages = {name: row for name, row in json.loads(text)["packages"].items() if name}
    assert {f"node_modules/{name}" for name in javascript.NAMES} <= set(packages)
    assert all(row["integrity"].startswith("sha512-") for row in packages.values())
    assert "http" not in text


def test_seeded_books_do_not_cross_and_seeded_auctions_trade() -> None:
    rows = matching.rows_of(500)
    assert max(row.price for row in rows if row.buys) < min(r.price for r in rows if not r.buys)
    assert matching.clear(matching.bids_of(500), matching.MIDDLE).volume > 0
