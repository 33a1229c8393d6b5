"""Files of market data: formula-safe tables, and pieces instead of the whole."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.writer.kinds import Row
from market.settlement.models import TRADE
from portal.exchange.quoting import LINES_AT_ONCE, as_lines, as_table


def trade(sequence: int, instrument: str = "FS") -> Row:
    return {
        "venue": "zhejiang",
        "sequence": sequence,
        "instrument": instrument,
        "method": "10",
        "date": "2026-01-01",
        "price_fen": 7_000,
        "quantity": 1,
        "at": 1_767_231_000_000,
    }


def test_a_table_has_a_mark_a_head_and_lines() -> None:
    text = b"".join(as_table(TRADE, [trade(1)])).decode()
    assert text == (
        "\ufeffvenue,sequence,instrument,method,date,price_fen,quantity,at\r\n"
        "zhejiang,1,FS,10,2026-01-01,7000,1,2026-01-01T01:30:00.000Z\r\n"
    )


def test_a_spreadsheet_is_given_no_formula() -> None:
    text = b"".join(as_table(TRADE, [trade(1, '=HYPERLINK("x")')])).decode()
    assert ',"\'=HYPERLINK(""x"")",' in text


def test_files_are_made_piece_by_piece() -> None:
    made = 0

    def rows() -> Iterator[Row]:
        nonlocal made
        for made in range(1, 10 * LINES_AT_ONCE + 1):
            yield trade(made)

    pieces = as_lines(rows())
    first = next(pieces)
    assert first.count(b"\n") == made == LINES_AT_ONCE
    assert sum(piece.count(b"\n") for piece in pieces) == 9 * LINES_AT_ONCE
