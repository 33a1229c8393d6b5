"""``qingzhang incentive simulate`` and ``compare``: what another law would do to everybody."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import click

from incentives import exact
from incentives.errors import PolicyError
from incentives.populating import newest_day, recorded, standing, stood
from incentives.population import sets, sheet
from incentives.population.facts import Facts
from incentives.population.people import GROUPS
from incentives.population.study import Found, Study, cliffs_plain, plain, rows
from incentives.population.synthetic import invented, invented_sets
from incentives.population.work import put, supposed
from incentives.queries import rules_at
from incentives.rules import packaged
from incentives.rules.rule import Rule, fresh, read
from incentives.simulating import Change, Difference, changes_of, difference_of, with_values
from ledger.parties.parameters import SHANGHAI
from ledger.writer.errors import Refusal, Unavailable
from portal.cli.asof import DAY, known_at_option, reading_at
from portal.cli.params import Named, Suffixed, Whole, once
from portal.cli.shared import dump, json_option, policy, tell
from portal.policy.answers import in_both, notice, yuan
from portal.policy.simulations import lines, set_lines
from portal.sheets import guarded

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
EXPORT = Suffixed(".csv", ".json")
RECORD, SHEET, SYNTHETIC = "record", "file", "synthetic"


@click.command("simulate")
@click.argument("rule")
@click.option(
    "--set", "values", multiple=True, type=Named("value", "PARAM=VALUE"), help="Another value."
)
@click.option("--with", "file", type=FILE, help="The whole text of the rule after the change.")
@click.option(
    "--population", type=FILE, help="Enterprises and their facts, from CSV: docs/rules.md."
)
@click.option("--synthetic", type=Whole(1, 1_000_000), help="So many invented enterprises.")
@click.option("--seed", type=Whole(0, 2**32), default=1, help="Which invented ones.")
@click.option("--by", type=click.Choice(GROUPS), multiple=True, help="Only these groupings.")
@click.option("--cliffs", is_flag=True, help="How far amounts jump at each threshold.")
@click.option(
    "--export", type=EXPORT, help="Write everybody whose answer changes to FILE.csv or FILE.json."
)
@click.option("--on", type=DAY, help="Without it the end of the newest period with facts.")
@known_at_option
@json_option
def simulated(
    rule: str,
    values: tuple[tuple[str, str], ...],
    file: Path | None,
    population: Path | None,
    synthetic: int | None,
    seed: int,
    by: tuple[str, ...],
    cliffs: bool,
    export: Path | None,
    on: date | None,
    known_at: int | None,
    as_json: bool,
) -> None:
    """Show what a change of RULE would do to everybody; nothing is written to the record.

    Everybody is who has facts on the record, or the enterprises of a CSV file, or invented ones.
    """
    if not values and file is None:
        raise click.UsageError("--set or --with is needed")
    if population is not None and synthetic is not None:
        raise click.UsageError("--population and --synthetic exclude each other")
    named = _named(values)
    name = rule.replace("_", "-")
    with policy():
        if population is None and synthetic is None:
            shown, found, study = _over_record(name, named, file, on, known_at)
        else:
            shown, found, study = _over_others(
                name, named, file, on, known_at, population, synthetic, seed
            )
    jumps = study.cliffs(found) if cliffs else []
    change = difference_of(found)
    if export is not None:
        _export(export, found)
    groups = by or GROUPS
    head = (
        f"{name} on {shown['on']}, {_whence(shown)}: {change.changed} of {change.asked} "
        f"change{_cost(change)}"
    )
    # Of invented enterprises as many may change as there are: they are exported, not listed.
    changes = changes_of(found) if shown["population"] == RECORD else ()
    text = [
        head,
        *map(_change, changes),
        *([] if change.changed or _altered(found) else [in_both("simulate.nobody")]),
        *lines(found, jumps, groups),
        *([in_both("simulate.invented")] if shown["population"] == SYNTHETIC else []),
        notice(),
    ]
    whole = {**shown, "pre_check": True, **asdict(change)}
    if shown["population"] == RECORD:
        whole["changes"] = [asdict(one) for one in changes]
    whole["whatif"] = {**plain(found), "cliffs": cliffs_plain(jumps)}
    tell(as_json, whole, "\n".join(text))


@click.command("compare")
@click.argument("files", nargs=-1, required=True, type=FILE)
@click.option("--synthetic", type=Whole(1, 1_000_000), help="So many invented enterprises.")
@click.option("--seed", type=Whole(0, 2**32), default=1, help="Which invented ones.")
@click.option(
    "--export", type=EXPORT, help="Write everybody who gets another sum to FILE.csv or FILE.json."
)
@click.option("--on", type=DAY, help="Without it the end of the newest period with facts.")
@known_at_option
@json_option
def compared(
    files: tuple[Path, ...],
    synthetic: int | None,
    seed: int,
    export: Path | None,
    on: date | None,
    known_at: int | None,
    as_json: bool,
) -> None:
    """Set the rules in force on the record beside the same with FILES put in their place.

    A file replaces the rule of its id, or adds one.  Rules that ask the record for nothing are
    left out, unless the enterprises are invented.  The newest period is that of what FILES ask for.
    """
    with policy():
        drafts = {rule.id: rule for rule in map(_text, files)}
        with reading_at(known_at) as (connection, size, today, _):
            asks = [*drafts.values()] if synthetic is None else []
            day = on or newest_day(connection, asks, today, size)
            stated = rules_at(connection, day.isoformat(), size)
            before = {row["rule"]: read(row["text"]) for row in stated}
            after = {**before, **drafts}
            if synthetic is None:
                asked = [r for r in (*before.values(), *after.values()) if r.facts is not None]
                asked = list({r.digest: r for r in asked}.values())
                who, columns = recorded(connection, asked, day, size)
                digests = (rule.digest for rule in asked)
                facts: Mapping[str, Facts] = dict(zip(digests, columns, strict=True))
                anew: tuple[str, ...] = ()
        if synthetic is not None:
            drawn = invented_sets((before, after), synthetic, day, seed)
            who, facts, anew = drawn.people, drawn.facts, drawn.anew
    results = [
        {
            name: put(supposed(rule), who, facts[rule.digest], day)
            for name, rule in rules.items()
            if rule.digest in facts
        }
        for rules in (before, after)
    ]
    found = sets.compare_sets(who, *results)
    told = sets.plain(found)
    if export is not None:
        _write(export, [*sets.rows(found)], ["enterprise", *who.groups, "before_fen", "after_fen"])
    shown = {**_shown("", day, size, RECORD if synthetic is None else SYNTHETIC), **told}
    del shown["rule"]
    left_out = sorted({*before, *after} - {*results[0], *results[1]})
    text = [
        f"on {shown['on']}{'' if on else f' ({_chosen(day, today)})'}, {_whence(shown)}",
        *set_lines(told),
        *(f"  {name}: asks the record for nothing" for name in left_out),
        *(f"  {name}: asks for other inputs, so that its facts were drawn anew" for name in anew),
        *([in_both("simulate.invented")] if synthetic is not None else []),
        in_both("simulate.added_up"),
        notice(),
    ]
    tell(
        as_json,
        {**shown, "left_out": left_out, "drawn_anew": [*anew], "pre_check": True},
        "\n".join(text),
    )


Answered = tuple[dict[str, Any], Found, Study]


def _over_record(
    name: str, named: Mapping[str, Fraction], file: Path | None, on: date | None,
    known_at: int | None,
) -> Answered:  # fmt: skip
    with reading_at(known_at) as (connection, size, today, _):
        before, day = standing(connection, name, on, today, size)
        after = with_values(before if file is None else _text(file), named, day)
        who, (old, new) = recorded(connection, (before, after), day, size)
    study = Study(before, who, old, day)
    return (_shown(name, day, size, RECORD), study.change(after, new), study)


def _over_others(
    name: str, named: Mapping[str, Fraction], file: Path | None, on: date | None,
    known_at: int | None, population: Path | None, synthetic: int | None, seed: int,
) -> Answered:  # fmt: skip
    before, day, size = _law(name, on, known_at)
    after = with_values(before if file is None else _text(file), named, day)

    new: Facts | None = None
    if population is None:
        who, old = invented(before, synthetic or 0, day, seed)
    else:
        with policy(population):
            text = population.read_text("utf-8")
            who, old = sheet.read(text, before, after)
            new = None if after.inputs == before.inputs else sheet.read(text, after, before)[1]
    study = Study(before, who, old, day)
    found = study.change(after, new)
    kind = SHEET if population is not None else SYNTHETIC
    return (_shown(name, day, size, kind), found, study)


def _law(name: str, on: date | None, known_at: int | None) -> tuple[Rule, date, int | None]:
    """The rule on the record, else that of the package, with the day it is asked of."""
    today = datetime.now(SHANGHAI).date()
    try:
        with reading_at(known_at) as (connection, size, newest, _):
            day = on or newest
            if rules_at(connection, day.isoformat(), size, name):
                return stood(connection, name, day, size), day, size
    except Unavailable:
        if known_at is not None:
            raise
    if name not in packaged.names():
        raise Refusal("incentive-rule-unknown", rule=name, on=str(on or today), known_at=0)
    return read(packaged.rule_text(name)), on or today, None


def _shown(rule: str, day: date, size: int | None, population: str) -> dict[str, Any]:
    return {"rule": rule, "on": day.isoformat(), "known_at": size, "population": population}


def _chosen(day: date, today: date) -> str:
    return "today" if day == today else "the end of the newest period with facts"


def _whence(shown: Mapping[str, Any]) -> str:
    known = f"known at {shown['known_at']}"
    return known if shown["known_at"] is not None else "text of the package"


def _cost(change: Difference) -> str:
    before, after = change.before_fen, change.after_fen
    if before is None and after is None:
        return ""
    apart = None if before is None or after is None else after - before
    return f", {yuan(before)} -> {yuan(after)} ({yuan(apart)})"


def _altered(found: Found) -> bool:
    return any(found.difference.altered.values())


def _change(change: Change) -> str:
    before, after = yuan(change.before_fen), yuan(change.after_fen)
    moved = "".join(
        f"; {name.removesuffix('_before')} {'-' if value is None else value} ->"
        f" {change.grades[name.removesuffix('_before') + '_after']}"
        for name, value in change.grades.items()
        if name.endswith("_before")
    )
    return f"  {change.party}: {change.before} {before} -> {change.after} {after}{moved}"


def _export(file: Path, found: Found) -> None:
    names = ["enterprise", "region", *found.people.groups, "status_before", "status_after",
             "before_fen", "after_fen", *(f"{name}_{side}" for name in found.grades
                                          for side in ("before", "after"))]  # fmt: skip
    _write(file, rows(found), names)


def _write(file: Path, told: Sequence[Mapping[str, Any]], names: Sequence[str]) -> None:
    if file.suffix == ".json":
        file.write_text(dump(told) + "\n", "utf-8")
        return
    out = io.StringIO()
    writer = csv.DictWriter(out, names, lineterminator="\n")
    writer.writeheader()
    writer.writerows({key: _cell(value) for key, value in row.items()} for row in told)
    file.write_text(out.getvalue(), "utf-8")


def _cell(value: Any) -> Any:
    return guarded(value) if isinstance(value, str) else value


def _text(file: Path) -> Rule:
    with policy(file):
        return fresh(file.read_text("utf-8"))


def _named(values: tuple[tuple[str, str], ...]) -> dict[str, Fraction]:
    """The exact number of each parameter; anything else is wrong usage."""
    found: dict[str, Fraction] = {}
    for name, value in once(values, "--set").items():
        try:
            found[name] = exact.number(value)
        except PolicyError as error:
            raise click.BadParameter(f"{value!r}: {error.code}", param_hint="--set") from error
    return found
