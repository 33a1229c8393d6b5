"""``qingzhang incentive check --list``: a whole list of enterprises, answered into a file."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click

from portal.cli.asof import reading_at
from portal.cli.progress import progress_bar
from portal.cli.shared import language
from portal.inquiries.answering import answer_row
from portal.inquiries.lists import once, read_list
from portal.inquiries.results import counts, table_of
from portal.policy.answers import in_both, notice
from portal.policy.questions import Asking
from portal.sheets import write_tables

OUT = click.Path(dir_okay=False, path_type=Path)


def listed_answers(
    sheet: Path, out: Path, on: date, known_at: int | None, rule: str | None, *, bar: bool
) -> tuple[dict[str, Any], str]:
    """Answer every row and write the results; gives the counts, as a value and in lines.

    Raises SheetFault for a file that is no list, FileExistsError for a file that is there.
    """
    if out.exists():
        raise FileExistsError(17, "exists", str(out))
    rows, encoding = read_list(sheet)
    results: list[dict[str, Any]] = []
    with reading_at(known_at) as (connection, size, *_), progress_bar("rows", shown=bar) as tell:
        asking = Asking(on, size, rule)
        rows = once(connection, rows, on)
        for done, row in enumerate(rows, 1):
            results += answer_row(connection, row, asking)
            if tell is not None:
                tell(done, len(rows))
    write_tables(out, [table_of(results, language())])
    found = counts(results)
    read = {"encoding": encoding} if encoding else {}
    told = {"file": str(out), "rows": len(rows), **read, "known_at": size, "answers": found}
    lines = [f"{status}: {count}" for status, count in found.items()]
    first = [
        f"{len(rows)} rows, known at {size}, {out}",
        *([f"{in_both('asking.read_as')} {encoding.upper()}"] if encoding else []),
    ]
    return told, "\n".join([*first, *lines, notice()])
