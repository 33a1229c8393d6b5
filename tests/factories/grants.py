"""An award per mu of bamboo, a budget line, and a grant taken to any of its states, for tests.

Every figure is made up: 100 mu at 169.26 yuan is 16,926.00 yuan.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from incentives.asking import NOTHING, ask
from incentives.grants.models import credit_table, grant_table
from incentives.grants.recovery_models import case_table
from incentives.onrecord.leaves import answer_digest
from ledger.facts.models import private_fact_table
from ledger.parties.parameters import business_date
from ledger.statements.attachments import Attachment
from ledger.statements.envelope import Submission
from ledger.writer.store import read_head
from tests.factories.facts import FINANCE, REGULATOR, define, indicator, observation
from tests.factories.policy import publish_rule
from tests.factories.scene import ORIGIN, Scene, once

AWARD = "test-award"
LINE = "ZJ-2026-1"
ON = "2025-12-31"
FEN = 1_692_600
DAY_MS = 24 * 3_600_000
AWARD_TEXT = """\
rule: test-award
kind: fiscal-award
title: {zh: 测试奖补, en: Award for tests}
region: "330000"
grantor: finance-bureau
review: in-force
force: {from: 2024-01-01}
clauses:
  art-1: {document: 测试办法, article: 第一条, summary: per mu, source: test, confidence: low}
parameters:
  per_mu:
    unit: fen/mu
    clause: art-1
    values: [{from: 2024-01-01, value: 16926, source: test, confidence: low}]
  fine_least:
    unit: "1"
    clause: art-1
    values: [{from: 2024-01-01, value: 0.20, source: test, confidence: low}]
  fine_most:
    unit: "1"
    clause: art-1
    values: [{from: 2024-01-01, value: 0.50, source: test, confidence: low}]
inputs:
  area: {kind: number, unit: mu, least: 0, title: {zh: 面积, en: Area}}
facts:
  period: day
  said_by: [enterprise]
  values: {area: stand.area}
steps:
  - condition: large_enough
    is: area >= 100
    clause: art-1
    title: {zh: 达到一百亩, en: At least 100 mu}
  - let: award
    is: area * per_mu
    unit: fen
    round: half-up
    clause: art-1
eligible: large_enough
amount: award
evidence:
  - {id: contract, title: {zh: 合同, en: Contract}}
clawback:
  - id: fraud
    title: {zh: 骗取, en: Fraud}
    clause: art-1
    parameters: [fine_least, fine_most]
"""
AWARD_GOLDEN = """\
rule: test-award
cases:
  - name: a hundred
    as_of: 2025-12-31
    facts: {area: 100}
    expect: {status: yes, amount_fen: 1692600}
"""
PAPER = Attachment("evidence-1", "application/pdf", "00" * 16, b"contract")


@once
def desk(stage: Scene, area: int = 100, *, last: str = "2026-12-31", text: str = AWARD_TEXT) -> str:
    """A rule in force, a party with its fact, credits and an open budget line; gives the batch."""
    batch = stage.issue(900)
    stage.admit("county", "finance", 70)
    more = [stage.entry("finance", f"finance-{n}") for n in (3, 4)]
    for entry in more:
        stage.do("finance", "key.register", {"key": entry}, *FINANCE)
    define(stage, indicator("stand.area", unit="mu", period="day", dimensions=[]))
    publish_rule(stage, text=text, golden=AWARD_GOLDEN, valid_from="2024-01-01")
    stage.do("owner", "fact.report", measured(area), "a")
    stage.do("finance", "budget.open", line_body(until=last), *FINANCE)
    return batch


def measured(area: int, on: str = ON, **more: Any) -> dict[str, Any]:
    """The body of fact.report about the owner's stand on a day."""
    body = observation("stand.area", value=area, scale=0, unit="mu", dimensions=[])
    return {**body, "start": on, "end": on, **more}


def line_body(**more: Any) -> dict[str, Any]:
    """The body of budget.open: 50,000.00 yuan for 2026."""
    return {
        "line": LINE,
        "document": "测试财〔2026〕1",
        "account": "2110302",
        "level": "province",
        "region": "330000",
        "year": 2026,
        "title": "测试专项资金",
        "amount_fen": 5_000_000,
        "until": "2026-12-31",
        **more,
    }


