"""The accounts room: balances, cash, commitments to both, and whom a party trusts."""

from __future__ import annotations

from ledger.accounts import leaving
from ledger.accounts.cash import accounts as bank_accounts
from ledger.accounts.cash.models import KINDS as CASH_KINDS
from ledger.accounts.cash.statements import STATEMENTS as CASH_STATEMENTS
from ledger.accounts.claims import CLAIM
from ledger.accounts.commitments import handlers as commitments
from ledger.accounts.commitments.models import COMMITMENT
from ledger.accounts.models import BALANCE
from ledger.accounts.trust import handlers as trust
from ledger.accounts.trust.models import TRUST
from ledger.writer.room import Room

ROOM = Room(
    "accounts",
    (*CASH_STATEMENTS, *commitments.STATEMENTS, *trust.STATEMENTS),
    (BALANCE, COMMITMENT, CLAIM, TRUST, *CASH_KINDS),
    {
        "ledger-began": commitments.begin,
        "parameter-set": bank_accounts.check_rule,
        "party-closing": leaving.nothing_left,
    },
    due=commitments.due,
)
