"""Attachments: bound by salted digest, read by no handler, erasable without breaking a proof."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ledger.statements.binary import from_text, to_text
from ledger.statements.canonical import encode, pointer
from ledger.statements.errors import Malformed

BYTES_MAX = 512_000
COUNT_MAX = 8
_NAME = re.compile(r"[a-z][a-z0-9-]{0,62}", re.ASCII)
_SALT = re.compile(r"[0-9a-f]{32}", re.ASCII)
_MEDIA = re.compile(r"[a-z]+/[a-z0-9.+-]{1,80}", re.ASCII)


@dataclass(frozen=True)
class Attachment:
    """A document or a person's particulars beside a statement."""

    name: str
    media_type: str
    salt: str
    content: bytes

    @property
    def digest(self) -> str:
        """What the body states: SHA-256 of canonical ``{media_type, name, salt, sha256}``.

        ``sha256`` is the content's own digest in hex; the salt keeps short content unguessed.
        """
        bound = {
            "name": self.name,
            "media_type": self.media_type,
            "salt": self.salt,
            "sha256": hashlib.sha256(self.content).hexdigest(),
        }
        return hashlib.sha256(encode(bound)).hexdigest()

    def wire(self) -> dict[str, str]:
        """The JSON form that travels."""
        return {
            "media_type": self.media_type,
            "salt": self.salt,
            "content": to_text(self.content),
        }

    def row(self) -> dict[str, Any]:
        """The columns that are stored."""
        return {
            "digest": self.digest,
            "media_type": self.media_type,
            "salt": self.salt,
            "content": self.content,
        }


def parse_attachments(value: Any, stated: Any) -> dict[str, Attachment]:
    """Read attachments and hold them against the digests that the body states.

    ``value`` is as for ``read_attachments``, ``stated`` is ``{name: digest}``; each stated digest
    needs its attachment.  Raises Malformed naming the attachment.
    """
    names = set(_counted(value))
    if not isinstance(stated, Mapping) or set(stated) != names:
        raise Malformed("attachments-not-stated", "/attachments")
    found = read_attachments(value)
    for name, attached in found.items():
        if attached.digest != stated[name]:
            raise Malformed("attachment-digest-differs", _place(name))
    return found


def check_documents(body: Mapping[str, Any], attachments: Mapping[str, Attachment]) -> None:
    """Hold what is attached against the digest that the body names of the same document.

    An attachment ``agreement`` is the document of ``agreement/sha256``, one ``report`` that of
    ``report_sha256``.  Raises Malformed ``attachment-other`` naming the digest's field.
    """
    for name, attached in attachments.items():
        inner, plain = body.get(name), f"{name}_sha256"
        if isinstance(inner, Mapping) and "sha256" in inner:
            stated, place = inner["sha256"], f"/body/{pointer(name)}/sha256"
        elif plain in body:
            stated, place = body[plain], f"/body/{pointer(plain)}"
        else:
            continue
        found = hashlib.sha256(attached.content).hexdigest()
        if found != stated:
            raise Malformed("attachment-other", place, sha256=found)


def read_attachments(value: Any) -> dict[str, Attachment]:
    """Attachments as they travel, ``{name: {media_type, salt, content}}``.

    Raises Malformed naming the attachment.
    """
    return {name: _read(name, item) for name, item in _counted(value).items()}


def _counted(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, Mapping) or len(value) > COUNT_MAX:
        raise Malformed("attachments", "/attachments")
    return value


def _read(name: str, item: Any) -> Attachment:
    place = _place(name)
    if not isinstance(item, Mapping) or set(item) != {"media_type", "salt", "content"}:
        raise Malformed("attachment-fields", place)
    forms = ((_NAME, name), (_MEDIA, item["media_type"]), (_SALT, item["salt"]))
    for form, text in forms:
        if not isinstance(text, str) or not form.fullmatch(text):
            raise Malformed("form", place)
    content = from_text(item["content"], f"{place}/content")
    if len(content) > BYTES_MAX:
        raise Malformed("too-large", place, limit=BYTES_MAX)
    return Attachment(name, item["media_type"], item["salt"], content)


def _place(name: str) -> str:
    return f"/attachments/{pointer(name)}"
