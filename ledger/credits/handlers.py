"""Issuance, moves, transfers and retirement."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ledger.accounts.verbs import check_held, move, post, registry, trading
from ledger.credits.beneficiaries import note_beneficiary
from ledger.credits.blocks import give_blocks
from ledger.credits.clearing import check_trusted, hold_back
from ledger.credits.ending import RETIRED, end_units
from ledger.credits.locks import check_transferable
from ledger.credits.models import BATCH, BLOCK, CLEARING, ISSUANCE, RETIREMENT, TRANSFER
from ledger.credits.purposes import check_purpose
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
from ledger.writer.versions import ISSUES_TIMED

Body = Mapping[str, Any]
ISSUED = "@issued"
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
        if context.engine_version >= ISSUES_TIMED:
            context.put(ISSUANCE, {"batch": batch, "at": context.at})
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
    check_trusted(context, body["receiver"], body["quantity"])
    answer_by = _answer_by(context, body)
    account = registry(context.party)
    check_transferable(context, account, body["batch"], body["quantity"])
    move(context, body["batch"], body["quantity"], account, account, give="in_transfer")
    context.create(
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
    """The receiver accepts: the units are its own, at once or when the recall window is over."""
    row = _open(context, body, "receiver")
    if not hold_back(context, row):
        finish(context, row)


def finish(context: Context, row: dict[str, Any]) -> None:
    """Hand an accepted transfer's units over, lowest serials first."""
    source, target = registry(row["sender"]), registry(row["receiver"])
    move(context, row["batch"], row["quantity"], source, target, take="in_transfer")
    give_blocks(context, row["batch"], row["quantity"], source, target)
    context.put(TRANSFER, {**row, "state": "accepted"})


def decline(context: Context, body: Body) -> None:
    """The receiver declines: the units are the sender's again."""
    give_back(context, _open(context, body, "receiver"), "declined")


def withdraw(context: Context, body: Body) -> None:
    """The sender withdraws a proposal that nobody answered."""
    give_back(context, _open(context, body, "sender"), "withdrawn")


def expire(context: Context, body: Body) -> None:
    """Nobody answered in time: the units are the sender's again."""
    row = context.need(TRANSFER, body["transfer"])
    _proposed(context, row)
    if not _late(row, context.at):
        raise Refusal("not-due", transfer=body["transfer"])
    give_back(context, row, "expired")


def stop_transfers(context: Context, party: str, batch: str) -> None:
    """End a party's transfers of a batch that are not final: the units are its own again."""
    for state in ("proposed", "clearing"):
        for key in context.children(TRANSFER, "sent", party, batch, state):
            row = context.need(TRANSFER, *key)
            context.concern(row["sender"], row["salt"])
            give_back(context, row, "stopped")


def due(state: State, at: int) -> Iterator[Due]:
    """The proposals that nobody answered in time."""
    for row in state.overdue(TRANSFER, at):
        body = {"transfer": row["transfer"]}
        yield Due(row["answer_by"], row["transfer"], "credit.expire", body)


def retire(context: Context, body: Body) -> None:
    """注销: for ever, from the registry account, with purpose and beneficiary."""
    batch = own_batch(context, body["batch"])
    check_purpose(context, batch["class"], body["purpose"])
    account, quantity = registry(context.party), body["quantity"]
    check_held(context, account, batch["batch"], quantity)
    check_transferable(context, account, batch["batch"], quantity)
    spans = end_units(context, batch, account, quantity, RETIRED)
    context.create(
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


def give_back(context: Context, row: dict[str, Any], state: str) -> None:
    """End a transfer; what waited in it is the sender's again."""
    account = registry(row["sender"])
    if row["state"] == "clearing":
        window = context.need(CLEARING, row["transfer"])
        context.put(CLEARING, {**window, "state": "over"})
    move(context, row["batch"], row["quantity"], account, account, take="in_transfer")
    context.put(TRANSFER, {**row, "state": state})
