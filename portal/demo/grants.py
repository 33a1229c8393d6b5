"""Grants in the story: one paid on cited credits, of which a part of the verification then falls.

Another waits for its decision, so that whoever tries the demonstration can take it from there to a
repayment.  The award is made up, and nobody pays it.
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
from portal.demo.cast import LABEL, key_entry
from portal.demo.market import BATCH, SELLER
from portal.demo.policy import FINANCE, REGULATOR, SEEDED, Named
from portal.demo.step import BOTH, Step
from portal.policy.answers import yuan

RULE, LINE, GRANT = "demo-award", "ZJ-DEMO-2026-1", "grant"
INDICATOR = "demo.solvent.replaced"
MONTH = ("2026-03-01", "2026-03-31")
FEN = 1_200_000
WAITING, WAITING_FEN = "demo-huzhou-2", 500_000
"""Whose grant waits for its decision when the story ends."""
JUDGES = ("finance-3", "finance-4")
"""Officers of the finance bureau who give no grant: they hear and decide what is asked back."""
TEXT = Path(__file__).with_name("award.yaml")
GOLDEN = Path(__file__).with_name("award.golden.yaml")


def grants(origin: str) -> Iterator[Step]:
    """From the rule to the payment; a withdrawal elsewhere in the story opens the recovery."""
    yield from _prepared(origin)
    yield from _granted()
    yield from _waiting()
    yield from _recovered()


def _prepared(origin: str) -> Iterator[Step]:
    day = "2026-04-01"
    for judge in JUDGES:
        key = {"key": key_entry(origin, "finance", judge, judge)}
        yield Step(day, "finance", "key.register", key, FINANCE)
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
        "until": "2030-12-31",
    }
    yield Step(day, "regulator", "indicator.define", indicator, REGULATOR)
    yield Step(day, "regulator", "rule.publish", rule, REGULATOR, "award")
    yield Step(day, "finance", "rule.approve", signed, FINANCE, late=_published)
    yield Step(day, "finance", "budget.open", line, FINANCE)
    yield _replaced(SELLER, 120)


def _replaced(party: str, tonnes: int) -> Step:
    fact = {
        "indicator": INDICATOR,
        "subject": party,
        "start": MONTH[0],
        "end": MONTH[1],
        "value": tonnes,
        "scale": 0,
        "unit": "t",
        "source": SEEDED,
        "confidence": "low",
    }
    return Step("2026-04-01", party, "fact.report", fact, ("op-1",), f"replaced {party}")


def _granted() -> Iterator[Step]:
    day, named = "2026-04-02", {"grant": GRANT}
    wrong = partial(_answered, party=SELLER, amiss=True)
    yield Step(day, SELLER, "answer.record", {}, ("op-1",), asks=wrong, expect="answer-differs")
    cited = {"batch": BATCH, "first": 1, "last": 100, "benefit": "generation"}
    yield from _applied(SELLER, GRANT, FEN, [cited])
    yield from _judged(GRANT)
    decided = {
        "outcome": "granted",
        "amount_fen": FEN,
        "document": f"{LABEL}补〔2026〕1",
        "reason": f"{LABEL}：公示无异议",
    }
    yield Step("2026-04-15", "finance", "grant.decide", decided, FINANCE, refers=named)
    paid = {"amount_fen": FEN, "reference": f"{LABEL}回单1", "paid_on": "2026-04-17"}
    yield Step("2026-04-17", "finance", "grant.pay", paid, FINANCE, refers=named)
    late, asked = {"answer": f"answer {SELLER}"}, _application(FEN, [cited])
    yield Step("2026-04-20", SELLER, "grant.apply", asked, BOTH, "", late, "days-used")


def _waiting() -> Iterator[Step]:
    yield _replaced(WAITING, WAITING_FEN // 100_00)
    yield from _applied(WAITING, "waiting", WAITING_FEN, [])
    yield from _judged("waiting", again=False)


def _applied(party: str, grant: str, fen: int, credits: list[dict[str, Any]]) -> Iterator[Step]:
    """An answer on the record, and the application that rests on it."""
    day, answer = "2026-04-02", f"answer {party}"
    asks = partial(_answered, party=party)
    yield Step(day, party, "answer.record", {}, ("op-1",), answer, asks=asks)
    asked = _application(fen, credits)
    yield Step(day, party, "grant.apply", asked, BOTH, grant, refers={"answer": answer})


def _application(fen: int, credits: list[dict[str, Any]]) -> dict[str, Any]:
    asked = {"line": LINE, "reviewer": "regulator", "amount_fen": fen, "papers": []}
    return {**asked, "credits": credits} if credits else asked


def _judged(grant: str, *, again: bool = True) -> Iterator[Step]:
    """Review, opinion by another officer, and the public notice; ``again``: by the same first."""
    day, named = "2026-04-03", {"grant": grant}
    good = {"positive": True, "reason": f"{LABEL}：材料齐全"}
    first, second = ((officer,) for officer in REGULATOR)
    yield Step(day, "regulator", "grant.review", good, first, refers=named)
    if again:
        yield Step(day, "regulator", "grant.opine", good, first, "", named, "signed-before")
    yield Step(day, "regulator", "grant.opine", good, second, refers=named)
    yield Step("2026-04-07", "finance", "grant.notice", {}, FINANCE[:1], refers=named)


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
    """Where line, grants and recovery stand when the story ends."""
    yield "\nA grant on credits of which a part fell, and where its money is (an award made up):"
    for line in queries.budgets(connection):
        sums = ((name, yuan(line[f"{name}_fen"])) for name in ("opened", "paid", "available"))
        yield f"{line['line']}  {'  '.join(' '.join(pair) for pair in sums)}"
    for grant in queries.newest(connection, queries.grants_of(None)):
        yield f"{grant['applicant']}: asked {yuan(grant['asked_fen'])}, {grant['state']}"
    for case in queries.newest(connection, queries.cases_of(None)):
        yield (
            f"{case['applicant']}: {case['ground']} of entry {case['cause']} fell,"
            f" {yuan(case['asked_back_fen'])} asked back, {yuan(case['come_back_fen'])} come back,"
            f" {case['state']}"
        )


def _published(indices: Named) -> dict[str, Any]:
    return {"entry": indices["award"]}


def _answered(
    connection: Connection, indices: Named, *, party: str, amiss: bool = False
) -> dict[str, Any]:
    """The body of the record: what the engine answers once the month is stated."""
    size = indices[f"replaced {party}"] + 1
    found = ask(connection, party, date.fromisoformat(MONTH[1]), size, RULE, explain=True)
    return {
        "subject": party,
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
