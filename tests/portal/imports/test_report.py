"""The report: every row once, or the reader is broken and says so."""

from __future__ import annotations

import pytest

from portal.imports.model import Left, Refused
from portal.imports.report import SAMPLE, Report


def report_of(rows: int) -> Report:
    report = Report("x", "r")
    for row in range(1, rows + 1):
        report.seen(row, row + 1)
    return report


def test_the_three_outcomes_add_up_to_the_file() -> None:
    report = report_of(3)
    report.stated("T", 40)
    report.stated("T", 2)
    report.stated("", None)
    report.take(1, "block", "T", 40)
    report.refuse(Refused(2, "no", "Cell"))
    report.leave(Left(3, "blank-row"))
    report.close()
    told = report.as_json()
    assert (told["rows"], told["taken"], told["refused"], told["left"]) == (3, 1, 1, 1)
    assert told["sums"] == [{"unit": "T", "stated": 42, "taken": 40, "not_taken": 2}]
    assert told["stated_total"] == 42
    assert told["unstated_rows"] == 1
    assert told["refused_by_code"] == {"no": 1}


def test_a_forgotten_row_is_a_defect() -> None:
    report = report_of(2)
    report.take(1, "block")
    with pytest.raises(LookupError):
        report.close()


def test_a_row_settled_twice_is_a_defect() -> None:
    report = report_of(1)
    report.take(1, "block")
    with pytest.raises(LookupError):
        report.refuse(Refused(1, "no", ""))


def test_a_row_that_was_never_read_is_a_defect() -> None:
    report = report_of(1)
    with pytest.raises(LookupError):
        report.take(2, "block")
    with pytest.raises(LookupError):
        report.seen(3, 4)


def test_cleaning_is_counted_in_full_and_sampled() -> None:
    report = report_of(0)
    for row in range(1, 31):
        report.cleaned(row, "Name", "edge-space")
    entry = report.normalised["Name", "edge-space"]
    assert entry.cells == 30
    assert entry.rows == list(range(1, SAMPLE + 1))
