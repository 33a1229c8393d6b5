"""The bank's file of a day: CSV with the columns ``COLUMNS``, read strictly; pure.

One row a movement of the omnibus account: the day (``2026-04-07``), the bank's reference,
``in`` or ``out``, the number of the other account (or its last four digits, or nothing), and the
amount in fen. The last row has the direction ``closing``, no reference and no account, and in
``amount_fen`` the balance at the end of the day; a day without movements has that row alone.
The file is UTF-8, with or without a byte order mark; no cell is guessed at.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from dataclasses import dataclass
from typing import Any

from ledger.accounts.cash.comparing import Line
from ledger.accounts.cash.errors import BankFileRefused
from ledger.accounts.cash.schemas import IN, OUT, REFERENCE, ROWS_MAX
from ledger.statements import fields
from ledger.statements.canonical import INTEGER_MAX

COLUMNS = ("date", "reference", "direction", "account", "amount_fen")
CLOSING = "closing"
BYTES_MAX = 2_000_000
_WHOLE = re.compile(r"0|[1-9][0-9]{0,15}", re.ASCII)
_NUMBER = re.compile(r"[0-9]{4,32}", re.ASCII)
_REFERENCE = fields.Text(max_length=REFERENCE)


@dataclass(frozen=True)
class BankFile:
    """A file as read: its rows, the closing balance in fen, and the digest of its bytes."""

    date: str
    rows: tuple[Line, ...]
    closing_fen: int
    sha256: str

    def body(self, operator: str) -> dict[str, Any]:
        """The body of ``cash.reconcile``, without its salt."""
        return {
            "operator": operator,
            "date": self.date,
            "file_sha256": self.sha256,
            "closing_fen": self.closing_fen,
            "rows": [as_row(line) for line in self.rows],
        }


def as_row(line: Line) -> dict[str, Any]:
    """A row as a statement carries it."""
    row: dict[str, Any] = {
        "reference": line.reference,
        "direction": IN if line.signed_fen > 0 else OUT,
        "amount_fen": abs(line.signed_fen),
    }
    return row if line.tail is None else {**row, "tail": line.tail}


def read_bank_file(data: bytes, day: str) -> BankFile:
    """The file of ``day``; raises BankFileRefused with the line and the column at fault.

    Codes: ``bank-file-too-large``, ``bank-file-not-csv``, ``bank-file-header``,
    ``bank-file-width``, ``bank-file-cell``, ``bank-file-other-day``, ``bank-file-closing``.
    """
    if len(data) > BYTES_MAX:
        raise BankFileRefused("bank-file-too-large", limit=BYTES_MAX)
    numbered = _read(data)
    if not numbered or tuple(numbered[0][1]) != COLUMNS:
        raise BankFileRefused("bank-file-header", line=1, columns=",".join(COLUMNS))
    lines: list[Line] = []
    closing: int | None = None
    for number, cells in numbered[1:]:
        if closing is not None:
            raise BankFileRefused("bank-file-closing", line=number, rule="last-row")
        if len(cells) != len(COLUMNS):
            raise BankFileRefused("bank-file-width", line=number, columns=",".join(COLUMNS))
        date, reference, direction, account, amount = cells
        if date != day:
            raise BankFileRefused("bank-file-other-day", line=number, field="date", date=day)
        fen = _amount(amount, number)
        if direction == CLOSING:
            if reference or account:
                raise BankFileRefused("bank-file-closing", line=number, rule="balance-alone")
            closing = fen
            continue
        lines.append(_line(reference, direction, account, fen, number))
    if closing is None:
        raise BankFileRefused("bank-file-closing", line=len(numbered), rule="missing")
    if len(lines) > ROWS_MAX:
        raise BankFileRefused("bank-file-too-large", limit=ROWS_MAX)
    return BankFile(day, tuple(lines), closing, hashlib.sha256(data).hexdigest())


def _read(data: bytes) -> list[tuple[int, list[str]]]:
    try:
        reader = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True)
        return [(reader.line_num, row) for row in reader]
    except (UnicodeDecodeError, csv.Error) as error:
        raise BankFileRefused("bank-file-not-csv") from error


def _line(reference: str, direction: str, account: str, fen: int, number: int) -> Line:
    if _REFERENCE.rule(reference) is not None:
        raise BankFileRefused("bank-file-cell", line=number, field="reference")
    if direction not in (IN, OUT):
        allowed = [IN, OUT, CLOSING]
        raise BankFileRefused("bank-file-cell", line=number, field="direction", allowed=allowed)
    if account and not _NUMBER.fullmatch(account):
        raise BankFileRefused("bank-file-cell", line=number, field="account")
    if not fen:
        raise BankFileRefused("bank-file-cell", line=number, field="amount_fen")
    return Line(reference, fen if direction == IN else -fen, account[-4:] or None)


def _amount(text: str, number: int) -> int:
    if not _WHOLE.fullmatch(text) or int(text) > INTEGER_MAX:
        raise BankFileRefused("bank-file-cell", line=number, field="amount_fen")
    return int(text)
