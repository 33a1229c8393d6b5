"""Issuance, moves, transfers and retirement."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ledger.accounts.verbs import move, post, registry, trading
from ledger.credits.beneficiaries import note_beneficiary
from ledger.credits.models import BATCH, BLOCK, FATE, RETIREMENT, TRANSFER
from ledger.credits.purposes import check_purpose
from ledger.credits.serials import Span, merge, take_lowest
from ledger.mirrors.names import refuse_mirrored
from ledger.parties.models import PARTY
from ledger.parties.parameters import whole
from ledger.projects.handlers import issued
from ledger.projects.models import PROJECT, REPORT, ProjectState
from ledger.statements.instants import parse_instant
from ledger.writer.context import Context
from ledger.writer.errors import Refusal
from ledger.writer.room import Due
from ledger.writer.state import State

Body = Mapping[str, Any]
ISSUED, RETIRED = "@issued", "@retired"
OPEN_DAYS = "transfer-open-days"
DAY_MS = 86_400_000


def issue(context: Context, body: Body) -> None:
    """签发: as many credits as were registered, in one batch per vintage year."""
    report = context.need(REPORT, body["report"])
    project = context.need(PROJECT, report["project"])
    if project["state"] != ProjectState.REGISTERED:
        raise Refusal("project-not-registered", project=report["project"], state=project["state"])
    issued(context, report)
    registered = sum(vintage["quantity"] for vintage in report["vintages"])
    if body["quantity"] != registered:
        raise Refusal("quantity-not-verified", field="quantity", verified=registered)
    account = registry(project["owner"])
    for vintage in report["vintages"]:
        batch = f"{project['class']}-{report['report']}-{vintage['year']}".upper()
        quantity = vintage["quantity"]
        if context.get(BATCH, batch) is not None:
            raise Refusal("batch-exists", batch=batch)
        context.put(
            BATCH,
            {
                "batch": batch,
                "project": project["project"],
                "report": report["report"],
                "class": project["class"],
                "vintage": vintage["year"],
                "owner": project["owner"],
                "issued": quantity,
                "retired": 0,
                "cancelled": 0,
                "index": context.index,
            },
        )
        context.put(BLOCK, {"batch": batch, "first": 1, "last": quantity, "account": account})
        post(context, batch, quantity, ISSUED, account)


def shift(context: Context, body: Body) -> None:
    """转入 or 转出 between the author's own two accounts."""
    into, out = registry(context.party), trading(context.party)
    if body["to"] == "trading":
        into, out = out, into
    own_batch(context, body["batch"])
    move(context, body["batch"], body["quantity"], out, into)
    give_blocks(context, body["batch"], body["quantity"], out, into)


def propose(context: Context, body: Body) -> None:
    """Propose a transfer; the units wait in transfer until the receiver answers."""
    own_batch(context, body["batch"])
    receiver = context.need(PARTY, body["receiver"])
    if body["receiver"] == context.party:
        raise Refusal("transfer-to-self", field="receiver")
    if "enterprise" not in receiver["roles"] or receiver["status"] != "active":
        raise Refusal("receiver-cannot-hold", field="receiver", party=body["receiver"])
    answer_by = _answer_by(context, body)
    account = registry(context.party)
    move(context, body["batch"], body["quantity"], account, account, give="in_transfer")
    context.put(
        TRANSFER,
        {
            "transfer": context.id,
            "sender": context.party,
            "receiver": body["receiver"],
            "batch": body["batch"],
            "quantity": body["quantity"],
            "state": "proposed",
            "answer_by": answer_by,
            "salt": context.salt,
            "index": context.index,
        },
    )


def accept(context: Context, body: Body) -> None:
    """The receiver accepts: lowest serials first."""
    row = _open(context, body, "receiver")
    source, target = registry(row["sender"]), registry(context.party)
    move(context, row["batch"], row["quantity"], source, target, take="in_transfer")
    give_blocks(context, row["batch"], row["quantity"], source, target)
    context.put(TRANSFER, {**row, "state": "accepted"})


def decline(context: Context, body: Body) -> None:
    """The receiver declines: the units are the sender's again."""
    _give_back(context, _open(context, body, "receiver"), "declined")


def withdraw(context: Context, body: Body) -> None:
    """The sender withdraws a proposal that nobody answered."""
    _give_back(context, _open(context, body, "sender"), "withdrawn")


def expire(context: Context, body: Body) -> None:
    """Nobody answered in time: the units are the sender's again."""
    row = context.need(TRANSFER, body["transfer"])
    _proposed(context, row)
    if not _late(row, context.at):
        raise Refusal("not-due", transfer=body["transfer"])
    _give_back(context, row, "expired")


