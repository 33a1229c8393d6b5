"""A real import: each row on record once, whatever is imported again, changed or cut short."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from ledger.writer.writer import Reply
from portal.cli import main
from portal.imports import delivery
from tests.portal.imports.exports import (
    EUTL_LEG,
    GOLD_ISSUANCE,
    GOLD_RETIREMENT,
    VERRA_BLOCK,
    Row,
    write,
)
from tests.portal.imports.recording import entries, figures, put, run, set_parameter, state, told

RETIRED = {
    **VERRA_BLOCK,
    "Serial Number": "9-5101-5200-VCS-VCU-262-VER-CL-3-77-01012021-31122021-0",
    "Retirement/Cancellation Date": "2026-03-05",
    "Retirement Beneficiary": "A person",
}
BROKEN = {**VERRA_BLOCK, "Quantity Issued": "many"}


def leg(number: int, transaction: str, sender: str, receiver: str, units: int, day: int) -> Row:
    return {
        **EUTL_LEG,
        "id": str(number),
        "transactionID": transaction,
        "date": f"2006-01-{day:02d} 00:00:00.000",
        "transferringAccount_id": f"{sender}.0",
        "acquiringAccount_id": f"{receiver}.0",
        "amount": str(units),
    }


def test_every_row_comes_to_one_end_and_the_sums_add_up(ledger_home: Path, tmp_path: Path) -> None:
    given = put(tmp_path, "verra", [VERRA_BLOCK, BROKEN, RETIRED], code=1)
    assert figures(given) == (2, 0, 1, 0, 0)
    assert given["refusals"][0]["line"] == 3
    assert given["sums"] == [{"unit": "VCU", "stated": 200, "taken": 200, "not_taken": 0}]
    assert given["acts"] == {
        "mirror.batch": {"written": 1},
        "mirror.block": {"written": 1},
        "mirror.project": {"written": 1},
        "mirror.retirement": {"written": 1},
    }
    assert json.loads(run("log", "audit", "--json").stdout)["faults"] == []


def test_a_second_import_changes_nothing(ledger_home: Path, tmp_path: Path) -> None:
    rows = [VERRA_BLOCK, RETIRED]
    put(tmp_path, "verra", rows)
    before = entries()
    again = put(tmp_path, "verra", reversed(rows))
    assert figures(again) == (0, 2, 0, 0, 0)
    assert entries() == before


CHANGED = {**RETIRED, "Retirement Beneficiary": "Another"}


@pytest.mark.parametrize(
    ("before", "rows"),
    [
        ([], [VERRA_BLOCK, BROKEN, RETIRED]),
        ([VERRA_BLOCK, RETIRED], [VERRA_BLOCK, RETIRED]),
        ([VERRA_BLOCK, RETIRED], [VERRA_BLOCK, CHANGED]),
        ([RETIRED], [{**VERRA_BLOCK, "Serial Number": RETIRED["Serial Number"]}]),
        ([], [VERRA_BLOCK, {**RETIRED, "Serial Number": VERRA_BLOCK["Serial Number"]}]),
        ([], [{**RETIRED, "Retirement/Cancellation Date": "2999-01-01"}]),
    ],
)
def test_a_dry_run_says_what_the_import_then_does_and_writes_nothing(
    ledger_home: Path, tmp_path: Path, before: list[Row], rows: list[Row]
) -> None:
    if before:
        put(tmp_path, "verra", before)
    stands = entries()
    path = write(tmp_path, rows)
    words = ("import", "verra", path, "--json")
    dry = CliRunner().invoke(main, [str(word) for word in (*words, "--dry-run")])
    assert entries() == stands
    wet = CliRunner().invoke(main, [str(word) for word in words])
    judged, done = json.loads(dry.stdout), json.loads(wet.stdout)
    assert (figures(judged), dry.exit_code) == (figures(done), wet.exit_code)
    assert (judged["judged"], judged["sums"]) == ("record", done["sums"])
    for item in done["not_taken_by_ledger"]:
        item["index"] = None if item["outcome"] == "refused" else item["index"]
    assert judged["not_taken_by_ledger"] == done["not_taken_by_ledger"]


@pytest.mark.parametrize(
    "cells",
    [
        {"Retirement Beneficiary": "Another"},
        {"Retirement Beneficiary": ""},
        {"Retirement Reason": "Because"},
        {"Additional Certifications": "CCB"},
        {"Retirement Details": "More"},
        {"Retirement/Cancellation Date": "2026-03-06"},  # the id bears the date: found otherwise
    ],
)
def test_a_changed_row_is_a_conflict_and_is_not_written(
    ledger_home: Path, tmp_path: Path, cells: Row
) -> None:
    put(tmp_path, "verra", [VERRA_BLOCK, RETIRED])
    before = entries()
    given = put(tmp_path, "verra", [VERRA_BLOCK, {**RETIRED, **cells}], code=1)
    assert figures(given) == (0, 1, 0, 0, 1)
    (conflict,) = given["not_taken_by_ledger"]
    assert (conflict["outcome"], conflict["rows"], conflict["lines"]) == ("conflict", [2], [3])
    assert conflict["code"] == "id-spent"
    assert entries()[conflict["index"]][1] == "mirror.retirement"
    assert entries() == before


def test_a_longer_export_adds_what_is_new(ledger_home: Path, tmp_path: Path) -> None:
    put(tmp_path, "verra", [VERRA_BLOCK])
    ended = {**VERRA_BLOCK, "Retirement/Cancellation Date": "2026-03-09"}
    given = put(tmp_path, "verra", [RETIRED, ended])
    assert figures(given) == (2, 0, 0, 0, 0)
    trace = json.loads(run("credit", "trace", ended["Serial Number"], "--json").stdout)
    assert (trace["registry"], trace["state"]) == ("verra", "retired")


def test_a_row_that_the_ledger_refuses_takes_no_neighbour_with_it(
    ledger_home: Path, tmp_path: Path
) -> None:
    put(tmp_path, "gold-standard", [GOLD_RETIREMENT])
    within = {**GOLD_RETIREMENT, "Quantity": "2", "Serial Number": _gold(30, 31)}
    after = {**GOLD_RETIREMENT, "Quantity": "9", "Serial Number": _gold(40, 48)}
    given = put(tmp_path, "gold-standard", [within, after], code=1)
    assert figures(given) == (1, 0, 0, 1, 0)
    (refused,) = given["not_taken_by_ledger"]
    assert (refused["code"], refused["rows"]) == ("mirror-unit-ended", [1])
    assert given["sums"] == [{"unit": "VER", "stated": 11, "taken": 9, "not_taken": 2}]
    size = len(entries())
    again = put(tmp_path, "gold-standard", [within, after], code=1)
    assert figures(again) == (0, 1, 0, 1, 0)
    assert again["not_taken_by_ledger"] == given["not_taken_by_ledger"]
    assert len(entries()) == size


def _gold(first: int, last: int) -> str:
    return f"GS1-1-GH-GS501-16-2023-900-{first}-{last}"


def test_what_was_refused_is_stated_again_when_asked_or_when_its_row_has_changed(
    ledger_home: Path, tmp_path: Path
) -> None:
    put(tmp_path, "gold-standard", [GOLD_RETIREMENT])
    within = {**GOLD_RETIREMENT, "Quantity": "2", "Serial Number": _gold(30, 31)}
    put(tmp_path, "gold-standard", [within], code=1)
    size = len(entries())
    put(tmp_path, "gold-standard", [within], "--again", code=1)
    assert len(entries()) == size + 1
    put(tmp_path, "gold-standard", [{**within, "Use Case": "Other"}], code=1)
    assert len(entries()) == size + 2
    ids = [id for id, *_ in entries()]
    assert len(set(ids)) == len(ids)


def test_text_that_no_statement_takes_is_refused_by_name(ledger_home: Path, tmp_path: Path) -> None:
    long = {**RETIRED, "Retirement Reason": "x" * 2_001}
    huge = {**VERRA_BLOCK, "Serial Number": RETIRED["Serial Number"], **_claim("𝄞" * 128_001)}
    for row, field in ((long, "/body/reason"), (huge, "/attachments/details")):
        given = put(tmp_path, "verra", [row, VERRA_BLOCK], code=1)
        assert given["refused_by_ledger"] == 1
        assert given["not_taken_by_ledger"][0]["params"]["field"] == field


def _claim(details: str) -> Row:
    return {"Retirement/Cancellation Date": "2026-03-05", "Retirement Details": details}


def test_openings_of_a_second_extract_build_upon_the_first(
    ledger_home: Path, tmp_path: Path
) -> None:
    first = [leg(1, "A", "1", "2", 5, 1), leg(2, "B", "2", "3", 7, 2)]
    assert put(tmp_path, "eutl", first)["acts"]["mirror.opening"] == {"written": 1}
    # On record now: 3 holds 7. Of the 9 that C needs, two are opened, and for A and B nothing.
    longer = [*first, leg(3, "C", "3", "1", 9, 3)]
    given = put(tmp_path, "eutl", longer)
    assert figures(given) == (1, 2, 0, 0, 0)
    opened = [body["lines"] for _, name, _, body in entries() if name == "mirror.opening"]
    assert opened == [[["EUA2005", "1", 5], ["EUA2005", "2", 2]], [["EUA2005", "3", 2]]]
    size = len(entries())
    for rows in (longer, first, longer):
        put(tmp_path, "eutl", rows)
    assert len(entries()) == size
    assert json.loads(run("log", "audit", "--json").stdout)["faults"] == []


@pytest.mark.parametrize(("units", "day"), [(6, 1), (5, 2), (9, 3)])
def test_a_changed_transaction_is_a_conflict_and_moves_nothing(
    ledger_home: Path, tmp_path: Path, units: int, day: int
) -> None:
    put(tmp_path, "eutl", [leg(1, "A", "1", "2", 5, 1)])
    size = len(entries())
    given = put(tmp_path, "eutl", [leg(1, "A", "1", "2", units, day)], code=1)
    assert figures(given) == (0, 0, 0, 0, 1)
    assert len(entries()) == size


def test_an_issuance_of_another_instant_is_a_conflict(ledger_home: Path, tmp_path: Path) -> None:
    put(tmp_path, "gold-standard", [GOLD_ISSUANCE])
    size = len(entries())
    later = {**GOLD_ISSUANCE, "Issuance Date": "2026-01-07T09:09:10.123456"}
    assert figures(put(tmp_path, "gold-standard", [later], code=1)) == (0, 0, 0, 0, 1)
    assert len(entries()) == size


def test_an_issuance_after_its_retirements_completes_their_batch(
    ledger_home: Path, tmp_path: Path
) -> None:
    put(tmp_path, "gold-standard", [GOLD_RETIREMENT])
    assert figures(put(tmp_path, "gold-standard", [GOLD_ISSUANCE])) == (1, 0, 0, 0, 0)
    trace = json.loads(run("credit", "trace", _gold(1, 400), "--json").stdout)
    assert (trace["state"], trace["batch"]["listed"], trace["batch"]["retired"]) == (
        "mixed",
        400,
        11,
    )


def test_an_import_that_stops_anywhere_is_finished_by_the_next(
    ledger_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [leg(n, f"T{n}", str(n % 3), str((n + 1) % 3), 5, n) for n in range(1, 10)]
    path = write(tmp_path, rows)
    monkeypatch.setattr(delivery, "WINDOW_ACTS", 3)
    for answers, size in ((3, 7), (0, 8)):
        with monkeypatch.context() as patch:
            patch.setattr(delivery, "wait", _lost_after(answers))
            assert "writer-stopped" in run("import", "eutl", path, code=1).stderr
        assert len(entries()) == size
    assert figures(told("eutl", path))[3:] == (0, 0)
    whole = entries()[1:]
    fresh = tmp_path / "fresh"
    monkeypatch.setenv("QINGZHANG_HOME", str(fresh))
    monkeypatch.delenv("QINGZHANG_DATABASE_URL", raising=False)
    run("init", "--origin", "ledger.example/imports")
    told("eutl", path)
    assert entries()[1:] == whole


def _lost_after(answers: int) -> object:
    """Answers as the writer does, until it is lost after so many."""
    left = [answers]

    def wait(future: object) -> Reply:
        left[0] -= 1
        if left[0] < 0:
            return Reply("unavailable", answer={"code": "writer-stopped", "retry": True})
        found: Reply = future.result(30)  # type: ignore[attr-defined]  # a future of a reply
        return found

    return wait


def test_a_file_that_is_broken_at_its_end_is_not_begun(ledger_home: Path, tmp_path: Path) -> None:
    path = write(tmp_path, [VERRA_BLOCK] * 3)
    with path.open("ab") as file:
        file.write(b"\xff")
    assert "not-utf8" in run("import", "verra", path, code=1).stderr
    assert len(entries()) == 1


@pytest.mark.parametrize(
    ("key", "code"), [("missing.pem", "signer-key-missing"), ("bank-1.pem", "role-not-allowed")]
)
def test_who_may_not_state_mirrors_states_nothing(
    ledger_home: Path, tmp_path: Path, key: str, code: str
) -> None:
    path = write(tmp_path, [VERRA_BLOCK])
    given = run("import", "verra", path, "--key", ledger_home / "keys" / key, code=1)
    assert code in given.stderr
    assert len(entries()) == 1


def test_a_key_of_nobody_states_nothing(ledger_home: Path, tmp_path: Path) -> None:
    stranger = tmp_path / "stranger.pem"
    run("key", "new", "--out", stranger)
    path = write(tmp_path, [VERRA_BLOCK])
    assert "key-unknown" in run("import", "verra", path, "--key", stranger, code=1).stderr


def test_where_one_person_is_too_few_one_entry_says_so_and_a_second_key_helps(
    ledger_home: Path, tmp_path: Path
) -> None:
    set_parameter(ledger_home, tmp_path, "four-eyes.mirror.project", "0")
    path = write(tmp_path, [VERRA_BLOCK, RETIRED])
    assert "four-eyes" in run("import", "verra", path, code=1).stderr
    assert [result for *_, result, _ in entries()[2:]] == ["refused"]
    both = [word for n in (1, 2) for word in ("--key", ledger_home / "keys" / f"mirror-{n}.pem")]
    assert figures(told("verra", path, *map(str, both))) == (2, 0, 0, 0, 0)


def test_what_was_erased_does_not_come_back(ledger_home: Path, tmp_path: Path) -> None:
    put(tmp_path, "verra", [VERRA_BLOCK, RETIRED])
    index = [name for _, name, *_ in entries()].index("mirror.retirement")
    body = {"index": index, "name": "beneficiary", "ground": "asked by the person"}
    state(ledger_home, tmp_path, "mirror", "attachment.erase", body)
    before = entries()
    assert figures(put(tmp_path, "verra", [VERRA_BLOCK, RETIRED])) == (0, 2, 0, 0, 0)
    assert entries() == before
    audited = json.loads(run("log", "audit", "--json").stdout)
    assert (audited["faults"], audited["attachments_erased"]) == ([], 1)
