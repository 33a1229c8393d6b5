"""For those who run it: alive, ready, and a few figures."""

from __future__ import annotations

from flask import Blueprint, Response
from sqlalchemy.exc import SQLAlchemyError

from ledger.statements.types import Circle
from ledger.writer.store import alive, read_head
from portal.shell.answers import json_answer
from portal.shell.circles import circle
from portal.shell.current import ledger
from portal.shell.operations import JSON, operation
from portal.witnesses.watch import Watch

DOOR = Blueprint("health", __name__)
METRICS = "text/plain; version=0.0.4; charset=utf-8"


@DOOR.get("/healthz")
@operation("Health")
@circle(Circle.PUBLIC)
def healthz() -> Response:
    """The process answers."""
    return json_answer({"status": "ok"})


@DOOR.get("/readyz")
@operation("Readiness", more=((503, JSON, "Readiness"),))
@circle(Circle.PUBLIC)
def readyz() -> Response:
    """Statements can be written and the record read; 503 otherwise.

    ``alarms`` names witnesses that hold another history.  It does not make the ledger unready:
    otherwise any one witness could stop it.
    """
    opened = ledger()
    try:
        with opened.record.reading() as connection:
            database = alive(connection)
    except SQLAlchemyError:
        database = False
    checks = {"database": database, "writer": opened.entrance.alive}
    told = {"checks": checks, "alarms": opened.watch.alarms()}
    if all(checks.values()):
        return json_answer({"status": "ready", **told})
    return json_answer({"status": "unready", **told}, 503, Retry_After="2")


@DOOR.get("/metrics")
@operation("Text", media=METRICS)
@circle(Circle.PUBLIC)
def metrics() -> Response:
    """Figures in the Prometheus text format."""
    opened = ledger()
    with opened.record.reading() as connection:
        head = read_head(connection, opened.record.origin)
        cosigned = opened.record.cosigned(connection)
    size, epoch, at = (head.size, head.epoch, head.at) if head else (0, 0, 0)
    lines = []
    for name, kind, text, value in (
        ("qingzhang_log_entries", "counter", "Entries in the log", size),
        ("qingzhang_log_at_milliseconds", "gauge", "Time of the last entry", at),
        ("qingzhang_writer_epoch", "gauge", "Writer epoch", epoch),
        ("qingzhang_writer_alive", "gauge", "Whether the writer runs", int(opened.entrance.alive)),
    ):
        lines += [f"# HELP {name} {text}", f"# TYPE {name} {kind}", f"{name} {value}"]
    lines += _of_witnesses(opened.watch, cosigned.size if cosigned else 0)
    text = "\n".join(lines) + "\n"
    return Response(text, content_type=METRICS)


def _of_witnesses(watch: Watch, cosigned: int) -> list[str]:
    """What the quorum has cosigned, and each witness by the name that the policy gives it."""
    if watch.policy is None:
        return []
    standings = [
        (witness.name.replace("\\", "\\\\").replace('"', '\\"'), standing)
        for witness, standing in watch.standings()
    ]
    name = "qingzhang_log_cosigned_entries"
    lines = [f"# HELP {name} Entries that the quorum of witnesses has cosigned"]
    lines += [f"# TYPE {name} gauge", f"{name} {cosigned}"]
    for figure, text in (
        ("size", "Largest size that the witness has cosigned"),
        ("at", "When it did so, in UTC milliseconds"),
        ("faults", "Failures in a row since then"),
        ("fork", "Whether it holds another history of this log"),
    ):
        name = f"qingzhang_witness_{figure}" + ("_milliseconds" if figure == "at" else "")
        lines += [f"# HELP {name} {text}", f"# TYPE {name} gauge"]
        lines += [
            f'{name}{{witness="{witness}"}} {int(getattr(standing, figure))}'
            for witness, standing in standings
        ]
    return lines
