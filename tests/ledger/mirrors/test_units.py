"""Blocks of foreign units: disjoint, within their issuance, and ended once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ledger.mirrors.cells import CELL_BITS
from ledger.mirrors.models import batch_table, end_table, project_table, span_table
from ledger.mirrors.queries import trace
from ledger.writer.versions import MIRRORS_PAST
from tests.factories.mirrors import (
    MIRROR,
    SCOPE,
    batch,
    holding,
    project,
    retirement,
    span,
)
from tests.factories.scene import Scene, scene

BORDER = 1 << CELL_BITS


@pytest.fixture
def told(stage: Scene) -> Scene:
    """A ledger that knows one foreign batch of 400 units, and none of its blocks."""
    stage.do("mirror", "mirror.project", project(), *MIRROR)
    stage.do("mirror", "mirror.batch", batch(), *MIRROR)
    return stage


def spans(stage: Scene) -> list[tuple[int, int, str]]:
    return [(row["first"], row["last"], row["state"]) for row in stage.rows(span_table)]


def figures(stage: Scene) -> tuple[int, int, int]:
    row = stage.rows(batch_table)[0]
    return row["listed"], row["retired"], row["cancelled"]


def do(stage: Scene, type: str, body: dict[str, Any]) -> str:
    return stage.do("mirror", type, body, *MIRROR)


def refused(stage: Scene, type: str, body: dict[str, Any]) -> str:
    return stage.refused("mirror", type, body, *MIRROR)


def test_only_a_mirror_registrar_states_what_another_registry_holds(stage: Scene) -> None:
    code = stage.refused("registrar", "mirror.project", project(), "registrar-1")
    assert code == "role-not-allowed"


def test_a_batch_needs_its_project_and_a_block_its_batch(stage: Scene) -> None:
    assert refused(stage, "mirror.batch", batch()) == "mirror-project-unknown"
    assert refused(stage, "mirror.block", holding(1, 10)) == "mirror-batch-unknown"


def test_a_passing_mention_does_not_overwrite_the_registrys_own_list(told: Scene) -> None:
    do(told, "mirror.project", project(origin="seen", name="Other"))
    assert [row["name"] for row in told.rows(project_table)] == ["Stoves"]
    do(told, "mirror.project", project(name="Stoves of Ghana"))
    assert [row["name"] for row in told.rows(project_table)] == ["Stoves of Ghana"]


def test_blocks_of_a_batch_stay_disjoint_and_within_it(told: Scene) -> None:
    do(told, "mirror.block", holding(1, 100))
    do(told, "mirror.block", holding(201, 300))
    assert refused(told, "mirror.block", holding(90, 120)) == "mirror-serial-overlap"
    assert refused(told, "mirror.block", holding(301, 501)) == "mirror-batch-exceeded"
    assert spans(told) == [(1, 100, "held"), (201, 300, "held")]
    assert figures(told) == (200, 0, 0)


def test_a_block_inside_a_known_one_says_nothing_new(told: Scene) -> None:
    do(told, "mirror.block", holding(1, 100))
    do(told, "mirror.block", holding(41, 100))
    assert spans(told) == [(1, 100, "held")]
    assert figures(told) == (100, 0, 0)


def test_serials_of_one_scope_belong_to_one_batch(told: Scene) -> None:
    do(told, "mirror.block", holding(1, 100))
    do(told, "mirror.batch", batch(batch="other"))
    body = holding(50, 60, batch="other")
    assert refused(told, "mirror.block", body) == "mirror-serial-overlap"


def test_the_same_numbers_in_another_registry_are_other_units(told: Scene) -> None:
    do(told, "mirror.block", holding(1, 100))
    do(told, "mirror.project", project(registry="other"))
    do(told, "mirror.batch", batch(registry="other"))
    do(told, "mirror.block", holding(1, 100, registry="other"))


def test_a_retirement_splits_the_block_it_is_taken_from(told: Scene) -> None:
    do(told, "mirror.block", holding(1, 100))
    do(told, "mirror.retirement", retirement(20, 30))
    assert spans(told) == [(1, 19, "held"), (20, 30, "retired"), (31, 100, "held")]
    assert figures(told) == (100, 11, 0)
    assert [(row["fate"], row["quantity"]) for row in told.rows(end_table)] == [("retired", 11)]


def test_a_retirement_of_an_unlisted_block_lists_it(told: Scene) -> None:
    do(told, "mirror.retirement", retirement(1, 400))
    assert figures(told) == (400, 400, 0)
    assert refused(told, "mirror.retirement", retirement(401, 401)) == "mirror-batch-exceeded"


@pytest.mark.parametrize(("first", "last"), [(20, 30), (25, 26), (10, 20), (30, 40)])
def test_no_unit_ends_twice(told: Scene, first: int, last: int) -> None:
    do(told, "mirror.block", holding(1, 100))
    do(told, "mirror.retirement", retirement(20, 30))
    assert refused(told, "mirror.retirement", retirement(first, last)) == "mirror-unit-ended"
    assert refused(told, "mirror.cancellation", holding(first, last)) == "mirror-unit-ended"
    assert figures(told) == (100, 11, 0)


def test_nothing_is_retired_before_it_is_issued(told: Scene) -> None:
    body = retirement(1, 2, retired_at="2025-01-06")
    assert refused(told, "mirror.retirement", body) == "mirror-ended-before-issue"


@pytest.mark.parametrize("version", [MIRRORS_PAST, MIRRORS_PAST - 1])
def test_nothing_has_happened_on_a_day_still_to_come(home: Path, version: int) -> None:
    """The ledger's first day is 1 January 2026."""
    with scene(home, None, version) as stage:
        do(stage, "mirror.project", project())
        do(stage, "mirror.batch", batch())
        later = (
            ("mirror.batch", batch(batch="B2", issued_at="2026-01-02")),
            ("mirror.retirement", retirement(1, 2, retired_at="2026-01-02")),
            ("mirror.cancellation", holding(3, 4, cancelled_at="9999-12-31")),
        )
        for type, body in later:
            if version < MIRRORS_PAST:
                do(stage, type, body)
            else:
                assert refused(stage, type, body) == "mirror-date-future"
        do(stage, "mirror.retirement", retirement(5, 6, retired_at="2026-01-01"))


