"""The mirror registrar's voice: acts become signed statements with attachments of their own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.mirrors.room import MIRROR
from ledger.parties.models import KEY, PARTY
from ledger.statements import attachments
from ledger.statements.attachments import Attachment
from ledger.statements.canonical import BYTES_MAX
from ledger.statements.ed25519 import key_id, load_private, public_bytes
from ledger.statements.envelope import Submission
from ledger.statements.errors import Malformed
from ledger.writer.clock import Clock
from ledger.writer.engine import Engine
from ledger.writer.errors import NotAuthenticated, Refusal, Unavailable
from ledger.writer.store import Rows
from portal.home.record import Record
from portal.imports.plan import Act
from portal.statements.signing import SALT_BYTES, compose

TEXT = "text/plain"


@dataclass(frozen=True)
class Author:
    """Signs acts for ``party`` with ``keys``, in the words of ``engine``."""

    engine: Engine
    origin: str
    party: str
    keys: Sequence[Ed25519PrivateKey]
    clock: Clock
    entropy: Callable[[int], bytes]

    def sign(self, act: Act, occurrence: int) -> Submission:
        """The statement of an act; raises Malformed naming the field that no statement takes.

        The salts are random and not derived from a key: an attachment that was erased cannot be
        guessed again by whoever holds one.
        """
        attached = {
            name: Attachment(name, TEXT, self.entropy(SALT_BYTES).hex(), text.encode())
            for name, text in act.attached.items()
        }
        for name, item in attached.items():
            if len(item.content) > attachments.BYTES_MAX:
                raise Malformed("too-large", f"/attachments/{name}", limit=attachments.BYTES_MAX)
        signed = compose(
            self.engine,
            self.origin,
            act.type,
            self.party,
            act.body,
            self.keys,
            now=self.clock.now(),
            entropy=self.entropy,
            id=act.id(occurrence),
            attachments=attached,
        )
        if len(signed.body_bytes) > BYTES_MAX:
            raise Malformed("too-large", "/body", limit=BYTES_MAX)
        return signed


def author_of(
    engine: Engine,
    record: Record,
    files: Sequence[Path],
    clock: Clock,
    entropy: Callable[[int], bytes],
    roles: Sequence[str] = MIRROR,
) -> Author:
    """Load the keys and see that their party has one of the roles, before anything is stated.

    Raises Unavailable ``signer-key-missing``, UnsafeKey, NotAuthenticated ``key-unknown`` or
    ``key-revoked``, Refusal ``party-suspended`` or ``role-not-allowed``.
    """
    for path in files:
        if not path.exists():
            raise Unavailable("signer-key-missing", retry=False, file=path.name)
    keys = [load_private(path) for path in files]
    parties = set()
    with record.reading() as connection:
        rows = Rows(connection)
        for key in (key_id(public_bytes(private)) for private in keys):
            known = rows.row(KEY, (key,))
            if known is None:
                raise NotAuthenticated("key-unknown", key=key)
            if known["until"] is not None:
                raise NotAuthenticated("key-revoked", key=key, index=known["until"])
            parties.add(known["party"])
        party = rows.row(PARTY, (min(parties),))
    if party is None or len(parties) > 1:
        raise NotAuthenticated("key-unknown", parties=sorted(parties))
    if party["status"] != "active":
        raise Refusal("party-suspended", party=party["party"])
    if not set(roles) & set(party["roles"]):
        raise Refusal("role-not-allowed", roles=party["roles"], needed=list(roles))
    return Author(engine, record.origin, party["party"], keys, clock, entropy)
