"""From an application to the notice: 申请, 初审, 审核意见, 公示, 异议.

All are confidential, since they concern named parties; the notice itself is a public row.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from incentives.asking import known_party, put_of
from incentives.grants.budget_models import BUDGET
from incentives.grants.citing import cite, free
from incentives.grants.models import (
    GRANT,
    GRANT_NOTICE,
    OBJECTION,
    PUBLISHED,
    GrantState,
)
from incentives.grants.once import check_once
from incentives.grants.steps import (
    check_people,
    last_day,
    move,
    of_author,
    roles_of,
    taken,
    term,
)
from incentives.models import RULE
from incentives.onrecord import declaring
from incentives.onrecord.models import ANSWER, REVIEW, ReviewState
from incentives.reading import Deciding
from incentives.regions import within
from incentives.rules.rule import read
from ledger.parties.models import PARTY
from ledger.parties.parameters import business_date
from ledger.parties.working_days import working_days
from ledger.writer.context import Context
from ledger.writer.errors import Refusal
from ledger.writer.kinds import Row
from ledger.writer.moves import wrong_state
from ledger.writer.versions import MONEY_PLACED, SUMS_TOLD

Body = Mapping[str, Any]
GRANTED_KINDS = frozenset({"fiscal-award", "interest-subsidy"})
"""Kinds that a bureau decides; a tax relief is assessed by the taxpayer itself."""
BEFORE = {
    GrantState.REVIEWED: GrantState.APPLIED,
    GrantState.SUPPORTED: GrantState.REVIEWED,
    GrantState.GRANTED: GrantState.HEARD,
}
"""Where a grant waits for a judgement; a negative one must come at its own place too."""
LEVEL_OF_LINES = {"state": "central"}
"""A level of government by its name among budget lines, where a rule calls it otherwise."""
DESKS = frozenset({"finance", "regulator"})


def apply_for(context: Context, body: Body) -> None:
    """Apply, on an answer on the record that says yes.

    Raises Refusal ``recorded-answer-unknown``, ``answer-not-yes``, ``answer-fell``,
    ``days-used``, ``grant-not-fiscal``, ``amount-above-answer``, ``budget-line-unknown``,
    ``budget-level-differs``, ``budget-of-elsewhere``, ``reviewer-unfit``, ``evidence-missing``,
    and what citing units raises.
    """
    answer = context.get(ANSWER, body["answer"])
    if answer is None or answer["subject"] != context.party:
        raise Refusal("recorded-answer-unknown", field="answer", key=body["answer"])
    if answer["status"] != "yes" or not answer["amount_fen"]:
        raise Refusal("answer-not-yes", field="answer", status=answer["status"])
    context.attempt(lambda: check_answer(context, answer))
    context.attempt(lambda: check_once(context, answer))
    rule = context.need(RULE, answer["rule"], answer["rule_entry"])
    if rule["kind"] not in GRANTED_KINDS:
        context.fault("grant-not-fiscal", field="answer", kind=rule["kind"])
    if body["amount_fen"] > answer["amount_fen"]:
        context.fault("amount-above-answer", field="amount_fen", most=answer["amount_fen"])
    line = context.attempt(lambda: context.need(BUDGET, body["line"]))
    if line is not None:
        _check_line(context, rule, line)
    context.attempt(lambda: _check_reviewer(context, body["reviewer"]))
    context.attempt(lambda: _check_evidence(rule, body))
    if line is None:
        return  # in a rehearsal, which has noted it
    row = {
        "grant": context.id,
        "applicant": context.party,
        "reviewer": body["reviewer"],
        "granter": line["party"],
        "answer": answer["answer"],
        "rule": answer["rule"],
        "line": body["line"],
        "asked_fen": body["amount_fen"],
        **dict.fromkeys(("granted_fen", "set_off_fen", "paid_fen"), 0),
        "state": GrantState.APPLIED,
        **term(context, GrantState.APPLIED),
        "steps": [taken(context, GrantState.APPLIED)],
        **dict.fromkeys(("notice", "document", "result")),
        "index": context.index,
    }
    context.create(GRANT, row)
    cite(context, row, body.get("credits", ()))


def _check_line(context: Context, rule: Row, line: Row) -> None:
    """A line pays what its level of government owes, to whoever is of its region."""
    if context.engine_version < MONEY_PLACED:
        return
    budget = read(rule["text"]).budget
    level = None if budget is None else LEVEL_OF_LINES.get(budget.level, budget.level)
    if level is not None and level != line["level"]:
        context.fault("budget-level-differs", field="line", level=level, line=line["level"])
    region = context.need(PARTY, context.party)["region"]
    if region is not None and not within(region, line["region"]):
        context.fault("budget-of-elsewhere", field="line", region=line["region"])


def review(context: Context, body: Body) -> None:
    """初审: the desk of the place says whether the application holds."""
    row = of_author(context, body["grant"], "reviewer")
    _judge(context, row, body, GrantState.REVIEWED)


def opine(context: Context, body: Body) -> None:
    """审核意见: the regulator, or the bureau that pays, by other people than the review's."""
    row = context.get(GRANT, body["grant"])
    regulates = "regulator" in roles_of(context, context.party)
    if row is None or not (regulates or context.party == row["granter"]):
        raise Refusal("grant-unknown", field="grant", key=body["grant"])
    _judge(context, row, body, GrantState.SUPPORTED, GrantState.REVIEWED)