def size(stage: Scene) -> int:
    with stage.ledger.record.reading() as connection:
        head = read_head(connection, ORIGIN)
    assert head is not None
    return head.size


def answered(
    stage: Scene,
    subject: str = "owner",
    known_at: int | None = None,
    rule: str = AWARD,
    as_of: str = ON,
    declared: Mapping[str, object] = NOTHING,
) -> dict[str, Any]:
    """The answer of a rule about a party, as the engine gives it."""
    at = size(stage) if known_at is None else known_at
    with stage.ledger.record.reading() as connection:
        on = date.fromisoformat(as_of)
        found: dict[str, Any] = ask(
            connection, subject, on, at, rule, explain=True, declared=declared
        )
    return found


def answer_body(
    stage: Scene, subject: str = "owner", rule: str = AWARD, as_of: str = ON
) -> dict[str, Any]:
    """The body of answer.record with the digest that holds now."""
    found = answered(stage, subject, rule=rule, as_of=as_of)
    return {
        "subject": subject,
        "rule": rule,
        "as_of": as_of,
        "known_at": found["known_at"],
        "rule_set_sha256": found["rule_set_sha256"],
        "answer_sha256": answer_digest(found),
    }


def recorded(stage: Scene, subject: str = "owner") -> str:
    """An answer on the record by its subject; gives its id."""
    return stage.do(subject, "answer.record", answer_body(stage, subject), "a")


def another(stage: Scene) -> str:
    """The owner's answer about a day of its own, which no other grant is for; gives its id."""
    days = [row["start"] for row in stage.rows(private_fact_table) if row["unit"] == "mu"]
    day = (date.fromisoformat(min(days)) - timedelta(days=1)).isoformat()
    stage.do("owner", "fact.report", measured(100, day), "a")
    return stage.do("owner", "answer.record", answer_body(stage, as_of=day), "a")


def application(answer: str, **more: Any) -> dict[str, Any]:
    """The body of grant.apply; the paper is attached by ``apply``."""
    return {
        "answer": answer,
        "line": LINE,
        "reviewer": "county",
        "amount_fen": FEN,
        "papers": ["contract"],
        "attachments": {"evidence-1": PAPER.digest},
        **more,
    }


def with_paper(submission: Submission) -> bytes:
    """A statement as it travels, with the paper that its body names."""
    return Submission(submission.envelope, submission.body, {PAPER.name: PAPER}).encode()


def apply(stage: Scene, answer: str, **more: Any) -> str:
    """An application that must be accepted; gives the grant's name."""
    submission = stage.write("owner", "grant.apply", application(answer, **more), "a", "b")
    reply = stage.ledger.entrance.submit(with_paper(submission))
    assert reply.status == "accepted", reply
    return submission.envelope.payload.id


def refused_application(stage: Scene, answer: str, **more: Any) -> str:
    """An application of the owner that must be refused; gives the code."""
    return refused_by(stage, "owner", answer, **more)


def refused_by(stage: Scene, party: str, answer: str, **more: Any) -> str:
    """An application of a party that must be refused; gives the code."""
    submission = stage.write(party, "grant.apply", application(answer, **more), "a", "b")
    reply = stage.ledger.entrance.submit(with_paper(submission))
    assert reply.status == "refused", reply
    return str(reply.answer["code"])


def cited(batch: str, first: int = 1, last: int = 100, **more: Any) -> dict[str, Any]:
    """Serials that the owner made."""
    return {"batch": batch, "first": first, "last": last, "benefit": "generation", **more}


def step(grant: str, *, positive: bool = True) -> dict[str, Any]:
    """The body of a review or an opinion."""
    return {"grant": grant, "positive": positive, "reason": "test"}


def decision(grant: str, **more: Any) -> dict[str, Any]:
    """The body of grant.decide."""
    return {
        "grant": grant,
        "outcome": "granted",
        "amount_fen": FEN,
        "document": "测试拨〔2026〕1",
        "reason": "test",
        **more,
    }


def payment(stage: Scene, grant: str, fen: int = FEN) -> dict[str, Any]:
    """The body of grant.pay, of today, without the optional paper."""
    today = business_date(stage.clock.now())
    return {"grant": grant, "amount_fen": fen, "reference": "bank 1", "paid_on": today}


def assessment(grant: str, result: str = "met") -> dict[str, Any]:
    """The body of grant.assess."""
    return {"grant": grant, "result": result, "document": "d", "reason": "test"}


