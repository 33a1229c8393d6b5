"""The public explorer: pages for everybody, with what is needed to check them."""

from __future__ import annotations

import base64
from typing import Any
from urllib.parse import quote, urlencode

import orjson
from flask import Blueprint, Response, redirect, request
from sqlalchemy import Connection, func, select
from werkzeug.wrappers import Response as BaseResponse

from incentives.queries import find_rule
from incentives.quotas.models import PLAN
from ledger.credits.models import BATCH, RETIREMENT
from ledger.credits.queries import public_identity, standing_locks
from ledger.log.merkle import leaf_hash
from ledger.log.policy import Witness
from ledger.mirrors.models import PROJECT as MIRRORED
from ledger.mirrors.queries import MirrorTrace
from ledger.parties.models import PARTY
from ledger.parties.parameters import business_date
from ledger.projects.models import PROJECT
from ledger.restraints.queries import owed_for
from ledger.statements.canonical import parse
from ledger.statements.envelope import parse_envelope
from ledger.statements.instants import format_instant
from ledger.statements.types import Circle
from ledger.writer.kinds import Kind, Row
from ledger.writer.store import Head, Rows, StoredEntry, read_entries, read_head
from market.instruments.models import INSTRUMENT
from portal.doors.entries import entry_of
from portal.doors.mirrors import address
from portal.doors.resources import one, traced
from portal.home.record import public_view
from portal.proofs.steps import around
from portal.shell.circles import circle
from portal.shell.current import ledger
from portal.shell.pages import page
from portal.shell.paging import limit_asked, make_cursor, read_cursor
from portal.shell.problems import Problem
from portal.shell.spoken import spoken
from portal.statements.made import made
from portal.witnesses.standing import Standing

DOOR = Blueprint("explorer", __name__)
LATEST = 12
FOLDERS = (
    (BATCH, "batches"),
    (PROJECT, "projects"),
    (RETIREMENT, "retirements"),
    (PARTY, "parties"),
    (PLAN, "quotas"),
    (INSTRUMENT, "market"),
)


@DOOR.get("/")
@circle(Circle.PUBLIC)
def home() -> Response:
    """Totals, the checkpoint, the latest entries."""
    record = ledger().record
    table = BATCH.table
    sums = [func.sum(table.c[name]).label(name) for name in ("issued", "retired")]
    totals = select(table.c["class"], func.count().label("batches"), *sums)
    with record.reading() as connection:
        head = record.published(connection)
        found = connection.execute(totals.group_by(table.c["class"]).order_by(table.c["class"]))
        rows = [
            {**row, "issued": int(row["issued"]), "retired": int(row["retired"])}
            for row in found.mappings()
        ]
        stored = list(read_entries(connection, max(0, head.size - LATEST), head.size))
    return page(
        "home.html",
        totals=rows,
        checkpoint=head.note,
        vkey=record.current_vkey(),
        witnesses=[_witnessed(*known) for known in ledger().watch.standings()],
        latest=[glance(entry) for entry in reversed(stored)],
    )


def _witnessed(witness: Witness, standing: Standing) -> dict[str, Any]:
    """A witness as the page shows it; ``state`` is fork, fault, cosigned or waiting."""
    state = "fork" if standing.fork else "fault" if standing.fault else "cosigned"
    return {
        "name": witness.verifier.name,
        "vkey": witness.verifier.vkey,
        "size": standing.size,
        "at": format_instant(standing.at) if standing.at else "",
        "state": state if standing.at or standing.fault else "waiting",
    }


@DOOR.get("/find")
@circle(Circle.PUBLIC)
def find() -> BaseResponse:
    """Go to what was typed: an index, a batch, project, retirement, party, serial or rule."""
    asked = request.args.get("q", "").strip()[:120]
    words = urlencode({"lang": spoken()})
    if asked.isascii() and asked.isdigit():
        return redirect(f"/entries/{asked}?{words}")
    if "\x00" not in asked:
        with ledger().record.reading() as connection:
            rows = Rows(connection)
            for kind, folder in FOLDERS:
                if rows.row(kind, (asked,)) is not None:
                    return redirect(f"/{folder}/{quote(asked, safe='')}?{words}")
            mirrored = _mirrored(connection, asked)
            if mirrored is not None:
                return redirect(f"/mirrors/{address(mirrored)}?{words}")
    if not asked:
        return redirect(f"/?{words}")
    try:
        traced(asked)
    except Problem as problem:
        place = _policy(asked) if "\x00" not in asked else None
        if place is None:
            raise Problem(404, "nothing-found", key=asked) from problem
        return redirect(f"{place}?{words}")
    return redirect(f"/serials/{quote(asked, safe='')}?{words}")


@DOOR.get("/projects")
@circle(Circle.PUBLIC)
def projects() -> Response:
    """Every project."""
    return _listed(PROJECT, "projects.html")


