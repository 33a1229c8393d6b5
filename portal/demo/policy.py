"""The policy in the story: facts of a month and the rules that ship, then quotas of eleven cities.

Every figure is seeded: no emission, head count or allocation here is a real one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from incentives.handlers import FISCAL
from incentives.quotas import allocate, parse
from incentives.rules.packaged import golden_text, names, rule_text
from incentives.rules.rule import read
from portal.demo.cast import CITIES, LABEL
from portal.demo.step import BOTH, Step

RULE = "ept-art13"
GRADE = "carbon-code"
MONTH = ("2026-03-01", "2026-03-31")
YEAR = ("2025-01-01", "2025-12-31")
PLAN = "ZJ-DEMO-2026"
CLEAN, DIRTY, NEAR = "demo-shaoxing-1", "demo-ningbo-2", "demo-quzhou-2"
TAXPAYERS = (CLEAN, DIRTY, NEAR)
REGULATOR = ("regulator-1", "regulator-2")
FINANCE = ("finance-1", "finance-2")
SEEDED = f"{LABEL}数据，非真实排放或统计 (seeded for the demonstration)"
DIMENSIONS = ("outlet", "medium", "pollutant")
# Kilograms in the month and the mean as a percentage of the standard, by pollutant.
DISCHARGES: dict[str, tuple[tuple[str, int, int], ...]] = {
    CLEAN: (("二氧化硫", 1_900, 45), ("氮氧化物", 3_800, 65), ("烟尘", 436, 90)),
    DIRTY: (("二氧化硫", 5_700, 40), ("氮氧化物", 9_500, 48)),
    NEAR: (("二氧化硫", 2_850, 71), ("氮氧化物", 4_750, 72)),
}
# Of the last year, invented: tonnes of CO2, tonnes deducted, value added in ten thousand yuan, and
# the mean of the industry in hundredths of a tonne per ten thousand yuan.
ACCOUNTS: dict[str, tuple[int, int, int, int]] = {
    CLEAN: (12_000, 1_500, 15_000, 110),
    DIRTY: (90_000, 0, 30_000, 200),
    NEAR: (24_000, 0, 20_000, 100),
}
# Ten thousand tonnes of CO2 and ten thousand heads, by city in the order of the cast; invented.
FIGURES = (
    (4_200, 1_250), (8_600, 970), (5_100, 975), (4_300, 560), (2_500, 345), (3_200, 540),
    (2_600, 715), (2_900, 230), (2_300, 115), (3_800, 670), (900, 250),
)  # fmt: skip
UNIT_TONNES = 10_000
CAP = 383_800_000  # 95 % of the seeded sum of 404,000,000 t
Named = Mapping[str, int]


def policy() -> Iterator[Step]:
    """From indicators to tax answers, and from regional facts to an allocation."""
    yield from _indicators()
    yield from _rule()
    yield from _months()
    yield from _years()
    yield from _corrections()
    yield from _regions()
    yield from _plans()


def _indicators() -> Iterator[Step]:
    monthly = {
        "period": "month",
        "subject": "party",
        "circle": "party",
        "publishers": ["regulator", "enterprise"],
        "dimensions": list(DIMENSIONS),
    }
    yearly = {
        "period": "year",
        "subject": "region",
        "circle": "public",
        "publishers": ["regulator"],
    }
    accounts = {name: value for name, value in monthly.items() if name != "dimensions"}
    accounts["period"] = "year"
    for name, words, english, unit, shape in (
        ("discharge.mass", "当月排放量", "Mass emitted in the month", "kg", monthly),
        ("discharge.ratio", "月均浓度与标准之比", "Mean over the standard", "1", monthly),
        ("discharge.exceeded", "当月是否超标", "Any value over the standard", "1", monthly),
        ("carbon.emissions", "能耗碳排放量", "Emissions from all energy used", "t", accounts),
        ("carbon.deducted", "零碳电力与碳汇核减量", "Deduction for sinks and such", "t", accounts),
        ("output.value-added", "工业增加值", "Value added", "10^4 CNY", accounts),
        ("carbon.industry-mean", "行业平均值", "Mean of the industry", "t per 10^4 CNY", accounts),
        ("region.co2", "二氧化碳排放量", "CO2 emissions", "t", yearly),
        ("region.population", "常住人口", "Resident population", "people", yearly),
    ):
        named = {"indicator": name, "name": words, "name_en": english, "unit": unit}
        body = {**named, **shape, "source": SEEDED, "confidence": "low"}
        yield Step("2026-04-15", "regulator", "indicator.define", body, REGULATOR)


def _rule() -> Iterator[Step]:
    body = _publication(RULE, 1)
    wrong = {
        **body,
        "golden": body["golden"].replace("amount_fen: 120000", "amount_fen: 999999", 1),
    }
    refused = "incentive-rule-unproved"
    yield Step("2026-04-16", "regulator", "rule.publish", wrong, REGULATOR, expect=refused)
    yield from _signed(RULE, body)
    for number, name in enumerate((n for n in names() if n != RULE), 2):
        yield from _signed(name, _publication(name, number))


def _signed(name: str, body: dict[str, Any]) -> Iterator[Step]:
    """The regulator publishes a rule; where it costs public money the finance bureau signs too."""
    yield Step("2026-04-16", "regulator", "rule.publish", body, REGULATOR, f"rule {name}")
    rule = read(body["text"])
    if rule.kind in FISCAL:
        document = f"{LABEL}财政会签〔2026〕{body['document'].rpartition('〕')[2]}"
        signed = {"rule": name, "sha256": rule.digest, "document": document}
        late = partial(_published, f"rule {name}")
        yield Step("2026-04-16", "finance", "rule.approve", signed, FINANCE, late=late)


def _published(name: str, indices: Named) -> dict[str, Any]:
    """The entry that published the text which the finance bureau signs."""
    return {"entry": indices[name]}


def _publication(name: str, number: int) -> dict[str, Any]:
    """A packaged rule as it is published: it holds from the first day that its text names."""
    text = rule_text(name)
    start = read(text).force.span.start
    return {
        "text": text,
        "golden": golden_text(name),
        "valid_from": "" if start is None else start.isoformat(),
        "document": f"{LABEL}规则〔2026〕{number}",
    }


def observed(
    name: str, party: str, pollutant: str, value: int, scale: int, unit: str
) -> dict[str, Any]:
    """The body of a monthly fact about one pollutant at a party's first outlet."""
    values = zip(DIMENSIONS, ("DA001", "air", pollutant), strict=True)
    return {
        "indicator": f"discharge.{name}",
        "subject": party,
        "start": MONTH[0],
        "end": MONTH[1],
        "dimensions": [{"name": n, "value": v} for n, v in values],
        "value": value,
        "scale": scale,
        "unit": unit,
        "source": SEEDED,
        "confidence": "low",
    }


