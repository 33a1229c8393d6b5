"""Statement ids: UUID version 7."""

from __future__ import annotations

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.statements.errors import Malformed
from ledger.statements.ids import check_uuid7, derived_uuid7, make_uuid7


def test_the_example_of_rfc_9562() -> None:
    # RFC 9562 A.6: 2022-02-22T19:22:22.000Z, rand_a 0xCC3, rand_b 0x18C4DC0C0C07398F
    random = (0x0CC3 << 64 | 0x18C4DC0C0C07398F).to_bytes(10, "big")
    assert make_uuid7(0x017F22E279B0, random) == "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"


@given(st.integers(0, 2**48 - 1), st.binary(min_size=10, max_size=32))
def test_what_is_made_is_valid(milliseconds: int, random: bytes) -> None:
    text = make_uuid7(milliseconds, random)
    assert check_uuid7(text) == text
    made = uuid.UUID(text)
    assert (made.version, made.variant, made.int >> 80) == (7, uuid.RFC_4122, milliseconds)


@pytest.mark.parametrize(("milliseconds", "size"), [(-1, 10), (2**48, 10), (0, 9)])
def test_time_and_chance_must_fill_the_id(milliseconds: int, size: int) -> None:
    with pytest.raises(Malformed, match="uuid7-input"):
        make_uuid7(milliseconds, bytes(size))


def test_a_row_gives_one_id_and_rows_do_not_meet() -> None:
    first = derived_uuid7(1, "registry", "row", 0)
    assert first == derived_uuid7(1, "registry", "row", 0)
    others = {
        derived_uuid7(1, "registry", "row", 1),
        derived_uuid7(1, "registry\nrow", "", 0),
        derived_uuid7(1, "registry", "row\n", 0),
        derived_uuid7(2, "registry", "row", 0),
    }
    assert len(others | {first}) == 5


@pytest.mark.parametrize(
    "text",
    [
        "017F22E2-79B0-7CC3-98C4-DC0C0C07398F",
        "017f22e279b07cc398c4dc0c0c07398f",
        "{017f22e2-79b0-7cc3-98c4-dc0c0c07398f}",
        "017f22e2-79b0-4cc3-98c4-dc0c0c07398f",
        "017f22e2-79b0-7cc3-c8c4-dc0c0c07398f",
        "017f22e2-79b0-7cc3-98c4-dc0c0c07398f\n",
        None,
        7,
    ],
)
def test_other_texts_are_refused(text: object) -> None:
    with pytest.raises(Malformed, match="not-a-uuid7"):
        check_uuid7(text)
