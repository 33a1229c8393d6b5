"""Witnesses: those of the home, and a small one of one's own."""

from __future__ import annotations

import logging
import time
from pathlib import Path

import click
import waitress  # type: ignore[import-untyped]  # it ships no types

from ledger.log.errors import NoteError
from ledger.log.note import COSIGNATURE, Verifier, check_name, parse_vkey
from ledger.statements.ed25519 import load_private, new_key, public_bytes, save_private
from ledger.statements.instants import format_instant
from portal.cli.params import Whole
from portal.cli.shared import REFUSED, USAGE, Failed, exits, json_option, tell
from portal.config import from_environment
from portal.home.opening import open_record, watched
from portal.running.listening import listening
from portal.witnesses.serving import SmallWitness, application
from portal.witnesses.standing import forget
from portal.witnesses.watch import Watch

FOLDER = click.Path(path_type=Path, file_okay=False)
DEFAULT_PORT = 8100
KEY, NAME = "witness.pem", "name"


@click.group()
def witness() -> None:
    """Those who cosign the log's heads, and a small witness for other logs."""


@witness.command("list")
@json_option
def listed(as_json: bool) -> None:
    """Show every witness of the home's policy and what it last did."""
    rows = rows_of(_watch())
    lines = [
        f"{row['name']:<24}{row['size']:>12,}  {row['at'] or '-':<26}{row['fault'] or 'ok'}"
        for row in rows
    ]
    tell(as_json, rows, "\n".join(lines))


@witness.command()
@click.argument("name")
@json_option
def retry(name: str, as_json: bool) -> None:
    """Ask a witness again after an alarm, once it is known who was wrong."""
    watch = _watch()
    known = next((item for item in watch.witnesses if item.name == name), None)
    if known is None:
        raise Failed(REFUSED, "witness-unknown", {"witness": name})
    tell(as_json, {"witness": name, "forgotten": forget(watch.folder, known)})


@witness.command()
@click.option("--name", required=True, help="Name of the key; without a scheme or plus signs.")
@click.option("--folder", required=True, type=FOLDER, help="Made for the key and the memory.")
@json_option
def init(name: str, folder: Path, as_json: bool) -> None:
    """Make a witness of one's own; prints the key that logs list in their policy."""
    try:
        check_name(name)
    except NoteError as error:
        raise Failed(USAGE, error.code, {"field": "name"}) from error
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = new_key()
    save_private(key, folder / KEY)
    (folder / NAME).write_text(name, "utf-8")
    tell(as_json, {"name": name, "vkey": Verifier(name, public_bytes(key), COSIGNATURE).vkey})


@witness.command()
@click.option("--folder", required=True, type=FOLDER, help="What `witness init` has made.")
@click.option("--log", "logs", required=True, multiple=True, help="A log's key, as it prints it.")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=DEFAULT_PORT, show_default=True, type=Whole(0, 65535))
def serve(folder: Path, logs: tuple[str, ...], host: str, port: int) -> None:
    """Cosign the heads of these logs, and refuse their forks."""
    with exits():
        try:
            key, name = load_private(folder / KEY), (folder / NAME).read_text("utf-8")
        except FileNotFoundError as error:
            raise Failed(REFUSED, "witness-missing", {"folder": str(folder)}) from error
        memory = folder / "logs"
        memory.mkdir(mode=0o700, exist_ok=True)
        keys = [_log_key(text) for text in logs]
        small = SmallWitness(memory, name, key, keys, lambda: time.time_ns() // 1_000_000_000)
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)
        with listening(host, port):
            server = waitress.create_server(application(small), host=host, port=port, threads=4)
        click.echo(f"{name} on http://{host}:{server.effective_port}", err=True)
        server.run()


def rows_of(watch: Watch) -> list[dict[str, object]]:
    """Each witness as commands print it."""
    return [
        {
            "name": item.name,
            "size": known.size,
            "at": format_instant(known.at) if known.at else None,
            "fault": known.fault,
            "fork": known.fork,
        }
        for item, known in watch.standings()
    ]


def _log_key(text: str) -> Verifier:
    try:
        return parse_vkey(text)
    except NoteError as error:
        raise Failed(USAGE, error.code, {"field": "log"}) from error


def _watch() -> Watch:
    settings = from_environment()
    record = open_record(settings)
    try:
        watch = watched(settings, record)
    finally:
        record.database.dispose()
    if watch.policy is None:
        raise Failed(REFUSED, "witness-policy-missing", {"file": str(settings.witness_policy)})
    return watch
