"""The dated rules of what may be submitted; where nothing is in force, nothing is asked.

A rule that was not stated yet on a day is not applied to what was stated on it, so that an older
log is decided as it was.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ledger.parties.parameters import business_date, in_force, whole
from ledger.parties.region_handlers import check_region
from ledger.parties.working_days import calendar_set
from ledger.projects.schemas import CLASSES
from ledger.writer.context import Context
from ledger.writer.errors import Refusal

PERIOD_OVER = "report-period-over"
REGION_STANDS = "project-region-stands"
FROM_ACCEPTANCE = "site-from-acceptance"
ENGAGED_ANSWERS = "comment-answers-engaged"
SWITCHES = frozenset({PERIOD_OVER, REGION_STANDS, FROM_ACCEPTANCE, ENGAGED_ANSWERS})
"""Each is 1 where the rule is asked, else 0."""
METHODOLOGIES = "methodologies."
METHODOLOGIES_OF = tuple(METHODOLOGIES + name for name in CLASSES)
_CODE = re.compile(r"[!-~]{1,60}", re.ASCII)


def asked(context: Context, switch: str) -> bool:
    """Whether a rule is asked on the decision's own day; raises ``parameter-malformed``."""
    return in_force(context, switch) is not None and whole(context, switch) == 1


def check_over(context: Context, end: str) -> None:
    """Refuse with ``period-not-over`` a period whose last day is still to come.

    What has not been generated is neither measured nor verified (Order 31 of 2023, Art. 17).
    """
    today = business_date(context.at)
    if end > today and asked(context, PERIOD_OVER):
        context.fault("period-not-over", field="end", end=end, today=today)


def check_place(context: Context, region: str) -> None:
    """Raise Refusal ``region-unknown`` or ``region-not-in-force`` for no code of today."""
    if asked(context, REGION_STANDS):
        check_region(context, region)


def check_methodology(context: Context, credit_class: str, methodology: str) -> None:
    """Refuse with ``methodology-not-for-class`` what the class's list of the day leaves out."""
    stated = in_force(context, METHODOLOGIES + credit_class)
    if stated is not None and methodology not in stated.split(" "):
        context.fault(
            "methodology-not-for-class",
            field="methodology",
            credit_class=credit_class,
            allowed=stated.split(" "),
        )


def check_parameter(context: Context, event: Mapping[str, Any]) -> None:
    """Refuse a list of methodologies that nothing could read; raises ``parameter-malformed``."""
    calendar_set(context, event)
    code = event["code"]
    if not code.startswith(METHODOLOGIES):
        return
    words = event["value"].split(" ")
    known = code in METHODOLOGIES_OF and len(set(words)) == len(words)
    if not known or not all(_CODE.fullmatch(word) for word in words):
        raise Refusal("parameter-malformed", field="value", parameter=code)