@DOOR.get("/retirements")
@circle(Circle.PUBLIC)
def retirements() -> Response:
    """Every retirement."""
    return _listed(RETIREMENT, "retirements.html")


@DOOR.get("/projects/<name>")
@circle(Circle.PUBLIC)
def project(name: str) -> Response:
    """A project with its notices, applications, reports and batches."""
    row = one(PROJECT, name)
    with ledger().record.reading() as connection:
        rows = Rows(connection)
        owner = rows.row(PARTY, (row["owner"],))
        batches = rows.group(BATCH, ("project",), (name,))
        head = read_head(connection, ledger().record.origin) or Head(0, "", 0, 0)
        steps = around(connection, row, business_date(head.at))
    return page("project.html", project=row, owner=owner, batches=batches, **steps)


@DOOR.get("/batches/<name>")
@circle(Circle.PUBLIC)
def batch(name: str) -> Response:
    """A batch: what was issued and what it is now."""
    row = one(BATCH, name)
    with ledger().record.reading() as connection:
        figures = public_identity(connection, name)
        ended = Rows(connection)
        made = ended.row(PROJECT, (row["project"],))
        retired = _retirements_of(connection, name)
        locks, owed = standing_locks(connection, name), owed_for(connection, name)
    return page(
        "batch.html",
        batch=row,
        figures=figures,
        project=made,
        retirements=retired,
        locks=locks,
        owed=owed,
    )


@DOOR.get("/serials/<serial>")
@circle(Circle.PUBLIC)
def serial(serial: str) -> Response:
    """One unit from its project to its claim."""
    found = traced(serial)
    template = "mirror_serial.html" if isinstance(found, MirrorTrace) else "serial.html"
    return page(template, trace=found)


@DOOR.get("/entries/<text>")
@circle(Circle.PUBLIC)
def entry(text: str) -> Response:
    """An entry with its receipt."""
    stored = entry_of(text)
    view = public_view(stored)
    body = view.get("body")
    return page(
        "entry.html",
        scripts=True,
        **glance(stored),
        leaf_hash=base64.b64encode(leaf_hash(stored.leaf)).decode(),
        body=_indented(body) if body is not None else None,
        outcome=_indented(view["outcome"]),
        made=made(view, ledger().engine.kinds),
        vkey=ledger().record.current_vkey(),
    )


def glance(entry: StoredEntry) -> dict[str, Any]:
    """What a list shows of an entry; a confidential one shows its time alone."""
    leaf = parse(entry.leaf)
    public = parse(entry.outcome, max_bytes=1 << 30)["public"]
    shown: dict[str, Any] = {"index": entry.index, "at": leaf["at"], "type": None, "party": None}
    shown["result"], shown["code"] = public.get("result"), public.get("code")
    if "envelope" in leaf:
        payload = parse_envelope(leaf["envelope"]).payload
        shown["type"], shown["party"] = payload.type, payload.party
    return shown


def _mirrored(connection: Connection, asked: str) -> Row | None:
    """A project of another registry, by its id there alone or as ``registry:id``."""
    column = MIRRORED.table.c
    registry, colon, name = asked.partition(":")
    query = select(MIRRORED.table).where(column.project == (name if colon else asked))
    if colon:
        query = query.where(column.registry == registry)
    found = connection.execute(query.order_by(column.registry).limit(1)).mappings().first()
    return None if found is None else dict(found)


def _policy(asked: str) -> str | None:
    """The page of a rule in force that the text names."""
    record = ledger().record
    with record.reading() as connection:
        head = read_head(connection, record.origin) or Head(0, "", 0, 0)
        found = find_rule(connection, business_date(head.at), head.size, asked)
    return None if found is None else f"/incentives/{quote(found['rule'], safe='')}"


def _listed(kind: Kind, template: str) -> Response:
    limit, after = limit_asked(), read_cursor(kind)
    column = kind.table.c[kind.key[0]]
    query = select(kind.table).order_by(column).limit(limit + 1)
    if after is not None:
        query = query.where(column > after[0])
    with ledger().record.reading() as connection:
        rows = [dict(row) for row in connection.execute(query).mappings()]
    following = None
    if len(rows) > limit:
        rows = rows[:limit]
        words = {"lang": spoken(), "limit": limit, "cursor": make_cursor(kind.key_of(rows[-1]))}
        following = f"{request.path}?{urlencode(words)}"
    return page(template, items=rows, next=following)


def _retirements_of(connection: Connection, batch: str) -> list[Row]:
    table = RETIREMENT.table
    query = select(table).where(table.c.batch == batch).order_by(table.c.index).limit(200)
    return [dict(row) for row in connection.execute(query).mappings()]


def _indented(value: Any) -> str:
    return orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS).decode()
