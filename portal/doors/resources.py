"""Public resources: parties, projects, batches, retirements, duties, locks, halts, serials."""

from __future__ import annotations

from dataclasses import asdict

from flask import Blueprint, Response

from ledger.credits.models import BATCH, RETIREMENT, SERIAL_LOCK
from ledger.credits.queries import Trace
from ledger.mirrors.queries import MirrorTrace
from ledger.parties.models import PARTY
from ledger.parties.parameters import business_date
from ledger.projects.models import PROJECT
from ledger.projects.withdrawal_models import WITHDRAWAL
from ledger.restraints.models import DUTY
from ledger.restraints.queries import owed_for
from ledger.statements.types import Circle
from ledger.writer.kinds import Kind, Row
from ledger.writer.store import Head, Rows, read_head
from market.stops.models import HALT
from portal.proofs.steps import around
from portal.proofs.tracing import find
from portal.shell.answers import json_resource
from portal.shell.circles import circle
from portal.shell.current import ledger
from portal.shell.operations import operation
from portal.shell.paging import page_of
from portal.shell.problems import Problem

DOOR = Blueprint("resources", __name__, url_prefix="/v1")
NAME_MAX = 120
COLLECTIONS: dict[str, Kind] = {
    "parties": PARTY,
    "projects": PROJECT,
    "batches": BATCH,
    "retirements": RETIREMENT,
    "duties": DUTY,
    "locks": SERIAL_LOCK,
    "withdrawals": WITHDRAWAL,
    "halts": HALT,
}
NAMES = f"<any({', '.join(COLLECTIONS)}):name>"


def one(kind: Kind, name: str) -> Row:
    """A row by its name; raises Problem 404."""
    refused = Problem(404, f"{kind.name.replace('_', '-')}-unknown", key=name[:NAME_MAX])
    if len(name) > NAME_MAX or "\x00" in name:
        raise refused
    with ledger().record.reading() as connection:
        row = Rows(connection).row(kind, (name,))
    if row is None:
        raise refused
    return row


def traced(serial: str) -> Trace | MirrorTrace:
    """The public life of a unit, ours or mirrored; raises Problem 404."""
    refused = Problem(404, "serial-unknown", key=serial[:NAME_MAX])
    if len(serial) > NAME_MAX or "\x00" in serial:
        raise refused
    try:
        with ledger().record.reading() as connection:
            found = find(connection, serial)
    except ValueError as error:
        raise refused from error
    if found is None:
        raise refused
    return found


@DOOR.get(f"/{NAMES}")
@operation("Page.{name}", query=("limit", "cursor"), kept=True)
@circle(Circle.PUBLIC)
def listed(name: str) -> Response:
    """A page of a collection, in the order of its key."""
    with ledger().record.reading() as connection:
        return page_of(connection, COLLECTIONS[name])


@DOOR.get(f"/{NAMES}/<path:key>")
@operation("Row.{name}", kept=True, problems=(404,))
@circle(Circle.PUBLIC)
def read(name: str, key: str) -> Response:
    """One member of a collection."""
    return json_resource(one(COLLECTIONS[name], key))


@DOOR.get("/batches/<name>/owed")
@operation("Owed", kept=True, problems=(404,))
@circle(Circle.PUBLIC)
def owed(name: str) -> Response:
    """The duties to replace units of a batch, with what is missing and what was ended by order."""
    batch = one(BATCH, name)["batch"]
    with ledger().record.reading() as connection:
        return json_resource({"batch": batch, "items": owed_for(connection, batch)})


@DOOR.get("/projects/<name>/steps")
@operation("ProjectSteps", kept=True, problems=(404,))
@circle(Circle.PUBLIC)
def steps(name: str) -> Response:
    """Notices with comments and answers, applications, what was taken back, who is at the site."""
    row, record = one(PROJECT, name), ledger().record
    with record.reading() as connection:
        head = read_head(connection, record.origin) or Head(0, "", 0, 0)
        found = around(connection, row, business_date(head.at))
        return json_resource({"project": row["project"], **found})


@DOOR.get("/serials/<serial>")
@operation("Trace", kept=True, problems=(404,))
@circle(Circle.PUBLIC)
def serial_trace(serial: str) -> Response:
    """From the project that made a unit to the claim that used it, here or in a mirror."""
    return json_resource(asdict(traced(serial)))
