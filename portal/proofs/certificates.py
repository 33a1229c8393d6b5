"""Certificates of retirement as they are handed out: alone, and with all that checks them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

from sqlalchemy import Connection

from ledger.credits import certificate
from ledger.credits.models import RETIREMENT
from ledger.writer.store import Rows
from portal.home.record import Record, signers
from portal.shell.texts import LANGUAGES, catalogue

NAME_MAX = 120
EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The time that every file of a bundle bears, so that one certificate is one file of bytes."""


def make(record: Record, connection: Connection, name: str) -> tuple[int, bytes] | None:
    """Index and certificate of a retirement against the newest head, or None."""
    if len(name) > NAME_MAX or "\x00" in name:
        return None
    row = Rows(connection).row(RETIREMENT, (name,))
    if row is None:
        return None
    index: int = row["index"]
    entry, receipt = record.entry(connection, index), record.receipt(connection, index)
    if entry is None or receipt is None:
        return None
    return index, certificate.make(name, entry.outcome, entry.leaf, receipt)


def bundle(record: Record, connection: Connection, name: str) -> Mapping[str, bytes] | None:
    """The files that prove a retirement offline, or None: certificate, entry, receipt, keys."""
    made = make(record, connection, name)
    if made is None:
        return None
    index, text = made
    entry, receipt = record.entry(connection, index), record.receipt(connection, index)
    if entry is None or receipt is None:
        return None
    vkey = signers(connection, record.origin)[0]
    words = "\n".join(catalogue(language)["certificate.readme"] for language in LANGUAGES)
    for place, value in (("{index}", str(index)), ("{vkey}", vkey)):
        words = words.replace(place, value)
    return {
        "README.txt": words.encode(),
        "certificate.json": text,
        f"entry-{index}.json": entry.leaf,
        f"entry-{index}.tlog-proof": receipt.encode(),
        "log-keys.json": record.key_history(connection),
        "vkey.txt": f"{vkey}\n".encode(),
    }


def packed(files: Mapping[str, bytes]) -> bytes:
    """The files as one zip archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name, EARLIEST), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()
