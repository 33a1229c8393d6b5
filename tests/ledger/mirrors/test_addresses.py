"""A mirrored registry is linked by a dated address that a page can safely lead to."""

from __future__ import annotations

import pytest

from ledger.mirrors.addresses import PREFIX, address_on
from tests.factories.market import REGULATOR
from tests.factories.scene import Scene


def stated(value: str, registry: str = "ccer", day: str = "2026-01-01") -> dict[str, str]:
    words = {"unit": "address", "source": "test", "confidence": "high"}
    return {"code": PREFIX + registry, "value": value, "valid_from": day, **words}


def test_the_seed_is_shown_as_unverified_and_a_later_statement_takes_its_place(
    stage: Scene,
) -> None:
    body = stated("https://registry.example/ccer", day="2026-01-02")
    stage.do("regulator", "parameter.set", body, *REGULATOR)
    with stage.ledger.record.reading() as connection:
        before = address_on(connection, "ccer", "2026-01-01")
        after = address_on(connection, "ccer", "2026-01-02")
        assert before is not None
        assert after is not None
        assert (before["value"], before["verified"]) == ("https://ccer.cets.org.cn", False)
        assert (after["value"], after["verified"]) == ("https://registry.example/ccer", True)
        assert address_on(connection, "unknown", "2026-01-01") is None


@pytest.mark.parametrize(
    "value",
    [
        "http://registry.example",
        "javascript:alert(1)",
        "https://registry.example/?q=1",
        "https://user@registry.example",
        "https://registry",
        "https://registry.example/ x",
        "registry.example",
    ],
)
def test_an_address_that_leads_elsewhere_is_refused(stage: Scene, value: str) -> None:
    body = stated(value)
    assert stage.refused("regulator", "parameter.set", body, *REGULATOR) == "parameter-malformed"