def test_a_block_whose_figures_disagree_is_refused(told: Scene) -> None:
    wrong = {**span(1, 100), "quantity": 99}
    assert refused(told, "mirror.block", holding(1, 100, block=wrong)) == "mirror-serial-quantity"
    wide = span(1, 2**40)
    assert refused(told, "mirror.block", holding(1, 2, block=wide)) == "mirror-block-too-wide"


def test_a_seen_batch_is_completed_by_the_registrys_own_list(stage: Scene) -> None:
    do(stage, "mirror.project", project())
    do(stage, "mirror.batch", batch(origin="seen", quantity=None, issued_at="2025-01-07"))
    do(stage, "mirror.retirement", retirement(20, 30))
    whole = batch(block=span(1, 400))
    do(stage, "mirror.batch", whole)
    assert spans(stage) == [(1, 19, "held"), (20, 30, "retired"), (31, 400, "held")]
    assert figures(stage) == (400, 11, 0)
    assert refused(stage, "mirror.batch", whole) == "mirror-batch-exists"
    assert refused(stage, "mirror.retirement", retirement(401, 401)) == "mirror-batch-exceeded"


def test_a_list_that_leaves_known_units_out_is_refused(stage: Scene) -> None:
    do(stage, "mirror.project", project())
    do(stage, "mirror.batch", batch(origin="seen", quantity=None))
    do(stage, "mirror.retirement", retirement(390, 410))
    body = batch(block=span(1, 400))
    assert refused(stage, "mirror.batch", body) == "mirror-outside-issuance"
    assert refused(stage, "mirror.batch", batch(quantity=20)) == "mirror-batch-exceeded"


@pytest.mark.parametrize(
    ("field", "value"),
    [("unit", "CER"), ("vintage_to", "2024"), ("issued_at", "2025-01-08"), ("project", "502")],
)
def test_units_of_another_class_or_vintage_never_mix_into_a_batch(
    told: Scene, field: str, value: str
) -> None:
    do(told, "mirror.project", project(project="502"))
    body = batch(origin="seen", **{field: value})
    assert refused(told, "mirror.batch", body) == "mirror-batch-differs"


def test_a_block_over_a_cells_border_is_one_block_to_the_reader(stage: Scene) -> None:
    first, last = BORDER - 50, BORDER + 49
    do(stage, "mirror.project", project())
    do(stage, "mirror.batch", batch(quantity=last))
    do(stage, "mirror.block", holding(first, last))
    do(stage, "mirror.retirement", retirement(BORDER - 10, BORDER + 9))
    assert figures(stage) == (100, 20, 0)
    assert refused(stage, "mirror.block", holding(BORDER, BORDER)) == "mirror-unit-ended"
    with stage.ledger.record.reading() as connection:
        found = trace(connection, f"{SCOPE}-{BORDER - 10}-{BORDER + 9}")
        mixed = trace(connection, f"{SCOPE}-{first}-{last}")
    assert found is not None and mixed is not None
    assert (found.state, mixed.state) == ("retired", "mixed")


def test_the_trace_tells_origin_and_end_and_no_living_holder(told: Scene) -> None:
    do(told, "mirror.block", holding(1, 100))
    act = do(told, "mirror.retirement", retirement(20, 30, reason="voluntary"))
    with told.ledger.record.reading() as connection:
        ended = trace(connection, f"{SCOPE}-25")
        held = trace(connection, f"{SCOPE}-19")
        assert trace(connection, f"{SCOPE}-101") is None
    assert ended is not None and held is not None
    assert (ended.state, held.state) == ("retired", "held")
    assert [(row["act"], row["reason"]) for row in ended.ends] == [(act, "voluntary")]
    assert (held.ends, held.project["name"], held.batch["quantity"]) == ([], "Stoves", 400)
