"""Orders of authorities: each has its effect once, and a freeze obeys who ordered it.

An order reaches the register on paper or by a court's system, sometimes twice, and two officers may
each state it.  So the same document of the same authority acts once on a party's holding of an
asset; whoever means it to act again says so by naming the entry that it comes on top of.

That the authority which ordered a freeze is the one that renews, lifts and executes it, or another
to which the case was handed over by a document (移送), is a control of ours and no quoted clause.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ledger.restraints.models import FREEZE, ORDER
from ledger.writer.context import Context
from ledger.writer.errors import Refusal
from ledger.writer.kinds import Row

Body = Mapping[str, Any]

_WIDE: dict[int, int | str] = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_MARKS: dict[int, int | str] = {
    **_WIDE,
    **dict.fromkeys(map(ord, "〔【[［"), "("),
    **dict.fromkeys(map(ord, "〕】]］"), ")"),
}


def plain(name: str) -> str:
    """A name or number as it is compared: brackets and widths of one sort, without spaces.

    Keyboards write （2026）, (2026) and 〔2026〕 for one thing.
    """
    return "".join(name.translate(_MARKS).split()).upper()


def act_once(context: Context, act: str, body: Body, party: str, asset: str) -> None:
    """Note that a document acts; raises Refusal ``order-stated`` where it has done so already.

    ``besides`` of the body is the index of the entry on top of which it is meant to act again.
    """
    key = (act, plain(body["authority"]), plain(body["document"]), party, asset)
    earlier = context.get(ORDER, *key)
    besides = body.get("besides")
    if earlier is None and besides is not None:
        raise Refusal("entry-unknown", field="besides", index=besides)
    if earlier is not None and besides != earlier["index"]:
        raise Refusal("order-stated", field="document", index=earlier["index"])
    names = ("act", "authority", "document", "party", "asset")
    context.put(ORDER, {**dict(zip(names, key, strict=True)), "index": context.index})


def check_authority(context: Context, row: Row, body: Body) -> Row:
    """A freeze as it stands under who speaks now, which is who ordered it or has its case since.

    ``referral`` of the body is the document by which the case passed from one to the other.
    Raises Refusal ``freeze-of-duty``, ``freeze-authority-differs`` and ``referral-needless``.
    """
    if row["authority"] is None:
        raise Refusal("freeze-of-duty", field="freeze", duty=row["duty"])
    same = plain(row["authority"]) == plain(body["authority"])
    if same and "referral" in body:
        raise Refusal("referral-needless", field="referral", authority=row["authority"])
    if not same and "referral" not in body:
        raise Refusal("freeze-authority-differs", field="authority", authority=row["authority"])
    if same:
        return row
    passed = {**row, "authority": body["authority"]}
    context.put(FREEZE, passed)
    return passed
