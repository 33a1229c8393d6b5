"""Where the deadline board finds what falls due for a party, or waits for it without a day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, FromClause, false, or_, true

from incentives.grants.models import Clock, GrantState, grant_table
from incentives.grants.recovery_models import CaseState, case_table
from incentives.models import rule_table
from ledger.accounts.cash.models import BANK, UNDER_WAY, payout_table
from ledger.consents.models import ConsentState, consent_table
from ledger.credits.models import clearing_table, transfer_table
from ledger.parties.people_models import approval_table
from ledger.pledges.models import PledgeState, disposal_table, pledge_table
from ledger.projects.steps_models import ApplicationState
from ledger.restraints.models import OWING, FreezeState, duty_table, freeze_table
from market.one_way.models import PENDING, AuctionState, auction_table
from market.supervision.models import ReportState, position_duty_table
from portal.desk.waits import (
    applications,
    comments,
    notices,
    opinions,
    supplements,
    unapplied,
    unengaged,
    unissued,
    unnoticed,
)


@dataclass(frozen=True)
class Source:
    """Rows of a table that fall due for a party: what kind, whose, by which column, if open.

    ``instant`` columns hold the first instant that is too late, the others the last day itself;
    without ``by`` there is no day, and ``after`` is the last day on which it does not wait yet.
    ``parties`` are the columns with those whom it is between, the reader's own party among them.
    Whose turn it is stands in the column ``turn``, or is that of a role (``does``); of what runs
    out by itself it is nobody's.  All parties of ``owed_by`` have it on their boards.
    ``lifecycle`` narrows rows by whether the whole lifecycle is required (``lifecycle-required``).
    """

    kind: str
    table: FromClause
    name: str
    by: str | None
    of: Callable[[Any, str], ColumnElement[bool]]
    open: Callable[[Any], ColumnElement[bool]] = lambda _: true()
    instant: bool = False
    acts: bool = True
    parties: tuple[str, ...] = ()
    after: str | None = None
    owed_by: str | None = None
    turn: str | None = None
    does: str | None = None
    lifecycle: Callable[[Any, bool], ColumnElement[bool]] | None = None


def _of(*names: str) -> Callable[[Any, str], ColumnElement[bool]]:
    """Rows in which a party stands in one of these columns."""
    return lambda columns, party: or_(*(columns[name] == party for name in names))


OF_APPLICANT = (CaseState.NOTICED, CaseState.DECIDED)
"""Where a recovery waits for the applicant: to ask for a hearing, or to repay."""
SOURCES = (
    Source(
        "transfer-answer",
        transfer_table,
        "transfer",
        "answer_by",
        _of("receiver", "sender"),
        lambda c: (c.state == "proposed") & c.answer_by.is_not(None),
        instant=True,
        acts=False,
        parties=("sender", "receiver"),
        turn="receiver",
    ),
    Source(
        "recall-window",
        clearing_table,
        "transfer",
        "final_at",
        _of("receiver", "sender"),
        lambda c: c.state == "running",
        instant=True,
        acts=False,
        parties=("sender", "receiver"),
    ),
    Source(
        "replacement",
        duty_table,
        "duty",
        "deadline",
        _of("party"),
        lambda c: c.state.in_(OWING),
        turn="party",
    ),
    Source(
        "payout",
        payout_table,
        "payout",
        "due_by",
        lambda c, party: (c.party == party) | (party == BANK),
        lambda c: c.state.in_(UNDER_WAY),
        parties=("party",),
        does="bank",
    ),
    Source(
        "freeze-end",
        freeze_table,
        "freeze",
        "until",
        _of("party"),
        lambda c: (c.state == FreezeState.STANDING) & c.until.is_not(None),
        acts=False,
    ),
    Source(
        "pledge-term",
        pledge_table,
        "pledge",
        "until",
        _of("pledgor", "bank"),
        lambda c: c.state == PledgeState.REGISTERED,
        parties=("pledgor", "bank"),
    ),
    Source(
        "pledge-notice",
        pledge_table,
        "pledge",
        "disposal_from",
        _of("pledgor", "bank"),
        lambda c: c.state == PledgeState.DEFAULTED,
        acts=False,
        parties=("pledgor", "bank"),
    ),
    Source(
        "pledge-sale",
        pledge_table,
        "pledge",
        None,
        _of("pledgor", "bank"),
        lambda c: c.state == PledgeState.DEFAULTED,
        parties=("pledgor", "bank"),
        after="disposal_from",
        turn="bank",
    ),
    Source(
        "sale-answer",
        disposal_table,
        "disposal",
        None,
        _of("buyer", "bank"),
        lambda c: c.state == "offered",
        parties=("buyer", "bank"),
        turn="buyer",
    ),
    Source(
        "pledge-answer",
        pledge_table,
        "pledge",
        None,
        _of("pledgor", "bank"),
        lambda c: c.state == PledgeState.PROPOSED,
        parties=("pledgor", "bank"),
        turn="bank",
    ),
    Source(
        "pledge-registration",
        pledge_table,
        "pledge",
        None,
        _of("pledgor", "bank"),
        lambda c: c.state == PledgeState.AGREED,
        parties=("pledgor", "bank"),
        owed_by="registrar",
    ),
    Source(
        "grant-review",
        grant_table,
        "grant",
        "due_at",
        _of("reviewer"),
        lambda c: c.state == GrantState.APPLIED,
        instant=True,
        parties=("applicant",),
        turn="reviewer",
    ),
    Source(
        "grant-step",
        grant_table,
        "grant",
        "due_at",
        _of("granter"),
        lambda c: (c.clock != Clock.STOPPED) & (c.state != GrantState.APPLIED),
        instant=True,
        parties=("applicant",),
        turn="granter",
    ),
    Source(
        "recovery-step",
        case_table,
        "case",
        "due_at",
        _of("granter"),
        lambda c: (c.clock != Clock.STOPPED) & c.state.not_in(OF_APPLICANT),
        instant=True,
        parties=("applicant",),
        turn="granter",
    ),
    Source(
        "recovery-hearing",
        case_table,
        "case",
        "due_at",
        _of("applicant"),
        lambda c: c.state == CaseState.NOTICED,
        instant=True,
        acts=False,
        parties=("granter",),
        turn="applicant",
    ),
    Source(
        "recovery-repayment",
        case_table,
        "case",
        "due_at",
        _of("applicant"),
        lambda c: c.state == CaseState.DECIDED,
        instant=True,
        parties=("granter",),
        turn="applicant",
    ),
    Source(
        "notice-end",
        notices(),
        "notice",
        "last",
        _of("owner", "verifier"),
        acts=False,
        parties=("owner",),
    ),
    Source(
        "notice",
        unnoticed(),
        "name",
        None,
        _of("owner"),
        turn="owner",
        lifecycle=lambda _, required: true() if required else false(),
    ),
    Source(
        "decision",
        applications(),
        "application",
        "decide_by",
        _of("owner"),
        lambda c: c.state == ApplicationState.ACCEPTED,
        parties=("owner",),
        owed_by="registrar",
    ),
    Source(
        "engagement",
        unengaged(),
        "name",
        None,
        _of("owner"),
        turn="owner",
    ),
    Source(
        "application",
        unapplied(),
        "name",
        None,
        _of("owner"),
        turn="owner",
    ),
    Source(
        "issuance",
        unissued(),
        "name",
        None,
        _of("owner"),
        parties=("owner",),
        owed_by="registrar",
    ),
    Source(
        "acceptance",
        applications(),
        "application",
        None,
        _of("owner"),
        lambda c: c.state == ApplicationState.APPLIED,
        parties=("owner",),
        owed_by="registrar",
    ),
    Source(
        "supplement",
        supplements(),
        "application",
        None,
        _of("owner"),
        turn="owner",
    ),
    Source(
        "rule-approval",
        rule_table,
        "rule",
        None,
        _of("party"),
        lambda c: c.approved.is_(None),
        owed_by="finance",
    ),
    Source(
        "comment",
        comments(),
        "comment",
        None,
        _of("verifier", "owner"),
        parties=("owner", "verifier"),
        turn="turn",
    ),
    Source(
        "opinion",
        opinions(),
        "name",
        None,
        _of("verifier", "owner"),
        parties=("owner", "verifier"),
        after="runs_until",
        turn="verifier",
        lifecycle=lambda c, required: c.noticed.is_not(None) if required else true(),
    ),
    Source(
        "approval-end",
        approval_table,
        "document",
        "valid_to",
        _of("party"),
        lambda c: c.ended.is_(None),
        acts=False,
    ),
    Source(
        "position-report",
        position_duty_table,
        "duty",
        "deadline",
        _of("party"),
        lambda c: c.state == ReportState.OPEN,
        turn="party",
    ),
    Source(
        "auction-offer",
        auction_table,
        "auction",
        "opens_at",
        _of("principal"),
        lambda c: (c.state == AuctionState.ANNOUNCED) & (c.stands == PENDING),
        instant=True,
        acts=False,
        parties=("operator",),
        turn="principal",
    ),
    Source(
        "consent-end",
        consent_table,
        "consent",
        "until",
        _of("giver", "reader"),
        lambda c: c.state == ConsentState.GIVEN,
        acts=False,
        parties=("giver", "reader"),
    ),
)
KINDS = tuple(source.kind for source in SOURCES)
