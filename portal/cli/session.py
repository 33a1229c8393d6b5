"""Sessions of a serving ledger: sign in with a key, see who one is, sign out."""

from __future__ import annotations

from pathlib import Path

import click

from portal.cli.params import URL, Single
from portal.cli.remote import FILE, Remote, sign_in
from portal.cli.shared import json_option, tell


@click.group()
def session() -> None:
    """Sessions: reading what is yours from a serving ledger."""


@session.command()
@click.option("--url", required=True, type=URL, help="The serving ledger.")
@click.option("--key", "path", cls=Single, required=True, type=FILE)
@click.option("--party", required=True)
@json_option
def new(url: str, path: Path, party: str, as_json: bool) -> None:
    """Sign in with a key and print a token, for the header Authorization: Bearer TOKEN."""
    made = sign_in(url.rstrip("/"), party, path)
    tell(as_json, made, str(made["token"]))


@session.command()
@click.option("--url", required=True, type=URL, help="The serving ledger.")
@click.option("--token", required=True, envvar="QINGZHANG_TOKEN")
@json_option
def show(url: str, token: str, as_json: bool) -> None:
    """Say whose session a token is, and until when."""
    tell(as_json, Remote(url.rstrip("/"), token).ask("GET", "/v1/sessions"))


@session.command()
@click.option("--url", required=True, type=URL, help="The serving ledger.")
@click.option("--token", required=True, envvar="QINGZHANG_TOKEN")
@click.option("--every", is_flag=True, help="End every session of the same key.")
@json_option
def end(url: str, token: str, every: bool, as_json: bool) -> None:
    """Sign out."""
    path = f"/v1/sessions?every={'true' if every else 'false'}"
    tell(as_json, Remote(url.rstrip("/"), token).ask("DELETE", path))