def _months() -> Iterator[Step]:
    for party in TAXPAYERS:
        operations = [
            {"type": "fact.report", "body": body}
            for pollutant, mass, percent in DISCHARGES[party]
            for body in (
                observed("mass", party, pollutant, mass, 0, "kg"),
                observed("ratio", party, pollutant, percent, 2, "1"),
                observed("exceeded", party, pollutant, 0, 0, "1"),
            )
        ]
        body = {"operations": operations}
        yield Step("2026-04-17", party, "batch", body, ("op-1",), f"month of {party}")


def _years() -> Iterator[Step]:
    """What the carbon-efficiency code asks for: the party's own accounts, the authority's mean."""
    for party, (emissions, deducted, value_added, mean) in ACCOUNTS.items():
        operations = [
            {"type": "fact.report", "body": yearly(name, party, value, 0, unit)}
            for name, value, unit in (
                ("carbon.emissions", emissions, "t"),
                ("carbon.deducted", deducted, "t"),
                ("output.value-added", value_added, "10^4 CNY"),
            )
        ]
        body = {"operations": operations}
        yield Step("2026-04-17", party, "batch", body, ("op-1",), f"year of {party}")
        stated = yearly("carbon.industry-mean", party, mean, 2, "t per 10^4 CNY")
        yield Step("2026-04-17", "regulator", "fact.report", stated, REGULATOR)


