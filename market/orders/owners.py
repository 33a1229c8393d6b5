"""Who has an interest in an order: parties for which one person may sign are one owner.

Of groups of companies the record knows nothing but who signs for whom; so the owner of an order
is its party and every party that is linked to it through people with valid keys, step by step.
That is wider than the people who signed the two orders, on purpose: whoever may sign for both
sides of a trade can wash it.
"""

from __future__ import annotations

from ledger.parties.models import KEY
from ledger.writer.context import Context


def linked(context: Context, party: str) -> frozenset[str]:
    """The parties that are one owner with a party, itself included."""
    known: dict[str, frozenset[str]] = context.memo(KEY).setdefault("linked", {})
    found = known.get(party)
    if found is None:
        found = frozenset(_component(context, party))
        known.update(dict.fromkeys(found, found))
    return found


def owner_of(context: Context, party: str) -> str:
    """The name under which a party's orders meet their own."""
    return min(linked(context, party))


def _component(context: Context, party: str) -> set[str]:
    parties, people, waiting = {party}, set[str](), [party]
    while waiting:
        for person in _people(context, waiting.pop()) - people:
            people.add(person)
            new = _parties(context, person) - parties
            parties |= new
            waiting += sorted(new)
    return parties


def _people(context: Context, party: str) -> set[str]:
    rows = context.members(KEY, "party", party)
    return {row["person"] for row in rows if row["until"] is None}


def _parties(context: Context, person: str) -> set[str]:
    rows = context.members(KEY, "person", person)
    return {row["party"] for row in rows if row["until"] is None}
