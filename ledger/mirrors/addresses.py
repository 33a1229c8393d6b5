"""Where a mirrored registry itself is found: a dated parameter, shown as a link and never asked.

``registry-address.REGISTRY`` is an https address without a query, so that a page can lead there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from ledger.parties.stated import stated_on
from ledger.writer.context import Context
from ledger.writer.errors import Refusal
from ledger.writer.kinds import Row

PREFIX = "registry-address."
_ADDRESS = re.compile(r"https://[a-z0-9-]+(\.[a-z0-9-]+)+(/[A-Za-z0-9._~/-]{0,120})?", re.ASCII)


def address_on(connection: Connection, registry: str, day: str) -> Row | None:
    """The parameter that states a registry's address on a day, or None."""
    code = PREFIX + registry
    return stated_on(connection, (code,), day).get(code)


def check_address(context: Context, params: Mapping[str, Any]) -> None:
    """Refuse an address that a page could not safely lead to; Refusal ``parameter-malformed``."""
    code = params["code"]
    if code.startswith(PREFIX) and not _ADDRESS.fullmatch(params["value"]):
        raise Refusal("parameter-malformed", field="value", parameter=code)