STEPS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("county", "grant.review", ("a",)),
    ("regulator", "grant.opine", REGULATOR[:1]),
    ("finance", "grant.notice", FINANCE[:1]),
)
TO_GRANTED = ("finance", "grant.decide", FINANCE)
TO_PAID = ("finance", "grant.pay", FINANCE)


def to_noticed(stage: Scene, grant: str) -> None:
    """From the application to the public notice."""
    for party, type, signers in STEPS:
        body = {"grant": grant} if type == "grant.notice" else step(grant)
        stage.do(party, type, body, *signers)


def to_heard(stage: Scene, grant: str) -> None:
    """To the end of the notice, of which the scheduler tells."""
    to_noticed(stage, grant)
    wait_until(stage, grant_row(stage, grant)["due_at"])


def to_granted(stage: Scene, grant: str, **more: Any) -> None:
    to_heard(stage, grant)
    stage.do("finance", "grant.decide", decision(grant, **more), *FINANCE)


def to_paid(stage: Scene, grant: str) -> None:
    to_granted(stage, grant)
    stage.do("finance", "grant.pay", payment(stage, grant), *FINANCE)


def wait(stage: Scene, days: int) -> None:
    """Let days go by; whatever falls due is stated before the next statement."""
    stage.clock.time += days * DAY_MS
    tick(stage)


def wait_until(stage: Scene, at: int) -> None:
    """Let time go by to an instant in UTC milliseconds."""
    stage.clock.time = at
    tick(stage)


def tick(stage: Scene) -> None:
    """State something of no weight, so that what is due is stated before it."""
    body = {"indicator": f"tick.{size(stage)}"}
    define(stage, indicator(body["indicator"], dimensions=[]))


def grant_row(stage: Scene, grant: str) -> dict[str, Any]:
    return next(row for row in stage.rows(grant_table) if row["grant"] == grant)


def credits_of(stage: Scene) -> list[dict[str, Any]]:
    return stage.rows(credit_table)


def cases(stage: Scene) -> list[dict[str, Any]]:
    return sorted(stage.rows(case_table), key=lambda row: row["index"])


def revoke_unpaid(stage: Scene, grant: str) -> str:
    """A grant that was not paid ends by a recovery for an error; gives the case."""
    case = open_case(stage, grant)
    to_waived(stage, case)
    stage.do("finance", "recovery.decide", ruling(case), *OTHERS)
    return case


OTHERS = ("finance-3", "finance-4")
"""Officers of the bureau who gave no grant."""


def open_case(stage: Scene, grant: str, ground: str = "error") -> str:
    body = {"grant": grant, "ground": ground, "reason": "test"}
    return stage.do("finance", "recovery.open", body, *FINANCE)


def demand(case: str, fen: int = 0) -> dict[str, Any]:
    """The body of recovery.notice."""
    return {"case": case, "demanded_fen": fen, "document": "测试告知〔2026〕1", "reason": "test"}


def ruling(case: str, repay: int = 0, **more: Any) -> dict[str, Any]:
    """The body of recovery.decide."""
    return {
        "case": case,
        "outcome": "recover",
        "repay_fen": repay,
        "fine_fen": 0,
        "document": "测试决〔2026〕1",
        "reason": "test",
        **more,
    }


def to_waived(stage: Scene, case: str, fen: int = 0) -> None:
    """Told, and nobody asked to be heard in time."""
    stage.do("finance", "recovery.notice", demand(case, fen), FINANCE[0])
    wait_until(stage, case_row(stage, case)["due_at"])


def hearing(stage: Scene, case: str) -> dict[str, Any]:
    """The body of recovery.hear, of today."""
    return {"case": case, "document": "d", "held_on": business_date(stage.clock.now())}


REFERENCES = itertools.count(2)


def repayment(stage: Scene, case: str, fen: int, of: str = "grant") -> dict[str, Any]:
    """The body of recovery.repay, of today."""
    return {
        "case": case,
        "of": of,
        "amount_fen": fen,
        "reference": f"bank {next(REFERENCES)}",
        "received_on": business_date(stage.clock.now()),
    }


def case_row(stage: Scene, case: str) -> dict[str, Any]:
    return next(row for row in stage.rows(case_table) if row["case"] == case)
