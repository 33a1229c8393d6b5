"""What the exchange's cores make of a file, by hand and from published examples."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from portal.cli import main


def test_a_stream_is_replayed_into_a_file_of_trades(tmp_path: Path) -> None:
    stream, out = tmp_path / "stream.csv", tmp_path / "trades.csv"
    header = "seq,action,order_id,side,price,quantity\r\n"
    stream.write_text(header + "1,limit,a,sell,10,5\r\n2,market,b,buy,,3\r\n", newline="")
    result = CliRunner().invoke(main, ["market", "replay", str(stream), "--trades", str(out)])
    assert result.exit_code == 0, result.output
    assert out.read_bytes() == b"taker_order_id,maker_order_id,price,quantity\nb,a,10,3\n"
    assert "volume: 3" in result.output


def test_a_byte_order_mark_is_passed_over_and_other_encodings_are_refused(tmp_path: Path) -> None:
    stream, out = tmp_path / "stream.csv", tmp_path / "trades.csv"
    text = "seq,action,order_id,side,price,quantity\n1,limit,单,sell,10,5\n2,market,b,buy,,3\n"
    words = ["market", "replay", str(stream), "--trades", str(out)]
    stream.write_text(text, encoding="utf-8-sig")
    assert CliRunner().invoke(main, words).exit_code == 0
    assert out.read_text(encoding="utf-8").splitlines()[1:] == ["b,单,10,3"]
    stream.write_text(text, encoding="gb18030")
    refused = CliRunner().invoke(main, words)
    assert (refused.exit_code, "not-csv" in refused.output) == (1, True)


def test_a_bad_stream_exits_1_and_names_the_line(tmp_path: Path) -> None:
    stream, out = tmp_path / "stream.csv", tmp_path / "trades.csv"
    stream.write_text("seq,action,order_id,side,price,quantity\n1,limit,a,sell,ten,5\n")
    result = CliRunner().invoke(main, ["market", "replay", str(stream), "--trades", str(out)])
    assert result.exit_code == 1
    assert "not-an-integer" in result.output and "line" in result.output
    assert not out.exists()


@pytest.mark.parametrize(
    ("rows", "line"),
    [
        (b'1,limit,"a"b,buy,5,1\n', 2),
        (b"1,limit,a,buy,5,1\r\n2,limit,\xe9,buy,5,1\n", 3),
        (b'1,limit,"a\n\rb",buy,5,1\n2,limit,\xe9,buy,5,1\n', 5),
        (b"1,cancel,a,,,\n" * 3_000 + b"2,limit,\xff,buy,5,1\n", 3_002),
        (b"1,cancel,a,,,\n2,cancel," + b"a" * 131_073 + b",,,\n", 3),
    ],
    ids=["quote", "encoding", "lines-in-a-field", "a-late-block", "length"],
)
def test_what_is_no_csv_is_refused_by_its_own_line(tmp_path: Path, rows: bytes, line: int) -> None:
    stream = tmp_path / "stream.csv"
    stream.write_bytes(b"seq,action,order_id,side,price,quantity\n" + rows)
    words = ["market", "replay", str(stream), "--trades", str(tmp_path / "trades.csv")]
    result = CliRunner().invoke(main, words)
    assert result.exit_code == 1
    assert f'not-csv {{"line":{line},' in result.output


def test_ids_with_line_ends_are_read_again_as_they_were(tmp_path: Path) -> None:
    stream, out = tmp_path / "stream.csv", tmp_path / "trades.csv"
    head = "seq,action,order_id,side,price,quantity\n"
    rows = (
        '1,limit,"x\ry",buy,5,1\n2,limit,z,sell,5,1\n3,limit,"u\nv",buy,5,1\n4,limit,w,sell,5,1\n'
    )
    stream.write_text(head + rows, newline="")
    words = ["market", "replay", str(stream), "--trades", str(out)]
    assert CliRunner().invoke(main, words).exit_code == 0
    with out.open(newline="") as file:
        assert list(csv.reader(file))[1:] == [["z", "x\ry", "5", "1"], ["w", "u\nv", "5", "1"]]


def test_trades_do_not_take_the_place_of_their_stream(tmp_path: Path) -> None:
    stream = tmp_path / "stream.csv"
    stream.write_text("seq,action,order_id,side,price,quantity\n")
    words = ["market", "replay", str(stream), "--trades", str(tmp_path / "." / "stream.csv")]
    assert CliRunner().invoke(main, words).exit_code == 2
    assert stream.read_text().startswith("seq,")


def test_an_auction_prints_price_volume_surplus_and_fills(tmp_path: Path) -> None:
    orders = tmp_path / "orders.csv"
    orders.write_text("order_id,side,price,quantity\na,buy,,40\nb,sell,998,30\n")

    def told(*words: str) -> object:
        result = CliRunner().invoke(main, ["market", "auction", str(orders), *words])
        assert result.exit_code == 0, result.output
        return json.loads(result.output)

    fills = [["a", "b", 30]]
    wanted = {"price": 998, "volume": 30, "surplus": 10, "fills": fills}
    assert told() == wanted
    assert told("--reference", "1000") == wanted
    both = told("--reference", "1000", "--candidates", "limits+reference")
    assert both == {**wanted, "price": 1_000}


def test_an_auction_without_a_cross_has_no_price(tmp_path: Path) -> None:
    orders = tmp_path / "orders.csv"
    orders.write_text("order_id,side,price,quantity\na,buy,9,40\nb,sell,10,30\n")
    result = CliRunner().invoke(main, ["market", "auction", str(orders), "--json"])
    assert json.loads(result.output) == {"price": None, "volume": 0, "surplus": 0, "fills": []}


@pytest.fixture
def example(tmp_path: Path) -> Path:
    """FERC RP99-288, example 4: 100,000 on offer."""
    rows = ["bid_id,price,quantity,least", "a,18,60000,", "b,18,60000,", "c,18,70000,45000"]
    file = tmp_path / "bids.csv"
    file.write_text("\n".join([*rows, "d,18,50000,15000", "e,18,30000,10000", "f,17,40000,"]))
    return file


def run(file: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["market", "one-way", str(file), *words])


def told(file: Path, *words: str) -> Any:
    result = run(file, *words)
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


def test_ties_are_shared_in_proportion_without_whom_it_would_not_content(example: Path) -> None:
    found = told(example, "--quantity", "100000", "--ties", "pro-rata")
    assert (found["price"], found["volume"], found["given"]) == (18, 100_000, 100_000)
    assert found["asked"] == 270_000
    shares = [["a", 30_000, 18], ["b", 30_000, 18], ["d", 25_000, 18], ["e", 15_000, 18]]
    assert found["awards"] == shares


def test_by_time_the_first_are_served_and_what_is_left_is_under_a_least(example: Path) -> None:
    """60,000 and 40,000 of 60,000."""
    found = told(example, "--quantity", "100000")
    assert found["awards"] == [["a", 60_000, 18], ["b", 40_000, 18]]


def test_a_reserve_keeps_bids_out_and_too_few_cancel_where_announced(example: Path) -> None:
    all_of_it = told(example, "--quantity", "310000", "--pricing", "pay-as-bid")
    assert [award[2] for award in all_of_it["awards"]] == [18] * 5 + [17]
    assert told(example, "--quantity", "310000", "--reserve", "18")["volume"] == 270_000
    words = ("--reserve", "18", "--undersubscribed", "cancel")
    nothing = told(example, "--quantity", "310000", *words)
    assert nothing == {"price": None, "volume": 0, "asked": 0, "given": 0, "awards": []}


def test_a_reverse_auction_takes_the_lowest(example: Path) -> None:
    found = told(example, "--quantity", "40000", "--reverse")
    assert found["awards"] == [["f", 40_000, 17]]


def test_lots_are_drawn_by_a_seed_that_must_be_told(example: Path) -> None:
    words = ("--quantity", "60000", "--ties", "random")
    assert run(example, *words).exit_code == 2
    assert run(example, "--quantity", "60000", "--seed", "s").exit_code == 2
    drawn = told(example, *words, "--seed", "s")
    assert drawn == told(example, *words, "--seed", "s")
    assert drawn["volume"] == 60_000


def test_a_bid_that_cannot_be_read_is_named_by_line_and_field(example: Path) -> None:
    result = run(example, "--quantity", "10", "--lot", "7")
    assert result.exit_code == 1
    assert "quantity-off-lot" in result.output and "quantity" in result.output


def test_whole_numbers_of_any_length_are_told_exactly(tmp_path: Path) -> None:
    file, large = tmp_path / "bids.csv", "9" * 22
    file.write_text(f"bid_id,price,quantity,least\na,{large},{large},\n")
    assert told(file, "--quantity", large)["awards"] == [["a", int(large), int(large)]]
