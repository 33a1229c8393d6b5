"""The detectors from the shell: what looks odd in a stretch of the exchange's past."""

from __future__ import annotations

from datetime import date
from typing import Any

import click

from market.supervision.watch import found_between
from portal.cli.asof import DAY, known_at_option, reading_at, span_of
from portal.cli.shared import dump, json_option, language
from portal.shell.texts import say

SHOWN = 12
"""Entries that a line names; the JSON has them all."""


@click.command()
@click.option("--from", "start", type=DAY, help="First day; from the beginning without it.")
@click.option("--to", "end", type=DAY, help="Last day; up to now without it.")
@known_at_option
@json_option
def watch(start: date | None, end: date | None, known_at: int | None, as_json: bool) -> None:
    """Run the detectors over the entries of some days; it names parties, so it is no public read.

    What is found is a lead and no verdict.  A detector without thresholds in force is off.
    """
    days = span_of(start, end)
    with reading_at(known_at) as (connection, size, _, head):
        found = found_between(connection, days, size, head)
    click.echo(dump(found) if as_json else "\n".join(lines(found)))


def lines(found: dict[str, Any]) -> list[str]:
    """How many findings each detector has, then each finding."""
    counts = {name: 0 for name in found["thresholds"]}
    for item in found["items"]:
        counts[item["detector"]] += 1
    off = {name for name, rules in found["thresholds"].items() if rules is None}
    first, stop = found["entries"]
    span = f"entries {first}–{stop - 1}" if first < stop else "no entries"
    told = [f"{span}; a finding is a lead and no verdict"]
    told += [
        f"{name:<9} {'off' if name in off else count:<4} {_words('detector_of', name)}"
        for name, count in counts.items()
    ]
    return told + [_line(item) for item in found["items"]]


def _line(item: dict[str, Any]) -> str:
    figures = ", ".join(
        f"{_words('figure', row['name'])} {row['value']:,}" for row in item["figures"]
    )
    entries = " ".join(map(str, item["entries"][:SHOWN]))
    more = f" … {len(item['entries'])}" if len(item["entries"]) > SHOWN else ""
    state = item["state"] or _earlier(item["earlier"])
    parties = ", ".join(item["parties"])
    where = item["instrument"] or "-"
    return f"{item['detector']} {where} {parties}: {figures}; entries {entries}{more}; {state}"


def _words(of: str, name: str) -> str:
    return say(f"watch.{of}.{name}", language())


def _earlier(row: dict[str, Any] | None) -> str:
    """That it goes on from a finding on the record, with what has come since, or that it is new."""
    if row is None:
        return "not on the record"
    since = " ".join(map(str, row["beyond"])) or "none"
    return f"goes on from {row['finding']} ({row['state']}), entries since: {since}"
