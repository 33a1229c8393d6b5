"""For those who run it: alive, ready, and a few figures."""

from __future__ import annotations

from flask import Blueprint, Response
from sqlalchemy.exc import SQLAlchemyError

from ledger.statements.types import Circle
from ledger.writer.store import alive, read_head
from portal.shell.answers import json_answer
from portal.shell.circles import circle
from portal.shell.current import ledger

DOOR = Blueprint("health", __name__)


@DOOR.get("/healthz")
@circle(Circle.PUBLIC)
def healthz() -> Response:
    """The process answers."""
    return json_answer({"status": "ok"})


@DOOR.get("/readyz")
@circle(Circle.PUBLIC)
def readyz() -> Response:
    """Statements can be written and the record read; 503 otherwise."""
    opened = ledger()
    try:
        with opened.record.reading() as connection:
            database = alive(connection)
    except SQLAlchemyError:
        database = False
    checks = {"database": database, "writer": opened.entrance.alive}
    if all(checks.values()):
        return json_answer({"status": "ready", "checks": checks})
    return json_answer({"status": "unready", "checks": checks}, 503, Retry_After="2")


@DOOR.get("/metrics")
@circle(Circle.PUBLIC)
def metrics() -> Response:
    """Figures in the Prometheus text format."""
    opened = ledger()
    with opened.record.reading() as connection:
        head = read_head(connection, opened.record.origin)
    size, epoch, at = (head.size, head.epoch, head.at) if head else (0, 0, 0)
    lines = []
    for name, kind, text, value in (
        ("qingzhang_log_entries", "counter", "Entries in the log", size),
        ("qingzhang_log_at_milliseconds", "gauge", "Time of the last entry", at),
        ("qingzhang_writer_epoch", "gauge", "Writer epoch", epoch),
        ("qingzhang_writer_alive", "gauge", "Whether the writer runs", int(opened.entrance.alive)),
    ):
        lines += [f"# HELP {name} {text}", f"# TYPE {name} {kind}", f"{name} {value}"]
    text = "\n".join(lines) + "\n"
    return Response(text, content_type="text/plain; version=0.0.4; charset=utf-8")
