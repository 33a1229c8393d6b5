"""The ledger that this request is for."""

from __future__ import annotations

from typing import cast

from flask import current_app

from portal.opening import Ledger


def ledger() -> Ledger:
    """The open ledger of the running application."""
    return cast(Ledger, current_app.extensions["ledger"])
