"""Other registries as they are mirrored here: projects, batches, blocks, ends, transactions.

What is shown is what those registries publish; nothing of it is held or checked by this register.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, request
from sqlalchemy import Connection, Select, select

from ledger.mirrors import queries
from ledger.mirrors.addresses import address_on
from ledger.mirrors.models import BATCH, END, PROJECT, SPAN, TRANSACTION
from ledger.parties.parameters import business_date
from ledger.statements.types import Circle
from ledger.writer.kinds import Kind, Row
from ledger.writer.store import Head, read_head
from portal.shell.answers import json_resource
from portal.shell.circles import circle
from portal.shell.current import ledger
from portal.shell.operations import operation
from portal.shell.pages import page
from portal.shell.paging import page_of, rows_of
from portal.shell.problems import Problem

DOOR = Blueprint("mirrors", __name__)
NAME_MAX = 120
REGISTRY_MAX = 40
SHOWN = 200
"""Batches, blocks and ends that a project shows at once; its collections have them all."""


@DOOR.get("/v1/mirrors")
@operation("Page.mirrors", query=("registry", "limit", "cursor"), kept=True)
@circle(Circle.PUBLIC)
def projects() -> Response:
    """A page of the mirrored projects; ``?registry=`` narrows it."""
    with ledger().record.reading() as connection:
        return page_of(connection, PROJECT, _of_registry(PROJECT))


@DOOR.get("/v1/mirrors/registries")
@operation("Mirrored", kept=True)
@circle(Circle.PUBLIC)
def registries() -> Response:
    """The mirrored registries with their units, and those whose accounts are mirrored."""
    with ledger().record.reading() as connection:
        units = queries.totals(connection)
        moved = queries.transaction_totals(connection)
    return json_resource({"units": units, "transactions": moved})


@DOOR.get("/v1/mirrors/transactions")
@operation("Page.mirror_transactions", query=("registry", "limit", "cursor"), kept=True)
@circle(Circle.PUBLIC)
def transactions() -> Response:
    """A page of the transactions of mirrored accounts; ``?registry=`` narrows it."""
    with ledger().record.reading() as connection:
        return page_of(connection, TRANSACTION, _of_registry(TRANSACTION))


@DOOR.get("/v1/mirrors/<project>")
@operation("MirrorProject", kept=True, problems=(404,))
@circle(Circle.PUBLIC)
def project(project: str) -> Response:
    """A mirrored project with its figures, batches, blocks and ends."""
    with ledger().record.reading() as connection:
        return json_resource(_told(connection, project))


@DOOR.get("/v1/mirrors/<project>/<any(batches, blocks, retirements):part>")
@operation("Page.mirror_{name}", query=("limit", "cursor"), kept=True, problems=(404,))
@circle(Circle.PUBLIC)
def part(project: str, part: str) -> Response:
    """A page of a mirrored project's batches, blocks, or retirements and cancellations."""
    kinds = {
        "batches": (BATCH, queries.batches_of),
        "blocks": (SPAN, queries.spans_of),
        "retirements": (END, queries.ends_in),
    }
    kind, find = kinds[part]
    with ledger().record.reading() as connection:
        row = _named(connection, project)
        return page_of(connection, kind, find(row["registry"], row["project"]))


@DOOR.get("/mirrors")
@circle(Circle.PUBLIC)
def index() -> Response:
    """What is mirrored of each registry, and a page of the projects."""
    with ledger().record.reading() as connection:
        rows, following = rows_of(connection, PROJECT, _of_registry(PROJECT))
        units = queries.totals(connection)
        moved = queries.transaction_totals(connection)
    return page(
        "mirrors.html", items=rows, next=following, units=units, moved=moved, address=address
    )


@DOOR.get("/mirrors/<project>")
@circle(Circle.PUBLIC)
def sheet(project: str) -> Response:
    """A mirrored project: what its registry says, its batches, blocks and ends."""
    with ledger().record.reading() as connection:
        told = _told(connection, project)
        head = read_head(connection, ledger().record.origin) or Head(0, "", 0, 0)
        registry = told["project"]["registry"]
        elsewhere = address_on(connection, registry, business_date(head.at))
    return page("mirror_project.html", **told, shown=SHOWN, elsewhere=elsewhere)


def address(row: Row) -> str:
    """How a mirrored project is named in an address: ids of registries may coincide."""
    return quote(f"{row['registry']}:{row['project']}", safe=":")


def _told(connection: Connection, name: str) -> dict[str, Any]:
    row = _named(connection, name)
    registry, project = row["registry"], row["project"]
    batches = queries.batches_of(registry, project).order_by(*BATCH.table.primary_key.columns)
    ends = queries.ends_in(registry, project).order_by(END.table.c.index.desc())
    own = f"/v1/mirrors/{address(row)}"
    return {
        "mirror": True,
        "project": row,
        "figures": queries.figures_of(connection, registry, project),
        "batches": _rows(connection, batches),
        "blocks": queries.blocks(connection, queries.spans_of(registry, project), SHOWN),
        "retirements": _rows(connection, ends),
        "pages": {name: f"{own}/{name}" for name in ("batches", "blocks", "retirements")},
    }


def _rows(connection: Connection, query: Select[Any]) -> list[Row]:
    return [dict(row) for row in connection.execute(query.limit(SHOWN)).mappings()]


def _named(connection: Connection, name: str) -> Row:
    """One project; raises Problem 404 where none is named, or one of several registries."""
    unknown = Problem(404, "mirror-project-unknown", key=name[:NAME_MAX])
    if len(name) > NAME_MAX or "\x00" in name:
        raise unknown
    found = queries.projects_named(connection, name)
    if len(found) > 1:
        registries = [row["registry"] for row in found]
        raise Problem(404, "mirror-project-ambiguous", key=name, registries=registries)
    if not found:
        raise unknown
    return found[0]


def _of_registry(kind: Kind) -> Select[Any]:
    query: Select[Any] = select(kind.table)
    registry = request.args.get("registry")
    if registry is None:
        return query
    if len(registry) > REGISTRY_MAX or "\x00" in registry:
        raise Problem(400, "parameter-invalid", field="registry", rule=f"at-most-{REGISTRY_MAX}")
    return query.where(kind.table.c.registry == registry)
