"""The log: its key and head, receipts, and checking both."""

from __future__ import annotations

from pathlib import Path

import click

from ledger.log.errors import LogError, PolicyError
from ledger.log.note import Verifier, split_note
from ledger.log.policy import Policy, parse_policy
from ledger.log.receipt import parse_receipt
from ledger.parties.key_history import follow
from ledger.retention.erasing import erase as erase_record
from portal.cli.delivering import accepted, deliver, failure
from portal.cli.params import URL, VKEY, Whole
from portal.cli.progress import progress_bar
from portal.cli.shared import INTEGRITY, REFUSED, Failed, json_option, tell
from portal.config import from_environment
from portal.home.opening import open_ledger, open_record
from portal.proofs.auditing import audit_home, audit_url
from portal.statements.rotating import rotate_key

FILE = click.Path(path_type=Path, dir_okay=False, exists=True)
OUT = click.Path(path_type=Path, dir_okay=False)


@click.group()
def log() -> None:
    """The public log."""


@log.command()
@json_option
def vkey(as_json: bool) -> None:
    """Print the verifier key that signs now; ``first`` is the one that genesis states."""
    record = open_record(from_environment())
    current = record.current_vkey()
    record.database.dispose()
    told = {"origin": record.origin, "vkey": current, "first": record.vkey}
    tell(as_json, told, current)


@log.command()
@click.option("-o", "out", required=True, type=OUT, help="Write the history here.")
@json_option
def keys(out: Path, as_json: bool) -> None:
    """Write how the log's keys have followed each other, for those who pinned an earlier one."""
    record = open_record(from_environment())
    with record.reading() as connection:
        out.write_bytes(record.key_history(connection))
    record.database.dispose()
    tell(as_json, {"file": str(out)})


@log.command()
@click.option("--lost", is_flag=True, help="The old key is gone: the regulator states the new one.")
@json_option
def rotate(lost: bool, as_json: bool) -> None:
    """Make a new log key and hand the log over to it on the record."""
    made = rotate_key(from_environment(), lost=lost)
    (answer,) = deliver([made.statement])
    if not accepted(answer):
        made.file.unlink()
        raise failure(answer)
    tell(as_json, {"vkey": made.vkey, "file": str(made.file), "index": answer["index"]})


@log.command()
@json_option
def checkpoint(as_json: bool) -> None:
    """Print the newest signed tree head, with cosignatures once the quorum has signed it."""
    record = open_record(from_environment())
    with record.reading() as connection:
        head = record.published(connection)
    record.database.dispose()
    tell(as_json, {"size": head.size, "root": head.root, "note": head.note}, head.note.rstrip("\n"))


@log.command()
@click.argument("index", type=Whole(0))
@click.option("-o", "out", required=True, type=click.Path(path_type=Path, file_okay=False))
@json_option
def prove(index: int, out: Path, as_json: bool) -> None:
    """Write an entry and its receipt into a folder."""
    record = open_record(from_environment())
    with record.reading() as connection:
        entry, receipt = record.entry(connection, index), record.receipt(connection, index)
    record.database.dispose()
    if entry is None or receipt is None:
        raise Failed(REFUSED, "entry-unknown", {"index": index})
    out.mkdir(parents=True, exist_ok=True)
    leaf, proof = out / f"entry-{index}.json", out / f"entry-{index}.tlog-proof"
    leaf.write_bytes(entry.leaf)
    proof.write_text(receipt, "utf-8")
    tell(as_json, {"entry": str(leaf), "proof": str(proof)})


@log.command()
@click.argument("entry", type=FILE)
@click.argument("proof", type=FILE)
@click.option("--vkey", "key", type=VKEY, help="The pinned key; else the policy's for this log.")
@click.option("--keys", "history", type=FILE, help="How the log's keys followed each other.")
@click.option("--policy", "trusted", type=FILE, help="Witnesses of which a quorum must agree.")
@json_option
def verify(
    entry: Path,
    proof: Path,
    key: Verifier | None,
    history: Path | None,
    trusted: Path | None,
    as_json: bool,
) -> None:
    """Check a receipt offline; exit 3 where it does not hold, or misses the policy's quorum."""
    if key is None and trusted is None:
        raise click.UsageError("--vkey or --policy is needed")
    try:
        text = proof.read_bytes().decode()
    except UnicodeDecodeError as error:
        raise Failed(INTEGRITY, "receipt-header") from error
    policy = read_policy(trusted) if trusted else None
    pinned = key if key is not None else log_of(policy, text)
    followed = follow(pinned, history.read_bytes() if history else None)
    good = followed.verify_receipt(entry.read_bytes(), text, policy)
    told = {"index": good.index, "size": good.size, "root": good.root.hex()}
    tell(as_json, {**told, "signers": list(good.signers)})


def read_policy(path: Path) -> Policy:
    """A policy file; a malformed one is refused before anything is checked."""
    try:
        return parse_policy(path.read_bytes().decode("utf-8"))
    except LogError as error:
        raise Failed(REFUSED, error.code, {"file": str(path)}) from error
    except UnicodeDecodeError as error:
        raise Failed(REFUSED, "file-unreadable", {"file": str(path)}) from error


def log_of(policy: Policy | None, receipt: str) -> Verifier:
    """The key that a policy lists for the log that a receipt is of."""
    origin = split_note(parse_receipt(receipt)[2])[0].partition("\n")[0]
    for known in policy.logs if policy else ():
        if known.name == origin:
            return known
    raise PolicyError("policy-log-unknown")


@log.command()
@click.option("--public", is_flag=True, help="As anybody may: confidential entries stay sealed.")
@click.option("--party", help="As this party: the public part, its own entries and its own rows.")
@click.option("--url", type=URL, help="A server's public log, from its address alone.")
@click.option("--vkey", type=VKEY, help="With --url: the pinned first key of the log.")
@click.option("--state", type=OUT, help="With --url: a file that keeps the last good head.")
@json_option
def audit(
    public: bool,
    party: str | None,
    url: str | None,
    vkey: Verifier | None,
    state: Path | None,
    as_json: bool,
) -> None:
    """Replay the whole log and compare; exit 3 on a fault."""
    if sum((public, party is not None, url is not None)) > 1:
        raise click.UsageError("--public, --party and --url exclude each other")
    if url is not None and vkey is None:
        raise click.UsageError(
            "--url needs --vkey: a key that the server itself names proves nothing"
        )
    if url is None and (vkey is not None or state is not None):
        raise click.UsageError("--vkey and --state go with --url")
    with progress_bar("entries", shown=not as_json) as told:
        if url is not None:
            report = audit_url(url, "" if vkey is None else vkey.vkey, state, told)
        else:
            report = audit_home(supervisor=not public, party=party, progress=told)
    found = [{"code": fault.code, **fault.params} for fault in report.faults]
    tell(as_json, {**vars(report), "faults": found})
    if found:
        raise SystemExit(INTEGRITY)


@log.command()
@json_option
def erase(as_json: bool) -> None:
    """Erase the bodies that statements on the record have given up; nobody may serve meanwhile."""
    ledger = open_ledger(from_environment())
    ledger.writer.stop()
    try:
        with ledger.record.database.begin() as connection:
            erased = erase_record(connection, ledger.engine, ledger.record.origin)
    finally:
        ledger.close()
    tell(as_json, {"erased": erased})