def yearly(name: str, party: str, value: int, scale: int, unit: str) -> dict[str, Any]:
    """The body of a fact about a party's last whole year."""
    return {
        "indicator": name,
        "subject": party,
        "start": YEAR[0],
        "end": YEAR[1],
        "value": value,
        "scale": scale,
        "unit": unit,
        "source": SEEDED,
        "confidence": "low",
    }


def _corrections() -> Iterator[Step]:
    pollutant = DISCHARGES[NEAR][0][0]
    mended = observed("ratio", NEAR, pollutant, 69, 2, "1")
    other = observed("mass", DIRTY, "烟尘", 1, 0, "kg")
    exceeded = observed("exceeded", DIRTY, "二氧化硫", 1, 0, "1")
    day = "2026-04-20"
    yield Step(day, NEAR, "fact.report", mended, ("op-1",), expect="fact-stated")
    yield Step(day, NEAR, "fact.report", other, ("op-1",), expect="subject-other")
    late = partial(_corrected, f"month of {NEAR}")
    yield Step(day, NEAR, "fact.report", mended, ("op-1",), "corrected", late=late)
    yield Step("2026-04-21", "regulator", "fact.report", exceeded, REGULATOR)


def _corrected(name: str, indices: Named) -> dict[str, Any]:
    """The ratio of the first pollutant is the second act of its batch."""
    return {"corrects": f"{indices[name]}/1"}


def _regions() -> Iterator[Step]:
    operations = []
    for (code, _, _), figures in zip(CITIES, FIGURES, strict=True):
        for name, figure, unit in zip(
            ("region.co2", "region.population"), figures, ("t", "people"), strict=True
        ):
            body = {
                "indicator": name,
                "subject": code,
                "start": YEAR[0],
                "end": YEAR[1],
                "value": figure * UNIT_TONNES,
                "scale": 0,
                "unit": unit,
                "source": SEEDED,
                "confidence": "low",
            }
            operations.append({"type": "fact.publish", "body": body})
    body = {"operations": operations}
    yield Step("2026-04-22", "regulator", "batch.public", body, REGULATOR, "regions")


def plan_text() -> str:
    """The plan: by heads, no city more than 15 % below or 5 % above its own emissions."""
    lines = [f"cap: {CAP}", "method: per_capita", 'bounds: {max_cut: "0.15", max_gain: "0.05"}']
    lines.append("regions:")
    for (code, _, _), (tonnes, heads) in zip(CITIES, FIGURES, strict=True):
        figures = f"emissions: {tonnes * UNIT_TONNES}, population: {heads * UNIT_TONNES}"
        lines.append(f'  - {{code: "{code}", indicators: {{{figures}}}}}')
    return "\n".join(lines) + "\n"


def _plans() -> Iterator[Step]:
    shares: list[dict[str, Any]] = [
        {"code": row.code, "quantity": row.quantity} for row in allocate(parse(plan_text())).rows
    ]
    body = {
        "plan": PLAN,
        "title": f"{LABEL}十一市年度排放控制目标（示意）",
        "title_en": "Demonstration: illustrative yearly targets of eleven cities",
        "start": "2026-01-01",
        "end": "2026-12-31",
        "text": plan_text(),
        "allocation": shares,
        "document": f"{LABEL}配额〔2026〕1",
        "source": SEEDED,
        "confidence": "low",
    }
    moved = [dict(share) for share in shares]
    for share, tonnes in zip(
        moved, (1, -1), strict=False
    ):  # one tonne from the second to the first
        share["quantity"] += tonnes
    wrong = {**body, "allocation": moved}
    refused = "allocation-differs"
    day = "2026-04-23"
    yield Step(day, "regulator", "quota.publish", wrong, REGULATOR, expect=refused)
    yield Step(day, CLEAN, "quota.publish", body, BOTH, expect="role-not-allowed")
    yield Step(day, "regulator", "quota.publish", body, REGULATOR, late=_evidence)


def _evidence(indices: Named) -> dict[str, Any]:
    """Each figure of the plan names the fact that it rests on."""
    return {
        "evidence": [
            {"code": code, "indicator": name, "fact": f"{indices['regions']}/{2 * city + place}"}
            for city, (code, _, _) in enumerate(CITIES)
            for place, name in enumerate(("emissions", "population"))
        ]
    }
