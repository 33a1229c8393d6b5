"""What a spreadsheet would run is written so that it does not, and read back as it was."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.sheets import bare, guarded, starts_formula


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@A1", "\tx", "\rx", "\nx", "＝1", "＠x"])
def test_what_may_run_gets_an_apostrophe(text: str) -> None:
    assert starts_formula(text)
    assert guarded(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "1+1", "a=b", " =1", "窑"])
def test_what_does_not_run_stays_as_it_is(text: str) -> None:
    assert guarded(text) == text


@given(st.text())
def test_reading_takes_away_what_writing_gave(text: str) -> None:
    assert bare(guarded(text)) == text
    assert not starts_formula(guarded(text))
