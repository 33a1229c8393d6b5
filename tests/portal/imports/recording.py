"""Imports small exports into a ledger of a test's own, and reads back what stands there."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from ledger.statements.canonical import parse
from ledger.statements.envelope import parse_envelope
from ledger.writer import store
from portal.cli import main
from portal.config import from_environment
from portal.home.opening import open_record
from tests.portal.imports.exports import write

ORIGIN = "ledger.example/imports"
Told = dict[str, Any]


def run(*words: Any, code: int = 0) -> Result:
    result = CliRunner().invoke(main, [str(word) for word in words])
    assert result.exit_code == code, (result.output, result.exception)
    return result


def told(format_name: str, path: Path, *options: str, code: int = 0) -> Told:
    """The JSON report of an import."""
    given: Told = json.loads(run("import", format_name, path, "--json", *options, code=code).stdout)
    assert given["taken"] + given["refused"] + given["left"] == given["rows"]
    return given


def put(
    folder: Path, format_name: str, rows: Iterable[Mapping[str, str]], *options: str, code: int = 0
) -> Told:
    """Write rows as an export and import it."""
    return told(format_name, write(folder, rows), *options, code=code)


def figures(given: Told) -> tuple[int, int, int, int, int]:
    """(written, already, refused by the reader, refused by the ledger, conflicts)"""
    names = ("written", "already", "refused_by_reader", "refused_by_ledger", "conflicts")
    a, b, c, d, e = (given[name] for name in names)
    return a, b, c, d, e


def entries() -> list[tuple[str, str, str, Any]]:
    """(id, type, result, body) of every public entry of the ledger that the environment names."""
    record = open_record(from_environment())
    found = []
    with record.reading() as connection:
        for entry in store.read_entries(connection, 0, record.head(connection).size):
            leaf = parse(entry.leaf)
            if "envelope" not in leaf:
                continue  # a confidential entry, which no import makes
            payload = parse_envelope(leaf["envelope"]).payload
            result = parse(entry.outcome, max_bytes=1 << 30)["public"]["result"]
            body = parse(entry.body, max_bytes=1 << 30)["body"]
            body.pop("attachments", None)  # their salts are random
            found.append((payload.id, payload.type, result, body))
    record.database.dispose()
    return found


def state(home: Path, folder: Path, party: str, kind: str, body: Told) -> None:
    """State something of an authority with both of its keys."""
    plain, signed = folder / "body.json", folder / "signed.json"
    plain.write_text(json.dumps(body))
    keys = [word for n in (1, 2) for word in ("--key", home / "keys" / f"{party}-{n}.pem")]
    run("statement", "sign", kind, plain, *keys, "--party", party, "-o", signed)
    run("statement", "submit", signed)


def set_parameter(home: Path, folder: Path, code: str, value: str) -> None:
    """A dated parameter of the regulator, in force since the beginning of the year."""
    body = {"code": code, "valid_from": "2026-01-01", "value": value, "unit": "units"}
    state(home, folder, "regulator", "parameter.set", {**body, "source": "t", "confidence": "low"})
