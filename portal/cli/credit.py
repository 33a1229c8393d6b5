"""Credits: where one came from and what became of it, here or in a mirrored registry."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import click

from ledger.credits.preview import preview as decide
from ledger.credits.schemas import PURPOSES
from ledger.writer.clock import SystemClock
from portal.cli.params import Whole
from portal.cli.shared import REFUSED, Failed, json_option, tell
from portal.config import from_environment
from portal.home.opening import open_record
from portal.house import make_engine
from portal.proofs.previewing import NOTICE, told
from portal.proofs.tracing import find
from portal.shell.texts import LANGUAGES, say


@click.group()
def credit() -> None:
    """Credits."""


@credit.command("trace")
@click.argument("serial")
@json_option
def trace_serial(serial: str, as_json: bool) -> None:
    """Trace a serial from its project to the claim that used it."""
    record = open_record(from_environment())
    try:
        with record.reading() as connection:
            found = find(connection, serial)
    except ValueError as error:
        raise Failed(REFUSED, "serial-malformed") from error
    finally:
        record.database.dispose()
    if found is None:
        raise Failed(REFUSED, "serial-unknown")
    tell(as_json, asdict(found))


@credit.command()
@click.argument("batch")
@click.argument("quantity", type=Whole(1))
@click.option("--party", required=True, help="Whose credits they are.")
@click.option("--purpose", required=True, type=click.Choice(PURPOSES))
@click.option("--beneficiary", required=True, help="In whose name; a person's name masked.")
@click.option("--uscc", help="The beneficiary's unified social credit code.")
@click.option("--consent", help="Digest of a person's consent, as it will be attached.")
@json_option
def preview(
    batch: str,
    quantity: int,
    party: str,
    purpose: str,
    beneficiary: str,
    uscc: str | None,
    consent: str | None,
    as_json: bool,
) -> None:
    """Decide a retirement and write nothing: which serials would go; exit 1 where it is refused.

    A retirement cannot be undone.
    """
    body: dict[str, Any] = {
        "batch": batch,
        "quantity": quantity,
        "purpose": purpose,
        "beneficiary": beneficiary,
    }
    if uscc is not None:
        body["beneficiary_uscc"] = uscc
    if consent is not None:
        body |= {"beneficiary_person": True, "attachments": {"consent": consent}}
    record = open_record(from_environment())
    try:
        with record.reading() as connection:
            now = SystemClock().now()
            made = decide(make_engine(), connection, record.origin, party, body, now)
    finally:
        record.database.dispose()
    notice = " / ".join(say(NOTICE, language) for language in LANGUAGES)
    tell(as_json, {**told(made, quantity, LANGUAGES[0]), "notice": notice})
    if made.answer["result"] != "accepted":
        raise Failed(REFUSED, str(made.answer["code"]), dict(made.answer["params"]))
