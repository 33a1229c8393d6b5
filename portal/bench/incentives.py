"""``qingzhang bench incentives``: answers with every reason, beside the same tax by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import click

from incentives.rules.assess import assess
from incentives.rules.packaged import rule_text
from incentives.rules.report import plain
from incentives.rules.rule import read
from portal.bench.timing import line, machine, timed
from portal.cli.params import Whole
from portal.cli.shared import REFUSED, Failed, json_option, tell

ON = date(2026, 3, 31)
POLLUTANTS = (("二氧化硫", "0.95"), ("氮氧化物", "0.95"), ("烟尘", "2.18"), ("一氧化碳", "16.7"))
RATE = Decimal("1.2")
Row = Mapping[str, Any]


def months(count: int) -> list[list[Row]]:
    """Seeded months of so many taxpayers: four pollutants at one outlet, no exceedance."""
    return [
        [
            {
                "outlet": "DA001",
                "medium": "air",
                "pollutant": name,
                "mass_kg": 100 + (party * 37 + place * 911) % 9_000,
                "ratio": f"0.{(party * 13 + place * 29) % 90 + 5:02d}",
                "exceeded": False,
            }
            for place, (name, _) in enumerate(POLLUTANTS)
        ]
        for party in range(count)
    ]


def by_hand(month: Sequence[Row]) -> int:
    """The relief in fen, worked out by a function that knows this one tax and gives no reason."""
    values = dict(POLLUTANTS)
    sizes = [(Decimal(row["mass_kg"]) / Decimal(values[row["pollutant"]]), row) for row in month]
    sizes.sort(key=lambda pair: -pair[0])
    gross = due = Decimal(0)
    for size, row in sizes[:3]:
        tax, ratio = size * RATE, Decimal(row["ratio"])
        gross += tax
        share = "0.5" if ratio < Decimal("0.5") else "0.75" if ratio < Decimal("0.7") else "1"
        due += tax * Decimal(share)
    return _fen(gross) - _fen(due)


def _fen(yuan: Decimal) -> int:
    return int((yuan * 100).quantize(Decimal(1), ROUND_HALF_UP))


@click.command("incentives")
@click.option("--parties", default=500, show_default=True, type=Whole(1, 100_000))
@json_option
def COMMAND(parties: int, as_json: bool) -> None:
    """Answer the tax question for so many seeded taxpayers."""
    rule = read(rule_text("ept-art13"))
    population = months(parties)
    wrong = [
        place
        for place, month in enumerate(population)
        if assess(rule, {"emissions": month}, ON).amount_fen != by_hand(month)
    ]
    if wrong:
        raise Failed(REFUSED, "bench-failed", {"party": wrong[0]})
    rows = {
        "answers, exact, with every reason": timed(
            lambda: [assess(rule, {"emissions": month}, ON) for month in population], parties
        ),
        "the same, written out with its trace": timed(
            lambda: [plain(assess(rule, {"emissions": month}, ON)) for month in population], parties
        ),
        "the tax by hand, no reason given": timed(
            lambda: [by_hand(month) for month in population], parties
        ),
    }
    first, *_, hand = rows.values()
    ratio = round(first["per_second"] / hand["per_second"], 4)
    shown = {**machine(), "parties": parties, "agree": True, "rows": rows, "ratio": ratio}
    text = [line(name, row) for name, row in rows.items()]
    tell(as_json, shown, "\n".join([*text, f"answers : by hand = {ratio}"]))