def open_notice(context: Context, body: Body) -> None:
    """公示: everybody can read who is to get how much by which rule, and object.

    The days are working days, of which the first is the day of the notice if it is worked.
    """
    row = of_author(context, body["grant"], "granter")
    check_people(context, row)
    after = move(context, row, GrantState.NOTICED, notice=context.index)
    today = business_date(context.at)
    last = last_day(context, "grant-notice-working-days", today_counts=True)
    certain = working_days(context).missing(date.fromisoformat(today), last) is None
    context.put(
        GRANT_NOTICE,
        {
            "notice": context.index,
            "applicant": after["applicant"],
            "rule": after["rule"],
            "line": after["line"],
            "amount_fen": after["asked_fen"],
            "first": today,
            "last": last.isoformat(),
            "certain": certain,
            "state": GrantState.NOTICED,
            "granted_fen": 0,
            "document": None,
            "decided": None,
        },
    )


def object_to(context: Context, body: Body) -> None:
    """异议: any admitted party but the applicant, while the notice runs.

    Raises Refusal ``grant-notice-unknown``, ``notice-ended`` or ``own-grant``.
    """
    notice = context.need(GRANT_NOTICE, body["notice"])
    ((grant,),) = context.children(GRANT, "notice", body["notice"])
    row = context.need(GRANT, grant)
    if row["state"] != GrantState.NOTICED or business_date(context.at) > notice["last"]:
        raise Refusal("notice-ended", notice=body["notice"], last=notice["last"])
    if context.party == row["applicant"]:
        raise Refusal("own-grant")
    context.create(
        OBJECTION,
        {
            "objection": context.id,
            "grant": grant,
            "notice": body["notice"],
            "party": context.party,
            "granter": row["granter"],
            "reason": body["reason"],
            "upheld": None,
            "answer": None,
            "index": context.index,
        },
    )


def answer_objection(context: Context, body: Body) -> None:
    """The bureau says what comes of an objection; raises ``objection-answered``."""
    row = context.get(OBJECTION, body["objection"])
    if row is None or row["granter"] != context.party:
        raise Refusal("grant-objection-unknown", field="objection", key=body["objection"])
    if row["upheld"] is not None:
        raise Refusal("objection-answered", objection=row["objection"])
    check_people(context, context.need(GRANT, row["grant"]))
    context.put(OBJECTION, {**row, "upheld": body["upheld"], "answer": body["answer"]})


