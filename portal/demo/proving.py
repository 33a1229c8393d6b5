"""What can be proved when the story ends: balances that one digit undoes, a retirement foreseen."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from sqlalchemy import Connection

from ledger.accounts.commitments.confirmation import check
from ledger.accounts.commitments.queries import confirm
from ledger.credits.mass import tonnes
from ledger.credits.preview import preview
from ledger.log.errors import LogError
from ledger.log.note import parse_vkey
from ledger.parties.key_history import follow
from ledger.writer.store import Head, read_head
from portal.demo.cast import LABEL
from portal.home.opening import Ledger
from portal.proofs.previewing import NOTICE
from portal.shell.texts import LANGUAGES, say

ASKED = 100
"""Credits of the first batch that the preview would retire."""


def proofs(ledger: Ledger, connection: Connection, party: str, now: int) -> Iterator[str]:
    """The balances of a party, checked as a bank would; then what a retirement would take."""
    record = ledger.record
    head = read_head(connection, record.origin) or Head(0, "", 0, 0)
    made = confirm(connection, head, party, partial(record.receipt, connection)).content
    verify = follow(parse_vkey(record.vkey), record.key_history(connection)).verify_receipt
    good = check(made, verify)
    titles = " / ".join(say("proofs.confirmation.title", language) for language in LANGUAGES)
    yield f"\n{titles}: {party} as of {good.at}, log size {good.size}, checked offline"
    for held in good.holdings:
        units = ", ".join(f"{name} {count:,}" for name, count in held.units.items() if count)
        yield f"      {held.account} {held.asset}: {units}"
    first = good.holdings[0]
    before = f'"available":{first.units["available"]}'.encode()
    try:
        check(made.replace(before, before + b"0", 1), verify)
    except LogError as error:
        yield f"      with one digit more it is refused: {error.code}"
    body: dict[str, Any] = {
        "batch": first.asset,
        "quantity": ASKED,
        "purpose": "public-good",
        "beneficiary": f"{LABEL}公众",
    }
    shown = preview(ledger.engine, connection, record.origin, party, body, now)
    mass = "" if shown.mass is None else f" = {tonnes(shown.mass.kg(ASKED))} t CO2e"
    yield f"Preview: {', '.join(shown.serials)}{mass}; {shown.available:,} -> {shown.left:,}"
    yield f"      {' / '.join(say(NOTICE, language) for language in LANGUAGES)}"
