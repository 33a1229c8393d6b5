"""The dated limits of this room and below it: refused where nothing could read them later."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ledger.accounts.trust.handlers import DELAY_HOURS
from ledger.credits.clearing import NEVER, RECALL_HOURS, TRUSTED_FROM
from ledger.projects.rules import SWITCHES
from ledger.projects.steps import DECISION_DAYS, NOTICE_DAYS, REQUIRED
from ledger.restraints.handlers import DAYS_MAX
from ledger.restraints.owing import DAYS
from ledger.writer.context import Context
from ledger.writer.errors import Refusal

COUNTS = frozenset({DELAY_HOURS, RECALL_HOURS, DAYS, DAYS_MAX, NOTICE_DAYS, DECISION_DAYS})
_WHOLE = re.compile(r"0|[1-9][0-9]{0,4}", re.ASCII)
_AMOUNT = re.compile(NEVER + r"|0|[1-9][0-9]{0,11}", re.ASCII)
_SWITCH = re.compile(r"[01]", re.ASCII)
FORMS = {**dict.fromkeys(COUNTS, _WHOLE), TRUSTED_FROM: _AMOUNT}
FORMS |= dict.fromkeys((REQUIRED, *sorted(SWITCHES)), _SWITCH)


def check_limit(context: Context, event: Mapping[str, Any]) -> None:
    """Refuse with ``parameter-malformed`` what would stop every transfer or freeze later."""
    form = FORMS.get(event["code"])
    if form is not None and not form.fullmatch(event["value"]):
        raise Refusal("parameter-malformed", field="value", parameter=event["code"])
