"""Keys that were lost: stopped by somebody else, and replaced, with a document for each.

A party that still has two operators helps itself with ``key.revoke`` and ``key.register``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ledger.parties.acts import note
from ledger.parties.handlers import STAFF_ROLES, enter_key
from ledger.parties.models import KEY, PARTY
from ledger.parties.operators import check_sides
from ledger.parties.standing import need_open
from ledger.writer.context import Context
from ledger.writer.errors import Refusal
from ledger.writer.versions import PERSON_MARKED

Body = Mapping[str, Any]
OF_AUTHORITIES = STAFF_ROLES - {"verifier"}
ROOTS = frozenset({"operator", "scheduler"})
"""The ledger's own parties; their keys are the host's."""


def block_key(context: Context, body: Body) -> None:
    """密钥挂失: stop a key of another party from this index on.

    The registrar acts for enterprises and verifiers, the regulator for the authorities too.
    Raises Refusal ``signing-key-unknown``, ``key-not-yours`` or ``key-already-revoked``.
    """
    row = context.need(KEY, body["key"])
    _may(context, row["party"])
    if row["until"] is not None:
        raise Refusal("key-already-revoked", key=body["key"], index=row["until"])
    context.put(KEY, {**row, "until": context.index})
    note(context, row["party"], body["document"], operator=row["operator"], key=body["key"])


def replace_key(context: Context, body: Body) -> None:
    """密钥补办: a new key, proved by its holder, for the operator of one that has stopped.

    Another person may hold it; the party's history then says so, and not who.

    Raises Refusal ``party-closed``, ``key-not-yours``, ``signing-key-unknown``,
    ``key-still-valid``, ``operator-differs``, and what registering a key raises.
    """
    need_open(context, body["party"])
    _may(context, body["party"])
    lost = context.need(KEY, body["replaces"])
    if lost["party"] != body["party"]:
        raise Refusal("signing-key-unknown", key=body["replaces"])
    if lost["until"] is None:
        raise Refusal("key-still-valid", field="replaces", key=body["replaces"])
    if lost["operator"] != body["key"]["operator"]:
        raise Refusal("operator-differs", field="key/operator", operator=lost["operator"])
    new = enter_key(context, context.origin, body["party"], body["key"])
    check_sides(context, body["party"])
    detail = {"operator": lost["operator"], "key": new, "replaces": body["replaces"]}
    if body["key"]["person"] != lost["person"] and context.engine_version >= PERSON_MARKED:
        detail["person"] = "another"
    note(context, body["party"], body["document"], **detail)


def _may(context: Context, party: str) -> None:
    """Refuse who has no say over the keys of ``party``; one's own are not lost to others."""
    own = set(context.need(PARTY, context.party)["roles"])
    theirs = set(context.need(PARTY, party)["roles"])
    above = bool(theirs & OF_AUTHORITIES) and "regulator" not in own
    if party == context.party or theirs & ROOTS or above:
        raise Refusal("key-not-yours", party=party)
