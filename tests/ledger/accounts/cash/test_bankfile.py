"""The bank's file is read strictly: what is not as documented is refused with line and column."""

from __future__ import annotations

import csv
import hashlib
import io
import unicodedata
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.accounts.cash import bankfile
from ledger.accounts.cash.bankfile import read_bank_file
from ledger.accounts.cash.comparing import Line
from ledger.accounts.cash.errors import BankFileRefused
from ledger.accounts.cash.schemas import Reconciliation
from ledger.accounts.cash.statements import STATEMENTS

DAY = "2026-04-07"
LETTERS = st.characters(codec="utf-8", categories=("L", "N", "P"))
HEAD = "date,reference,direction,account,amount_fen\n"
GOOD = f"{HEAD}{DAY},r1,in,3301000000001234,500\n{DAY},流水2,out,,20\n{DAY},,closing,,480\n"


def test_a_file_becomes_the_body_of_a_statement() -> None:
    data = GOOD.encode()
    read = read_bank_file(data, DAY)
    assert read.rows == (Line("r1", 500, "1234"), Line("流水2", -20, None))
    assert (read.closing_fen, read.sha256) == (480, hashlib.sha256(data).hexdigest())
    declared = next(s for s in STATEMENTS if s.schema is Reconciliation)
    declared.check({**read.body("exchange"), "salt": "0" * 32})
    assert read_bank_file(b"\xef\xbb\xbf" + data, DAY).rows == read.rows


def test_a_quiet_day_has_its_balance_alone() -> None:
    read = read_bank_file(f"{HEAD}{DAY},,closing,,0\r\n".encode(), DAY)
    assert (read.rows, read.closing_fen) == ((), 0)


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("", "bank-file-header", 1),
        ("date,reference\n", "bank-file-header", 1),
        (HEAD, "bank-file-closing", 1),
        (f"{HEAD}{DAY},r,in,,1\n", "bank-file-closing", 2),
        (f"{HEAD}{DAY},,closing,,1\n{DAY},r,in,,1\n", "bank-file-closing", 3),
        (f"{HEAD}{DAY},r,closing,,1\n", "bank-file-closing", 2),
        (f"{HEAD}{DAY},,closing,1234,1\n", "bank-file-closing", 2),
        (f"{HEAD}2026-04-08,,closing,,1\n", "bank-file-other-day", 2),
        (f"{HEAD}{DAY},r,in,1\n", "bank-file-width", 2),
        (f"{HEAD}{DAY},,in,,1\n", "bank-file-cell", 2),
        (f"{HEAD}{DAY},r,credit,,1\n", "bank-file-cell", 2),
        (f"{HEAD}{DAY},r,in,12a4,1\n", "bank-file-cell", 2),
        (f"{HEAD}{DAY},r,in,,0\n", "bank-file-cell", 2),
        (f"{HEAD}{DAY},r,in,,-1\n", "bank-file-cell", 2),
        (f"{HEAD}{DAY},r,in,,1.00\n", "bank-file-cell", 2),
        (f"{HEAD}{DAY},r,in,,1_0\n", "bank-file-cell", 2),
        (f"{HEAD}{DAY},r,in,,１\n", "bank-file-cell", 2),
        (f"{HEAD}{DAY},r,in,,9007199254740992\n", "bank-file-cell", 2),
        (f"{HEAD}{DAY}, r,in,,1\n", "bank-file-cell", 2),
        (f'{HEAD}{DAY},"r,in,,1\n', "bank-file-not-csv", None),
    ],
)
def test_what_is_not_as_documented_is_refused(text: str, code: str, line: int | None) -> None:
    with pytest.raises(BankFileRefused) as raised:
        read_bank_file(text.encode(), DAY)
    assert (raised.value.code, raised.value.params.get("line")) == (code, line)


def test_other_bytes_and_too_many_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BankFileRefused, match="bank-file-not-csv"):
        read_bank_file("入金".encode("gbk"), DAY)
    with pytest.raises(BankFileRefused, match="bank-file-too-large"):
        read_bank_file(b"x" * (bankfile.BYTES_MAX + 1), DAY)
    monkeypatch.setattr(bankfile, "ROWS_MAX", 1)
    with pytest.raises(BankFileRefused, match="bank-file-too-large"):
        read_bank_file(GOOD.encode(), DAY)


@given(st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode)))
def test_whatever_comes_is_read_or_refused(data: bytes) -> None:
    for start in (b"", HEAD.encode(), f"{HEAD}{DAY},".encode()):
        with suppress(BankFileRefused):
            assert read_bank_file(start + data, DAY).date == DAY


@given(
    st.lists(
        st.tuples(
            st.text(LETTERS, min_size=1, max_size=20),
            st.integers(1, 10**12),
            st.booleans(),
        ),
        max_size=8,
    ),
    st.integers(0, 10**12),
)
def test_what_is_written_by_the_book_is_read_back(
    rows: list[tuple[str, int, bool]], closing: int
) -> None:
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(bankfile.COLUMNS)
    kept = [(unicodedata.normalize("NFC", name), fen, back) for name, fen, back in rows]
    for name, fen, back in kept:
        writer.writerow([DAY, name, "out" if back else "in", "", fen])
    writer.writerow([DAY, "", "closing", "", closing])
    read = read_bank_file(written.getvalue().encode(), DAY)
    assert read.closing_fen == closing
    assert read.rows == tuple(Line(name, -fen if back else fen) for name, fen, back in kept)
