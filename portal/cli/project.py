"""``qingzhang project``: a project, what was said of it, and who answered."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from ledger.projects.models import PROJECT
from ledger.writer.store import Rows
from portal.cli.asof import reading_at
from portal.cli.shared import REFUSED, Failed, json_option, tell
from portal.proofs.steps import around


@click.group()
def project() -> None:
    """Projects: what was published, said and decided."""


@project.command()
@click.argument("name")
@json_option
def show(name: str, as_json: bool) -> None:
    """Show project NAME with its reports, notices, comments, answers and applications."""
    with reading_at(None) as (connection, _, today, _):
        row = Rows(connection).row(PROJECT, (name,))
        if row is None:
            raise Failed(REFUSED, "project-unknown", {"key": name})
        found = around(connection, row, today.isoformat())
    tell(as_json, {"project": row, **found}, "\n".join(_lines(row, found)))


def _lines(row: dict[str, Any], found: dict[str, Any]) -> Iterator[str]:
    yield f"{row['project']}  {row['name']}  {row['state']}  {row['owner']}  entry {row['index']}"
    yield f"site {row['site']}  {row['crediting_start']} – {row['crediting_end']}"
    if row["validator"]:
        yield f"opinion by {row['validator']}"
    for item in found["neighbours"]:
        yield f"site also of {item['project']}  {item['name']}  {item['state']}  {item['owner']}"
    for item in found["reports"]:
        by = f"  opinion by {item['verifier']}" if item["verifier"] else ""
        yield f"report {item['report']}  {item['start']} – {item['end']}  {item['state']}{by}"
    for item in found["engagements"]:
        body = f"{item['verifier']} {item['verifier_name']}"
        yield f"engaged for {item['name']}: {body}  entry {item['index']}"
    for notice in found["notices"]:
        yield f"notice {notice['notice']}  {notice['name']}  {notice['first']} – {notice['last']}"
        for comment in notice["comments"]:
            yield f"  comment {comment['comment']}  {comment['party']}: {comment['text']}"
            for said in comment["answers"]:
                by = f"{said['verifier']} {said['verifier_name']}"
                when = "" if said["index"] is None else f"{said['answered']} entry {said['index']}"
                yield f"    answer  {by}  {when}: {said['text']}"
    for item in found["applications"]:
        until = f"  to be decided by {item['decide_by']}" if item["decide_by"] else ""
        if item["decided"]:
            until = f"  {item['decided']}"
        why = f": {item['reasons']}" if item["reasons"] else ""
        yield f"application {item['application']}  {item['name']}  {item['state']}{until}{why}"
    for item in found["retractions"]:
        yield f"taken back {item['name']}: {item['reason']}  entry {item['index']}"
    for item in found["successions"]:
        yield (
            f"owner {item['successor']} in the place of {item['predecessor']}, {item['ground']},"
            f" {item['document']}  entry {item['index']}"
        )
    for item in found["withdrawals"]:
        yield f"opinion withdrawn {item['name']}  {item['verifier']}: {item['reason']}"
