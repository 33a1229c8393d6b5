"""Statements: list the types, sign, co-sign, submit."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any

import click

from ledger.statements.attachments import Attachment
from ledger.statements.canonical import parse
from ledger.statements.ed25519 import key_id, load_private, public_bytes
from ledger.statements.envelope import Submission, parse_draft
from ledger.statements.envelope import cosign as add_signature
from ledger.statements.errors import Malformed
from ledger.writer.clock import SystemClock
from portal.cli.delivering import (
    accepted,
    deliver,
    deliver_away,
    failure,
    line,
    need_accepted,
    reasons,
)
from portal.cli.params import KEY_ID, URL, Named, Single, once
from portal.cli.shared import REFUSED, Failed, dump, json_option, language, tell
from portal.cli.showing import attachment, described, listed, show
from portal.config import from_environment
from portal.home.opening import open_record
from portal.house import make_engine
from portal.shell.texts import say
from portal.statements.attaching import read_attachments
from portal.statements.rehearsing import rehearsed, told
from portal.statements.signing import compose, newest

FILE = click.Path(path_type=Path, dir_okay=False, exists=True)
OUT = click.Path(path_type=Path, dir_okay=False)


ATTACH = click.option(
    "--attach",
    "attached",
    multiple=True,
    type=Named("attachment", "NAME=FILE"),
    help="A document under a name that the type has (`statement types`); may be repeated.",
)
DIGEST = click.option(
    "--digest",
    "digests",
    multiple=True,
    type=Named("digest", "FIELD=FILE"),
    help="Put the SHA-256 of a document that stays with you into a field of the body, such as "
    "report_sha256 or agreement/sha256; may be repeated.",
)
SET = click.option(
    "--set",
    "texts",
    multiple=True,
    type=Named("text", "FIELD=TEXT"),
    help="Put a text, such as an id, into a field of the body; may be repeated.",
)
Pairs = tuple[tuple[str, str], ...]


@click.group()
def statement() -> None:
    """Signed statements."""


@statement.command()
@click.option("--schema", "name", help="Print the JSON Schema of this type.")
@json_option
def types(name: str | None, as_json: bool) -> None:
    """List every type with who must sign it, and what may be attached (+NAME)."""
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
            "attachments": list(declared.attachments),
        }
        for declared in engine.types.values()
    ]
    lines = [
        f"{declared.name:<22} v{declared.version}  {declared.circle.value:<10} "
        f"{2 if declared.four_eyes else 1} × {'|'.join(declared.signers)}"
        f"{''.join(f'  +{name}' for name in declared.attachments)}"
        for declared in engine.types.values()
    ]
    tell(as_json, rows, "\n".join(lines))


@statement.command()
@click.argument("type")
@click.argument("body", type=FILE)
@click.option(
    "--key",
    "keys",
    required=True,
    multiple=True,
    type=FILE,
    help="Whose signature it gets now; may be repeated, one for each who signs.",
)
@click.option("--party", required=True)
@click.option(
    "--with",
    "others",
    multiple=True,
    type=KEY_ID,
    help="Key id of somebody who will co-sign; may be repeated.",
)
@ATTACH
@DIGEST
@click.option("--origin", help="The ledger; without it, that of QINGZHANG_HOME.")
@SET
@click.option("-o", "out", type=OUT, help="Write to this file, and tell the statement's id.")
@json_option
def sign(
    type: str,
    body: Path,
    keys: tuple[Path, ...],
    party: str,
    others: tuple[str, ...],
    attached: Pairs,
    digests: Pairs,
    origin: str | None,
    texts: Pairs,
    out: Path | None,
    as_json: bool,
) -> None:
    """Check a body and sign it; attachments travel with the statement, bound by salted digest."""
    stated = filled_body(body, texts, digests)
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
        attachments=attachments_of(attached),
    )
    _give(signed, out, as_json)


@statement.command()
@click.argument("type")
@click.argument("body", type=FILE)
@click.option("--party", required=True, help="Who would state it.")
@ATTACH
@DIGEST
@SET
@json_option
def rehearse(
    type: str,
    body: Path,
    party: str,
    attached: Pairs,
    digests: Pairs,
    texts: Pairs,
    as_json: bool,
) -> None:
    """Decide a body with its evidence and write nothing: every rule it would break, then exit 1."""
    stated, papers = filled_body(body, texts, digests), attachments_of(attached)
    engine, record = make_engine(), open_record(from_environment())
    declared, now = newest(engine, type), SystemClock().now()
    try:
        made = rehearsed(engine, record, declared, party, stated, now, papers)
    finally:
        record.database.dispose()
    answer = told(made)
    lines = [
        f"{f['code']}  {f['title'][language()]}  {dump(f['params'])}" for f in answer["faults"]
    ]
    tell(as_json, answer, "\n".join(lines) or _accepted(answer["order"]))
    if made.faults:
        raise Failed(REFUSED, "would-be-refused", {"faults": len(made.faults)})


@statement.command()
@click.argument("file", type=FILE)
@click.option("--key", "path", cls=Single, required=True, type=FILE, help="A missing one.")
@click.option("-o", "out", type=OUT, help="Write here instead of into FILE.")
@json_option
def cosign(file: Path, path: Path, out: Path | None, as_json: bool) -> None:
    """Add the signature that a statement names and still lacks."""
    draft, private = parse_draft(file.read_bytes()), load_private(path)
    own = key_id(public_bytes(private))
    if own in dict(draft.envelope.signatures):
        raise Failed(REFUSED, "signed-already", {"key": own, "waits": list(draft.envelope.missing)})
    _give(add_signature(draft, private), out or file, as_json)


@statement.command()
@click.argument("files", nargs=-1, required=True, type=FILE)
@click.option("--url", type=URL, help="A serving ledger; without it, the one in QINGZHANG_HOME.")
@click.option(
    "--token",
    envvar="QINGZHANG_TOKEN",
    help="A token of `session new`: shows what a confidential statement made.",
)
@json_option
def submit(files: tuple[Path, ...], url: str | None, token: str | None, as_json: bool) -> None:
    """Submit statements with their attachments, one JSON a file or NDJSON.

    Tells of each its id, entry and receipt, and what came to be with it under a name of its own.
    Exit 1 where one is not accepted.
    """
    statements = [item for path in files for item in _split(path)]
    answers, failed = [], []
    for answer in deliver_away(statements, url, token) if url else deliver(statements):
        answers.append(answer)
        if not accepted(answer):
            failed.append(answer)
        if not as_json:
            click.echo(line(answer) + (reasons(answer) if len(statements) > 1 else ""))
    if as_json:
        click.echo(dump(answers[0] if len(answers) == 1 else answers))
    if len(statements) == 1:
        need_accepted(answers[0])
    if failed:
        worst = max(failure(answer).exit_code for answer in failed)
        raise Failed(worst, "not-accepted", {"refused": len(failed), "of": len(statements)})


def _accepted(order: dict[str, Any] | None) -> str:
    """That it would be accepted, and what would become of an order: it may come to nothing."""
    if order is None:
        return "accepted"
    state = say(f"ticket.order_state.{order['state']}", language())
    return f"accepted  {order['state']} ({state})  filled {order['filled']} of {order['quantity']}"


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


def read_body(path: Path) -> dict[str, Any]:
    """The body that a file states; raises Malformed."""
    stated = parse(path.read_bytes())
    if not isinstance(stated, dict):
        raise Malformed("not-an-object", "/body")
    return stated


def filled_body(path: Path, texts: Pairs, digests: Pairs) -> dict[str, Any]:
    """The body that a file states, with texts and the digests of documents put into its fields.

    Raises Malformed naming the field, UsageError for one that is given twice, OSError.
    """
    stated = read_body(path)
    for field, text in once(texts, "--set").items():
        put(stated, field, text)
    for field, file in once(digests, "--digest").items():
        with Path(file).open("rb") as document:
            put(stated, field, hashlib.file_digest(document, "sha256").hexdigest())
    return stated


def put(stated: dict[str, Any], field: str, text: str) -> None:
    """Put a text at a field, named by its path through the objects of the body.

    Raises Malformed naming the field where something else than an object is on the way.
    """
    *above, last = field.split("/")
    place: Any = stated
    for name in above:
        place = place.setdefault(name, {})
        if not isinstance(place, dict):
            raise Malformed("not-an-object", f"/body/{field}")
    place[last] = text


def attachments_of(named: Pairs) -> dict[str, Attachment]:
    """Documents by name; raises UsageError for a name that stands twice, Malformed, OSError."""
    files = {name: Path(file) for name, file in once(named, "--attach").items()}
    return read_attachments(files, os.urandom)


def _give(signed: Submission, out: Path | None, as_json: bool) -> None:
    """Write the statement and tell what it is; without a file, print the statement itself."""
    if out is None:
        click.echo(signed.encode().decode())
        return
    out.write_bytes(signed.encode())
    tell(as_json, {"file": str(out), **described(signed)})


statement.add_command(show)
statement.add_command(attachment)
statement.add_command(listed)