def due(state: State, at: int) -> Iterator[Due]:
    """The proposals that nobody answered in time."""
    for row in state.overdue(TRANSFER, at):
        body = {"transfer": row["transfer"]}
        yield Due(row["answer_by"], row["transfer"], "credit.expire", body)


def retire(context: Context, body: Body) -> None:
    """注销: for ever, from the registry account, with purpose and beneficiary."""
    batch = own_batch(context, body["batch"])
    check_purpose(context, batch["class"], body["purpose"])
    account = registry(context.party)
    quantity = body["quantity"]
    move(context, batch["batch"], quantity, account, RETIRED)
    spans = take_blocks(context, batch["batch"], quantity, account)
    for first, last in spans:
        context.put(
            FATE,
            {
                "batch": batch["batch"],
                "first": first,
                "last": last,
                "fate": "retired",
                "act": context.id,
                "index": context.index,
            },
        )
    context.put(BATCH, {**batch, "retired": batch["retired"] + quantity})
    context.put(
        RETIREMENT,
        {
            "retirement": context.id,
            "party": context.party,
            "batch": batch["batch"],
            "quantity": quantity,
            "purpose": body["purpose"],
            "beneficiary": body["beneficiary"],
            "blocks": [list(span) for span in spans],
            "at": context.at,
            "index": context.index,
        },
    )
    note_beneficiary(context, body)


def own_batch(context: Context, name: str) -> dict[str, Any]:
    """A batch that this register issued.

    Raises Refusal ``mirror-unit-not-…``, by the act, for units of another registry, which are
    shown here and held there, and ``batch-unknown`` for any other name.
    """
    batch = context.get(BATCH, name)
    if batch is None:
        refuse_mirrored(context, name)
        return context.need(BATCH, name)
    return batch


def take_blocks(context: Context, batch: str, quantity: int, account: str) -> list[Span]:
    """Take the lowest serials of a batch out of an account."""
    spans = _spans(context, account, batch)
    taken, rest = take_lowest(spans, quantity)
    _store(context, batch, account, spans, rest)
    return taken


def give_blocks(
    context: Context, batch: str, quantity: int, source: str, target: str
) -> list[Span]:
    """Move the lowest serials of a batch from one account to another."""
    taken = take_blocks(context, batch, quantity, source)
    spans = _spans(context, target, batch)
    _store(context, batch, target, spans, merge([*spans, *taken]))
    return taken


def _spans(context: Context, account: str, batch: str) -> list[Span]:
    keys = context.children(BLOCK, "held", account, batch)
    return [(row["first"], row["last"]) for row in (context.need(BLOCK, *key) for key in keys)]


def _store(
    context: Context, batch: str, account: str, before: list[Span], after: list[Span]
) -> None:
    """Write the difference of an account's blocks; a start that another holds now is theirs."""
    gone, new = set(before) - set(after), set(after) - set(before)
    starts = {first for first, _ in new}
    for first, _ in gone:
        if first in starts:
            continue  # the same block, longer or shorter
        row = context.get(BLOCK, batch, first)
        if row is not None and row["account"] == account:
            context.delete(BLOCK, batch, first)
    for first, last in sorted(new):
        row = {"batch": batch, "first": first, "last": last, "account": account}
        if any(start < first <= end for start, end in gone):
            # Inside a block that was whole until now: no other block can begin there.
            context.insert(BLOCK, row)
        else:
            context.put(BLOCK, row)


def _open(context: Context, body: Body, side: str) -> dict[str, Any]:
    row = context.need(TRANSFER, body["transfer"])
    if row[side] != context.party:
        raise Refusal("transfer-unknown", key=body["transfer"])
    _proposed(context, row)
    if _late(row, context.at):
        raise Refusal("transfer-closed", transfer=body["transfer"], state="expired")
    return row


def _proposed(context: Context, row: dict[str, Any]) -> None:
    if row["state"] != "proposed":
        raise Refusal("transfer-closed", transfer=row["transfer"], state=row["state"])
    context.concern(row["sender"], row["salt"])


def _late(row: dict[str, Any], at: int) -> bool:
    return row["answer_by"] is not None and bool(row["answer_by"] <= at)


def _answer_by(context: Context, body: Body) -> int:
    """The last instant of a proposal, in UTC milliseconds: it lapses when this is reached."""
    if "answer_by" not in body:
        return context.at + whole(context, OPEN_DAYS) * DAY_MS
    stated = parse_instant(body["answer_by"])
    if stated <= context.at:
        raise Refusal("answer-by-past", field="answer_by")
    return stated


def _give_back(context: Context, row: dict[str, Any], state: str) -> None:
    account = registry(row["sender"])
    move(context, row["batch"], row["quantity"], account, account, take="in_transfer")
    context.put(TRANSFER, {**row, "state": state})
