"""Following a log from the key that was once pinned to the one that signs it today, offline.

A history holds each rotation as the record has it: leaf, body, outcome, and a receipt by the
key that handed over.  A head that covers a rotation must bear the new key; so a key that has
been followed by another proves what is old, and nothing new.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ledger.log.checkpoint import parse_checkpoint
from ledger.log.errors import PolicyError
from ledger.log.note import Verifier, parse_vkey, split_note
from ledger.log.policy import Policy
from ledger.log.receipt import Verified, parse_receipt, verify_receipt
from ledger.parties.rotation import TYPE, succession
from ledger.statements.canonical import encode, parse
from ledger.statements.ed25519 import verify
from ledger.statements.envelope import parse_envelope
from ledger.statements.errors import StatementError
from ledger.writer.store import StoredEntry

FORMAT = "qingzhang.log-keys/v1"
BYTES_MAX = 4_000_000


@dataclass(frozen=True)
class KeyHistory:
    """The keys of one log from the pinned one on, each with the index that stated it."""

    keys: tuple[tuple[Verifier, int], ...]

    @property
    def newest(self) -> Verifier:
        """The key that signs now."""
        return self.keys[-1][0]

    def key_for(self, size: int) -> Verifier:
        """The key that a head of ``size`` must bear."""
        return [key for key, since in self.keys if since < size][-1]

    def verify_receipt(self, entry: bytes, text: str, policy: Policy | None = None) -> Verified:
        """Check a receipt of any age by the key that its head must bear; raises LogError."""
        size = parse_checkpoint(split_note(parse_receipt(text)[2])[0]).size
        key = self.key_for(size)
        if policy is not None:
            policy = policy.rotated([known for known, _ in self.keys], key)
        return verify_receipt(entry, text, [key], policy)


def make(rotations: Iterable[tuple[StoredEntry, str]]) -> bytes:
    """The JSON of a history, from the entries of the rotations and their receipts."""
    items = [
        {
            "leaf": entry.leaf.decode(),
            "body": parse(entry.body, max_bytes=BYTES_MAX)["body"],
            "outcome": parse(entry.outcome),
            "receipt": receipt,
        }
        for entry, receipt in rotations
    ]
    return encode({"format": FORMAT, "rotations": items})


def follow(pinned: Verifier, history: bytes | None = None) -> KeyHistory:
    """The keys from ``pinned`` on; rotations before it are passed over.

    Raises PolicyError ``log-keys-malformed`` or ``log-keys-broken``, and whatever a receipt
    that does not hold raises.
    """
    keys = [(pinned, -1)]
    for item in () if history is None else _read(history):
        new = parse_vkey(item["body"]["vkey"])
        message = succession(pinned.name, keys[-1][0].vkey, new.vkey)
        handover = item["body"].get("handover", "")
        if verify(keys[-1][0].public, message, bytes.fromhex(handover)):
            keys.append((new, _stated(item, keys[-1][0])))
        elif len(keys) > 1:
            raise PolicyError("log-keys-broken")
    return KeyHistory(tuple(keys))


def _stated(item: dict[str, Any], old: Verifier) -> int:
    """The index at which the record accepted a rotation, by a head that the old key signed."""
    leaf = item["leaf"].encode()
    verified = verify_receipt(leaf, item["receipt"], [old])
    stated = parse(leaf)
    payload = parse_envelope(stated["envelope"]).payload
    if (payload.type, payload.ledger) != (TYPE, old.name):
        raise PolicyError("log-keys-broken")
    if hashlib.sha256(encode(item["body"])).hexdigest() != payload.body_sha256:
        raise PolicyError("log-keys-broken")
    if hashlib.sha256(encode(item["outcome"])).hexdigest() != stated["outcome_sha256"]:
        raise PolicyError("log-keys-broken")
    if item["outcome"]["public"]["result"] != "accepted":
        raise PolicyError("log-keys-broken")
    return verified.index


def _read(data: bytes) -> list[dict[str, Any]]:
    try:
        value = parse(data, max_bytes=BYTES_MAX)
        items = value["rotations"]
        good = value["format"] == FORMAT and all(
            isinstance(item["leaf"], str)
            and isinstance(item["receipt"], str)
            and isinstance(item["body"]["vkey"], str)
            and isinstance(item["outcome"], dict)
            and bytes.fromhex(item["body"].get("handover", "")) is not None
            for item in items
        )
    except (StatementError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise PolicyError("log-keys-malformed") from error
    if not good:
        raise PolicyError("log-keys-malformed")
    found: list[dict[str, Any]] = items
    return found
