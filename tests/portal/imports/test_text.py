"""Cleaning: each step alone, what stays, and that it settles at once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.imports.text import clean


@pytest.mark.parametrize(
    ("raw", "text", "steps"),
    [
        ("plain", "plain", ()),
        ("", "", ()),
        (" Stoves ", "Stoves", ("edge-space",)),
        ("\tPlace", "Place", ("edge-space",)),
        ("line\n", "line", ("edge-space",)),
        ("Set\u00a0Guaran\u00e1", "Set Guaran\u00e1", ("no-break-space",)),
        ("2026\u00a0", "2026", ("no-break-space", "edge-space")),
        ("sustent\u00e1veis \u200b\u200bem", "sustent\u00e1veis em", ("zero-width",)),
        ("one\r\ntwo\rthree", "one\ntwo\nthree", ("line-end",)),
        ("a\x9fb\x07c", "abc", ("control",)),
        ("a\u202egnp.exe", "agnp.exe", ("control",)),
        ("e\u0301", "\u00e9", ("nfc",)),
    ],
)
def test_each_step_is_named(raw: str, text: str, steps: tuple[str, ...]) -> None:
    assert clean(raw) == (text, steps)


@pytest.mark.parametrize(
    "text", ["two  spaces", "two\nlines", "=1+1", "-27150.0", "@x", "a\u200db"]
)
def test_what_may_carry_meaning_stays(text: str) -> None:
    assert clean(text) == (text, ())


@given(st.text())
def test_a_cleaned_text_is_clean(raw: str) -> None:
    once, steps = clean(raw)
    assert clean(once) == (once, ())
    assert (once == raw) == (steps == ())
