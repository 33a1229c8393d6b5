"""Handing over blocks touches only those that change, and leaves what the plain way leaves."""

from __future__ import annotations

from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.credits import blocks
from ledger.credits.models import BLOCK
from ledger.credits.serials import Span, count, merge
from ledger.writer.context import Context
from ledger.writer.engine import Engine
from ledger.writer.state import Nothing, State
from ledger.writer.versions import BLOCKS_IN_ORDER

MOVES = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2), st.integers(1, 40)), max_size=25)
HOLDERS = ("a", "b", "c")
BATCH, ISSUED = "B", 100


class Deciding:
    """An engine of which only the version is asked."""

    def __init__(self, version: int) -> None:
        self._version = version

    def version(self, _state: State, _ledger: str) -> int:
        return self._version


def context_of(state: State, version: int) -> Context:
    nothing: dict[str, Any] = {
        "at": 0,
        "index": 0,
        "party": "",
        "ledger": "",
        "id": "-",
        "type": "",
        "signers": (),
    }
    engine = cast(Engine, Deciding(version))
    return Context(engine, state, **nothing, public=False, salt=None)


def held(state: State) -> dict[str, list[Span]]:
    """The spans of each account, in order."""
    found: dict[str, list[Span]] = {name: [] for name in HOLDERS}
    for row in state.rows(BLOCK).values():
        found[row["account"]].append((row["first"], row["last"]))
    return {name: sorted(spans) for name, spans in found.items()}


@given(MOVES, st.sampled_from((BLOCKS_IN_ORDER, BLOCKS_IN_ORDER - 1)))
def test_every_holder_has_the_lowest_serials_of_the_source_merged(
    moves: list[tuple[int, int, int]], version: int
) -> None:
    state = State(Nothing())
    context = context_of(state, version)
    state.put(BLOCK, {"batch": BATCH, "first": 1, "last": ISSUED, "account": "a"})
    model = {"a": [(1, ISSUED)], "b": [], "c": []}
    for source, target, quantity in moves:
        one, other = HOLDERS[source], HOLDERS[target]
        if source == target or count(model[one]) < quantity:
            continue
        units = [n for first, last in model[one] for n in range(first, last + 1)]
        taken = merge((n, n) for n in units[:quantity])
        model[one] = merge((n, n) for n in units[quantity:])
        model[other] = merge([*model[other], *taken])
        given_ = blocks.give_blocks(context, BATCH, quantity, one, other)
        assert merge(given_) == taken
        assert held(state) == model


def test_a_source_that_holds_too_few_gives_none() -> None:
    state = State(Nothing())
    context = context_of(state, BLOCKS_IN_ORDER)
    state.put(BLOCK, {"batch": BATCH, "first": 1, "last": 9, "account": "a"})
    with pytest.raises(ValueError, match="1 units short"):
        blocks.give_blocks(context, BATCH, 10, "a", "b")
    assert held(state) == {"a": [(1, 9)], "b": [], "c": []}
