"""``qingzhang bench incentives``: answers one by one and for everybody, beside numpy and zen."""

from __future__ import annotations

import gc
import time
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

import click

from incentives.population.study import Study
from incentives.population.study import plain as told
from incentives.population.synthetic import invented
from incentives.population.work import YES, put
from incentives.rules.assess import assess
from incentives.rules.packaged import rule_text
from incentives.rules.report import plain
from incentives.rules.rule import read
from incentives.simulating import with_values
from portal.bench import asking, awards
from portal.bench.timing import line, machine, timed
from portal.cli.params import Whole
from portal.cli.shared import REFUSED, Failed, dump, json_option, tell

ON = date(2026, 3, 31)
POLLUTANTS = (("二氧化硫", "0.95"), ("氮氧化物", "0.95"), ("烟尘", "2.18"), ("一氧化碳", "16.7"))
RATE = Decimal("1.2")
SCALAR, ZEN, CHANGES = 500, 2_000, 20
"""How many are also asked one by one, how many zen is asked, how often a figure moves."""
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


def answers(parties: int) -> dict[str, Any]:
    """The tax question put to so many taxpayers one by one, beside the tax by hand."""
    rule = read(rule_text("ept-art13"))
    population = months(parties)
    wrong = [
        place
        for place, month in enumerate(population)
        if assess(rule, {"emissions": month}, ON).amount_fen != by_hand(month)
    ]
    if wrong:
        raise Failed(REFUSED, "bench-failed", {"party": wrong[0]})
    return {
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


def everybody(enterprises: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Ten awards over a population, by rule files, by hand in numpy, and by zen's batch.

    Gives the rates, in enterprises by rules a second, and what was found: wrong answers and ratios.
    """
    c = awards.columns(enterprises)
    who, facts = awards.population(c)
    rules = [award.rule for award in awards.AWARDS]
    asked = enterprises * len(rules)
    ours = [put(rule, who, facts, ON) for rule in rules]
    hand = [award.by_hand(c) for award in awards.AWARDS]
    wrong = sum(
        int(((result.status == YES) != yes).sum() + (result.amount_fen != amount).sum())
        for result, (yes, amount) in zip(ours, hand, strict=True)
    )
    some = range(min(enterprises, SCALAR))
    scalar = sum(
        int(assess(rule, awards.one(c, place), ON).amount_fen != result.amount_fen[place])
        for rule, result in zip(rules, ours, strict=True)
        for place in some
    )
    rows = {
        "everybody by rule files": timed(
            lambda: [put(rule, who, facts, ON) for rule in rules], asked, 15
        ),
        "everybody by hand in numpy": timed(
            lambda: [award.by_hand(c) for award in awards.AWARDS], asked, 15
        ),
    }
    found: dict[str, Any] = {"wrong": wrong, "unlike_one_by_one": scalar}
    found["times_by_hand"] = _ratio(*reversed(rows.values()))
    try:
        batch = awards.batch_of_zen()
    except ImportError:
        found["zen"] = None
        return rows, found
    contexts = [awards.of_zen(c, place) for place in range(min(enterprises, ZEN))]
    told = batch(contexts)
    found["zen_differs"] = sum(
        answer != (bool(yes[place]), int(amount[place]))
        for answers_, (yes, amount) in zip(told, hand, strict=True)
        for place, answer in enumerate(answers_)
    )
    rows["everybody by zen-engine, in batches"] = timed(
        lambda: batch(contexts), len(contexts) * len(rules), 3
    )
    found["zen"] = _ratio(rows["everybody by rule files"], [*rows.values()][-1])
    return rows, found


def changes(enterprises: int) -> tuple[dict[str, Any], dict[str, int]]:
    """The tax rule over invented taxpayers: a figure changed, with all that a page shows of it."""
    rule = read(rule_text("ept-art13"))
    study = Study(rule, *invented(rule, enterprises, ON), ON)
    spent = []
    for step in range(CHANGES):
        cut = Fraction(10 + step, 100)
        start = time.perf_counter()
        told(study.change(with_values(study.rule, {"first_cut": cut}, ON)))
        spent.append(time.perf_counter() - start)
    ms = sorted(int(1000 * seconds) for seconds in spent)
    rate = timed(lambda: told(study.change(rule)), 1, 3)
    return {"changes of a figure, over everybody": rate}, {
        "median": ms[len(ms) // 2],
        "most": ms[-1],
    }


def reasons() -> dict[str, int]:
    """One enterprise asked of thirty rules, every reason written as JSON: microseconds."""
    c = awards.columns(1)
    rules = [award.rule for award in awards.AWARDS] * 3
    gc.collect()
    gc.freeze()  # a server has no populations of other measurements for its collector to look at
    spent = []
    for _ in range(200):
        start = time.perf_counter()
        dump([plain(assess(rule, awards.one(c, 0), ON)) for rule in rules])
        spent.append(time.perf_counter() - start)
    us = sorted(int(1_000_000 * seconds) for seconds in spent)
    return {"median": us[len(us) // 2], "p99": us[len(us) * 99 // 100]}


@click.command("incentives")
@click.option("--parties", default=500, show_default=True, type=Whole(1, 100_000))
@click.option("--enterprises", default=100_000, show_default=True, type=Whole(1, 1_000_000))
@json_option
def COMMAND(parties: int, enterprises: int, as_json: bool) -> None:
    """Answer the tax question one by one, and ten rules for everybody at once."""
    single = answers(parties)
    whole, found = everybody(enterprises)
    slides, change_ms = changes(enterprises)
    over_http = asking.measure(asking.ASKED)
    if found["wrong"] or found["unlike_one_by_one"] or found.get("zen_differs"):
        raise Failed(REFUSED, "bench-failed", found)
    first, *_, hand = single.values()
    rows = {**single, **whole, **slides}
    shown = {
        **machine(), "parties": parties, "enterprises": enterprises, "agree": True, "rows": rows,
        "ratio": _ratio(first, hand), **found, "change_ms": change_ms, "thirty_rules_us": reasons(),
        "thirty_rules_over_http_us": over_http,
    }  # fmt: skip
    text = [
        *(line(name, row) for name, row in rows.items()),
        f"answers : by hand = {shown['ratio']}",
        f"fen wrong: {found['wrong']} of {enterprises * len(awards.AWARDS):,}",
        f"by hand in numpy : by rule files = {found['times_by_hand']}",
        "zen-engine is not installed (make setup-bench)"
        if found["zen"] is None
        else f"by rule files : by zen-engine = {found['zen']}",
        f"one change over {enterprises:,} taxpayers, ms: {change_ms}",
        f"one enterprise, 30 rules, with every reason, µs: {shown['thirty_rules_us']}",
        f"the same through HTTP, with law, facts and what would change it, µs: {over_http}",
    ]
    tell(as_json, shown, "\n".join(text))


def _ratio(first: Mapping[str, Any], second: Mapping[str, Any]) -> Any:
    return round(first["per_second"] / second["per_second"], 4)
