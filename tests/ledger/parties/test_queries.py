"""Who could sign for a party, as rehearsals, previews and forms ask it."""

from __future__ import annotations

import pytest

from ledger.parties.queries import people_of
from tests.factories.people import admission, key_of, seat
from tests.factories.scene import OFFICERS, Scene


def operators(stage: Scene, *roles: str | None) -> list[str]:
    """The order in which operators ``a``, ``b``, ``c`` of these roles could sign."""
    seats = [
        seat(stage, "moon", name, role) if role else stage.entry("moon", name)
        for name, role in zip("abc", roles, strict=False)
    ]
    stage.do("registrar", "party.admit", admission(stage, "moon", keys=seats), *OFFICERS)
    with stage.ledger.record.reading() as connection:
        return [one.operator for one in people_of(connection, "moon")]


@pytest.mark.parametrize(
    "roles",
    [
        ("maker", "checker"),
        ("checker", "maker"),
        ("checker", None),
        ("checker", "checker", "maker"),
        ("maker", "maker", "checker"),
        (None, "maker", "checker"),
        (None, None),
    ],
)
def test_the_first_may_make_and_the_second_may_check(
    stage: Scene, roles: tuple[str | None, ...]
) -> None:
    """Whatever the ids of their keys are, by which the oldest keys are told apart."""
    found = [roles["abc".index(name)] for name in operators(stage, *roles)]
    assert found[0] != "checker"
    assert found[1] != "maker" or found[0] is None
    assert len(found) == len(roles)


def test_a_key_that_was_replaced_signs_nothing(stage: Scene) -> None:
    operators(stage, "maker", "checker", None)
    stage.do("moon", "key.revoke", {"key": key_of(stage, "moon/a"), "reason": "left"}, "b")
    with stage.ledger.record.reading() as connection:
        assert [one.operator for one in people_of(connection, "moon")] == ["c", "b"]
