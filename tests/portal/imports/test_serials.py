"""Serials: format undoes parse, and a block is what its numbers say."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.imports.errors import BadValue
from portal.imports.serials import CerSerial, GoldSerial, VerraSerial, check_size

VERRA = "9344-82392553-82392562-VCS-VCU-262-VER-BR-14-1686-01012017-31122017-1"
OLD_VERRA = "9344-82392553-82392562-VCU-262-VER-BR-14-1686-01012017-31122017-1"
GOLD = "GS1-1-CN-GS7604-3-2020-21289-85977-85978"
CER = "RW-5-1463953-2-2-0-7014 - RW-5-1467609-2-2-0-7014"


def refused(parse: Callable[[str], object], text: str) -> str:
    with pytest.raises(BadValue) as caught:
        parse(text)
    return caught.value.code


def test_a_verra_serial_says_thirteen_things() -> None:
    serial = VerraSerial.parse(VERRA)
    assert (serial.batch, serial.first, serial.last) == (9344, 82392553, 82392562)
    assert (serial.body, serial.registry, serial.country, serial.scope) == (
        "262",
        "VER",
        "BR",
        "14",
    )
    assert (serial.project, serial.certified) == ("1686", True)
    assert (serial.vintage_from, serial.vintage_to) == ("2017-01-01", "2017-12-31")
    assert str(serial) == VERRA


def test_the_old_verra_form_keeps_its_twelve_fields() -> None:
    assert str(VerraSerial.parse(OLD_VERRA)) == OLD_VERRA


def test_a_gold_standard_serial_counts_within_its_batch() -> None:
    serial = GoldSerial.parse(GOLD)
    assert serial == GoldSerial("GS1-1-CN-GS7604-3-2020-21289", "CN", "7604", "2020", 85977, 85978)
    assert str(serial) == GOLD


def test_a_cer_block_is_two_full_serials() -> None:
    serial = CerSerial.parse(CER)
    assert serial == CerSerial("RW-5", "2-2-0", "7014", 1463953, 1467609)
    assert str(serial) == CER
    check_size(serial.first, serial.last, 3657)


@pytest.mark.parametrize(
    ("parse", "text", "code"),
    [
        (VerraSerial.parse, VERRA.replace("VER-BR", "VER-br"), "serial-malformed"),
        (VerraSerial.parse, VERRA.replace("9344-", "09344-"), "serial-malformed"),
        (VerraSerial.parse, VERRA + "-0", "serial-malformed"),
        (VerraSerial.parse, VERRA.replace("31122017", "31022017"), "date-impossible"),
        (VerraSerial.parse, VERRA.replace("82392562", "82392552"), "serial-backwards"),
        (VerraSerial.parse, GOLD, "serial-malformed"),
        (GoldSerial.parse, GOLD.replace("GS7604", "7604"), "serial-malformed"),
        (GoldSerial.parse, GOLD.replace("85978", "85976"), "serial-backwards"),
        (GoldSerial.parse, CER, "serial-malformed"),
        (CerSerial.parse, CER.split(" - ", maxsplit=1)[0], "serial-malformed"),
        (CerSerial.parse, CER.replace("- RW", "- KE"), "serial-range-mixed"),
        (CerSerial.parse, CER[:-4] + "7015", "serial-range-mixed"),
        (CerSerial.parse, " - ".join(reversed(CER.split(" - "))), "serial-backwards"),
    ],
)
def test_a_bad_serial_is_refused(parse: Callable[[str], object], text: str, code: str) -> None:
    assert refused(parse, text) == code


def test_a_block_holds_as_many_units_as_it_says() -> None:
    check_size(5, 5, 1)
    with pytest.raises(BadValue) as caught:
        check_size(1, 26, 25)
    assert caught.value.code == "serial-quantity-mismatch"
    assert caught.value.params == {"units": 26, "quantity": 25}


@given(st.integers(1, 10**12), st.integers(0, 10**6), st.dates(), st.dates(), st.booleans())
def test_a_verra_serial_is_parsed_back(
    first: int, more: int, start: object, end: object, stated: bool
) -> None:
    serial = VerraSerial(
        1, first, first + more, stated, "007", "VER", "CN", "1", "0513", str(start), str(end), False
    )
    assert VerraSerial.parse(str(serial)) == serial


@given(st.integers(0, 10**12), st.integers(0, 10**6))
def test_ranges_are_parsed_back(first: int, more: int) -> None:
    gold = GoldSerial("GS1-1-CN-GS7-3-2020-2", "CN", "7", "2020", first, first + more)
    cer = CerSerial("CN-5", "1-1-0", "99", first, first + more)
    assert GoldSerial.parse(str(gold)) == gold
    assert CerSerial.parse(str(cer)) == cer
