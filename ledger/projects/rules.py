"""The dated rules of what may be submitted; where nothing is in force, nothing is asked.

A rule that was not stated yet on a day is not applied to what was stated on it, so that an older
log is decided as it was.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
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
YEARS_MAX = "crediting-years-max."
"""With a methodology behind it: the most years for which a project of it is credited."""
YEARS_OF = tuple(
    YEARS_MAX + code for code in ("CCER-01-001-V01", "CCER-01-002-V01", "CCER-14-001-V01")
)
"""Those of which a source gives a length; others may be stated."""
_CODE = re.compile(r"[!-~]{1,60}", re.ASCII)
_YEARS = re.compile(r"[1-9][0-9]{0,2}", re.ASCII)


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


def check_years(context: Context, methodology: str, start: str, end: str) -> None:
    """Refuse with ``crediting-too-long`` a crediting period (计入期) above its methodology's years.

    A period of n years ends on the day before the n-th anniversary of its first day.
    """
    if in_force(context, YEARS_MAX + methodology) is None:
        return
    years = whole(context, YEARS_MAX + methodology)
    latest = last_day(date.fromisoformat(start), years).isoformat()
    if end > latest:
        context.fault("crediting-too-long", field="crediting_end", years=years, latest=latest)


def last_day(start: date, years: int) -> date:
    """The last of so many years from a first day on, at most that of the calendar.

    A 29 February has its anniversary on 1 March where there is none.
    """
    if start.year + years > date.max.year:
        return date.max
    try:
        anniversary = start.replace(year=start.year + years)
    except ValueError:
        anniversary = date(start.year + years, 3, 1)
    return anniversary - timedelta(days=1)


def check_parameter(context: Context, event: Mapping[str, Any]) -> None:
    """Refuse methodologies and years that nothing could read; raises ``parameter-malformed``."""
    calendar_set(context, event)
    code = event["code"]
    if code.startswith(YEARS_MAX):
        named = _CODE.fullmatch(code.removeprefix(YEARS_MAX))
        if not named or not _YEARS.fullmatch(event["value"]):
            raise Refusal("parameter-malformed", field="value", parameter=code)
    if not code.startswith(METHODOLOGIES):
        return
    words = event["value"].split(" ")
    known = code in METHODOLOGIES_OF and len(set(words)) == len(words)
    if not known or not all(_CODE.fullmatch(word) for word in words):
        raise Refusal("parameter-malformed", field="value", parameter=code)
