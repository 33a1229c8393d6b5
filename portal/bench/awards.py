"""Ten invented awards over one invented population: as rule files, by hand in numpy, and for zen.

By hand means: integers whose scales the author knows, no parameters by date, no absent facts, no
reasons. All three must agree to the fen.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np

from incentives.population.columns import Array, Flags, Texts
from incentives.population.facts import Facts, numbers
from incentives.population.people import Grouping, People
from incentives.rules.rule import Rule, read

SECTORS = ("C13", "C17", "C22", "C26", "C30", "C31", "D44", "N77")
GRADES = ("A", "B", "C", "D")
PRICES = {"A": 60, "B": 45, "C": 20}
"""Yuan a tonne by grade; D gets nothing."""
Columns = Mapping[str, Array]
KINDS = ("subsidy", "tiered", "tonnes")


@dataclass(frozen=True)
class Award:
    """One award: shares in hundredths, rates in ten-thousandths, amounts in fen."""

    place: int

    @property
    def kind(self) -> str:
        """Which of the three forms it has."""
        return KINDS[self.place % 3]

    @property
    def least_t(self) -> int:
        """Tonnes from which it is granted."""
        return 200 + 70 * self.place

    @property
    def below(self) -> int:
        """The ratio below which it is granted, in hundredths."""
        return 60 + 3 * self.place

    @property
    def rate(self) -> int:
        """The rate, in ten-thousandths."""
        return 60 + 15 * self.place

    @property
    def cap_fen(self) -> int:
        """The most that one enterprise gets."""
        return 30_000_000 + 1_000_000 * self.place

    @property
    def favoured(self) -> tuple[str, ...]:
        """The sectors that may apply."""
        return SECTORS[self.place % 3 :: 2]

    @property
    def rule(self) -> Rule:
        """As a rule that has been read."""
        return read(self.text)

    @property
    def text(self) -> str:
        """As a rule file."""
        steps, eligible = _STEPS[self.kind]
        figures = {
            "least_t": f"{self.least_t}",
            "below": f"0.{self.below:02d}",
            "half_below": f"0.{self.below // 2:02d}",
            "rate": f"0.{self.rate:04d}",
            "lower_rate": f"0.{self.rate // 2:04d}",
            "cap_fen": f"{self.cap_fen}",
            "staff_least": "20",
        }
        values = "".join(_FIGURE.format(name=n, value=v) for n, v in figures.items())
        prices = ", ".join(f"{grade}: {price}" for grade, price in PRICES.items())
        favoured = ", ".join(self.favoured)
        text = _HEAD.format(place=self.place, values=values, prices=prices, favoured=favoured)
        return f"{text}steps:\n{steps}eligible: {eligible}\namount: award\n"

    def by_hand(self, c: Columns) -> tuple[Array, Array]:
        """Who is granted it, and how much in fen, by someone who knows the scales by heart."""
        if self.kind == "subsidy":
            member = np.isin(np.arange(len(SECTORS)), [SECTORS.index(s) for s in self.favoured])
            yes = (c["saved"] >= self.least_t * 10) & (c["ratio"] < self.below)
            yes = yes & member[c["sector"]] & ~c["sanctioned"]
            award = np.minimum(self.cap_fen, (c["loan"] * self.rate + 5_000) // 10_000)
        elif self.kind == "tiered":
            yes = (c["ratio"] < self.below) & (c["staff"] >= 20) & ~c["sanctioned"]
            rate = np.where(c["ratio"] < self.below // 2, self.rate, self.rate // 2)
            award = (c["loan"] * rate + 5_000) // 10_000
        else:
            price = np.array([PRICES.get(grade, 0) for grade in GRADES])
            yes = (c["saved"] >= self.least_t * 10) & (price[c["grade"]] > 0)
            award = np.minimum(self.cap_fen, c["saved"] * price[c["grade"]] * 10)
        return yes, np.where(yes, award, 0)

    def graph(self) -> str:
        """As a decision graph of zen-engine: one expression node between input and output."""
        favoured = json.dumps(list(self.favoured))
        below, half = f"0.{self.below:02d}", f"0.{self.below // 2:02d}"
        rate, lower = f"0.{self.rate:04d}", f"0.{self.rate // 2:04d}"
        price = " ".join(f"grade == '{g}' ? {p} :" for g, p in PRICES.items()) + " 0"
        yes, award = {
            "subsidy": (
                f"saved_t >= {self.least_t} and ratio < {below} and sector in {favoured}"
                " and not sanctioned",
                f"min([{self.cap_fen}, floor(loan_fen * {rate} + 0.5)])",
            ),
            "tiered": (
                f"ratio < {below} and staff >= 20 and not sanctioned",
                f"floor(loan_fen * (ratio < {half} ? {rate} : {lower}) + 0.5)",
            ),
            "tonnes": (
                f"saved_t >= {self.least_t} and grade != 'D'",
                f"min([{self.cap_fen}, floor(100 * saved_t * ({price}) + 0.5)])",
            ),
        }[self.kind]
        expressions = [
            {"id": "e", "key": "eligible", "value": yes},
            {"id": "a", "key": "amount_fen", "value": f"({yes}) ? {award} : 0"},
        ]
        nodes = [
            {"id": "in", "type": "inputNode", "name": "in"},
            {
                "id": "ex", "type": "expressionNode", "name": "ex",
                "content": {"expressions": expressions},
            },
            {"id": "out", "type": "outputNode", "name": "out"},
        ]  # fmt: skip
        edges = [
            {"id": "1", "type": "edge", "sourceId": "in", "targetId": "ex"},
            {"id": "2", "type": "edge", "sourceId": "ex", "targetId": "out"},
        ]
        return json.dumps({"nodes": nodes, "edges": edges})


AWARDS = tuple(Award(place) for place in range(10))


def columns(count: int, seed: int = 7) -> Columns:
    """The population as whoever writes by hand has it: tonnes in tenths, ratios in hundredths."""
    chance = np.random.Generator(np.random.PCG64(seed))
    return {
        "saved": chance.integers(0, 20_000, size=count),
        "ratio": chance.integers(0, 130, size=count),
        "loan": chance.integers(0, 10_000_000_000, size=count),
        "staff": chance.integers(1, 400, size=count),
        "sector": chance.integers(len(SECTORS), size=count).astype(np.int32),
        "grade": chance.integers(len(GRADES), size=count).astype(np.int32),
        "sanctioned": chance.integers(20, size=count) == 0,
    }


def population(c: Columns) -> tuple[People, Facts]:
    """The same for rule files."""
    count = len(c["saved"])
    words = {word: code for code, word in enumerate(SECTORS + GRADES)}
    facts = Facts(
        count,
        {
            "saved_t": numbers(c["saved"], 10),
            "ratio": numbers(c["ratio"], 100),
            "loan_fen": numbers(c["loan"], 1),
            "staff": numbers(c["staff"], 1),
            "sector": Texts(c["sector"]),
            "grade": Texts(c["grade"] + len(SECTORS)),
            "sanctioned": Flags(c["sanctioned"]),
        },
        {},
        words,
    )
    regions = Grouping(np.zeros(count, np.int32), ("330100",))
    return People([str(place) for place in range(count)], regions), facts


def one(c: Columns, place: int) -> dict[str, Any]:
    """One enterprise as `assess` is asked, numbers as exact texts."""
    return {
        "saved_t": f"{c['saved'][place]}e-1",
        "ratio": f"{c['ratio'][place]}e-2",
        "loan_fen": int(c["loan"][place]),
        "staff": int(c["staff"][place]),
        "sector": SECTORS[c["sector"][place]],
        "grade": GRADES[c["grade"][place]],
        "sanctioned": bool(c["sanctioned"][place]),
    }


def of_zen(c: Columns, place: int) -> dict[str, Any]:
    """One enterprise as zen reads it: JSON numbers, which it takes as decimals."""
    asked = one(c, place)
    return {**asked, "saved_t": int(c["saved"][place]) / 10, "ratio": int(c["ratio"][place]) / 100}


def batch_of_zen() -> Callable[[list[dict[str, Any]]], list[list[tuple[bool, int]]]]:
    """Answers by zen's batch to every award, an award after the other; ImportError without it."""
    zen = import_module("zen")  # a peer that need not be there

    content = {f"a{award.place}": json.loads(award.graph()) for award in AWARDS}
    engine = zen.ZenEngine({"loader": {"type": "static", "content": content}})

    def answer(asked: list[dict[str, Any]]) -> list[list[tuple[bool, int]]]:
        found = []
        for key in content:
            told = engine.evaluate_batch([{"key": key, "context": context} for context in asked])
            results = [row["data"]["result"] for row in told]
            found.append([(r["eligible"], int(r["amount_fen"])) for r in results])
        return found

    return answer


