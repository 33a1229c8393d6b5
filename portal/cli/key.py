"""Keys: made here, kept by their owner."""

from __future__ import annotations

from pathlib import Path

import click

from ledger.statements.ed25519 import key_id, new_key, public_bytes, save_private
from portal.cli.shared import json_option, tell


@click.group()
def key() -> None:
    """Ed25519 keys."""


@key.command()
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False))
@json_option
def new(out: Path, as_json: bool) -> None:
    """Make a key: PKCS#8 PEM, mode 0600; a file that exists is never overwritten."""
    if not out.parent.is_dir():
        raise click.UsageError(f"no such folder: {out.parent}")
    made = new_key()
    save_private(made, out)
    public = public_bytes(made)
    tell(as_json, {"file": str(out), "key": key_id(public), "public": public.hex()})
