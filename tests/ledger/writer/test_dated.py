"""The heap of due instants says what a search through all rows says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.credits.models import BATCH, TRANSFER
from ledger.writer.kinds import Falls, Row
from ledger.writer.state import Nothing, State

FALLS = Falls("answer_by", "state", "proposed")


def row(name: str, answer_by: int | None, state: str = "proposed") -> Row:
    return {"transfer": name, "state": state, "answer_by": answer_by}


def test_a_row_falls_due_while_its_state_says_so() -> None:
    assert FALLS.of(row("a", 5)) == 5
    assert FALLS.of(row("a", 5, "accepted")) is None
    assert FALLS.of(row("a", None)) is None
    assert FALLS.of(None) is None


def test_a_kind_that_names_no_instant_cannot_be_asked_what_is_due() -> None:
    with pytest.raises(TypeError):
        State(Nothing()).overdue(BATCH, 0)


STEPS = st.lists(
    st.tuples(
        st.sampled_from("abc"),
        st.one_of(st.none(), st.integers(0, 5)),
        st.sampled_from(("proposed", "accepted", "gone", "rolled-back")),
        st.integers(0, 5),
    ),
    max_size=30,
)


@given(STEPS)
def test_whatever_changes_the_calendar_names_each_overdue_row_once(
    steps: list[tuple[str, int | None, str, int]],
) -> None:
    state = State(Nothing())
    rows: dict[str, Row] = {}
    for name, instant, what, asked in steps:
        if what == "gone":
            if rows.pop(name, None) is not None:
                state.delete(TRANSFER, name)
        elif what == "rolled-back":
            mark = state.mark()
            state.put(TRANSFER, row(name, instant))
            state.rollback(mark)
        else:
            rows[name] = row(name, instant, what)
            state.put(TRANSFER, rows[name])
        waiting = [(FALLS.of(r), n) for n, r in rows.items()]
        due = sorted((at, n) for at, n in waiting if at is not None and at <= asked)
        assert [(r["answer_by"], r["transfer"]) for r in state.overdue(TRANSFER, asked)] == due
        later = [at for at, _ in waiting if at is not None]
        assert not later or state.may_be_due(min(later))
        assert waiting or not state.overdue(TRANSFER, asked)
