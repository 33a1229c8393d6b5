"""The command ``qingzhang form``: many parties or projects at once, from a spreadsheet."""

from __future__ import annotations

from pathlib import Path

import click

from portal.cli.shared import REFUSED, Failed, json_option, tell
from portal.config import from_environment
from portal.forms.form import Form
from portal.forms.known import FORMS
from portal.forms.rehearsing import rehearse_form
from portal.forms.results import Results
from portal.forms.submitting import sign_form, submit_form
from portal.forms.template import notes_beside, write_template
from portal.sheets import SheetFault, read_sheet

NAME = click.Choice(list(FORMS))
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
OUT = click.Path(dir_okay=False, path_type=Path)


@click.group()
def form() -> None:
    """Bulk forms of parties and projects, as XLSX or CSV."""


@form.command()
@click.argument("name", type=NAME)
@click.option("-o", "out", type=OUT, required=True, help="FILE.xlsx or FILE.csv.")
@json_option
def template(name: str, out: Path, as_json: bool) -> None:
    """Write an empty form, and what its columns mean; beside a CSV as FILE-notes.csv."""
    notes = notes_beside(out)
    for file in (out, notes):
        if file is not None and file.exists():
            raise FileExistsError(17, "exists", str(file))
    write_template(FORMS[name], out)
    told = {"form": name, "file": str(out)}
    tell(as_json, told if notes is None else {**told, "notes": str(notes)})


@form.command()
@click.argument("file", type=FILE)
@click.option("--form", "name", type=NAME, help="Without it, told by the heading.")
@click.option(
    "--key",
    "keys",
    multiple=True,
    type=FILE,
    help="Of the party that states the rows; may be repeated.",
)
@click.option("--dry-run", is_flag=True, help="Judge every row by the record; states nothing.")
@click.option("--party", help="With --dry-run instead of a key: the party that would state them.")
@click.option("--again", is_flag=True, help="State once more what the ledger refused before.")
@click.option("--results", type=OUT, help="Write what became of each row to FILE.xlsx or FILE.csv.")
@json_option
def submit(
    file: Path,
    name: str | None,
    keys: tuple[Path, ...],
    dry_run: bool,
    party: str | None,
    again: bool,
    results: Path | None,
    as_json: bool,
) -> None:
    """State each row of a filled form; a second time changes nothing.

    Exit 1 where a row is not on record afterwards; the results say which and why. After a stop
    submit the form again: it goes on with the rows that are left.
    """
    if not keys and not dry_run:
        raise click.UsageError("--key is needed, or --dry-run")
    if party is not None and (keys or not dry_run):
        raise click.UsageError("--party goes with --dry-run, and without --key")
    chosen = FORMS[name] if name else _by_heading(file)
    if dry_run:
        told = rehearse_form(from_environment(), chosen, file, keys, party, again)
    else:
        told = submit_form(from_environment(), chosen, file, keys, again)
    _give(told, results, as_json)
    if told.stopped is not None:
        raise told.stopped
    if not told.clean:
        raise Failed(REFUSED, "rows-not-taken")


@form.command()
@click.argument("file", type=FILE)
@click.option("--form", "name", type=NAME, help="Without it, told by the heading.")
@click.option(
    "--key",
    "keys",
    required=True,
    multiple=True,
    type=FILE,
    help="May be repeated, one for each who signs.",
)
@click.option("--party", required=True, help="Who states the rows.")
@click.option("--origin", required=True, help="The ledger that they are for.")
@click.option("-o", "out", type=OUT, required=True, help="One statement a line.")
@json_option
def sign(
    file: Path,
    name: str | None,
    keys: tuple[Path, ...],
    party: str,
    origin: str,
    out: Path,
    as_json: bool,
) -> None:
    """Sign each row for `statement submit --url`; needs no ledger here.

    Exit 1, with nothing written, where a row cannot be stated.
    """
    chosen = FORMS[name] if name else _by_heading(file)
    told, signed = sign_form(chosen, file, party, keys, origin)
    if told.settled:
        _give(told, None, as_json)
        raise Failed(REFUSED, "rows-not-taken")
    with out.open("xb") as target:
        target.writelines(data + b"\n" for data in signed)
    tell(as_json, {"file": str(out), "statements": len(signed)})


def _give(told: Results, out: Path | None, as_json: bool) -> None:
    if out is not None:
        told.write(out)
    tell(as_json, told.as_json(), "\n".join(told.lines()))


def _by_heading(file: Path) -> Form:
    """The form whose subject stands first, or anywhere, in the heading. Raises SheetFault."""
    with read_sheet(file) as sheet:
        fitting = [f for f in FORMS.values() if set(f.required) <= set(sheet.columns)]
        near = fitting or [f for f in FORMS.values() if f.subject in sheet.columns]
    if not near:
        raise SheetFault("form-unknown", known=list(FORMS))
    return near[0]
