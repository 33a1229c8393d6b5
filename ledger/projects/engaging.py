"""委托审定与核查: whom an owner engages for an opinion, and which bodies may give one at all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ledger.parties.standing import need_open
from ledger.projects.models import PROJECT, REPORT, UNVALIDATED, ReportState
from ledger.projects.opinion_models import OPINION_PAPER
from ledger.projects.owner_models import ENGAGEMENT
from ledger.projects.steps import PROJECTS, REPORTS, own
from ledger.projects.withdrawal_models import WITHDRAWAL
from ledger.writer.context import Context
from ledger.writer.errors import Refusal
from ledger.writer.kinds import Row
from ledger.writer.versions import PAPERS_ONCE

Body = Mapping[str, Any]
VERIFIER = "verifier"


def engage(context: Context, body: Body) -> None:
    """Engage a body for the opinion that is to come, in place of one engaged before.

    Raises Refusal ``owner-differs``, ``project-state``, ``report-state``, ``party-unknown``,
    ``party-closed``, ``not-a-verifier`` and what ``check_validator`` and ``check_verifier`` raise.
    """
    subject, name = body["subject"], body["name"]
    row = own(context, body)
    needs = [*UNVALIDATED] if subject == PROJECTS else [ReportState.SUBMITTED]
    if row["state"] not in needs:
        raise Refusal(f"{subject}-state", state=row["state"], needs=needs)
    if VERIFIER not in need_open(context, body["verifier"])["roles"]:
        raise Refusal("not-a-verifier", field="verifier", party=body["verifier"])
    if subject == PROJECTS:
        check_validator(context, row, body["verifier"])
    else:
        check_verifier(context, context.need(PROJECT, row["project"]), body["verifier"])
    context.put(
        ENGAGEMENT,
        {"subject": subject, "name": name, "verifier": body["verifier"], "index": context.index},
    )


def check_engaged(context: Context, subject: str, name: str) -> None:
    """Refuse an opinion of others with ``verifier-not-engaged``, where anybody is engaged."""
    row = context.get(ENGAGEMENT, subject, name)
    if row is not None and row["verifier"] != context.party:
        raise not_engaged(subject, name, row)


def keep_paper(context: Context, subject: str, name: str, sha256: str) -> None:
    """A 审定报告 or 核查报告 stands behind what it was first given for, and nothing else.

    Raises Refusal ``opinion-paper-used``, naming the earlier entry.
    """
    if context.engine_version < PAPERS_ONCE:
        return
    row = context.get(OPINION_PAPER, sha256)
    if row is None:
        names = {"sha256": sha256, "subject": subject, "name": name}
        context.create(OPINION_PAPER, {**names, "index": context.index})
    elif (row["subject"], row["name"]) != (subject, name):
        told = {key: row[key] for key in ("subject", "name", "index")}
        context.fault("opinion-paper-used", field="report_sha256", **told)


def not_engaged(subject: str, name: str, row: Row | None) -> Refusal:
    """The refusal, with the entry of the engagement that stands."""
    entry = {} if row is None else {"index": row["index"]}
    return Refusal("verifier-not-engaged", subject=subject, name=name, **entry)


def check_validator(context: Context, project: Row, party: str) -> None:
    """Whether a body may validate: not its own project, nor one whose reductions it verified.

    Raises Refusal ``validator-is-owner``, or ``verifier-validates`` (Order 31 of 2023, Art. 18).
    """
    if project["owner"] == party:
        raise Refusal("validator-is-owner", project=project["project"])
    for key in context.children(REPORT, "project", project["project"]):
        report = context.need(REPORT, *key)
        if party in (report["verifier"], *_withdrew(context, REPORTS, report["report"])):
            raise Refusal("verifier-validates", report=report["report"], index=report["index"])


def check_verifier(context: Context, project: Row, party: str) -> None:
    """Whether a body may verify: one that ever validated the project may not (Art. 18).

    Raises Refusal ``validator-verifies`` or ``verifier-is-owner``.
    """
    if party in (project["validator"], *_withdrew(context, PROJECTS, project["project"])):
        raise Refusal("validator-verifies", project=project["project"], index=project["index"])
    if project["owner"] == party:
        raise Refusal("verifier-is-owner", project=project["project"])


def _withdrew(context: Context, subject: str, name: str) -> set[str]:
    """The bodies that gave an opinion on something and took it back."""
    keys = context.children(WITHDRAWAL, "name", subject, name)
    return {context.need(WITHDRAWAL, *key)["verifier"] for key in keys}
