"""The trusted-account list: an addition takes effect after a delay, a removal at once.

After the registry thefts of 2010-2011 the Union registry (Regulation (EU) 2019/1122, Art. 23) asks
for such a list: whoever steals a party's keys cannot name a receiver and empty the account the same
day (RELIABILITY.md §2.3).  The delay is a dated parameter in hours.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema

from ledger.accounts.trust.models import TRUST
from ledger.parties.models import PARTY
from ledger.parties.parameters import whole
from ledger.statements import fields
from ledger.statements.types import Circle, StatementType
from ledger.writer.context import Context
from ledger.writer.errors import Refusal

Body = Mapping[str, Any]
DELAY_HOURS = "trusted-delay-hours"
HOUR_MS = 3_600_000


class TrustedAccount(Schema):
    """A party to put on one's trusted-account list, or to take off it."""

    trusted = fields.PartyId(required=True)


def add(context: Context, body: Body) -> None:
    """Name a receiver of units; it is trusted when the delay is over."""
    trusted = body["trusted"]
    if trusted == context.party:
        raise Refusal("trust-oneself", field="trusted")
    if "enterprise" not in context.need(PARTY, trusted)["roles"]:
        raise Refusal("receiver-cannot-hold", field="trusted", party=trusted)
    if context.get(TRUST, context.party, trusted) is not None:
        raise Refusal("trusted-already", field="trusted", party=trusted)
    from_at = context.at + whole(context, DELAY_HOURS) * HOUR_MS
    row = {"party": context.party, "trusted": trusted, "from_at": from_at, "index": context.index}
    context.put(TRUST, row)


def remove(context: Context, body: Body) -> None:
    """Trust no longer; whoever is named again waits again."""
    context.need(TRUST, context.party, body["trusted"])
    context.delete(TRUST, context.party, body["trusted"])


def trusts(context: Context, party: str, receiver: str) -> bool:
    """Whether a receiver is on a party's list and the delay is over."""
    row = context.get(TRUST, party, receiver)
    return row is not None and bool(row["from_at"] <= context.at)


OWNER, KEPT = ("enterprise",), "trade-20-years"
STATEMENTS = (
    StatementType(
        "trust.add", 1, Circle.PARTY, TrustedAccount, add, OWNER, True, KEPT, terms=(DELAY_HOURS,)
    ),
    StatementType("trust.remove", 1, Circle.PARTY, TrustedAccount, remove, OWNER, False, KEPT),
)
