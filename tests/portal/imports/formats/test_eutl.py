"""The EU registry's transfers: whole transactions, by date, on the least openings."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.portal.imports.exports import (
    EUTL_LEG,
    Plan,
    Row,
    format_named,
    notes,
    plan_of,
    planned,
    refusals,
    write,
)


def leg(number: int, transaction: str, sender: str, receiver: str, units: int, **cells: str) -> Row:
    return {
        **EUTL_LEG,
        "id": str(number),
        "transactionID": transaction,
        "transferringAccount_id": sender + ".0",
        "acquiringAccount_id": receiver + ".0",
        "amount": str(units),
        **cells,
    }


def type_of(main: str, supplementary: str) -> Row:
    return {"transactionTypeMain_id": main, "transactionTypeSupplementary_id": supplementary}


def transactions(plan: Plan) -> list[str]:
    return [str(act.body["transaction"]) for act in plan.acts if act.type == "mirror.transaction"]


def openings(plan: Plan) -> list[object]:
    acts = [act for act in plan.acts if act.type == "mirror.opening"]
    lines: list[object] = []
    for act in acts:
        told = act.body["lines"]
        assert isinstance(told, list)
        lines += told
    return lines


def test_rows_of_one_transaction_are_one_act_in_file_order(tmp_path: Path) -> None:
    plan = plan_of(
        tmp_path,
        "eutl",
        leg(7, "AT1", "1", "2", 5),
        leg(8, "AT1", "2", "3", 9, project_id="828.0", unitType_id="CER"),
    )
    opening, act = plan.acts
    assert act.rows == (1, 2)
    assert act.body == {
        "registry": "eutl",
        "transaction": "AT1",
        "at": "2006-01-20T07:01:15.731",
        "zone": "unstated",
        "type": "10-0",
        "operation": "transfer",
        "legs": [["7", "1", "2", "EUA2005", 5], ["8", "2", "3", "CER", 9, "828"]],
    }
    assert opening.body["lines"] == [["CER", "2", 9], ["EUA2005", "1", 5]]
    assert (opening.rows, opening.ms, act.ms) == ((), 1137740475731, 1137740475731)


def test_acts_stand_in_order_of_date_and_the_report_says_so(tmp_path: Path) -> None:
    late, early = "2006-01-21 00:00:00.000", "2006-01-19 23:59:59.999"
    plan = plan_of(
        tmp_path,
        "eutl",
        leg(1, "B", "1", "2", 5, date=late),
        leg(2, "C", "1", "2", 5),
        leg(3, "A", "2", "1", 5, date=early),
        leg(4, "B", "1", "2", 5, date=late),
        leg(5, "D", "1", "2", 1, date=late),
    )
    assert transactions(plan) == ["A", "C", "B", "D"]
    assert notes(plan)["applied-in-date-order"] == {"transactions": 4, "out_of_file_order": 2}
    assert notes(plan)["transactions-interleaved"] == {"runs": 5}


def test_openings_come_first_and_are_the_least(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, "eutl", leg(1, "A", "1", "2", 5), leg(2, "B", "2", "1", 7))
    assert [act.type for act in plan.acts] == ["mirror.opening"] + ["mirror.transaction"] * 2
    assert openings(plan) == [["EUA2005", "1", 5], ["EUA2005", "2", 2]]
    assert notes(plan)["opened"] == {"balances": 2, "accounts": 2, "quantity": 7}
    assert plan.acts[0].body["extract_sha256"] == plan.report.sha256


def test_many_openings_are_told_in_parts(tmp_path: Path) -> None:
    rows = [leg(n, f"T{n}", str(n), "9999", 1) for n in range(1, 1002)]
    parts = [act for act in plan_of(tmp_path, "eutl", *rows).acts if act.type == "mirror.opening"]
    assert [act.body["part"] for act in parts] == [1, 2, 3]
    assert {act.body["parts"] for act in parts} == {3}
    assert len({act.key for act in parts}) == 3


@pytest.mark.parametrize(
    ("main", "supplementary", "operation"),
    [
        ("10", "53", "allocation"),
        ("10", "0", "transfer"),
        ("10", "2", "surrender"),
        ("10", "1", "cancellation"),
        ("10", "41", "cancel-replace"),
        ("5", "1", "phase-end-retirement"),
        ("10", "55", "correction"),
    ],
)
def test_a_type_is_the_operation_it_is_known_for(
    tmp_path: Path, main: str, supplementary: str, operation: str
) -> None:
    plan = plan_of(tmp_path, "eutl", leg(1, "A", "1", "2", 5, **type_of(main, supplementary)))
    assert plan.acts[-1].body["operation"] == operation
    assert plan.report.taken[operation, "EUA2005"] == 1
    assert "type-not-identified" not in notes(plan)


@pytest.mark.parametrize("type_pair", [("4", "3"), ("3", "21")])
def test_an_unidentified_type_is_other_and_told(tmp_path: Path, type_pair: tuple[str, str]) -> None:
    plan = plan_of(tmp_path, "eutl", leg(1, "A", "1", "2", 5, **type_of(*type_pair)))
    assert plan.acts[-1].body["operation"] == "other"
    assert notes(plan)["type-not-identified"] == {"types": ("-".join(type_pair),)}


def test_an_issue_makes_units_in_its_own_account(tmp_path: Path) -> None:
    issue = type_of("10", "52")
    plan = plan_of(
        tmp_path,
        "eutl",
        leg(1, "A", "1", "1", 5, **issue),
        leg(2, "B", "1", "2", 5, date="2006-01-21 00:00:00.000"),
        leg(3, "C", "1", "2", 5, **issue),
    )
    assert refusals(plan) == [(3, "issue-between-accounts", "acquiringAccount_id")]
    assert openings(plan) == []
    assert "opened" not in notes(plan)


def test_a_transfer_to_oneself_is_taken(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, "eutl", leg(1, "A", "1", "1", 5))
    assert openings(plan) == [["EUA2005", "1", 5]]
    assert plan.report.taken_rows == 1


def test_equal_rows_are_separate_blocks(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, "eutl", leg(1, "A", "1", "2", 5), leg(2, "A", "1", "2", 5))
    assert plan.report.taken_quantity["transfer", "EUA2005"] == 10
    assert openings(plan) == [["EUA2005", "1", 10]]


def test_one_id_is_one_block(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, "eutl", leg(1, "A", "1", "2", 5), leg(1, "B", "1", "2", 5))
    assert refusals(plan) == [(2, "id-repeated", "id")]
    assert transactions(plan) == ["A"]


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"amount": "5.0"}, "quantity-malformed"),
        ({"amount": "0"}, "quantity-not-positive"),
        ({"transferringAccount_id": "x"}, "identifier-malformed"),
        ({"date": "2006-01-20"}, "date-malformed"),
        ({"date": "2006-01-20 07:01:15.732"}, "transaction-disagrees"),
        ({"transactionTypeSupplementary_id": "1"}, "transaction-disagrees"),
        ({"unitType_id": ""}, "cell-empty"),
    ],
)
def test_a_transaction_is_taken_whole_or_not_at_all(tmp_path: Path, cells: Row, code: str) -> None:
    plan = plan_of(
        tmp_path,
        "eutl",
        leg(1, "A", "1", "2", 5),
        {**leg(2, "A", "1", "2", 5), **cells},
        leg(3, "A", "1", "2", 5),
        leg(4, "B", "3", "2", 5),
    )
    found = {refusal.row: refusal for refusal in plan.report.refused}
    assert {row: refusal.code for row, refusal in found.items()} == {
        1: "transaction-incomplete",
        2: code,
        3: "transaction-incomplete",
    }
    assert found[3].params == {"transaction": "A", "because_row": 2}
    assert transactions(plan) == ["B"]
    assert openings(plan) == [["EUA2005", "3", 5]]


def test_a_row_cut_short_still_spoils_its_transaction(tmp_path: Path) -> None:
    path = write(tmp_path, [leg(1, "A", "1", "2", 5), leg(2, "B", "1", "2", 5)])
    with path.open("ab") as file:
        file.write(b"3,B,2006-01-20 07:01")
    plan = planned(format_named("eutl"), path)
    assert refusals(plan) == [(3, "cell-count", ""), (2, "transaction-incomplete", "")]
    assert transactions(plan) == ["A"]
    assert plan.report.unstated_rows == 1
    assert "no-final-line-end" in notes(plan)


def test_a_refused_row_of_no_known_transaction_is_told(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, "eutl", leg(1, "A", "1", "2", 5), leg(2, " ", "1", "2", 5))
    assert refusals(plan) == [(2, "cell-empty", "transactionID")]
    assert notes(plan)["refused-row-of-unknown-transaction"] == {"rows": 1}


def test_identifiers_lose_their_decimals_and_the_report_says_so(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, "eutl", leg(1, "A", "1", "2", 5, acquiringAccount_id="2"))
    assert [key for key in plan.report.normalised] == [("transferringAccount_id", "decimal-suffix")]


def test_sums_above_two_to_the_32_are_exact(tmp_path: Path) -> None:
    units = 1_228_109_497
    rows = [leg(n, f"T{n}", "1", "2", units) for n in range(1, 6)]
    plan = plan_of(tmp_path, "eutl", *rows)
    assert plan.report.stated_quantity["EUA2005"] == 6_140_547_485
