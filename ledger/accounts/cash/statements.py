"""What may be stated about cash, by whom, and by how many people."""

from __future__ import annotations

from operator import itemgetter

from ledger.accounts.cash import accounts, correcting, payouts, receipts, reconciling, schemas
from ledger.statements.types import Circle, StatementType

PARTY, KEPT = Circle.PARTY, "trade-20-years"
BANK, HOLDER, OPERATOR = ("bank",), ("enterprise", "exchange"), ("exchange",)
AMOUNT = itemgetter("amount_fen")
Act = schemas.PayoutAct

STATEMENTS = (
    StatementType(
        "cash.register-account",
        1,
        PARTY,
        schemas.BankAccount,
        accounts.register,
        HOLDER,
        True,
        KEPT,
        rules=(accounts.SAME_NAME,),
    ),
    StatementType(
        "cash.confirm-account",
        1,
        PARTY,
        schemas.AccountConfirmation,
        accounts.confirm,
        BANK,
        True,
        KEPT,
    ),
    StatementType(
        "cash.end-account",
        1,
        PARTY,
        schemas.AccountEnd,
        accounts.end,
        (*HOLDER, *BANK),
        False,
        KEPT,
    ),
    StatementType(
        "cash.deposit",
        1,
        PARTY,
        schemas.Deposit,
        receipts.deposit,
        BANK,
        True,
        KEPT,
        amount=AMOUNT,
        rules=(accounts.SAME_NAME,),
    ),
    StatementType(
        "cash.receive",
        1,
        PARTY,
        schemas.Receipt,
        receipts.receive,
        BANK,
        True,
        KEPT,
        attachments=("slip",),
        amount=AMOUNT,
    ),
    StatementType(
        "cash.identify",
        1,
        PARTY,
        schemas.Identification,
        receipts.identify,
        BANK,
        True,
        KEPT,
        attachments=("document",),
        rules=(accounts.SAME_NAME,),
    ),
    StatementType(
        "cash.return", 1, PARTY, schemas.ReceiptReturn, receipts.give_back, BANK, True, KEPT
    ),
    StatementType(
        "cash.request-payout",
        1,
        PARTY,
        schemas.PayoutRequest,
        payouts.request,
        HOLDER,
        True,
        KEPT,
        amount=AMOUNT,
        terms=(payouts.DAYS,),
    ),
    StatementType("cash.cancel-payout", 1, PARTY, Act, payouts.cancel, HOLDER, False, KEPT),
    StatementType("cash.payout-sent", 1, PARTY, Act, payouts.send, BANK, True, KEPT),
    StatementType("cash.payout-paid", 1, PARTY, schemas.PayoutPaid, payouts.paid, BANK, True, KEPT),
    StatementType(
        "cash.payout-failed", 1, PARTY, schemas.PayoutFailed, payouts.fail, BANK, False, KEPT
    ),
    StatementType(
        "cash.correct",
        1,
        PARTY,
        schemas.Correction,
        correcting.correct,
        BANK,
        True,
        KEPT,
        attachments=("document",),
    ),
    StatementType(
        "cash.collect", 1, PARTY, schemas.Collection, correcting.collect, BANK, True, KEPT
    ),
    StatementType(
        "cash.reconcile",
        1,
        PARTY,
        schemas.Reconciliation,
        reconciling.reconcile,
        BANK,
        True,
        KEPT,
    ),
    StatementType(
        "cash.explain",
        1,
        PARTY,
        schemas.Explanation,
        reconciling.explain,
        OPERATOR,
        True,
        KEPT,
        attachments=("document",),
    ),
)
