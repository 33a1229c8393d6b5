"""Documents and particulars beside an entry, for its author and the supervisor."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response
from sqlalchemy import select

from ledger.statements.types import Circle
from ledger.writer import tables
from portal.doors.entries import entry_of
from portal.doors.resources import NAME_MAX
from portal.proofs.disclosure import author_of
from portal.shell.answers import json_resource
from portal.shell.circles import circle
from portal.shell.current import ledger, ops
from portal.shell.operations import operation
from portal.shell.problems import Problem
from portal.shell.reader import need_reader

SALT = "Attachment-Salt"
"""The header with the salt of what is answered, as 32 of 0-9a-f."""
DOOR = Blueprint("attachments", __name__, url_prefix="/v1/entries/<text>/attachments")


@DOOR.get("")
@operation("Private", kept=True)
@circle(Circle.PARTY)
def listed(text: str) -> Response:
    """What is attached to an entry: name, digest, media type, size; erased ones by name alone."""
    return json_resource({"items": [told_of(row) for row in _attached(text)], "next": None})


@DOOR.get("/<name>")
@operation("Bytes", media="application/octet-stream", problems=(410,))
@circle(Circle.PARTY)
def content(text: str, name: str) -> Response:
    """The bytes of an attachment, always as a file to be saved: it may hold anything.

    It may be of a person, so each read is noted before it is answered; the author finds it at
    ``/v1/reads``.  With the salt, in a header, the digest that the statement states is found again.
    """
    for row in _attached(text):
        if row["name"] == name:
            if row["content"] is None:
                raise Problem(410, "attachment-erased", name=name)
            _note(row["index"], name)
            response = Response(bytes(row["content"]), mimetype=row["media_type"])
            response.headers[SALT] = row["salt"]
            response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
            return response
    raise Problem(404, "attachment-unknown", name=name[:NAME_MAX])


def _note(index: int, name: str) -> None:
    who = need_reader()
    author = author_of(entry_of(str(index)))
    ops().reads.note(
        giver=author,
        reader=who.party,
        operator=who.operator,
        key=who.key,
        consent="",
        purpose="own" if author == who.party else "supervision",
        what="attachment",
        asked=f"{index}/{name}",
        at=ops().now(),
    )


def _attached(text: str) -> list[dict[str, Any]]:
    """The attachments of an entry; raises Problem 404 where the reader may not see them."""
    entry, who = entry_of(text), need_reader()
    if not who.supervisor and author_of(entry) != who.party:
        raise Problem(404, "entry-unknown", index=text)
    table = tables.attachment
    query = select(table).where(table.c.index == entry.index).order_by(table.c.name)
    with ledger().record.reading() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]


def told_of(row: dict[str, Any]) -> dict[str, Any]:
    """What a list says of an attachment; of an erased one neither type nor size."""
    told = {"name": row["name"], "digest": row["digest"], "erased": row["content"] is None}
    if row["content"] is None:
        return told
    return {**told, "media_type": row["media_type"], "bytes": len(row["content"])}
