"""A day's file of the bank held against the movements on record: pure.

Amounts are signed fen, in above zero and out below. A row is matched by its reference, so that a
wrong direction is a wrong amount.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

MISSING, UNKNOWN, DOUBLED, AMOUNT, ACCOUNT, CLOSING = (
    "missing",
    "unknown",
    "doubled",
    "amount",
    "account",
    "closing",
)
"""The kinds of differences: on record and not in the file; in the file and not on record; there
more than once; another amount; another account; another closing balance."""


@dataclass(frozen=True)
class Line:
    """A movement as either side has it."""

    reference: str
    signed_fen: int
    tail: str | None = None


@dataclass(frozen=True)
class Difference:
    """What the two sides say, None where one says nothing; ``fen`` is the bank's less ours."""

    kind: str
    reference: str | None
    bank_fen: int | None
    ledger_fen: int | None
    fen: int


def compare(
    rows: Sequence[Line],
    movements: Sequence[Line],
    closing_fen: int,
    ledger_fen: int,
    carried_fen: int = 0,
) -> list[Difference]:
    """Every difference, in the order of the file, then what it lacks, then the balance.

    ``carried_fen`` is by how much the bank's balance was above ours at the close before: what was
    said of an earlier day is not said again. A closing balance that differs by just what the rows
    differ by follows from them, and one that agrees contradicts nothing: neither is listed.
    """
    ours = {line.reference: line for line in movements}
    theirs: dict[str, list[Line]] = {}
    for row in rows:
        theirs.setdefault(row.reference, []).append(row)
    found = [d for name, lines in theirs.items() for d in _of(lines, ours.get(name))]
    for name, line in ours.items():
        if name not in theirs:
            found.append(Difference(MISSING, name, None, line.signed_fen, -line.signed_fen))
    expected = ledger_fen + carried_fen
    if closing_fen not in (expected, expected + sum(d.fen for d in found)):
        found.append(Difference(CLOSING, None, closing_fen, expected, closing_fen - expected))
    return found


def _of(lines: Sequence[Line], ours: Line | None) -> Iterator[Difference]:
    """What is wrong with the rows of one reference; the one that agrees best counts as it."""
    first = lines[0]
    if ours is not None:
        agreeing = (line for line in lines if line.signed_fen == ours.signed_fen)
        first = next(agreeing, first)
    others = list(lines)
    others.remove(first)
    name, amount = first.reference, first.signed_fen
    if ours is None:
        yield Difference(UNKNOWN, name, amount, None, amount)
    elif amount != ours.signed_fen:
        yield Difference(AMOUNT, name, amount, ours.signed_fen, amount - ours.signed_fen)
    elif first.tail and ours.tail and first.tail != ours.tail:
        yield Difference(ACCOUNT, name, amount, ours.signed_fen, 0)
    for line in others:
        yield Difference(DOUBLED, name, line.signed_fen, None, line.signed_fen)