def withdraw(context: Context, body: Body) -> None:
    """The applicant takes its application back, as long as nothing is granted."""
    row = of_author(context, body["grant"], "applicant")
    end(context, row, GrantState.WITHDRAWN)


def end(context: Context, row: Row, after: GrantState, **more: object) -> Row:
    """End a grant that is not given, or not any more: its units are free, its notice says so."""
    moved = move(context, row, after, **more)
    free(context, row["grant"])
    if row["notice"] is not None and GrantState(row["state"]) in PUBLISHED:
        notice = context.need(GRANT_NOTICE, row["notice"])
        context.put(GRANT_NOTICE, {**notice, "state": after, "decided": context.index})
    return moved


def check_answer(context: Context, answer: Row) -> None:
    """Refuse an answer that something it cites has left, or that would be another one today.

    The question is put again as it was, to the rule's text and the facts of now: a text may have
    been replaced since, and a voice that counts before others may have spoken.
    Raises Refusal ``answer-fell``, or ``answer-outdated`` with status and sum of now and of then,
    which only they are told who may read the answer: its subject, or the bureau that judges it.
    """
    for key in context.children(REVIEW, "answer", answer["answer"]):
        row = context.need(REVIEW, *key)
        if row["state"] != ReviewState.SAME:
            raise Refusal("answer-fell", what=row["what"], name=row["name"], index=row["cause"])
    found = asked_now(context, answer)
    now = {name: found[name] for name in ("status", "amount_fen")}
    then = {"then": answer["status"], "then_fen": answer["amount_fen"]}
    if [*now.values()] != [*then.values()]:
        sums = context.engine_version >= SUMS_TOLD
        told = {**now, **then} if sums else {"status": now["status"]}
        raise Refusal("answer-outdated", field="answer", **told)


def asked_now(context: Context, answer: Row) -> Mapping[str, Any]:
    """What the rule that holds now for the day of a recorded answer says of its subject."""
    reading, on = Deciding(context), answer["as_of"]
    texts = (law for row, law in reading.laws(on, context.index) if row["rule"] == answer["rule"])
    law = next(texts, None)
    if law is None:
        return {"status": "not-in-force", "amount_fen": None}
    subject = known_party(reading, answer["subject"], answer["known_at"])
    declared = declaring.read(answer["declared"])
    day = date.fromisoformat(on)
    return put_of(reading, law, subject, day, context.index, declared=declared).written


def _judge(
    context: Context, row: Row, body: Body, after: GrantState, *apart_from: GrantState
) -> None:
    check_people(context, row, GrantState.APPLIED, *apart_from)
    if row["state"] != BEFORE[after]:
        raise wrong_state(context, "grant-state", row["state"], [BEFORE[after]], after)
    if body["positive"]:
        move(context, row, after)
    else:
        end(context, row, GrantState.REFUSED)


def _check_reviewer(context: Context, reviewer: str) -> None:
    desk = context.get(PARTY, reviewer)
    if desk is None or not DESKS & set(desk["roles"]):
        raise Refusal("reviewer-unfit", field="reviewer", roles=desk["roles"] if desk else [])
    place = context.need(PARTY, context.party)["region"]
    if desk["region"] is not None and place is not None and not within(place, desk["region"]):
        raise Refusal("reviewer-unfit", field="reviewer", region=desk["region"])


def _check_evidence(rule: Row, body: Body) -> None:
    """Every paper that the rule asks for is named, and there is an attachment for each named."""
    named = body.get("papers", [])
    attached = body.get("attachments", {})
    missing = [term.id for term in read(rule["text"]).evidence if term.id not in named]
    papers = [f"evidence-{place}" for place in range(1, len(named) + 1)]
    missing += [paper for paper in papers if paper not in attached]
    if missing:
        raise Refusal("evidence-missing", field="papers", missing=missing)
