"""How much a credit stands for: kilograms of CO2 equivalent, by class and day of issuance.

``kg-per-credit.CLASS`` goes before ``kg-per-credit``.  The day is that of the issuance: what a
credit stands for does not change while somebody holds it, nor after it was retired.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from ledger.parties.parameters import business_date
from ledger.parties.stated import stated_on
from ledger.writer.context import Context
from ledger.writer.errors import Refusal
from ledger.writer.kinds import Row
from ledger.writer.store import read_entry

CODE = "kg-per-credit"
KG_PER_TONNE = 1000
_KG = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)


@dataclass(frozen=True)
class Mass:
    """Kilograms of CO2 equivalent that one credit stands for, and the parameter that says so."""

    kg_per_credit: int
    parameter: Row

    def kg(self, quantity: int) -> int:
        """Kilograms of a number of credits."""
        return self.kg_per_credit * quantity


def mass_of(connection: Connection, batch: Row) -> Mass | None:
    """What a credit of a batch stands for, or None where nothing was in force at its issuance."""
    entry = read_entry(connection, batch["index"])
    if entry is None:
        return None
    codes = (f"{CODE}.{batch['class']}", CODE)
    stated = stated_on(connection, codes, business_date(entry.at))
    for code in codes:
        row = stated.get(code)
        if row is not None and _KG.fullmatch(row["value"]):
            return Mass(int(row["value"]), row)
    return None


def tonnes(mass_kg: int) -> str:
    """Tonnes as an exact decimal without idle zeros, thousands set apart."""
    whole, rest = divmod(mass_kg, KG_PER_TONNE)
    decimals = f".{rest:03d}".rstrip("0") if rest else ""
    return f"{whole:,}{decimals}"


def check_mass(context: Context, params: Mapping[str, Any]) -> None:
    """Refuse a mass that is no whole number of kilograms; Refusal ``parameter-malformed``."""
    code = params["code"]
    if (code == CODE or code.startswith(f"{CODE}.")) and not _KG.fullmatch(params["value"]):
        raise Refusal("parameter-malformed", field="value", parameter=code)
