"""The command ``qingzhang export``: the register for readers of other registries' words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from portal.cli.shared import REFUSED, Failed, json_option, tell
from portal.config import from_environment
from portal.exports.known import VOCABULARIES
from portal.exports.register import Register
from portal.exports.vocabulary import Vocabulary, difference
from portal.home.opening import open_record

SHOWN = 20
"""How many records of a difference are shown; their number is always exact."""


@click.command("export")
@click.argument("vocabulary", type=click.Choice(list(VOCABULARIES)))
@click.option("-o", "out", type=click.Path(dir_okay=False, path_type=Path), help="FILE.xlsx")
@click.option(
    "--check",
    "checked",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Compare an export with the record, instead of writing one.",
)
@click.option("--url", help="The address of this register; without it, QINGZHANG_PUBLIC_URL.")
@json_option
def export_command(
    vocabulary: str, out: Path | None, checked: Path | None, url: str | None, as_json: bool
) -> None:
    """Export the public register in the words of CADT or of the national register (CCER).

    Holders of living units are not said. Exit 1 where a checked export differs from the record.
    """
    if (out is None) == (checked is None):
        raise click.UsageError("one of -o and --check is needed")
    if out is not None and out.exists():
        raise FileExistsError(17, "exists", str(out))
    settings = from_environment()
    words = VOCABULARIES[vocabulary]
    record = open_record(settings)
    try:
        with record.reading() as connection:
            address = (url or settings.public_url or "").rstrip("/")
            register = Register(connection, record.origin, address)
            if out is not None:
                tell(as_json, {"file": str(out), "rows": words.write(register, out)})
                return
            assert checked is not None
            told = _compared(words, register, checked)
    finally:
        record.database.dispose()
    tell(as_json, told)
    if not told["same"]:
        raise Failed(REFUSED, "export-differs")


def _compared(words: Vocabulary, register: Register, path: Path) -> dict[str, Any]:
    ours, theirs = words.carried(register), words.read(path)
    altered = words.altered(register, path)
    sheets: dict[str, Any] = {}
    for name, records in ours.items():
        missing, extra = difference(records, theirs[name])
        sheets[name] = {
            "rows": len(records),
            "only_in_record": {"count": len(missing), "first": missing[:SHOWN]},
            "only_in_export": {"count": len(extra), "first": extra[:SHOWN]},
            "altered": {"count": len(altered[name]), "first": altered[name][:SHOWN]},
        }
    kinds = ("only_in_record", "only_in_export", "altered")
    counts = [sheet[kind]["count"] for sheet in sheets.values() for kind in kinds]
    return {"same": not any(counts), "sheets": sheets}
