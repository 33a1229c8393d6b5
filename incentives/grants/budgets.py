"""Decisions about budget lines, and the verbs by which grants and recoveries move their sums.

Every verb refuses what would take a line below zero, or a sum out of its bounds; the writer decides
one statement at a time, so that two grants can never spend one fen.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from incentives.grants.budget_models import BUDGET, BUDGET_DOCUMENT, LineState, available
from incentives.regions import within
from ledger.parties.models import PARTY, REGION
from ledger.parties.parameters import business_date, midnight
from ledger.parties.regions import level as region_level
from ledger.statements.canonical import INTEGER_MAX
from ledger.writer.context import Context
from ledger.writer.errors import Refusal
from ledger.writer.kinds import Row
from ledger.writer.room import Due
from ledger.writer.state import State
from ledger.writer.versions import MONEY_PLACED

Body = Mapping[str, Any]
SUMS = ("opened_fen", "committed_fen", "paid_fen", "returned_fen", "lapsed_fen")


def open_line(context: Context, body: Body) -> None:
    """Open a line for a document, account, level and year.

    Raises Refusal ``budget-exists``, ``budget-document-used``, ``region-unknown``,
    ``budget-level-of-region``, ``budget-region-beyond``, or ``budget-over`` where its last day has
    passed.
    """
    if context.get(BUDGET, body["line"]) is not None:
        raise Refusal("budget-exists", field="line", line=body["line"])
    names = ("document", "account", "level", "year")
    place = {name: body[name] for name in names}
    if (used := context.get(BUDGET_DOCUMENT, *place.values())) is not None:
        raise Refusal("budget-document-used", field="document", line=used["line"])
    if not context.children(REGION, "code", body["region"]):
        raise Refusal("region-unknown", field="region", region=body["region"])
    if context.engine_version >= MONEY_PLACED:
        _check_place(context, body["level"], body["region"])
    if body["until"] < business_date(context.at):
        raise Refusal("budget-over", field="until", last=body["until"])
    context.put(BUDGET_DOCUMENT, {**place, "line": body["line"]})
    sums = dict.fromkeys(("committed_fen", "paid_fen", "returned_fen", "lapsed_fen"), 0)
    context.put(
        BUDGET,
        {
            "line": body["line"],
            **place,
            "region": body["region"],
            "title": body["title"],
            "party": context.party,
            "opened_fen": body["amount_fen"],
            **sums,
            "last": body["until"],
            "last_at": midnight(body["until"], 1),
            "state": LineState.OPEN,
            "index": context.index,
        },
    )


def _check_place(context: Context, level: str, region: str) -> None:
    """A line is of its level's own kind of region, which lies in that of who opens it.

    Raises Refusal ``budget-level-of-region`` and ``budget-region-beyond``.
    """
    own = context.need(PARTY, context.party)["region"]
    if level not in ("central", region_level(region)):
        raise Refusal("budget-level-of-region", field="level", region=region)
    beyond = own is not None and not within(region, own)
    if beyond or (level == "central" and own is not None and region_level(own) != "province"):
        raise Refusal("budget-region-beyond", field="region", own=own)


def adjust(context: Context, body: Body) -> None:
    """追加或调减: more or less money by a document.

    Raises Refusal ``budget-line-unknown``, ``budget-of-other``, ``budget-closed``,
    ``adjustment-empty``, ``budget-sum-outside`` or ``budget-short``.
    """
    row = own_line(context, body["line"])
    _need_open(row)
    if not body["by_fen"]:
        raise Refusal("adjustment-empty", field="by_fen")
    _move(context, row, "by_fen", opened_fen=body["by_fen"])


def lapse(context: Context, body: Body) -> None:
    """The last day is over: what nobody was promised lapses, and nothing more is committed."""
    row = context.need(BUDGET, body["line"])
    if row["state"] != LineState.OPEN or row["last_at"] > context.at:
        raise Refusal("not-due", line=row["line"])
    left = available(row)
    lapsed = row["lapsed_fen"] + left
    context.put(BUDGET, {**row, "lapsed_fen": lapsed, "state": LineState.CLOSED})


def own_line(context: Context, line: str) -> Row:
    """A line of the author's; raises ``budget-line-unknown`` or ``budget-of-other``."""
    row = context.need(BUDGET, line)
    if row["party"] != context.party:
        raise Refusal("budget-of-other", field="line", party=row["party"])
    return row


def commit(context: Context, line: str, fen: int) -> None:
    """Promise money; raises Refusal ``budget-closed`` or ``budget-short``."""
    row = context.need(BUDGET, line)
    _need_open(row)
    _move(context, row, "amount_fen", committed_fen=fen)


def uncommit(context: Context, line: str, fen: int) -> None:
    """Take a promise back; of a line that is closed the sum lapses."""
    row = context.need(BUDGET, line)
    closed = row["state"] == LineState.CLOSED
    _move(context, row, "line", committed_fen=-fen, lapsed_fen=fen if closed else 0)


def pay(context: Context, line: str, fen: int) -> None:
    """Pay what was promised."""
    _move(context, context.need(BUDGET, line), "line", committed_fen=-fen, paid_fen=fen)


def take_back(context: Context, line: str, fen: int) -> None:
    """Money has come back; of a line that is closed it lapses at once, to the treasury."""
    row = context.need(BUDGET, line)
    closed = row["state"] == LineState.CLOSED
    _move(context, row, "line", returned_fen=fen, lapsed_fen=fen if closed else 0)


def due(state: State, at: int) -> Iterator[Due]:
    """Lines whose last day is over."""
    for row in state.overdue(BUDGET, at):
        yield Due(row["last_at"], row["line"], "budget.lapse", {"line": row["line"]})


def _need_open(row: Row) -> None:
    if row["state"] != LineState.OPEN:
        raise Refusal("budget-closed", field="line", line=row["line"])


def _move(context: Context, row: Row, field: str, **amounts: int) -> None:
    """Add to the sums of a line; raises Refusal ``budget-sum-outside`` or ``budget-short``.

    What the database would not take must be refused here: its own refusal comes when the whole
    batch is written, and fails the neighbours too.
    """
    moved = {**row, **{name: row[name] + fen for name, fen in amounts.items()}}
    if available(moved) < 0:
        raise Refusal("budget-short", field=field, line=row["line"], available=available(row))
    for name in SUMS:
        most = moved["paid_fen"] if name == "returned_fen" else INTEGER_MAX
        if not 0 <= moved[name] <= most:
            raise Refusal("budget-sum-outside", field=field, line=row["line"], sum=name, most=most)
    context.put(BUDGET, moved)
