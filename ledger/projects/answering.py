"""意见处理情况: what the body engaged for an opinion makes of each comment, and what it owes first.

An answer is kept as it was given; whoever says more says it beside.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ledger.parties.parameters import business_date, whole
from ledger.projects.engaging import not_engaged
from ledger.projects.owner_models import ENGAGEMENT
from ledger.projects.rules import ENGAGED_ANSWERS, asked
from ledger.projects.steps import REQUIRED
from ledger.projects.steps_models import ANSWER, COMMENT, NOTICE
from ledger.writer.context import Context
from ledger.writer.errors import Refusal
from ledger.writer.kinds import Row

Body = Mapping[str, Any]


def answer(context: Context, body: Body) -> None:
    """The engaged body says what it makes of a comment.

    Raises Refusal ``verifier-is-owner`` or ``verifier-not-engaged``.
    """
    row = context.need(COMMENT, body["comment"])
    notice = context.need(NOTICE, row["notice"])
    if notice["owner"] == context.party:
        raise Refusal("verifier-is-owner", notice=row["notice"])
    if not asked(context, ENGAGED_ANSWERS):
        # As it was before: of any body, and the last one stands.
        context.put(COMMENT, {**row, "answered_by": context.party, "answer": body["text"]})
        return
    engaged = context.get(ENGAGEMENT, notice["subject"], notice["name"])
    if engaged is None or engaged["verifier"] != context.party:
        raise not_engaged(notice["subject"], notice["name"], engaged)
    context.create(
        ANSWER,
        {
            "answer": context.id,
            "comment": row["comment"],
            "verifier": context.party,
            "text": body["text"],
            "answered": business_date(context.at),
            "index": context.index,
        },
    )


def check_notice(context: Context, subject: str, name: str) -> None:
    """Before an opinion: the notice has run, and its author has answered every comment.

    Raises Refusal ``notice-missing``, ``notice-runs`` or ``comment-unanswered``.
    """
    keys = context.children(NOTICE, "name", subject, name)
    if not keys:
        if whole(context, REQUIRED):
            raise Refusal("notice-missing", subject=subject, name=name)
        return
    notice = context.need(NOTICE, *keys[0])
    if business_date(context.at) <= notice["last"]:
        raise Refusal("notice-runs", notice=notice["notice"], last=notice["last"])
    for key in context.children(COMMENT, "notice", notice["notice"]):
        row = context.need(COMMENT, *key)
        if context.party not in _answered(context, row):
            raise Refusal("comment-unanswered", comment=row["comment"], index=row["index"])


def _answered(context: Context, comment: Row) -> set[str]:
    """The bodies that have answered a comment."""
    keys = context.children(ANSWER, "comment", comment["comment"])
    return {comment["answered_by"], *(context.need(ANSWER, *key)["verifier"] for key in keys)}
