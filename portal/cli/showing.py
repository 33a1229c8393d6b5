"""What a file or an entry is: who stated what, with which answer, and what is attached to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import click

from ledger.statements.attachments import Attachment
from ledger.statements.envelope import Payload, Submission, parse_draft
from ledger.statements.instants import format_instant
from portal.cli.params import URL, Single
from portal.cli.places import Place, place_at
from portal.cli.remote import FILE
from portal.cli.shared import INTEGRITY, REFUSED, Failed, dump, explained, json_option, tell
from portal.house import make_engine
from portal.statements.made import made, payload_of

OUT = click.Path(path_type=Path, dir_okay=False)


def read_from(command: Callable[..., Any]) -> Callable[..., Any]:
    """``--url`` and who asks; without a URL the record of QINGZHANG_HOME is read."""
    for option in (
        click.option("--party", help="Whose key it is; at home, whose statements."),
        click.option("--key", "path", cls=Single, type=FILE, help="Sign in with this one key."),
        click.option("--token", envvar="QINGZHANG_TOKEN", help="A token of `session new`."),
        click.option("--url", type=URL, help="A serving ledger; without it, QINGZHANG_HOME's."),
    ):
        command = option(command)
    return command


@click.command()
@click.argument("ref", metavar="FILE|ID|INDEX")
@read_from
@json_option
def show(
    ref: str,
    url: str | None,
    token: str | None,
    path: Path | None,
    party: str | None,
    as_json: bool,
) -> None:
    """Show what a signed FILE says, or what the entry of a statement's ID or at an INDEX is.

    Of a confidential entry a server shows its author all, those concerned their parts, others the
    digests.
    """
    if Path(ref).is_file():
        draft = parse_draft(Path(ref).read_bytes())
        tell(as_json, {"file": ref, **described(draft), "body": draft.body})
        return
    with place_at(url, token, party, path) as place:
        told = _entry(place, _index(place, ref))
    tell(as_json, told, "\n".join(_lines(told)))


@click.command()
@click.argument("ref", metavar="FILE|ID|INDEX")
@click.argument("name", required=False)
@click.option("-o", "out", type=OUT, help="Write the attachment NAME here.")
@read_from
@json_option
def attachment(
    ref: str,
    name: str | None,
    out: Path | None,
    url: str | None,
    token: str | None,
    path: Path | None,
    party: str | None,
    as_json: bool,
) -> None:
    """List what is attached to a FILE or an entry, or read the attachment NAME back.

    What is read is held against the salted digest that the statement states: exit 3, and nothing
    is written, where it is another.
    """
    if (name is None) != (out is None):
        raise click.UsageError("NAME and -o go together")
    if Path(ref).is_file():
        draft = parse_draft(Path(ref).read_bytes())  # each digest is checked as it is read
        items = [_about(item) for item in draft.attachments.values()]
        found = None if name is None else draft.attachments.get(name)
        stated, place = dict(draft.body.get("attachments", {})), ref
    else:
        with place_at(url, token, party, path) as source:
            index = _index(source, ref)
            items = source.attached(index)
            found = None if name is None else source.attachment(index, name)
            stated = source.view(index).get("body", {}).get("attachments", {})
            place = str(index)
    if name is None:
        lines = [_line(item) for item in items]
        tell(as_json, items, "\n".join(lines) or "none")
        return
    if found is None:
        raise Failed(REFUSED, "attached-unknown", {"ref": place, "name": name})
    if found.digest != stated.get(name):
        raise Failed(INTEGRITY, "attachment-digest-differs", {"ref": place, "name": name})
    assert out is not None
    with out.open("xb") as file:
        file.write(found.content)
    tell(as_json, {"file": str(out), **_about(found), "checked": True})


@click.command("list")
@click.option("--state", type=click.Choice(["accepted", "refused"]), help="Only these.")
@read_from
@json_option
def listed(
    state: str | None,
    url: str | None,
    token: str | None,
    path: Path | None,
    party: str | None,
    as_json: bool,
) -> None:
    """List a party's statements, oldest first: entry, id, type, time and answer."""
    if url is None and party is None:
        raise click.UsageError("--party is needed, or --url with a token or key")
    with place_at(url, token, party, path) as place:
        rows = [row for row in place.statements(party) if state in (None, row["state"])]
    lines = [
        f"{row['index']:>7}  {row['id']}  {row['at']}  {row['type']:<22}  {row['state']}"
        f"{'  ' + row['answer']['code'] if 'code' in row['answer'] else ''}"
        for row in rows
    ]
    tell(as_json, rows, "\n".join(lines) or "none")


def described(draft: Submission) -> dict[str, Any]:
    """What a signed or half-signed statement is: its id above all, and who has still to sign."""
    envelope = draft.envelope
    return {
        **_named(envelope.payload),
        "payload_sha256": envelope.payload_sha256,
        "signed": [key for key, _ in envelope.signatures],
        "missing": list(envelope.missing),
        "attachments": [_about(item) for item in draft.attachments.values()],
    }


def _named(payload: Payload) -> dict[str, Any]:
    return {
        "id": payload.id,
        "type": payload.type,
        "version": payload.version,
        "party": payload.party,
        "ledger": payload.ledger,
        "issued_at": format_instant(payload.issued_at),
        "expires_at": format_instant(payload.expires_at),
        "keys": list(payload.keys),
    }


def _about(item: Attachment) -> dict[str, Any]:
    size = len(item.content)
    return {
        "name": item.name,
        "digest": item.digest,
        "media_type": item.media_type,
        "bytes": size,
    }


def _line(item: Mapping[str, Any]) -> str:
    if item.get("erased"):
        return f"{item['name']}  erased  {item['digest']}"
    return f"{item['name']}  {item['media_type']}  {item['bytes']}  {item['digest']}"


def _index(place: Place, ref: str) -> int:
    return int(ref) if ref.isascii() and ref.isdecimal() and len(ref) < 17 else place.index_of(ref)


def _entry(place: Place, index: int) -> dict[str, Any]:
    view = place.view(index)
    payload = payload_of(view)
    told: dict[str, Any] = {"index": view["index"], "at": view["leaf"]["at"]}
    if payload is not None:
        told |= _named(payload)
    told["receipt"] = place.receipt(index)
    answer = view.get("answer") or view["outcome"]["public"]
    told |= {name: answer[name] for name in ("result", "code", "params") if name in answer}
    told["made"] = made(view, make_engine().kinds)
    if "body" in view:
        told["attachments"] = view["body"].get("attachments", {})
        told["body"] = view["body"]
    return told


def _lines(told: Mapping[str, Any]) -> list[str]:
    """Each member, and below a refusal what it means."""
    lines = []
    for name, value in told.items():
        lines.append(f"{name}: {value if isinstance(value, str | int) else dump(value)}")
        if name == "code":
            lines += [f"  {words}" for words in explained(value, told.get("params", {}))]
    return lines
