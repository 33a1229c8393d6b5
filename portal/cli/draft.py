"""Drafts on a serving ledger: statements that wait for a second signature."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import click
import orjson

from ledger.statements.binary import to_text
from ledger.statements.ed25519 import key_id, load_private, public_bytes
from ledger.statements.envelope import cosign as add_signature
from ledger.statements.envelope import parse_draft
from ledger.writer.errors import IntegrityFault
from portal.cli.delivering import line, named, need_accepted, read_back
from portal.cli.params import URL, Single
from portal.cli.places import away
from portal.cli.remote import FILE, signed_in
from portal.cli.shared import REFUSED, Failed, dump, json_option, tell
from portal.cli.showing import described


@click.group()
def draft() -> None:
    """Statements that wait for a second signature, on a serving ledger."""


def reached(command: Callable[..., Any]) -> Callable[..., Any]:
    """``--url``, and who asks: a token, or a key that signs in for this one command."""
    for option in (
        click.option("--party", help="Whose key it is."),
        click.option("--key", "path", cls=Single, type=FILE, help="Sign in with this one key."),
        click.option("--token", envvar="QINGZHANG_TOKEN", help="A token of `session new`."),
        click.option("--url", required=True, type=URL, help="The serving ledger."),
    ):
        command = option(command)
    return command


@draft.command("list")
@reached
@click.option("--for", "whose", type=click.Choice(["me", "all"]), default="me", show_default=True)
@json_option
def listed(
    url: str,
    token: str | None,
    path: Path | None,
    party: str | None,
    whose: str,
    as_json: bool,
) -> None:
    """List the drafts that wait for one's own signature, or all of the party."""
    with signed_in(url, token, party, path) as server:
        items = server.ask("GET", f"/v1/drafts?for={whose}")["items"]
    tell(as_json, items, "\n".join(map(_line, items)))


def _line(item: dict[str, Any]) -> str:
    """A draft on one line: who made it, who checked it, and which role has still to sign."""
    made = _who(item["made_by"])
    checked = "+".join(map(_who, item["checked_by"])) or "-"
    role = item["waits_for_role"] or ("signature" if item["missing"] else "-")
    waits = role if item["state"] == "waiting" and not item["void"] else "-"
    entry = f"  entry {item['index']}" if "index" in item else ""
    answer = item.get("answer", {})
    state = answer["result"] if answer.get("result") == "refused" else item["state"]
    state = "void" if item["void"] else state
    why = answer.get("code") or item.get("reason")
    return (
        f"{item['id']}  {state:<10} {item['expires_at']}  {item['type']:<22}"
        f"  made {made}  checked {checked}  waits for {waits}{entry}{f'  {why}' if why else ''}"
    )


def _who(person: dict[str, Any]) -> str:
    return str(person["operator"] or person["key"][:12])


@draft.command()
@click.argument("file", type=FILE)
@reached
@json_option
def put(
    file: Path, url: str, token: str | None, path: Path | None, party: str | None, as_json: bool
) -> None:
    """Leave the half-signed statement of FILE for those whose signature it lacks."""
    with signed_in(url, token, party, path) as server:
        told = server.ask("POST", "/v1/drafts", file.read_bytes().strip())
    tell(as_json, {name: told[name] for name in ("id", "state", "type", "missing", "expires_at")})


@draft.command()
@click.argument("id")
@reached
@click.option("--yes", is_flag=True, help="Do not show the words and ask.")
@json_option
def cosign(
    id: str,
    url: str,
    token: str | None,
    path: Path | None,
    party: str | None,
    yes: bool,
    as_json: bool,
) -> None:
    """Read a draft, sign it with --key and, if nothing else is missing, submit it."""
    if path is None:
        raise click.UsageError("--key is needed to sign")
    key = load_private(path)
    place = f"/v1/drafts/{quote(id, safe='')}"
    with signed_in(url, token, party, path) as server:
        told = server.ask("GET", place)
        # What is signed is what was received and shown, whatever the answer says about it.
        read = parse_draft(orjson.dumps(told["submission"]))
        payload = read.envelope.payload
        if payload.id != id:
            raise IntegrityFault("draft-differs", asked=id, got=payload.id)
        if key_id(public_bytes(key)) == told["author"]:
            waits = {"key": told["author"], "waits": told["missing"]}
            raise Failed(REFUSED, "draft-signed-by-maker", waits)
        if not yes:
            shown = {"type": payload.type, "party": payload.party, "body": read.body}
            if read.attachments:
                shown["attachments"] = described(read)["attachments"]
            click.echo(dump(shown), err=True)
            click.confirm("Sign?", abort=True, err=True)
        signed = dict(add_signature(read, key).envelope.signatures)
        own = signed[key_id(public_bytes(key))]
        body = orjson.dumps({"signature": to_text(own)})
        answer = server.ask("POST", f"{place}/signatures", body)
        if "index" not in answer:
            tell(as_json, {name: answer[name] for name in ("id", "state", "type", "missing")})
            return
        entered = read_back({**named(payload), "status": "accepted", **answer}, away(server))
    tell(as_json, entered, line(entered))
    need_accepted(entered)


@draft.command()
@click.argument("id")
@click.option("--reason", required=True)
@reached
@json_option
def reject(
    id: str,
    reason: str,
    url: str,
    token: str | None,
    path: Path | None,
    party: str | None,
    as_json: bool,
) -> None:
    """Refuse to sign a draft; its author reads the reason."""
    place = f"/v1/drafts/{quote(id, safe='')}/rejection"
    with signed_in(url, token, party, path) as server:
        told = server.ask("POST", place, orjson.dumps({"reason": reason}))
    tell(as_json, {name: told[name] for name in ("id", "state", "reason")})


@draft.command()
@click.argument("id")
@reached
@json_option
def withdraw(
    id: str, url: str, token: str | None, path: Path | None, party: str | None, as_json: bool
) -> None:
    """Take back a draft of one's own."""
    with signed_in(url, token, party, path) as server:
        told = server.ask("DELETE", f"/v1/drafts/{quote(id, safe='')}")
    tell(as_json, {name: told[name] for name in ("id", "state")})
