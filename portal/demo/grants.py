"""A grant in the story: paid on cited credits, of which a part of the verification then falls.

The award is made up, and nobody pays it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from incentives.asking import ask
from incentives.grants import queries
from incentives.onrecord.leaves import answer_digest
from incentives.rules.rule import read
from portal.answers import yuan
from portal.demo.cast import LABEL
from portal.demo.market import BATCH, SELLER
from portal.demo.policy import FINANCE, REGULATOR, SEEDED, Named
from portal.demo.step import BOTH, Step

RULE, LINE, GRANT = "demo-award", "ZJ-DEMO-2026-1", "grant"
INDICATOR = "demo.solvent.replaced"
MONTH = ("2026-03-01", "2026-03-31")
FEN = 1_200_000
TEXT = Path(__file__).with_name("award.yaml")
GOLDEN = Path(__file__).with_name("award.golden.yaml")


def grants() -> Iterator[Step]:
    """From the rule to the payment; a withdrawal elsewhere in the story opens the recovery."""
    yield from _prepared()
    yield from _granted()
    yield from _recovered()


def _prepared() -> Iterator[Step]:
    day = "2026-04-01"
    indicator = {
        "indicator": INDICATOR,
        "name": "溶剂替代量",
        "name_en": "Solvents replaced",
        "unit": "t",
        "period": "month",
        "subject": "party",
        "circle": "party",
        "publishers": ["enterprise"],
        "source": SEEDED,
        "confidence": "low",
    }
    text = TEXT.read_text("utf-8")
    rule = {
        "text": text,
        "golden": GOLDEN.read_text("utf-8"),
        "valid_from": "2026-01-01",
        "document": f"{LABEL}规则〔2026〕2",
    }
    signed = {"rule": RULE, "sha256": read(text).digest, "document": f"{LABEL}财政会签〔2026〕2"}
    line = {
        "line": LINE,
        "document": f"{LABEL}财〔2026〕1",
        "account": "2110302",
        "level": "province",
        "region": "330000",
        "year": 2026,
        "title": f"{LABEL}专项资金",
        "amount_fen": 50_000_00,
        "until": "2026-12-31",
    }
    yield Step(day, "regulator", "indicator.define", indicator, REGULATOR)
    yield Step(day, "regulator", "rule.publish", rule, REGULATOR, "award")
    yield Step(day, "finance", "rule.approve", signed, FINANCE, late=_published)
    yield Step(day, "finance", "budget.open", line, FINANCE)
    fact = {
        "indicator": INDICATOR,
        "subject": SELLER,
        "start": MONTH[0],
        "end": MONTH[1],
        "value": 120,
        "scale": 0,
        "unit": "t",
        "source": SEEDED,
        "confidence": "low",
    }
    yield Step(day, SELLER, "fact.report", fact, ("op-1",), "replaced")


def _granted() -> Iterator[Step]:
    day, named = "2026-04-02", {"grant": GRANT}
    wrong = partial(_answered, amiss=True)
    yield Step(day, SELLER, "answer.record", {}, ("op-1",), asks=wrong, expect="answer-differs")
    yield Step(day, SELLER, "answer.record", {}, ("op-1",), "answer", asks=_answered)
    cited = {"batch": BATCH, "first": 1, "last": 100, "benefit": "generation"}
    asked = {
        "line": LINE,
        "reviewer": "regulator",
        "amount_fen": FEN,
        "credits": [cited],
        "papers": [],
    }
    answer = {"answer": "answer"}
    yield Step(day, SELLER, "grant.apply", asked, BOTH, GRANT, refers=answer)
    good = {"positive": True, "reason": f"{LABEL}：材料齐全"}
    first, second = REGULATOR
    yield Step("2026-04-03", "regulator", "grant.review", good, (first,), refers=named)
    again = "signed-before"
    yield Step("2026-04-03", "regulator", "grant.opine", good, (first,), "", named, again)
    yield Step("2026-04-03", "regulator", "grant.opine", good, (second,), refers=named)
    yield Step("2026-04-07", "finance", "grant.notice", {}, FINANCE[:1], refers=named)
    decided = {
        "outcome": "granted",
        "amount_fen": FEN,
        "document": f"{LABEL}补〔2026〕1",
        "reason": f"{LABEL}：公示无异议",
    }
    yield Step("2026-04-15", "finance", "grant.decide", decided, FINANCE, refers=named)
    paid = {"amount_fen": FEN, "reference": f"{LABEL}回单1", "paid_on": "2026-04-17"}
    yield Step("2026-04-17", "finance", "grant.pay", paid, FINANCE, refers=named)
    late = {"answer": "answer"}
    yield Step("2026-04-20", SELLER, "grant.apply", asked, BOTH, "", late, "days-used")


def _recovered() -> Iterator[Step]:
    told = {
        "demanded_fen": FEN,
        "document": f"{LABEL}告〔2026〕1",
        "reason": f"{LABEL}：所引减排量的核查意见已部分撤回",
    }
    notice, case = "recovery.notice", _case
    yield Step("2026-05-06", "finance", notice, told, FINANCE[:1], asks=case)
    yield Step("2026-05-07", SELLER, "recovery.request-hearing", {}, ("op-1",), asks=case)


def told_money(connection: Connection) -> Iterator[str]:
    """Where the line and the recovery stand when the story ends."""
    yield "\nA grant on credits of which a part fell, and where its money is (an award made up):"
    for line in queries.budgets(connection):
        sums = ((name, yuan(line[f"{name}_fen"])) for name in ("opened", "paid", "available"))
        yield f"{line['line']}  {'  '.join(' '.join(pair) for pair in sums)}"
    for case in queries.newest(connection, queries.cases_of(None)):
        yield (
            f"{case['applicant']}: {case['ground']} of entry {case['cause']} fell,"
            f" {yuan(case['demanded_fen'])} asked back, {case['state']}"
        )


def _published(indices: Named) -> dict[str, Any]:
    return {"entry": indices["award"]}


def _answered(connection: Connection, indices: Named, *, amiss: bool = False) -> dict[str, Any]:
    """The body of the record: what the engine answers once the month is stated."""
    size = indices["replaced"] + 1
    found = ask(connection, SELLER, date.fromisoformat(MONTH[1]), size, RULE, explain=True)
    return {
        "subject": SELLER,
        "rule": RULE,
        "as_of": MONTH[1],
        "known_at": size,
        "rule_set_sha256": found["rule_set_sha256"],
        "answer_sha256": "0" * 64 if amiss else answer_digest(found),
    }


def _case(connection: Connection, indices: Named) -> dict[str, Any]:
    """The recovery that the withdrawal opened."""
    (case,) = queries.newest(connection, queries.cases_of(SELLER))
    return {"case": case["case"]}
