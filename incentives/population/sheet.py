"""Reads a population from CSV: who the enterprises are, and the facts that a rule asks for.

Columns: enterprise, then region (GB/T 2260), industry (GB/T 4754), size and reduced_kg where known,
then the rule's inputs by name; the fields of a list are named list.field, and an enterprise has a
line for each item. An empty cell is a fact that nobody gave.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from incentives.population.errors import PopulationRefused
from incentives.population.facts import Facts, Taken, in_columns
from incentives.population.people import People, people
from incentives.rules.errors import InputRefused
from incentives.rules.inputs import Inputs, take
from incentives.rules.rule import Rule

LINES_MAX = 1_000_000
CELL_MAX = 200
OWN = ("enterprise", "region", "industry", "size", "reduced_kg")
_REGION = re.compile(r"[0-9]{6}")
_KG = re.compile(r"0|[1-9][0-9]{0,14}")


@dataclass
class _Enterprise:
    """The lines of one enterprise; `line` is its first."""

    line: int
    own: dict[str, str]
    given: dict[str, object] = field(default_factory=dict)


def read(text: str, rule: Rule, beside: Rule | None = None) -> tuple[People, Facts]:
    """Read a population for a rule; what the one ``beside`` it asks for may stand there as well.

    Raises PopulationRefused with ``line`` (and ``column``): population-empty, column-missing,
    column-unknown (with those ``known``), column-twice, cells-differ (a line of another width),
    region-malformed, kg-malformed, cell-too-long, enterprise-twice (lines apart or with other own
    facts), lines-too-many, and what `take` refuses.
    """
    others = () if beside is None else _asked(beside.inputs)
    found = list(_enterprises(text, rule.inputs, others))
    if not found:
        raise PopulationRefused("population-empty", line=1)
    columns = in_columns(rule.inputs, (_taken(one, rule.inputs) for one in found))
    kg = None
    if any(one.own.get("reduced_kg") for one in found):
        kg = np.array([int(one.own.get("reduced_kg") or 0) for one in found], np.int64)
    who = people(
        [one.own["enterprise"] for one in found],
        [one.own.get("region") for one in found],
        [one.own.get("industry") for one in found],
        [one.own.get("size") for one in found],
        kg,
    )
    return who, columns


def _taken(one: _Enterprise, inputs: Inputs) -> Taken:
    try:
        return take(inputs, one.given)
    except InputRefused as fault:
        raise PopulationRefused(fault.code, line=one.line, **fault.params) from None


def _enterprises(text: str, inputs: Inputs, others: Sequence[str]) -> Iterator[_Enterprise]:
    lines = csv.reader(io.StringIO(text.removeprefix("\ufeff")), strict=True)
    current: _Enterprise | None = None
    seen: set[str] = set()
    try:
        mine = {*OWN, *_asked(inputs)}
        header = _header(next(lines, []), (*_asked(inputs), *others))
        for row in lines:
            at = lines.line_num
            if at > LINES_MAX:
                raise PopulationRefused("lines-too-many", line=at, limit=LINES_MAX)
            if not any(row):
                continue
            cells = {k: v for k, v in _cells(header, row, at).items() if k in mine}
            name = cells["enterprise"]
            if current is None or name != current.own["enterprise"]:
                if name in seen or not name:
                    raise PopulationRefused("enterprise-twice", line=at, name=name)
                if current is not None:
                    yield current
                seen.add(name)
                current = _Enterprise(at, {k: v for k, v in cells.items() if k in OWN})
            _add(current, cells, inputs, at)
    except csv.Error as fault:
        raise PopulationRefused("csv-malformed", line=lines.line_num) from fault
    if current is not None:
        yield current


def _asked(inputs: Inputs) -> tuple[str, ...]:
    """The columns of what is asked for."""
    below = (f"{rows.name}.{fact.name}" for rows in inputs.lists for fact in rows.facts)
    return (*(fact.name for fact in inputs.facts), *below)


def _header(row: list[str], asked: Sequence[str]) -> list[str]:
    names = [name.strip() for name in row]
    known = dict.fromkeys((*OWN, *asked))
    if "enterprise" not in names:
        raise PopulationRefused("column-missing", line=1, column="enterprise")
    for name in names:
        if name not in known:
            raise PopulationRefused("column-unknown", line=1, column=name[:60], known=(*known,))
        if names.count(name) > 1:
            raise PopulationRefused("column-twice", line=1, column=name)
    return names


def _cells(header: list[str], row: list[str], line: int) -> dict[str, str]:
    if len(row) != len(header):
        raise PopulationRefused("cells-differ", line=line, expected=len(header), found=len(row))
    cells = {name: cell.strip() for name, cell in zip(header, row, strict=True)}
    for name, cell in cells.items():
        if len(cell) > CELL_MAX:
            raise PopulationRefused("cell-too-long", line=line, column=name, limit=CELL_MAX)
    if cells.get("region") and not _REGION.fullmatch(cells["region"]):
        raise PopulationRefused("region-malformed", line=line, column="region")
    if cells.get("reduced_kg") and not _KG.fullmatch(cells["reduced_kg"]):
        raise PopulationRefused("kg-malformed", line=line, column="reduced_kg")
    return cells


def _add(one: _Enterprise, cells: dict[str, str], inputs: Inputs, line: int) -> None:
    """Add a line's facts; what is said of the enterprise itself is said once or always alike."""
    for name in (*OWN, *(fact.name for fact in inputs.facts)):
        cell = cells.get(name)
        if not cell:
            continue
        held: dict[str, str] | dict[str, object] = one.own if name in OWN else one.given
        if held.get(name) not in (None, "", cell):
            raise PopulationRefused("enterprise-twice", line=line, column=name)
        held[name] = cell
    for rows in inputs.lists:
        item = {
            fact.name: cells[f"{rows.name}.{fact.name}"]
            for fact in rows.facts
            if cells.get(f"{rows.name}.{fact.name}")
        }
        if item:
            listed = one.given.setdefault(rows.name, [])
            assert isinstance(listed, list)
            listed.append(item)
