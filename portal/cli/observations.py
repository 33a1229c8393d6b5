"""A table of observations as the body of one batch: what an enterprise has is a sheet, not JSON."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from ledger.facts.schemas import SCALE_MAX, Observation
from ledger.statements.checker import compile_schema
from ledger.statements.errors import Malformed
from ledger.writer.batch import OPERATIONS_MAX
from portal.cli.shared import REFUSED, Failed, dump, json_option

COLUMNS = (
    "indicator", "subject", "start", "end", "dimensions", "value", "unit", "source", "confidence",
    "corrects",
)  # fmt: skip
_DECIMAL = re.compile(r"(-?)(0|[1-9][0-9]{0,15})(?:\.([0-9]+))?", re.ASCII)
_CHECK = compile_schema(Observation)


@click.command("draft")
@click.argument("table", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--public", is_flag=True, help="Of public indicators: the body of batch.public.")
@json_option
def draft_facts(table: Path, public: bool, as_json: bool) -> None:
    """Print the body of a batch that states every row of TABLE.csv.

    The header is indicator,subject,start,end,dimensions,value,unit,source,confidence,corrects.
    Dimensions are written name=value;name=value in the indicator's order, values as exact decimals.
    Sign it with ``statement sign batch``, or ``batch.public``.
    """
    type = "fact.publish" if public else "fact.report"
    operations = [{"type": type, "body": body} for body in observations(table)]
    if not 1 <= len(operations) <= OPERATIONS_MAX:
        limit = {"rows": len(operations), "limit": OPERATIONS_MAX}
        raise Failed(REFUSED, "items", limit)
    click.echo(dump({"operations": operations}))


def observations(table: Path) -> Iterator[dict[str, Any]]:
    """The rows of a table as bodies of facts.

    Raises Failed ``header-differs``, ``row-width``, ``not-csv``, ``not-a-decimal``,
    ``dimensions-malformed``, or what the body's own check says, with line and field.
    """
    try:
        with table.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            if next(reader, None) != list(COLUMNS):
                raise Failed(REFUSED, "header-differs", {"line": 1, "needed": ",".join(COLUMNS)})
            for cells in reader:
                line = reader.line_num
                if len(cells) != len(COLUMNS):
                    raise Failed(REFUSED, "row-width", {"line": line})
                yield _body(dict(zip(COLUMNS, cells, strict=True)), line)
    except (csv.Error, UnicodeDecodeError) as error:
        raise Failed(REFUSED, "not-csv", {"file": str(table)}) from error


def _body(cells: dict[str, str], line: int) -> dict[str, Any]:
    value, scale = _scaled(cells["value"], line)
    named = ("indicator", "subject", "start", "end", "unit", "source", "confidence")
    body: dict[str, Any] = {name: cells[name] for name in named}
    body |= {"value": value, "scale": scale}
    if cells["dimensions"]:
        body["dimensions"] = [_dimension(part, line) for part in cells["dimensions"].split(";")]
    if cells["corrects"]:
        body["corrects"] = cells["corrects"]
    try:
        _CHECK(body, "")
    except Malformed as error:
        raise Failed(REFUSED, error.code, {"line": line, "field": error.field}) from error
    return body


def _scaled(text: str, line: int) -> tuple[int, int]:
    """An exact decimal as a whole number and its power of ten, as it was written."""
    found = _DECIMAL.fullmatch(text)
    rest = "" if found is None else found[3] or ""
    if found is None or len(rest) > SCALE_MAX:
        raise Failed(REFUSED, "not-a-decimal", {"line": line, "field": "value"})
    return int(f"{found[1]}{found[2]}{rest}"), len(rest)


def _dimension(text: str, line: int) -> dict[str, str]:
    name, sign, value = text.partition("=")
    if not sign:
        raise Failed(REFUSED, "dimensions-malformed", {"line": line, "field": "dimensions"})
    return {"name": name, "value": value}
