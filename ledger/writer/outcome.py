"""The outcome of a decision: one public part, and a salted part for each party concerned.

``{"public": …, "parts": [sha256 of each part]}`` is what the leaf commits to.  A part is
salted from a secret of the party it concerns, so it can be disclosed alone and not be
guessed (DESIGN.md §3).  The parts together are enough to apply the outcome without the body.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from ledger.statements.canonical import encode
from ledger.writer.context import Context
from ledger.writer.errors import BrokenInvariant
from ledger.writer.kinds import Key, Kind, Row
from ledger.writer.state import Change, State

Write = Callable[[Any], bytes]


@dataclass(frozen=True)
class Outcome:
    """Exact bytes of an outcome and of its parts, the answer to the author, who else is touched."""

    data: bytes
    parts: tuple[bytes, ...]
    answer: dict[str, Any]
    concerned: tuple[str, ...] = ()

    @property
    def sha256(self) -> str:
        """The digest that stands in the leaf."""
        return hashlib.sha256(self.data).hexdigest()


def compose(
    context: Context,
    state: State,
    mark: int,
    decided: int,
    answer: dict[str, Any],
    write: Write = encode,
) -> Outcome:
    """Build the outcome from the journal since ``mark``; sealed reactions begin at ``decided``.

    ``write`` makes bytes of a part; the default refuses what canonical JSON leaves out.

    ``answer`` is ``{"result": "accepted"}`` or ``{"result": "refused", "code", "params"}``.
    Behind a public statement, public rows that followed stand apart as ``followed``, because
    the public can apply them but not decide them again.
    Raises BrokenInvariant where postings of a conserved kind do not sum to zero, or where a
    part would go without a secret of its own.
    """
    answered = {**answer, "events": context.events} if context.events else answer
    if context.public:
        share = _Share()
        posted, written = _net(state.journal[mark:decided])
        for place, amounts in posted.items():
            share.post(*place, amounts)
        for place, (_, after) in written.items():
            share.write(*place, after)
        public = {**answered, "changes": share.changes}
        shares = _shares(*_net(state.journal[decided:]))
        if "" in shares:
            public["followed"] = shares[""].changes
        parts = [_part(context, party, shares) for party in sorted(p for p in shares if p)]
        touched = {*shares, *_openly(posted, written)}
    else:
        shares = _shares(*_net(state.journal[mark:]))
        public = {"changes": shares[""].changes} if "" in shares else {}
        touched = set(shares)
        others = _others(touched, context.party)
        parts = [{**_part(context, context.party, shares), **answered}]
        parts += [_part(context, party, shares) for party in others]
    sealed = tuple([write(part) for part in parts])
    digests = [hashlib.sha256(part).hexdigest() for part in sealed]
    data = write({"public": public, "parts": digests})
    return Outcome(data, sealed, answer, _others(touched, context.party))


def _others(parties: Iterable[str], author: str) -> tuple[str, ...]:
    """The parties that are neither the author nor the public, in order."""
    return tuple(sorted({*parties} - {"", author}))


def _openly(posted: Posted, written: Written) -> Iterator[str]:
    """Whose rows a public statement shows."""
    for kind, key in posted:
        yield from _posted_to(kind, key)
    for (kind, _), (_, after) in written.items():
        yield from _audience(kind, after)


def concerned(
    kinds: Mapping[str, Kind], public: Mapping[str, Any], parts: Sequence[Any], author: str
) -> tuple[str, ...]:
    """Whom else a stored outcome concerns, as ``compose`` gave it in ``Outcome.concerned``."""
    touched = {part["party"] for part in parts}
    changes = public.get("changes", {})
    for name, key, _ in changes.get("add", ()):
        touched.update(_posted_to(kinds[name], tuple(key)))
    for name, row in changes.get("rows", ()):
        touched.update(_audience(kinds[name], row))
    return _others(touched, author)


def _part(context: Context, party: str, shares: dict[str, _Share]) -> dict[str, Any]:
    """What concerns one party, with a salt that follows from a secret of its own."""
    own = party == context.party and not context.public
    secret = context.salt if own else context.salts.get(party, context.salt)
    if secret is None:
        raise BrokenInvariant("part-unsalted", party=party)
    seed = f"qingzhang/part/v1\n{secret}\n{party}\n{context.index}"
    return {
        "party": party,
        "changes": shares[party].changes if party in shares else {},
        "salt": hashlib.sha256(seed.encode()).hexdigest()[:32],
    }


Place = tuple[Kind, Key]
Posted = dict[Place, dict[str, int]]
Written = dict[Place, tuple[Row | None, Row | None]]


class _Share:
    """The changes that one audience may see."""

    def __init__(self) -> None:
        self.changes: dict[str, list[Any]] = {}

    def post(self, kind: Kind, key: Key, amounts: dict[str, int]) -> None:
        self.changes.setdefault("add", []).append([kind.name, list(key), amounts])

    def write(self, kind: Kind, key: Key, row: Row | None) -> None:
        if row is None:
            self.changes.setdefault("gone", []).append([kind.name, list(key)])
        else:
            self.changes.setdefault("rows", []).append([kind.name, row])


def _net(changes: list[Change]) -> tuple[Posted, Written]:
    """Fold the journal: one sum per posted row, first and last state per written row."""
    posted: Posted = {}
    written: Written = {}
    for change in changes:
        place = (change.kind, change.key)
        if change.amounts is None:
            known = written.get(place)
            written[place] = (change.before if known is None else known[0], change.after)
        elif (sums := posted.get(place)) is None:
            posted[place] = dict(change.amounts)
        else:
            for column, amount in change.amounts.items():
                sums[column] = sums.get(column, 0) + amount
    _conserve(posted)
    return posted, written


def _shares(posted: Posted, written: Written) -> dict[str, _Share]:
    """Changes by the party they concern; the empty name stands for the public."""
    shares: defaultdict[str, _Share] = defaultdict(_Share)
    for (kind, key), amounts in posted.items():
        audience = _posted_to(kind, key)
        if len(audience) != 1:
            # Two parts with one posting would be applied twice by whoever holds both.
            raise BrokenInvariant("posting-concerns-several", kind=kind.name)
        shares[audience[0]].post(kind, key, amounts)
    for (kind, key), (before, after) in written.items():
        for party in _audience(kind, before, after):
            shares[party].write(kind, key, after)
    return dict(shares)


@lru_cache(maxsize=1 << 16)
def _posted_to(kind: Kind, key: Key) -> Sequence[str]:
    """Whom a posting concerns, which its key alone tells."""
    return _audience(kind, None if kind.public else dict(zip(kind.key, key, strict=True)))


def _audience(kind: Kind, *rows: Row | None) -> Sequence[str]:
    if kind.parties is None:
        return _EVERYONE
    found: Sequence[str] = ()
    for row in rows:
        if row is not None:
            parties = kind.parties(row)
            found = parties if not found or found == parties else (*found, *parties)
    return found if len(found) == 1 else sorted({*found})


_EVERYONE = ("",)


def _conserve(posted: Posted) -> None:
    sums: dict[tuple[Kind, Any], int] = {}
    for (kind, key), amounts in posted.items():
        if kind.conserved is not None:
            asset = key[kind.key.index(kind.conserved)]
            sums[kind, asset] = sums.get((kind, asset), 0) + sum(amounts.values())
    for (kind, asset), total in sums.items():
        if total:
            raise BrokenInvariant("postings-not-zero", kind=kind.name, asset=asset, sum=total)


def apply(state: State, kinds: dict[str, Kind], changes: dict[str, list[Any]]) -> None:
    """Apply the changes of one part, for entries whose body a replayer does not hold."""
    for name, key, amounts in changes.get("add", ()):
        state.add(kinds[name], tuple(key), **amounts)
    for name, row in changes.get("rows", ()):
        state.put(kinds[name], dict(row))
    for name, key in changes.get("gone", ()):
        state.delete(kinds[name], *key)
