"""Keys: made here, kept by their owner."""

from __future__ import annotations

from pathlib import Path

import click

from ledger.parties.handlers import possession
from ledger.statements.ed25519 import key_id, load_private, new_key, public_bytes, save_private
from portal.cli.shared import json_option, tell


@click.group()
def key() -> None:
    """Ed25519 keys."""


@key.command()
@click.option("-o", "--out", required=True, type=click.Path(path_type=Path, dir_okay=False))
@json_option
def new(out: Path, as_json: bool) -> None:
    """Make a key: PKCS#8 PEM, mode 0600; a file that exists is never overwritten."""
    if not out.parent.is_dir():
        raise click.UsageError(f"no such folder: {out.parent}")
    made = new_key()
    save_private(made, out)
    public = public_bytes(made)
    tell(as_json, {"file": str(out), "key": key_id(public), "public": public.hex()})


@key.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@json_option
def show(file: Path, as_json: bool) -> None:
    """Show the id and the public half of FILE's key: the id is what --with asks for."""
    public = public_bytes(load_private(file))
    tell(as_json, {"file": str(file), "key": key_id(public), "public": public.hex()})


@key.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--party", required=True, help="Whose key it becomes.")
@click.option("--operator", required=True, help="Who of the party holds it.")
@click.option("--origin", required=True, help="The ledger that it is for.")
@json_option
def prove(file: Path, party: str, operator: str, origin: str, as_json: bool) -> None:
    """Prove that FILE's key is held: what an admission or a registration of it asks for."""
    private = load_private(file)
    public = public_bytes(private).hex()
    proof = private.sign(possession(origin, party, operator, public)).hex()
    tell(as_json, {"operator": operator, "public": public, "proof": proof})
