"""Every state and class of ours has a word, and a word that is read back means one thing."""

from __future__ import annotations

import pytest

from ledger.projects.models import ProjectState, ReportState
from ledger.projects.schemas import CLASSES
from portal.exports import VOCABULARIES, ExportFault
from portal.exports.vocabulary import Words

# From the papers on peers: the words of CADT's API document.
STATUS = {
    "Listed", "Validated", "Registered", "Approved", "Authorized", "Completed", "Inactive",
    "Withdrawn", "Rejected", "De-registered",
}  # fmt: skip
UNIT = {
    "Held", "Retired", "Cancelled", "Expired", "Inactive", "Buffer", "Exported", "Rejected",
    "Pending Export",
}  # fmt: skip
TYPE = {
    "Reduction - nature", "Reduction - technical", "Removal - nature", "Removal - technical",
    "Avoidance", "Not Determined",
}  # fmt: skip


def test_cadt_has_a_word_of_its_picklist_for_each_state() -> None:
    words = Words("cadt")
    assert {words.word("status", state) for state in ProjectState} <= STATUS
    assert {words.word("unit", state) for state in ("held", "retired", "cancelled")} <= UNIT
    assert {words.word("unit_type", name) for name in CLASSES} <= TYPE
    assert {words.word("project_type", name) for name in CLASSES}
    assert len(words.ours("status")) == len(ProjectState)


def test_ccer_has_a_word_for_each_state() -> None:
    words = Words("ccer")
    assert set(words.list("project")) == set(ProjectState)
    assert set(words.list("reduction")) == set(ReportState)


def test_a_word_that_is_missing_is_a_fault_and_no_guess() -> None:
    with pytest.raises(ExportFault, match="vocabulary-lacks"):
        Words("cadt").word("status", "asleep")


@pytest.mark.parametrize("name", VOCABULARIES)
def test_columns_of_a_sheet_are_named_once_and_sources_are_stated(name: str) -> None:
    words = VOCABULARIES[name]
    assert words.source and words.confidence == "medium"
    for sheet in words.sheets:
        columns = [column.name for column in sheet.columns]
        assert len(set(columns)) == len(columns)
