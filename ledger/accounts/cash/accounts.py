"""Bank accounts of the parties: registered by them, confirmed by the settlement bank."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from ledger.accounts.cash.models import ACCOUNT, ACCOUNT_MOVES, BANK, AccountState
from ledger.accounts.cash.movements import need_bank
from ledger.parties.models import PARTY
from ledger.parties.parameters import in_force
from ledger.writer.context import Context
from ledger.writer.errors import Refusal
from ledger.writer.kinds import Row

Body = Mapping[str, Any]
SAME_NAME = "cash-account"
NEEDED, NOT_NEEDED = "needed", "not-needed"


def number_digest(number: str, salt: str) -> str:
    """What stands on the record for an account's number; ``salt`` is 128 bits in hex."""
    return hashlib.sha256(f"qingzhang/bank-account/v1\n{salt}\n{number}".encode()).hexdigest()


def register(context: Context, body: Body) -> None:
    """Name an account of one's own; raises Refusal ``account-other-name``."""
    _same_name(context, context.party, body["holder"])
    names = ("holder", "bank_name", "tail", "number_sha256", "number_salt")
    context.create(
        ACCOUNT,
        {
            "account": context.id,
            "party": context.party,
            **{name: body[name] for name in names},
            "state": AccountState.REGISTERED,
            "salt": context.salt,
            "index": context.index,
        },
    )


def confirm(context: Context, body: Body) -> None:
    """The bank's books name the holder as the register does: the account may be used.

    Said again of a confirmed account where its holder has taken another name.
    """
    need_bank(context)
    row = _own(context, body["account"])
    _same_name(context, row["party"], body["holder"])
    _move(context, row, AccountState.CONFIRMED, holder=body["holder"])


def end(context: Context, body: Body) -> None:
    """No more is taken from it or paid to it."""
    _move(context, _own(context, body["account"]), AccountState.ENDED)


def payer_account(context: Context, party: str, body: Body) -> Row | None:
    """The account that a deposit came from, which must be the party's own in name and fact.

    None where none is named and none is needed. Raises Refusal ``payer-missing``,
    ``bank-account-unknown``, ``account-not-confirmed`` and ``payer-other-name``.
    """
    if "account" not in body or "payer" not in body:
        if in_force(context, SAME_NAME) == NEEDED or "account" in body or "payer" in body:
            field = "payer" if "account" in body else "account"
            raise Refusal("payer-missing", field=field)
        return None
    row = usable(context, party, body["account"])
    if body["payer"] != row["holder"]:
        raise Refusal("payer-other-name", field="payer", party=party)
    return row


def usable(context: Context, party: str, account: str) -> Row:
    """A confirmed account of the party; raises ``bank-account-unknown``, ``account-…``."""
    row = context.need(ACCOUNT, account)
    if row["party"] != party:
        raise Refusal("bank-account-unknown", key=account)
    if row["state"] != AccountState.CONFIRMED:
        raise Refusal("account-not-confirmed", field="account", state=row["state"])
    return row


def payee_account(context: Context, account: str) -> Row:
    """A confirmed account whose holder still bears the author's name, to be paid out to."""
    row = usable(context, context.party, account)
    _same_name(context, context.party, row["holder"])
    return row


def check_rule(context: Context, params: Mapping[str, Any]) -> None:
    """Refuse a value of ``cash-account`` that nothing reads: ``parameter-malformed``."""
    if params["code"] == SAME_NAME and params["value"] not in (NEEDED, NOT_NEEDED):
        raise Refusal("parameter-malformed", field="value", parameter=SAME_NAME)


def _same_name(context: Context, party: str, holder: str) -> None:
    if holder != context.need(PARTY, party)["name"]:
        raise Refusal("account-other-name", field="holder", party=party)


def _own(context: Context, account: str) -> Row:
    row = context.need(ACCOUNT, account)
    if context.party not in (row["party"], BANK):
        raise Refusal("bank-account-unknown", key=account)
    return row


def _move(context: Context, row: Row, after: AccountState, **changed: str) -> None:
    if after not in ACCOUNT_MOVES[AccountState(row["state"])]:
        raise Refusal("account-closed", field="account", state=row["state"])
    context.concern(row["party"], row["salt"])
    context.put(ACCOUNT, {**row, **changed, "state": after})
