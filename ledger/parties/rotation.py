"""``log.rotate``: another key signs the log from here on.

The operator rotates with the old log key's own signature over the new one; then both sign for
``log-key-overlap-days``, and whoever pinned any earlier key can follow.  Where the old key is
lost or no longer trusted, two people of the regulator state the new one without it: the old
key stops at once, and those who pinned it must be told by other means.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema

from ledger.log.errors import NoteError
from ledger.log.note import ED25519, Verifier, parse_vkey
from ledger.parties.models import PARTY
from ledger.parties.parameters import whole
from ledger.statements import fields
from ledger.statements.ed25519 import check_public_key, verify
from ledger.statements.types import Circle, StatementType
from ledger.writer.context import Context, people
from ledger.writer.errors import Refusal
from ledger.writer.log_keys import LOG_KEY

OVERLAP_DAYS = "log-key-overlap-days"
DAY_MS = 86_400_000
TYPE = "log.rotate"


class Rotation(Schema):
    """A new log key, signed by itself and, unless it is lost, by the one that it follows."""

    vkey = fields.Text(max_length=200, required=True)
    proof = fields.Hex(64, required=True)
    handover = fields.Hex(64)


def succession(origin: str, old: str, new: str) -> bytes:
    """What both keys sign: that ``new`` follows ``old`` (verifier keys) in the log ``origin``."""
    return f"qingzhang/log-key/v1\n{origin}\n{old}\n{new}".encode()


def first_key(context: Context, origin: str, vkey: str) -> None:
    """The key that genesis states."""
    context.put(LOG_KEY, {"vkey": vkey, "origin": origin, "since": context.index, "until_at": None})


def rotate(context: Context, body: Mapping[str, Any]) -> None:
    """Hand the log over to a new key.

    Raises Refusal ``log-key-malformed``, ``log-key-used``, ``log-key-not-proved``,
    ``log-key-not-handed-over`` or ``four-eyes``.
    """
    origin = context.origin
    new = _verifier(origin, body["vkey"])
    if context.get(LOG_KEY, new.vkey) is not None:
        raise Refusal("log-key-used", field="vkey")
    keys = context.members(LOG_KEY, "origin", origin)
    newest = max(keys, key=lambda row: int(row["since"]))
    old = _verifier(origin, newest["vkey"])
    message = succession(origin, old.vkey, new.vkey)
    if not verify(new.public, message, bytes.fromhex(body["proof"])):
        raise Refusal("log-key-not-proved", field="proof")
    if "handover" in body:
        if not verify(old.public, message, bytes.fromhex(body["handover"])):
            raise Refusal("log-key-not-handed-over", field="handover")
        # The head that covers this entry is signed by both, or nobody could follow.
        until_at = context.at + max(1, whole(context, OVERLAP_DAYS) * DAY_MS)
    else:
        if "regulator" not in context.need(PARTY, context.party)["roles"]:
            raise Refusal("log-key-not-handed-over", field="handover")
        if len(people(context.signers)) < 2:
            raise Refusal("four-eyes", persons=1, needed=2)
        until_at = context.at
    context.put(LOG_KEY, {**newest, "until_at": until_at})
    first_key(context, origin, new.vkey)


def _verifier(origin: str, text: str) -> Verifier:
    try:
        verifier = parse_vkey(text)
        if verifier.algorithm != ED25519 or (verifier.name, verifier.vkey) != (origin, text):
            raise Refusal("log-key-malformed", field="vkey")
        check_public_key(verifier.public)
    except (NoteError, ValueError) as error:
        raise Refusal("log-key-malformed", field="vkey") from error
    return verifier


STATEMENTS = (
    StatementType(
        TYPE,
        1,
        Circle.PUBLIC,
        Rotation,
        rotate,
        ("operator", "regulator"),
        False,
        "permanent",
        terms=(OVERLAP_DAYS,),
    ),
)
