"""The ledger that this request is for."""

from __future__ import annotations

from typing import cast

from flask import current_app

from portal.opening import Counter


def ledger() -> Counter:
    """The open ledger of the running application."""
    return cast(Counter, current_app.extensions["ledger"])
