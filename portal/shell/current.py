"""What this request is for: the open ledger, and the store beside it."""

from __future__ import annotations

from typing import cast

from flask import current_app

from portal.home.opening import Counter
from portal.ops.desk import Ops


def ledger() -> Counter:
    """The open ledger of the running application."""
    return cast(Counter, current_app.extensions["ledger"])


def ops() -> Ops:
    """Sessions, drafts and limits of the running application."""
    return cast(Ops, current_app.extensions["ops"])
