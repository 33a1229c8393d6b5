"""Statements: list the types, sign, co-sign, submit."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import orjson

from ledger.statements.canonical import parse
from ledger.statements.ed25519 import load_private
from ledger.statements.envelope import cosign as add_signature
from ledger.statements.envelope import parse_draft
from ledger.statements.errors import Malformed
from ledger.writer.clock import SystemClock
from ledger.writer.errors import Unavailable
from portal.cli.params import KEY_ID, TEXT, URL
from portal.cli.shared import INTEGRITY, REFUSED, USAGE, Failed, dump, json_option, tell
from portal.client.errors import ClientError, ServerFault
from portal.client.retrying import Patience, Sender
from portal.config import from_environment
from portal.house import make_engine
from portal.opening import open_record
from portal.processes.entering import entrance
from portal.rehearsing import rehearsed, told
from portal.signing import compose, newest

FILE = click.Path(path_type=Path, dir_okay=False, exists=True)
OUT = click.Path(path_type=Path, dir_okay=False)
GOOD = ("accepted", "replayed")
TIMEOUT_SECONDS = 30


@click.group()
def statement() -> None:
    """Signed statements."""


@statement.command()
@click.option("--schema", "name", help="Print the JSON Schema of this type.")
@json_option
def types(name: str | None, as_json: bool) -> None:
    """List every type with who must sign it."""
    engine = make_engine()
    if name is not None:
        click.echo(dump(newest(engine, name).json_schema()))
        return
    rows = [
        {
            "type": declared.name,
            "version": declared.version,
            "circle": declared.circle.value,
            "signers": list(declared.signers),
            "people": 2 if declared.four_eyes else 1,
        }
        for declared in engine.types.values()
    ]
    lines = [
        f"{r['type']:<22} v{r['version']}  {r['circle']:<10} "
        f"{r['people']} × {'|'.join(r['signers'])}"  # type: ignore[arg-type]  # a list of words
        for r in rows
    ]
    tell(as_json, rows, "\n".join(lines))


@statement.command()
@click.argument("type")
@click.argument("body", type=FILE)
@click.option("--key", "keys", required=True, multiple=True, type=FILE)
@click.option("--party", required=True)
@click.option(
    "--with", "others", multiple=True, type=KEY_ID, help="Key id of somebody who will co-sign."
)
@click.option("--origin", help="The ledger; without it, that of QINGZHANG_HOME.")
@click.option(
    "--set", "texts", multiple=True, type=TEXT, help="FIELD=TEXT, such as an id, for the body."
)
@click.option("-o", "out", type=OUT, help="Write to this file.")
@json_option
def sign(
    type: str,
    body: Path,
    keys: tuple[Path, ...],
    party: str,
    others: tuple[str, ...],
    origin: str | None,
    texts: tuple[str, ...],
    out: Path | None,
    as_json: bool,
) -> None:
    """Check a body and sign it."""
    stated = parse(body.read_bytes())
    if not isinstance(stated, dict):
        raise Malformed("not-an-object", "/body")
    for text in texts:
        field, _, stated[field] = text.partition("=")
    signed = compose(
        make_engine(),
        origin or home_origin(),
        type,
        party,
        stated,
        [load_private(path) for path in keys],
        now=SystemClock().now(),
        entropy=os.urandom,
        others=others,
    )
    _give(signed.encode(), out)


@statement.command()
@click.argument("type")
@click.argument("body", type=FILE)
@click.option("--party", required=True, help="Who would state it.")
@json_option
def rehearse(type: str, body: Path, party: str, as_json: bool) -> None:
    """Decide a body and write nothing: every rule it would break; exit 1 where there is one."""
    stated = parse(body.read_bytes())
    if not isinstance(stated, dict):
        raise Malformed("not-an-object", "/body")
    engine, record = make_engine(), open_record(from_environment())
    try:
        made = rehearsed(engine, record, newest(engine, type), party, stated, SystemClock().now())
    finally:
        record.database.dispose()
    answer = told(made)
    lines = [
        f"{f['code']}  {' / '.join(f['title'].values())}  {dump(f['params'])}"
        for f in answer["faults"]
    ]
    tell(as_json, answer, "\n".join(lines) or "accepted")
    if made.faults:
        raise Failed(REFUSED, made.faults[0].code, dict(made.faults[0].params))


@statement.command()
@click.argument("file", type=FILE)
@click.option("--key", "path", required=True, type=FILE)
@click.option("-o", "out", type=OUT, help="Write here instead of into FILE.")
@json_option
def cosign(file: Path, path: Path, out: Path | None, as_json: bool) -> None:
    """Add the signature that a statement names and still lacks."""
    draft = add_signature(parse_draft(file.read_bytes()), load_private(path))
    _give(draft.encode(), out or file)


@statement.command()
@click.argument("files", nargs=-1, required=True, type=FILE)
@click.option("--url", type=URL, help="A serving ledger; without it, the one in QINGZHANG_HOME.")
@json_option
def submit(files: tuple[Path, ...], url: str | None, as_json: bool) -> None:
    """Submit statements, one JSON a file or NDJSON; exit 1 where one is not accepted."""
    statements = [item for path in files for item in _split(path)]
    told, worst = [], 0
    for answer in _remote(statements, url) if url else deliver(statements):
        told.append(answer)
        if answer["status"] in ("broken", 500):
            worst = INTEGRITY
        elif answer["status"] not in (*GOOD, 200, 201):
            worst = worst or REFUSED
    text = "\n".join(dump(answer) for answer in told)
    tell(as_json, told[0] if len(told) == 1 else told, text)
    if worst:
        raise Failed(worst, "not-accepted")


def deliver(statements: list[bytes]) -> Iterator[dict[str, Any]]:
    """Submit to the ledger of QINGZHANG_HOME: through its writer where one holds the home."""
    with entrance(from_environment()) as way:
        for data in statements:
            reply = way.submit(data)
            answer = {"status": reply.status, "index": reply.index, "outcome": reply.answer}
            yield {**answer, "checkpoint_size": reply.checkpoint_size}


def _remote(statements: list[bytes], url: str) -> Iterator[dict[str, Any]]:
    """Submit to a serving ledger, each again until its fate is known; raises Unavailable."""
    try:
        sender = Sender(url, Patience(timeout=TIMEOUT_SECONDS))
    except ValueError as error:
        raise Failed(USAGE, "url-malformed", {"url": url}) from error
    try:
        for data in statements:
            try:
                response = sender.send(
                    "POST", "/v1/statements", data, Content_Type="application/json"
                )
            except ServerFault as error:
                yield {"status": 500, "code": error.code, "params": error.params}
                continue
            yield {**orjson.loads(response.content), "status": response.status_code}
    except (ClientError, orjson.JSONDecodeError, TypeError) as error:
        raise Unavailable("server-unreachable", url=url) from error
    finally:
        sender.close()


def _split(path: Path) -> list[bytes]:
    """One statement, or one a line."""
    data = path.read_bytes().strip()
    lines = [line for line in data.split(b"\n") if line.strip()]
    if len(lines) > 1 and all(line.lstrip().startswith(b'{"') for line in lines):
        return lines
    return [data]


def home_origin() -> str:
    """The origin of the ledger in QINGZHANG_HOME."""
    settings = from_environment()
    if settings.origin is not None:
        return settings.origin
    record = open_record(settings)
    record.database.dispose()
    return record.origin


def _give(data: bytes, out: Path | None) -> None:
    if out is None:
        click.echo(data.decode())
    else:
        out.write_bytes(data)
