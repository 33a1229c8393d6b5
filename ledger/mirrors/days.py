"""The days of other registries' acts."""

from __future__ import annotations

from ledger.parties.parameters import business_date
from ledger.writer.context import Context
from ledger.writer.errors import Refusal
from ledger.writer.versions import MIRRORS_PAST

DAY = len("2026-01-31")


def check_past(context: Context, field: str, at: str | None) -> None:
    """Raise Refusal ``mirror-date-future`` for what is to have happened on a day still to come."""
    today = business_date(context.at)
    if at is not None and at[:DAY] > today and context.engine_version >= MIRRORS_PAST:
        raise Refusal("mirror-date-future", field=field, today=today)
