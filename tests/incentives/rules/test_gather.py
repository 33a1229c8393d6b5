"""Facts become inputs: nothing is filled in, and what does not fit is refused."""

from __future__ import annotations

from typing import Any

import pytest

from incentives.rules.errors import InputRefused
from incentives.rules.gather import gather
from incentives.rules.packaged import rule_text
from incentives.rules.rule import Rule, read

RULE = read(rule_text("ept-art13"))
SCALAR = read(
    rule_text("ept-art13")
    .replace("inputs:\n", "inputs:\n  staff: {kind: number, unit: people}\n", 1)
    .replace("  lists:\n", "  values: {staff: staff.count}\n  lists:\n", 1)
)


def row(name: str, pollutant: str = "烟尘", **more: Any) -> dict[str, Any]:
    return {
        "fact": f"{name}/{pollutant}",
        "indicator": f"discharge.{name}",
        "dimensions": [["outlet", "A"], ["medium", "air"], ["pollutant", pollutant]],
        "value": 1,
        "scale": 0,
        "unit": "kg" if name == "mass" else "1",
        "party": "owner",
        "role": "enterprise",
        **more,
    }


def test_items_are_joined_by_their_dimensions_in_the_order_first_spoken_of() -> None:
    rows = [
        row("ratio", "氮氧化物", value=5, scale=1),
        row("mass"),
        row("mass", "氮氧化物", value=7),
    ]
    found = gather(RULE, rows)
    air = {"outlet": "A", "medium": "air"}
    assert found.inputs == {
        "emissions": [
            {**air, "pollutant": "氮氧化物", "mass_kg": "7", "ratio": "0.5"},
            {**air, "pollutant": "烟尘", "mass_kg": "1"},
        ]
    }
    assert list(found.used) == rows


def test_no_fact_is_no_input() -> None:
    assert gather(RULE, []).inputs == {}
    assert gather(RULE, [row("mass", role="verifier")]).inputs == {}


def test_a_flag_is_nought_or_one() -> None:
    found = gather(RULE, [row("exceeded", value=0)]).inputs["emissions"]
    assert found == [{"outlet": "A", "medium": "air", "pollutant": "烟尘", "exceeded": False}]


def test_the_earlier_voice_counts_and_only_what_counted_is_used() -> None:
    theirs = row("mass", fact="1", value=9, role="regulator", party="regulator")
    found = gather(RULE, [row("mass"), theirs])
    assert found.inputs["emissions"] == [
        {"outlet": "A", "medium": "air", "pollutant": "烟尘", "mass_kg": "9"}
    ]
    assert found.used == (theirs,)


def test_a_single_input_takes_a_fact_without_dimensions() -> None:
    fact = row("x", indicator="staff.count", dimensions=[], unit="people", value=12)
    assert gather(SCALAR, [fact]).inputs == {"staff": "12"}


@pytest.mark.parametrize(
    ("rule", "rows", "code"),
    [
        (RULE, [row("mass"), row("mass", fact="2", party="other")], "facts-conflict"),
        (RULE, [row("exceeded", value=2)], "flag-malformed"),
        (RULE, [row("exceeded", scale=1)], "flag-malformed"),
        (RULE, [row("mass", unit="t")], "unit-differs"),
        (RULE, [row("mass", dimensions=[["outlet", "A"]])], "dimensions-differ"),
        (SCALAR, [row("x", indicator="staff.count", unit="people")], "dimensions-differ"),
    ],
)
def test_a_fact_that_does_not_fit_is_refused(
    rule: Rule, rows: list[dict[str, Any]], code: str
) -> None:
    with pytest.raises(InputRefused) as caught:
        gather(rule, rows)
    assert caught.value.code == code
    assert caught.value.params["fact"]
