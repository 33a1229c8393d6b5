"""A consent names reader, purpose, scope and last day, and ends once: taken back or by itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from ledger.consents.handlers import LAPSE
from ledger.consents.models import CONSENT_MOVES, ConsentState, consent_table
from ledger.parties.parameters import midnight
from ledger.statements.canonical import parse
from ledger.statements.errors import Malformed
from ledger.writer.store import read_entry
from ledger.writer.versions import CONSENTS_END
from tests.factories.market import REGULATOR
from tests.factories.scene import HOUR_MS, Scene, scene

pytestmark = pytest.mark.database
DAY_MS = 24 * HOUR_MS
GIVEN = {"reader": "bank", "purpose": "financing", "scope": ["accounts"], "until": "2026-01-02"}


@pytest.fixture
def stage(home: Path, vacant_database_url: str) -> Iterator[Scene]:
    with scene(home, vacant_database_url) as opened:
        opened.cast()
        yield opened


def give(stage: Scene, **changes: Any) -> str:
    return stage.do("owner", "consent.give", {**GIVEN, **changes}, "a")


def states(stage: Scene) -> dict[str, str]:
    return {row["consent"]: row["state"] for row in stage.rows(consent_table)}


def lapse_all(stage: Scene) -> None:
    stage.clock.time = max(row["until_at"] for row in stage.rows(consent_table))
    stage.ledger.writer.tick().result(30)


def test_the_last_day_ends_at_midnight_in_shanghai(stage: Scene) -> None:
    give(stage)
    (row,) = stage.rows(consent_table)
    # 2026-01-03 00:00 in Shanghai is 16:00 UTC of the day before.
    assert row["until_at"] == int(datetime(2026, 1, 2, 16, tzinfo=UTC).timestamp()) * 1000


@pytest.mark.parametrize(
    ("version", "after"), [(CONSENTS_END, "withdrawn"), (CONSENTS_END - 1, "given")]
)
def test_a_consent_ends_when_its_giver_leaves(home: Path, version: int, after: str) -> None:
    with scene(home, None, version) as stage:
        stage.cast()
        stage.do("buyer", "consent.give", GIVEN, "a")
        give(stage)
        body = {"party": "buyer", "document": "d"}
        stage.do("registrar", "party.close", body, "registrar-1", "registrar-2")
        found = {row["giver"]: row["state"] for row in stage.rows(consent_table)}
        assert found == {"buyer": after, "owner": "given"}


def test_a_consent_says_who_reads_what_why_and_until_when(stage: Scene) -> None:
    consent = give(stage)
    (row,) = stage.rows(consent_table)
    named = ("consent", "giver", "reader", "purpose", "scope", "until", "state")
    assert [row[name] for name in named] == [
        consent, "owner", "bank", "financing", ["accounts"], "2026-01-02", "given",
    ]  # fmt: skip


@pytest.mark.parametrize("reader", ["buyer", "owner", "regulator", "registrar", "operator"])
def test_only_a_bank_or_a_verifier_is_let_in(stage: Scene, reader: str) -> None:
    assert stage.refused("owner", "consent.give", {**GIVEN, "reader": reader}, "a") == (
        "consent-reader"
    )
    give(stage, reader="vvb1", purpose="verification")


def test_a_suspended_verifier_is_not_let_in(stage: Scene) -> None:
    stage.do("regulator", "party.suspend", {"party": "vvb1", "document": "d"}, *REGULATOR)
    assert stage.refused("owner", "consent.give", {**GIVEN, "reader": "vvb1"}, "a") == (
        "consent-reader"
    )


def test_a_last_day_that_is_over_is_refused_and_today_is_not(stage: Scene) -> None:
    for until in ("2025-12-31", "0001-01-01"):
        assert stage.refused("owner", "consent.give", {**GIVEN, "until": until}, "a") == (
            "consent-until-past"
        )
    give(stage, until="2026-01-01")
    give(stage, until="9999-12-31")  # the calendar's last day ends like any other


def test_nobody_else_takes_a_consent_back(stage: Scene) -> None:
    consent = give(stage)
    assert stage.refused("buyer", "consent.withdraw", {"consent": consent}, "a") == (
        "consent-unknown"
    )
    assert stage.refused("owner", "consent.withdraw", {"consent": "none"}, "a") == "consent-unknown"
    assert states(stage) == {consent: "given"}


def test_a_suspended_enterprise_may_still_take_it_back_and_give_none(stage: Scene) -> None:
    consent = give(stage)
    stage.do("regulator", "party.suspend", {"party": "owner", "document": "d"}, *REGULATOR)
    assert stage.refused("owner", "consent.give", GIVEN, "a") == "party-suspended"
    stage.do("owner", "consent.withdraw", {"consent": consent}, "a")


def test_the_scheduler_ends_it_once_after_its_last_day_and_not_before(stage: Scene) -> None:
    consent = give(stage)
    stage.clock.time = midnight(GIVEN["until"], 1) - 1
    stage.ledger.writer.tick().result(30)
    assert states(stage) == {consent: "given"}
    for _ in range(2):
        stage.clock.time += 1
        stage.ledger.writer.tick().result(30)
        assert states(stage) == {consent: "lapsed"}


def test_every_pair_of_states_is_allowed_or_refused_as_the_table_says(stage: Scene) -> None:
    withdrawn, lapsed = give(stage), give(stage)
    stage.do("owner", "consent.withdraw", {"consent": withdrawn}, "a")
    lapse_all(stage)
    assert states(stage) == {withdrawn: "withdrawn", lapsed: "lapsed"}
    for consent, before in ((withdrawn, ConsentState.WITHDRAWN), (lapsed, ConsentState.LAPSED)):
        assert CONSENT_MOVES[before] == frozenset()
        assert stage.refused("owner", "consent.withdraw", {"consent": consent}, "a") == (
            "consent-closed"
        )
    assert CONSENT_MOVES[ConsentState.GIVEN] == {ConsentState.WITHDRAWN, ConsentState.LAPSED}


def test_nobody_but_the_scheduler_lets_a_consent_lapse(stage: Scene) -> None:
    consent = give(stage)
    body = {"consent": consent}
    for party in ("owner", "regulator"):
        signers = REGULATOR if party == "regulator" else ("a",)
        assert stage.refused(party, LAPSE, body, *signers) == "role-not-allowed"


@pytest.mark.parametrize(
    ("field", "value"),
    [("scope", []), ("scope", ["deals"]), ("purpose", "curiosity"), ("until", "2026-02-30")],
)
def test_a_body_that_is_no_consent_is_named(stage: Scene, field: str, value: Any) -> None:
    declared = stage.ledger.engine.type_of("consent.give", 1)
    assert declared is not None
    with pytest.raises(Malformed) as caught:
        declared.check({**GIVEN, "salt": "0" * 32, field: value})
    assert (caught.value.field or "").startswith(f"/body/{field}")


def test_the_readers_part_of_the_outcome_has_a_salt_of_its_own(stage: Scene) -> None:
    give(stage)
    with stage.ledger.record.reading() as connection:
        entry = read_entry(connection, stage.ledger.record.head(connection).size - 1)
    assert entry is not None
    parts = {part["party"]: part for part in parse(entry.body)["parts"]}
    assert {"owner", "bank"} <= set(parts)
    assert parts["owner"]["salt"] != parts["bank"]["salt"]
    assert "bank" not in entry.leaf.decode()
