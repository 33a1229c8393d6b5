"""Rotating the log's key: the new key, its file, and the statement that hands over."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from ledger.log.note import Verifier
from ledger.parties.rotation import TYPE, succession
from ledger.statements.ed25519 import load_private, new_key, public_bytes, save_private
from ledger.writer.clock import Clock, SystemClock
from ledger.writer.errors import Unavailable
from portal.config import Settings
from portal.home.keyring import Keyring, file_name
from portal.home.opening import open_record
from portal.house import make_engine
from portal.statements.signing import compose

SIGNERS = {False: ("operator", ("operator",)), True: ("regulator", ("regulator-1", "regulator-2"))}


@dataclass(frozen=True)
class NewLogKey:
    """A key in the home's folder, and the signed statement that is yet to be submitted."""

    vkey: str
    file: Path
    statement: bytes


def rotate_key(settings: Settings, *, lost: bool = False, clock: Clock | None = None) -> NewLogKey:
    """Make and save a new key, and sign its rotation with the keys of this home.

    Where the old key is ``lost``, two people of the regulator sign in its place.
    Raises Unavailable where the ledger, the old key or a signer's key is missing, UnsafeKey for
    a key file that others may read.
    """
    record = open_record(settings)
    old = record.current_vkey()
    origin = record.origin
    record.database.dispose()
    party, names = SIGNERS[lost]
    files = [settings.keys / f"{name}.pem" for name in names]
    for path in files:
        if not path.exists():
            raise Unavailable("signer-key-missing", retry=False, file=path.name)
    keys = [load_private(path) for path in files]
    new = new_key()
    vkey = Verifier(origin, public_bytes(new)).vkey
    message = succession(origin, old, vkey)
    body = {"vkey": vkey, "proof": new.sign(message).hex()}
    if not lost:
        body["handover"] = Keyring(origin, settings.keys).key(old).sign(message).hex()
    signed = compose(
        make_engine(),
        origin,
        TYPE,
        party,
        body,
        keys,
        now=(clock or SystemClock()).now(),
        entropy=os.urandom,
    )
    file = settings.keys / file_name(vkey)
    save_private(new, file)
    return NewLogKey(vkey, file, signed.encode())
