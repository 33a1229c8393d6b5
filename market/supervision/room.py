"""The supervision room: what regulator and exchange may state about who trades how."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.statements.types import Circle, StatementType
from ledger.writer.room import Due, Room
from ledger.writer.state import State
from market.stops.models import BAR, HALT
from market.supervision import acts, bars, findings, positions, reserve, schemas
from market.supervision.limits import (
    LARGE_DAYS,
    LARGE_PERCENT,
    LARGE_QUANTITY,
    RESERVE_PERCENT,
    check_limit,
)
from market.supervision.models import (
    FINDING,
    POSITION_CHECK,
    POSITION_DUTY,
    REFERRAL,
    RESERVE_APPROVAL,
    RESERVE_DAY,
    WARNING,
)

PUBLIC, PARTY, SUPERVISOR = Circle.PUBLIC, Circle.PARTY, Circle.SUPERVISOR
KEPT = "trade-20-years"
BOTH, REGULATOR, EXCHANGE = ("regulator", "exchange"), ("regulator",), ("exchange",)
CLOCK, TRADER = ("scheduler",), ("enterprise",)
LARGE = (LARGE_QUANTITY, LARGE_PERCENT)

STATEMENTS = (
    StatementType("trading.bar", 1, PARTY, schemas.TradingBar, bars.bar, BOTH, True, KEPT),
    StatementType("trading.unbar", 1, PARTY, schemas.TradingUnbar, bars.unbar, BOTH, True, KEPT),
    StatementType("trading.bar-turn", 1, PARTY, schemas.BarTurn, bars.turn, CLOCK, False, KEPT),
    StatementType(
        "listing.cancel-by-order",
        1,
        PARTY,
        schemas.ListingOrder,
        acts.cancel_listing,
        BOTH,
        True,
        KEPT,
    ),
    StatementType(
        "order.cancel-by-order",
        1,
        PARTY,
        schemas.OrderOrder,
        acts.cancel_order,
        BOTH,
        True,
        KEPT,
    ),
    StatementType("venue.halt", 1, PUBLIC, schemas.VenueDecision, acts.halt, BOTH, True, KEPT),
    StatementType("venue.resume", 1, PUBLIC, schemas.VenueDecision, acts.resume, BOTH, True, KEPT),
    StatementType("risk.warn", 1, PARTY, schemas.RiskWarning, acts.warn, BOTH, True, KEPT),
    StatementType(
        "position.check", 1, PARTY, schemas.PositionCheck, positions.check, CLOCK, False, KEPT
    ),
    StatementType(
        "position.report",
        1,
        PARTY,
        schemas.PositionReport,
        positions.report,
        TRADER,
        False,
        KEPT,
        attachments=("report",),
        terms=(LARGE_DAYS,),
        rules=LARGE,
    ),
    StatementType(
        "reserve.set-aside",
        1,
        PARTY,
        schemas.ReserveDay,
        reserve.set_aside,
        EXCHANGE,
        True,
        KEPT,
        rules=(RESERVE_PERCENT,),
    ),
    StatementType(
        "reserve.approve",
        1,
        PARTY,
        schemas.ReserveApproval,
        reserve.approve,
        REGULATOR,
        True,
        KEPT,
    ),
    StatementType(
        "reserve.spend", 1, PARTY, schemas.ReserveSpending, reserve.spend, EXCHANGE, True, KEPT
    ),
    StatementType(
        "finding.open",
        1,
        SUPERVISOR,
        schemas.FindingOpening,
        findings.open_finding,
        BOTH,
        True,
        KEPT,
    ),
    StatementType(
        "finding.explain",
        1,
        SUPERVISOR,
        schemas.FindingExplanation,
        findings.explain,
        BOTH,
        True,
        KEPT,
    ),
    StatementType(
        "finding.refer", 1, SUPERVISOR, schemas.FindingReferral, findings.refer, BOTH, True, KEPT
    ),
)


def due(state: State, at: int) -> Iterator[Due]:
    """Bars that begin or end, and positions to be looked at."""
    yield from bars.due(state, at)
    yield from positions.due(state, at)


ROOM = Room(
    "supervision",
    STATEMENTS,
    (
        BAR,
        HALT,
        WARNING,
        POSITION_CHECK,
        POSITION_DUTY,
        RESERVE_DAY,
        RESERVE_APPROVAL,
        FINDING,
        REFERRAL,
    ),
    reactions={
        "parameter-set": check_limit,
        "session-closed": positions.session_closed,
    },
    due=due,
)
