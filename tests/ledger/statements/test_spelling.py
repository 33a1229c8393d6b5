"""Names that people type are compared by one spelling."""

from __future__ import annotations

from ledger.statements.spelling import plain


def test_names_are_compared_without_spaces_widths_and_sorts_of_brackets() -> None:
    assert plain("某市 中级人民法院") == plain("某市中级人民法院")
    assert plain("［２０２６］ｚ１") == plain("【2026】Z1") == "(2026)Z1"
    assert plain("（2026）执1号") != plain("（2026）执11号")
