"""A foreign unit is known by any of its names, and none of our statements can touch it."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.accounts.models import balance_table
from ledger.credits.models import batch_table as credit_batch_table
from ledger.credits.models import fate_table, retirement_table
from ledger.mirrors.models import batch_table
from ledger.mirrors.names import BY_ACT, places
from portal.shell.texts import LANGUAGES, catalogue
from tests.factories.mirrors import MIRROR, SCOPE, batch, holding, project, retirement
from tests.factories.scene import Scene

VERRA = "9-5001-5100-VCS-VCU-262-VER-CL-3-77-01012021-31122021-0"


@pytest.mark.parametrize(
    ("serial", "first"),
    [
        (VERRA, ("verra", 5001, 5100)),
        ("RW-5-14-2-2-0-7014 - RW-5-18-2-2-0-7014", ("RW-5", 14, 18)),
        ("RW-5-14-2-2-0-7014", ("RW-5", 14, 14)),
        (f"{SCOPE}-20-30", (SCOPE, 20, 30)),
    ],
)
def test_each_registrys_serial_names_a_scope_and_a_range(
    serial: str, first: tuple[str, int, int]
) -> None:
    assert next(places(serial)) == first


def test_a_unit_within_a_batch_may_be_named_alone() -> None:
    assert (SCOPE, 25, 25) in places(f"{SCOPE}-25")


def acts(name: str) -> list[tuple[str, dict[str, Any], tuple[str, ...], str]]:
    amount = {"batch": name, "quantity": 1}
    claim = {"purpose": "corporate-offset", "beneficiary": "某企业"}
    return [
        ("credit.move", {**amount, "to": "trading"}, ("a",), "moved"),
        ("credit.transfer", {**amount, "receiver": "buyer"}, ("a", "b"), "transferred"),
        ("credit.retire", {**amount, **claim}, ("a", "b"), "retired"),
    ]


@pytest.mark.parametrize(
    "name", [SCOPE, f"gold-standard:{SCOPE}", "gold-standard:any", f"{SCOPE}-20-30", f"{SCOPE}-7"]
)
def test_a_mirrored_unit_is_not_moved_transferred_or_retired(stage: Scene, name: str) -> None:
    stage.cast()
    stage.do("mirror", "mirror.project", project(), *MIRROR)
    stage.do("mirror", "mirror.batch", batch(), *MIRROR)
    stage.do("mirror", "mirror.block", holding(1, 100), *MIRROR)
    stage.do("mirror", "mirror.retirement", retirement(20, 30), *MIRROR)
    before = stage.rows(batch_table)
    for type, body, signers, done in acts(name):
        assert stage.refused("owner", type, body, *signers) == f"mirror-unit-not-{done}"
    assert stage.rows(batch_table) == before


def test_a_mirrored_unit_counts_in_no_sum_of_this_register(stage: Scene) -> None:
    own = stage.issue(900)
    stage.do("mirror", "mirror.project", project(), *MIRROR)
    stage.do("mirror", "mirror.batch", batch(), *MIRROR)
    stage.do("mirror", "mirror.block", holding(1, 100), *MIRROR)
    stage.do("mirror", "mirror.retirement", retirement(20, 30), *MIRROR)
    assert {row["asset"] for row in stage.rows(balance_table)} == {own}
    assert stage.rows(retirement_table) == stage.rows(fate_table) == []
    assert [row["batch"] for row in stage.rows(credit_batch_table)] == [own]


def test_a_mirrored_unit_is_not_traded(stage: Scene) -> None:
    stage.cast()
    stage.do("mirror", "mirror.project", project(), *MIRROR)
    stage.do("mirror", "mirror.batch", batch(), *MIRROR)
    body = {
        "instrument": "GS",
        "venue": "zhejiang",
        "name": "镜像",
        "name_en": "mirrored",
        "credit_class": "ZJ_VER",
        "batch": SCOPE,
        "reference_fen": 100,
        "reference_source": "test",
    }
    code = stage.refused("exchange", "instrument.list", body, "exchange-1", "exchange-2")
    assert code == "mirror-unit-not-traded"


def test_each_family_of_acts_has_a_refusal_with_words() -> None:
    for language in LANGUAGES:
        assert {f"problem.{code}" for code in BY_ACT.values()} <= set(catalogue(language))


def test_a_name_that_no_mirror_knows_is_an_unknown_batch(stage: Scene) -> None:
    stage.cast()
    for type, body, signers, _ in acts(f"{SCOPE}-7"):
        assert stage.refused("owner", type, body, *signers) == "batch-unknown"
