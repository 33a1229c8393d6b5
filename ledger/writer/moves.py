"""Moves between states: refused where a thing stands in none from which the move is made."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, TypeVar

from ledger.writer.context import Context
from ledger.writer.errors import Refusal
from ledger.writer.versions import STATES_NEEDED

S = TypeVar("S", bound=str)


def check_move(
    context: Context,
    code: str,
    moves: Mapping[S, Collection[S]],
    before: S,
    after: S,
    **names: Any,
) -> None:
    """Raise Refusal ``code`` where a thing cannot come from one state to another."""
    if after not in moves[before]:
        needs = sources(moves, after)
        raise wrong_state(context, code, before, needs, after, **names)


def sources(moves: Mapping[S, Collection[S]], after: S) -> list[S]:
    """The states from which a move leads to another."""
    return [state for state, reached in moves.items() if after in reached]


def wrong_state(
    context: Context, code: str, state: str, needs: Iterable[str], wanted: str, **names: Any
) -> Refusal:
    """The refusal of an act for which a thing would have to be in one of the states ``needs``.

    ``wanted`` is what a refusal told in their stead before ``STATES_NEEDED``: where the act leads,
    which may be the very state in which the thing is.
    """
    if context.engine_version < STATES_NEEDED:
        return Refusal(code, **names, state=state, wanted=wanted)
    return Refusal(code, **names, state=state, needs=[str(needed) for needed in needs])
