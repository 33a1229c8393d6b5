"""Two spellings of a site are one site; two sites are two."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.projects.spelling import site_form


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ｐｌｏｔ－１２（Ａ）", "plot-12(a)"),
        ("杭州市西湖区文三路１号", "杭州市西湖区文三路1号"),
        ("杭州市　西湖区 文三路1号", "杭州市西湖区文三路1号"),
        ("1 Example  Road", "1 Example Road"),
        ("1 EXAMPLE ROAD", "1 Example Road"),
        ("plot - 12", "plot–12"),
        ("文三路1号（东）", "文三路1号 (东)"),
        ("文三路1号【东】", "文三路1号[东]"),
        ("“竹海”基地", '"竹海"基地'),
        ("E 120°9′，N 30°15′", "E 120°9', N 30°15'"),
        ("A·B", "A・B"),
    ],
)
def test_spellings_of_one_site_have_one_form(one: str, other: str) -> None:
    assert site_form(one) == site_form(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("文三路1号", "文三路2号"),
        ("Plot 1 1", "Plot 11"),
        ("Plot 1-2", "Plot 12"),
        ("地块1、200", "地块1,200"),
        ("文三路1号", "文三路一号"),
        ("文二路1号", "文三路1号"),
        ("É路1号", "E路1号"),
    ],
)
def test_two_sites_have_two_forms(one: str, other: str) -> None:
    assert site_form(one) != site_form(other)


def test_a_form_is_worked_out_by_hand() -> None:
    assert site_form("Ｐｌｏｔ  12 号　（Ａ－1）") == "PLOT 12号(A-1)"


@given(st.text(max_size=120))
def test_a_form_is_its_own_form_and_no_longer_than_the_text(site: str) -> None:
    form = site_form(site)
    assert site_form(form) == form
    assert len(form) <= len(site)
