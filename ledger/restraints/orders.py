"""Orders of authorities: each has its effect once, and a freeze obeys who ordered it.

An order reaches the register on paper or by a court's system, sometimes twice, and two officers may
each state it.  So the same document of the same authority acts once on one thing; whoever means it
to act again says so by naming the entry that it comes on top of.

That the authority which ordered a freeze is the one that renews, lifts and executes it, or another
to which the case was handed over by a document (移送), is a control of ours and no quoted clause.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ledger.restraints.models import FREEZE, ORDER, FreezeState
from ledger.statements.spelling import plain
from ledger.writer.context import Context
from ledger.writer.errors import NotKnown, Refusal
from ledger.writer.kinds import Row
from ledger.writer.versions import COPIES_FIRST, ORDERS_ONCE

Body = Mapping[str, Any]
KEY = ("act", "authority", "document", "party", "target")
"""What makes two orders the same."""


def act_once(context: Context, act: str, body: Body, party: str, target: str) -> None:
    """Note that a document acts on a target: an asset, a freeze, a duty.

    ``besides`` of the body is the index of the entry on top of which it is meant to act again.
    Raises Refusal ``order-stated`` where it has acted already, ``order-over`` where the freeze that
    it ordered has ended since, so that only another document begins a new one, and
    ``entry-unknown`` where there is no earlier entry.
    """
    if _asked(context, body, "besides"):
        key = _not_stated(context, act, body, party, target)
        noted = {"statement": context.id, "index": context.index}
        context.put(ORDER, {**dict(zip(KEY, key, strict=True)), **noted})


def refuse_copy(context: Context, act: str, body: Body, party: str, target: str) -> None:
    """Refuse as ``act_once`` does, before anything else is asked of the order.

    A copy of an order that has acted is told so, and not that too little is left for it.
    """
    if context.engine_version >= COPIES_FIRST:
        _not_stated(context, act, body, party, target)


def _not_stated(context: Context, act: str, body: Body, party: str, target: str) -> tuple[str, ...]:
    key = (act, plain(body["authority"]), plain(body["document"]), party, target)
    earlier, besides = context.get(ORDER, *key), body.get("besides")
    if earlier is None:
        if besides is not None:
            raise Refusal("entry-unknown", field="besides", index=besides)
        return key
    index, freeze = earlier["index"], context.get(FREEZE, earlier["statement"])
    if freeze is not None and freeze["state"] != FreezeState.STANDING:
        raise Refusal("order-over", field="document", index=index, state=freeze["state"])
    if besides != index:
        raise Refusal("order-stated", field="document", index=index)
    return key


def check_authority(context: Context, row: Row, body: Body) -> Row:
    """A freeze as it stands under who speaks now, which is who ordered it or has its case since.

    ``referral`` of the body is the document by which the case passed from one to the other.
    Raises Refusal ``freeze-of-duty``, ``freeze-authority-differs`` and ``referral-needless``.
    """
    if not _asked(context, body, "referral"):
        return row
    if row["duty"] is not None:
        raise Refusal("freeze-of-duty", field="freeze", duty=row["duty"])
    same, referred = plain(row["authority"]) == plain(body["authority"]), "referral" in body
    if same and referred:
        raise Refusal("referral-needless", field="referral", authority=row["authority"])
    if not same and not referred:
        raise Refusal("freeze-authority-differs", field="authority", authority=row["authority"])
    if same:
        return row
    passed = {**row, "authority": body["authority"]}
    context.put(FREEZE, passed)
    return passed


def refuse_referral(context: Context, body: Body) -> None:
    """Raise Refusal ``referral-needless`` where no authority had a case that could be handed on."""
    if _asked(context, body, "referral") and "referral" in body:
        raise Refusal("referral-needless", field="referral")


def _asked(context: Context, body: Body, field: str) -> bool:
    """Whether orders are compared yet; before that nobody could state the field (NotKnown)."""
    if context.engine_version >= ORDERS_ONCE:
        return True
    if field in body:
        raise NotKnown("engine-too-low", field=field, needs=ORDERS_ONCE)
    return False
