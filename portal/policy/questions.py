"""Questions about incentives as readers send them: their shape, and the answers with reasons.

Who may ask is the doors' business; here a question is put and what refuses it is a typed fault.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from typing import Any

from marshmallow import Schema
from sqlalchemy import Connection

from incentives.comparing import compare
from incentives.onrecord import declaring
from incentives.onrecord.leaves import answer_digest
from incentives.rules.declared import Declared
from incentives.telling import answer_in, beside_in, tell
from ledger.parties.parameters import business_date
from ledger.statements import fields
from ledger.statements.canonical import INTEGER_MAX
from ledger.statements.checker import Check, compile_schema
from ledger.statements.errors import Malformed
from ledger.writer.errors import Refusal
from ledger.writer.kinds import Row
from ledger.writer.store import Head

PARTIES_MAX = 100
RULE_CHARACTERS = 63
_PARTY_OR_CODE = re.compile(r"[a-z0-9][a-z0-9.-]{1,62}|[0-9A-Z]{18}", re.ASCII)


class PartyOrCode(fields.Pattern):
    """A party by its id or by its unified social credit code."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(_PARTY_OR_CODE, "not-a-party-id", **kwargs)


class Side(Schema):
    """A day of the law, and a log size up to which the record is known."""

    on = fields.Date()
    known_at = fields.Whole(1, INTEGER_MAX)


class Question(Side):
    """One party or several, of a rule or of all; without times of today and of all that is known.

    A party is named by its id or by its unified social credit code.

    ``declared`` beside these is an object: by input, by ``RULE.INPUT``, or by rule an object by
    input.
    """

    party = PartyOrCode()
    parties = fields.ListOf(PartyOrCode(), min_items=1, max_items=PARTIES_MAX)
    rule = fields.Text(max_length=RULE_CHARACTERS)
    explain = fields.Flag()


class Comparison(Schema):
    """One party's answers at two sides; ``declared`` beside these as in a question."""

    party = PartyOrCode(required=True)
    rule = fields.Text(max_length=RULE_CHARACTERS)
    before = fields.Nested(Side, required=True)
    after = fields.Nested(Side, required=True)


@dataclass(frozen=True)
class Asking:
    """What is asked, without of whom."""

    on: date
    known_at: int
    rule: str | None = None
    explain: bool = False
    declared: Declared = field(default_factory=dict)

    def of(self, connection: Connection, party: str) -> dict[str, Any]:
        """The answers to one party, with what is told ``beside``; raises as `tell` does."""
        return tell(
            connection,
            party,
            self.on,
            self.known_at,
            self.rule,
            explain=self.explain,
            declared=self.declared,
        )

    def without(self) -> Asking:
        """The same question with nothing declared."""
        return replace(self, declared={})

    def told(self) -> str:
        """The question in a few words, for the list of reads."""
        return f"on={self.on.isoformat()} known_at={self.known_at} rule={self.rule or '*'}"


@cache
def _checker(schema: type[Schema]) -> Check:
    return compile_schema(schema)


def checked(schema: type[Schema], body: object) -> tuple[dict[str, Any], Declared]:
    """A body that has the shape of a schema, and what is declared beside it; raises Malformed."""
    if not isinstance(body, dict):
        raise Malformed("not-an-object", "")
    rest = {name: value for name, value in body.items() if name != "declared"}
    declared = body.get("declared", {})
    if not isinstance(declared, Mapping):
        raise Malformed("not-an-object", "/declared")
    _checker(schema)(rest, "")
    return rest, declared


def sided(side: Mapping[str, Any], head: Head, **more: Any) -> Asking:
    """A question at a side; without a day of the newest entry's, without a size at the head.

    Raises Refusal ``size-beyond-head``.
    """
    on, size = side.get("on", business_date(head.at)), side.get("known_at", head.size)
    if size > head.size:
        raise Refusal("size-beyond-head", size=head.size, asked=size)
    return Asking(date.fromisoformat(on), size, **more)


def retold(connection: Connection, stated: Row) -> dict[str, Any] | None:
    """A recorded answer worked out again, and what is told ``beside`` it; None for other bytes."""
    declared = declaring.read(stated["declared"])
    on, size = date.fromisoformat(stated["as_of"]), stated["known_at"]
    asking = Asking(on, size, stated["rule"], explain=True, declared=declared)
    found = asking.of(connection, stated["subject"])
    answer = answer_in(found)
    if answer_digest(answer) != stated["answer_sha256"]:
        return None
    return {"told": answer, "beside": beside_in(found)}


def changed_since(connection: Connection, stated: Row, head: Head) -> dict[str, Any] | None:
    """Why a recorded answer is another one by what is known now; None where it is the same.

    The day of the law stays that of the answer: what was recorded is asked again, as a review does.
    """
    declared = declaring.read(stated["declared"])
    on = date.fromisoformat(stated["as_of"])
    then = Asking(on, stated["known_at"], stated["rule"], declared=declared)
    found: dict[str, Any] = compare(
        then.of(connection, stated["subject"]),
        replace(then, known_at=head.size).of(connection, stated["subject"]),
    )
    return next((r for r in found["rules"] if r["causes"] or r["changed"]), None)


def why(connection: Connection, party: str, before: Asking, after: Asking) -> dict[str, Any]:
    """Why the answers at two sides differ."""
    return compare(before.of(connection, party), after.of(connection, party))
