"""Staff of regulator, registrar, exchange and verifiers, who may not trade (Order 31, Art. 37)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ledger.parties.models import KEY, PERSON
from ledger.parties.people_models import AUTHORISED
from ledger.writer.context import Context, people
from ledger.writer.errors import Refusal

Body = Mapping[str, Any]


def refuse_staff(context: Context) -> None:
    """Refuse signers who are staff of an authority or a verifier."""
    for person in sorted(people(context.signers)):
        row = context.get(PERSON, person)
        if row is not None and row["staff_of"]:
            context.fault("staff-may-not-trade", staff_of=row["staff_of"])


def refuse_tied(context: Context, owner: str) -> None:
    """Refuse a verifier whose staff acts or speaks for the owner (Order 31, Art. 37).

    Raises Refusal ``verifier-tied``, which does not say who.
    """
    speaks = context.get(AUTHORISED, owner)
    persons = holders(context, owner) | ({speaks["person"]} if speaks else set())
    rows = [context.get(PERSON, person) for person in sorted(persons)]
    if any(row is not None and row["staff_of"] == context.party for row in rows):
        raise Refusal("verifier-tied", party=owner)


def holders(context: Context, party: str) -> set[str]:
    """The persons who hold a key of a party that has not stopped."""
    rows = context.members(KEY, "party", party)
    return {row["person"] for row in rows if row["until"] is None}


def declare_staff(context: Context, body: Body) -> None:
    """Name staff who hold no key; raises Refusal ``staff-of-another``."""
    for name in sorted(set(body["persons"])):
        row = context.get(PERSON, name)
        if row is not None and row["staff_of"] not in (None, context.party):
            raise Refusal("staff-of-another", field="persons", staff_of=row["staff_of"])
        context.put(PERSON, {"person": name, "staff_of": context.party})


def release_staff(context: Context, body: Body) -> None:
    """Say who is staff no longer; raises Refusal ``staff-unknown`` or ``staff-holds-key``."""
    holding = holders(context, context.party)
    for name in sorted(set(body["persons"])):
        row = context.get(PERSON, name)
        if row is None or row["staff_of"] != context.party:
            raise Refusal("staff-unknown", field="persons", key=name)
        if name in holding:
            raise Refusal("staff-holds-key", field="persons", key=name)
        context.put(PERSON, {"person": name, "staff_of": None})
