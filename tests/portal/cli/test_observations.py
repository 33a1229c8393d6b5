"""A sheet of observations becomes one batch, or is refused by line and field."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ledger.facts.models import fact_table, private_fact_table
from portal.cli import main
from tests.factories.facts import REGULATOR, define, indicator, regional
from tests.factories.scene import scene

HEADER = "indicator,subject,start,end,dimensions,value,unit,source,confidence,corrects\n"
ROW = "discharge.mass,owner,2025-12-01,2025-12-31,outlet=A,95.0,kg,meter,high,\n"
REGION = "region.co2,330100,2024-01-01,2024-12-31,,39960000,t,survey,low,\n"


def draft(file: Path, text: str, *options: str) -> Result:
    file.write_bytes(text.encode())
    return CliRunner().invoke(main, ["fact", "draft", str(file), *options])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "facts.csv"


def test_a_sheet_is_stated_under_one_signature(file: Path, home: Path) -> None:
    rows = ROW + ROW.replace("outlet=A", "outlet=B").replace("95.0", "-0.07")
    private = json.loads(draft(file, HEADER + rows).output)
    public = json.loads(draft(file, HEADER + REGION, "--public").output)
    with scene(home, None) as stage:
        stage.cast()
        define(stage, indicator(), regional())
        stage.do("owner", "batch", private, "a")
        stage.do("regulator", "batch.public", public, *REGULATOR)
        facts = sorted(stage.rows(private_fact_table), key=lambda row: row["place"])
        (region,) = stage.rows(fact_table)
    assert [(row["value"], row["scale"], row["dimensions"]) for row in facts] == [
        (950, 1, [["outlet", "A"]]),
        (-7, 2, [["outlet", "B"]]),
    ]
    assert (region["value"], region["scale"]) == (39_960_000, 0)


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("a,b\n", "header-differs", '"line":1'),
        ("", "header-differs", '"line":1'),
        (HEADER + "a,b\n", "row-width", '"line":2'),
        (HEADER + ROW + ROW.replace("95.0", "9,5"), "row-width", '"line":3'),
        (HEADER + ROW.replace("95.0", "1_000"), "not-a-decimal", '"field":"value"'),
        (HEADER + ROW.replace("95.0", "1e3"), "not-a-decimal", '"field":"value"'),
        (HEADER + ROW.replace("95.0", "１２"), "not-a-decimal", '"field":"value"'),
        (HEADER + ROW.replace("95.0", "0." + "1" * 13), "not-a-decimal", '"field":"value"'),
        (HEADER + ROW.replace("95.0", "9" * 16 + ".0"), "out-of-range", '"field":"/value"'),
        (HEADER + ROW.replace("outlet=A", "A"), "dimensions-malformed", '"line":2'),
        (HEADER + ROW.replace("2025-12-31", "2025-12-32"), "not-a-date", '"field":"/end"'),
        (HEADER + ROW.replace("high", "sure"), "not-one-of", '"field":"/confidence"'),
        (HEADER + '"a', "not-csv", "facts.csv"),
        (HEADER, "items", '"rows":0'),
        (HEADER + ROW * 1_001, "items", '"rows":1001'),
    ],
)
def test_a_bad_sheet_is_refused_by_line_and_field(
    file: Path, text: str, code: str, place: str
) -> None:
    result = draft(file, text)
    assert result.exit_code == 1, result.output
    assert code in result.output
    assert place in result.output


def test_a_corrected_row_names_what_it_corrects(file: Path) -> None:
    body = json.loads(draft(file, HEADER + ROW.replace("high,", "high,187/4")).output)
    assert body["operations"][0]["body"]["corrects"] == "187/4"
