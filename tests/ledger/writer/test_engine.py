"""Engine versions: activated on the record, and replayed as they were active at each index."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from marshmallow import Schema

from ledger.parties.authority import admission, authority, engine_version, public_key
from ledger.parties.handlers import set_parameter
from ledger.parties.models import ledger_table, parameter_table
from ledger.statements import fields
from ledger.statements.types import Circle, StatementType
from ledger.writer.audit import audit
from ledger.writer.context import Context
from ledger.writer.engine import Engine
from ledger.writer.errors import BrokenInvariant, Unavailable
from ledger.writer.room import Room
from ledger.writer.tables import statement
from portal.config import at_home
from portal.home import opening
from portal.house import ROOMS
from tests.factories.scene import ORIGIN, Scene, SteppingClock

REGULATORS = ("regulator-1", "regulator-2")


class Note(Schema):
    """A word."""

    word = fields.Identifier(required=True)


def keep(value: str) -> Any:
    def decide(context: Context, body: Mapping[str, Any]) -> None:
        row = {"code": body["word"], "valid_from": "2026-01-01", "value": value}
        set_parameter(context, {**row, "unit": "u", "source": "s", "confidence": "low"})

    return decide


def note(value: str, since: int, until: int | None = None, name: str = "note.keep") -> Any:
    return StatementType(
        name,
        1,
        Circle.PUBLIC,
        Note,
        keep(value),
        ("regulator",),
        False,
        "permanent",
        engine_since=since,
        engine_until=until,
    )


NOTES = Room("notes", (note("old", 1, 2), note("new", 2), note("later", 3, None, "note.later")))


def make_engine(supported: int = 3) -> Engine:
    return Engine((*ROOMS, NOTES), authority, admission, engine_version, supported)


@pytest.fixture
def stage(
    home: Path, migrated_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Scene]:
    """A ledger whose software knows three engine versions."""
    monkeypatch.setattr(opening, "make_engine", make_engine)
    monkeypatch.setattr(opening, "ENGINE_VERSION", 1)
    settings, clock = at_home(home, migrated_database_url), SteppingClock()
    with closing(opening.init_ledger(settings, ORIGIN, clock, os.urandom)) as ledger:
        yield Scene(ledger, clock, settings.keys)


def activation(version: int) -> dict[str, Any]:
    return {"version": version, "release": "2.0", "document": "test document 1"}


def activate(stage: Scene, version: int) -> None:
    stage.do("regulator", "engine.activate", activation(version), *REGULATORS)


def values(stage: Scene) -> dict[str, str]:
    return {row["code"]: row["value"] for row in stage.rows(parameter_table)}


def test_a_ledger_goes_up_one_version_by_one(stage: Scene) -> None:
    assert stage.rows(ledger_table)[0]["engine"] == 1
    leap = stage.refused("regulator", "engine.activate", activation(3), *REGULATORS)
    assert leap == "engine-not-next"
    activate(stage, 2)
    assert stage.rows(ledger_table)[0]["engine"] == 2
    again = stage.refused("regulator", "engine.activate", activation(2), *REGULATORS)
    assert again == "engine-not-next"


def test_a_version_that_this_software_does_not_know_is_no_entry(stage: Scene) -> None:
    before = stage.rows(statement)
    reply = stage.say("regulator", "engine.activate", activation(4), *REGULATORS)
    assert (reply.status, reply.index) == ("unsupported", None)
    assert reply.answer == {"code": "engine-unknown", "params": {"supported": 3}}
    assert stage.rows(statement) == before


def test_only_two_people_of_the_operator_or_regulator_activate(stage: Scene) -> None:
    body = activation(2)
    assert stage.refused("regulator", "engine.activate", body, "regulator-1") == "four-eyes"
    assert stage.refused("operator", "engine.activate", body, "operator") == "four-eyes"
    officers = ("registrar-1", "registrar-2")
    assert stage.refused("registrar", "engine.activate", body, *officers) == "role-not-allowed"


def test_a_type_holds_from_its_version_on(stage: Scene) -> None:
    body = {"word": "w"}
    assert stage.refused("regulator", "note.later", body, "regulator-1") == "type-not-active"
    activate(stage, 2)
    assert stage.refused("regulator", "note.later", body, "regulator-1") == "type-not-active"
    activate(stage, 3)
    stage.do("regulator", "note.later", body, "regulator-1")
    assert values(stage)["w"] == "later"


def test_a_type_is_held_to_its_version_inside_a_batch_too(stage: Scene) -> None:
    batch = {"operations": [{"type": "note.later", "body": {"word": "w"}}]}
    reply = stage.say("regulator", "batch.public", batch, "regulator-1")
    assert reply.answer["params"]["reason"] == "type-not-active"


def test_replay_uses_the_behaviour_that_was_active_at_each_index(stage: Scene) -> None:
    stage.do("regulator", "note.keep", {"word": "before"}, "regulator-1")
    activate(stage, 2)
    stage.do("regulator", "note.keep", {"word": "after"}, "regulator-1")
    assert {name: values(stage)[name] for name in ("before", "after")} == {
        "before": "old",
        "after": "new",
    }
    for supervisor in (True, False):
        with stage.ledger.record.reading() as connection:
            engine, vkey = make_engine(), stage.ledger.record.vkey
            report = audit(connection, engine, ORIGIN, vkey, public_key, supervisor=supervisor)
        assert report.faults == []


def test_software_that_knows_too_little_says_so_and_proves_nothing(stage: Scene) -> None:
    activate(stage, 2)
    with stage.ledger.record.reading() as connection:
        engine, vkey = make_engine(supported=1), stage.ledger.record.vkey
        report = audit(connection, engine, ORIGIN, vkey, public_key)
    assert "engine-unknown" in report.faults[0].params["reason"]


def test_older_software_does_not_open_a_ledger_that_has_gone_on(stage: Scene) -> None:
    activate(stage, 2)
    stage.ledger.close()
    with pytest.raises(Unavailable, match="engine-unknown"):
        opening.open_ledger(stage.ledger.settings, stage.clock)


def test_spans_of_one_type_neither_overlap_nor_change_its_shape() -> None:
    with pytest.raises(BrokenInvariant, match="type-declared-twice"):
        Engine((Room("a", (note("old", 1, 3), note("new", 2))),), authority, admission)
    with pytest.raises(BrokenInvariant, match="type-declared-twice"):
        Engine((Room("a", (note("old", 1), note("new", 2))),), authority, admission)
    other = replace(note("new", 2), circle=Circle.PARTY)
    with pytest.raises(BrokenInvariant, match="type-changed-shape"):
        Engine((Room("a", (note("old", 1, 2), other)),), authority, admission)
