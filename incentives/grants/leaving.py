"""What a party must not have any more when it leaves: grants under way, and recoveries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from incentives.grants.models import GRANT, OVER, GrantState
from incentives.grants.recovery_models import CASE, ENDED
from ledger.writer.context import Context
from ledger.writer.errors import Refusal

DONE = OVER | {GrantState.ASSESSED}


def nothing_open(context: Context, event: Mapping[str, Any]) -> None:
    """Refuse while something of public money is open.

    Raises Refusal ``closing-recovery`` or ``closing-grant``.
    """
    for key in context.children(CASE, "applicant", event["party"]):
        if context.need(CASE, *key)["state"] not in ENDED:
            raise Refusal("closing-recovery", case=key[0])
    for key in context.children(GRANT, "applicant", event["party"]):
        if (row := context.need(GRANT, *key))["state"] not in DONE:
            raise Refusal("closing-grant", grant=key[0], state=row["state"])