_FIGURE = (
    '  {name}: {{unit: "1", values: [{{value: {value}, source: invented, confidence: low}}]}}\n'
)
_HEAD = """rule: bench-{place}
kind: fiscal-award
title: {{zh: 测速用虚构奖励, en: An invented award for measurement}}
region: "330000"
grantor: finance
review: unverified
force: {{from: 2020-01-01}}
parameters:
{values}  favoured:
    unit: "1"
    values: [{{texts: [{favoured}], source: invented, confidence: low}}]
  price: {{unit: "1", values: [{{table: {{{prices}}}, source: invented, confidence: low}}]}}
inputs:
  saved_t: {{kind: number, least: 0}}
  ratio: {{kind: number, least: 0}}
  loan_fen: {{kind: number, least: 0, whole: true}}
  staff: {{kind: number, whole: true}}
  sector: {{kind: text}}
  grade: {{kind: text}}
  sanctioned: {{kind: flag}}
"""
_CLEAN = "  - {condition: clean, is: not sanctioned}\n"
_ENOUGH = "  - {condition: enough, is: saved_t >= least_t}\n"
_LOW = "  - {condition: low, is: ratio < below}\n"
_AWARD = "  - {{let: award, unit: fen, round: half-up, is: '{0}'}}\n"
_STEPS = {
    "subsidy": (
        _ENOUGH + _LOW + _CLEAN + "  - {condition: wanted, is: sector in favoured}\n"
        + _AWARD.format("min(cap_fen, loan_fen * rate)"),
        "enough and low and wanted and clean",
    ),
    "tiered": (
        _LOW + _CLEAN + "  - {condition: staffed, is: staff >= staff_least}\n"
        + _AWARD.format("loan_fen * (rate if ratio < half_below else lower_rate)"),
        "low and staffed and clean",
    ),
    "tonnes": (
        _ENOUGH + "  - {condition: graded, is: \"grade != 'D'\"}\n"
        + _AWARD.format('min(cap_fen, 100 * saved_t * lookup(price, grade)) if graded else 0'),
        "enough and graded",
    ),
}  # fmt: skip
