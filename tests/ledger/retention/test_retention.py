"""Erasure: on the record, after the retention class has ended, and proved by every audit."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from marshmallow import Schema
from sqlalchemy import select, update

from ledger.parties.authority import admission, authority, engine_version, public_key
from ledger.retention.erasing import erase
from ledger.retention.handlers import years_after
from ledger.statements import fields
from ledger.statements.attachments import Attachment
from ledger.statements.ed25519 import key_id, public_bytes
from ledger.statements.envelope import Payload, body_digest, sign_statement
from ledger.statements.ids import make_uuid7
from ledger.statements.types import Circle, StatementType
from ledger.writer import tables
from ledger.writer.audit import Report, audit
from ledger.writer.context import Context
from ledger.writer.engine import Engine
from ledger.writer.kept import attached_table
from ledger.writer.rebuild import rebuild
from ledger.writer.room import Room
from portal.config import at_home
from portal.home import opening
from portal.home.record import public_view
from portal.house import ROOMS
from tests.factories.scene import HOUR_MS, ORIGIN, Scene, SteppingClock

REGULATORS = ("regulator-1", "regulator-2")
NUMBER = b"the telephone number of a contact"
SECRET = NUMBER * 1_000  # many pages of a database file
DAY_MS = 24 * HOUR_MS
YEARS_20_MS = (20 * 365 + 5) * DAY_MS  # 2026-01-01 to 2046-01-01: leap days of 2028 to 2044


class Paper(Schema):
    """A paper with an attachment."""

    title = fields.Identifier(required=True)


def nothing(context: Context, body: Mapping[str, Any]) -> None:
    """Decide nothing: what counts here is what lies behind the leaf."""


def paper(name: str, circle: Circle, retention: str, kept: str | None = None) -> StatementType:
    return StatementType(
        name,
        1,
        circle,
        Paper,
        nothing,
        ("enterprise",),
        False,
        retention,
        attachments=("contact",),
        attachments_kept=kept,
    )


PAPERS = Room(
    "papers",
    (
        paper("paper.trade", Circle.PARTY, "trade-20-years"),
        paper("paper.open", Circle.PUBLIC, "trade-20-years", "on-request"),
        paper("paper.forever", Circle.PARTY, "permanent"),
        paper("paper.unruled", Circle.PARTY, "no-such-class"),
    ),
)


@pytest.fixture
def stage(
    home: Path, migrated_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Scene]:
    """A ledger whose parties file papers."""
    rooms = (*ROOMS, PAPERS)
    make = lambda: Engine(rooms, authority, admission, engine_version)  # noqa: E731  one line
    monkeypatch.setattr(opening, "make_engine", make)
    settings, clock = at_home(home, migrated_database_url), SteppingClock()
    with closing(opening.init_ledger(settings, ORIGIN, clock, os.urandom)) as ledger:
        opened = Scene(ledger, clock, settings.keys)
        opened.cast()
        yield opened


def file(stage: Scene, type: str, party: str = "owner") -> int:
    """File a paper with an attachment; gives its index."""
    attached = Attachment("contact", "text/plain", os.urandom(16).hex(), SECRET)
    declared = stage.ledger.engine.type_of(type, 1)
    assert declared is not None
    body: dict[str, Any] = {"title": "t", "attachments": {"contact": attached.digest}}
    if declared.circle is not Circle.PUBLIC:
        body["salt"] = os.urandom(16).hex()
    key, now = stage.key(f"{party}/a"), stage.clock.now()
    payload = Payload(
        ORIGIN,
        make_uuid7(now, os.urandom(10)),
        type,
        1,
        party,
        (key_id(public_bytes(key)),),
        now,
        now + HOUR_MS,
        body_digest(body),
    )
    data = sign_statement(payload, body, [key], {"contact": attached}).encode()
    reply = stage.ledger.entrance.submit(data)
    assert reply.status == "accepted", reply
    assert reply.index is not None
    return reply.index


def erasure(index: int, name: str = "contact") -> dict[str, Any]:
    return {"index": index, "name": name, "ground": "the person asked for it"}


def contents(stage: Scene) -> dict[int, bytes | None]:
    return {row["index"]: row["content"] for row in stage.rows(tables.attachment)}


def audited(stage: Scene, *, supervisor: bool = True) -> Report:
    with stage.ledger.record.reading() as connection:
        engine, vkey = stage.ledger.engine, stage.ledger.record.vkey
        return audit(connection, engine, ORIGIN, vkey, public_key, supervisor=supervisor)


def codes(report: Report) -> list[str]:
    return [fault.code for fault in report.faults]


def give_up(stage: Scene, before: str, kept: str = "trade-20-years") -> dict[str, str]:
    return {"kept": kept, "before": before, "document": "test document 1"}


def run(stage: Scene) -> int:
    with stage.ledger.record.database.begin() as connection:
        return erase(connection, stage.ledger.engine, ORIGIN)


def test_what_may_name_a_person_is_erased_on_request_and_every_proof_still_holds(
    stage: Scene,
) -> None:
    index, other = file(stage, "paper.open"), file(stage, "paper.open")
    stage.do("owner", "attachment.erase", erasure(index), "a", "b")
    assert contents(stage) == {index: None, other: SECRET}
    row = stage.rows(tables.attachment)[0]
    assert (row["salt"], row["media_type"]) == (None, None)
    report = audited(stage)
    assert (report.faults, report.attachments_erased, report.erased) == ([], 1, 0)
    assert audited(stage, supervisor=False).faults == []


def test_an_attachment_is_kept_to_the_last_day_of_its_class(stage: Scene) -> None:
    index = file(stage, "paper.trade")  # on 2026-01-01, 08:00 in Shanghai
    stage.clock.time += YEARS_20_MS - 8 * HOUR_MS - 1  # 2045-12-31, a millisecond before midnight
    reply = stage.say("owner", "attachment.erase", erasure(index), "a", "b")
    assert reply.answer["code"] == "retention-runs"
    assert reply.answer["params"] == {"kept": "trade-20-years", "until": "2046-01-01"}
    assert contents(stage) == {index: SECRET}
    stage.clock.time += 1
    stage.do("owner", "attachment.erase", erasure(index), "a", "b")
    assert contents(stage) == {index: None}
    assert stage.refused("owner", "attachment.erase", erasure(index), "a", "b") == (
        "attachment-erased"
    )


@pytest.mark.parametrize(
    ("type", "code"),
    [("paper.forever", "retention-permanent"), ("paper.unruled", "parameter-not-in-force")],
)
def test_a_class_that_never_ends_and_one_without_a_rule_are_kept(
    stage: Scene, type: str, code: str
) -> None:
    index = file(stage, type)
    stage.clock.time += 2 * YEARS_20_MS
    assert stage.refused("owner", "attachment.erase", erasure(index), "a", "b") == code


def test_nobody_but_its_party_and_the_authorities_erases_an_attachment(stage: Scene) -> None:
    first, second = file(stage, "paper.open"), file(stage, "paper.open")
    body = erasure(first)
    assert stage.refused("buyer", "attachment.erase", body, "a", "b") == "attached-unknown"
    assert stage.refused("bank", "attachment.erase", body, "bank-1", "bank-2") == (
        "attached-unknown"
    )
    assert stage.refused("owner", "attachment.erase", body, "a") == "four-eyes"
    unknown = erasure(first, "other")
    assert stage.refused("owner", "attachment.erase", unknown, "a", "b") == "attached-unknown"
    stage.do("registrar", "attachment.erase", body, "registrar-1", "registrar-2")
    stage.do("regulator", "attachment.erase", erasure(second), *REGULATORS)
    assert contents(stage) == {first: None, second: None}


def test_an_attachment_that_vanished_or_came_back_is_found(stage: Scene) -> None:
    index, other = file(stage, "paper.open"), file(stage, "paper.open")
    stage.do("owner", "attachment.erase", erasure(index), "a", "b")
    table = tables.attachment
    gone = {"content": None, "salt": None, "media_type": None}
    cases: list[tuple[int, dict[str, Any], str]] = [
        (other, gone, "attachment-erased-unstated"),
        (other, {"content": None}, "attachment-differs"),
        (other, {"content": b"x"}, "attachment-differs"),
        (index, {"salt": "0" * 32}, "attachment-differs"),
    ]
    for place, values, code in cases:
        with stage.ledger.record.database.connect() as connection:
            connection.execute(update(table).where(table.c.index == place).values(**values))
            engine, vkey = stage.ledger.engine, stage.ledger.record.vkey
            report = audit(connection, engine, ORIGIN, vkey, public_key)
            connection.rollback()
        assert codes(report)[0] == code
    with stage.ledger.record.database.connect() as connection:
        row = connection.execute(select(table).where(table.c.index == other)).mappings().one()
        returned = {name: row[name] for name in ("content", "salt", "media_type", "digest")}
        connection.execute(update(table).where(table.c.index == index).values(**returned))
        report = audit(connection, engine, ORIGIN, vkey, public_key)
        connection.rollback()
    assert set(codes(report)) == {"attachment-differs", "attachment-not-erased"}


def test_bodies_past_their_class_are_erased_and_counted_apart(stage: Scene) -> None:
    kept = file(stage, "paper.forever")
    old, public = file(stage, "paper.trade"), file(stage, "paper.open")
    assert run(stage) == 0
    stage.clock.time += YEARS_20_MS + DAY_MS
    young = file(stage, "paper.trade")
    stage.do("regulator", "body.erase", give_up(stage, "2026-01-02"), *REGULATORS)
    before = audited(stage)
    assert (before.faults, before.erased) == ([], 0)
    assert run(stage) == 2
    assert run(stage) == 0
    report = audited(stage)
    assert report.faults == []
    assert (report.erased, report.attachments_erased, report.sealed) == (2, 2, 0)
    assert report.replayed + report.erased == report.entries == before.replayed
    assert contents(stage) == {kept: SECRET, old: None, public: None, young: SECRET}
    seen = audited(stage, supervisor=False)
    assert (seen.faults, seen.erased) == ([], 1)
    assert seen.replayed + seen.sealed + seen.erased == seen.entries
    with stage.ledger.record.reading() as connection:
        entry = stage.ledger.record.entry(connection, public)
    assert entry is not None
    assert "body" not in public_view(entry)


def test_an_erased_ledger_is_rebuilt_and_written_on(stage: Scene) -> None:
    file(stage, "paper.trade")
    stage.clock.time += YEARS_20_MS + DAY_MS
    stage.do("regulator", "body.erase", give_up(stage, "2026-01-02"), *REGULATORS)
    assert run(stage) == 1
    with stage.ledger.record.database.begin() as connection:
        rebuild(connection, stage.ledger.engine, ORIGIN)
    file(stage, "paper.trade")
    assert audited(stage).faults == []


def test_bodies_are_not_given_up_a_day_too_early_nor_for_ever_nor_twice(stage: Scene) -> None:
    stage.clock.time += YEARS_20_MS  # 2046-01-01, 08:00 in Shanghai
    early = stage.say("regulator", "body.erase", give_up(stage, "2026-01-02"), *REGULATORS)
    assert early.answer["code"] == "retention-runs"
    assert early.answer["params"]["until"] == "2046-01-02"
    permanent = give_up(stage, "2026-01-01", "permanent")
    assert stage.refused("regulator", "body.erase", permanent, *REGULATORS) == (
        "retention-permanent"
    )
    unruled = give_up(stage, "2026-01-01", "no-such-class")
    assert stage.refused("regulator", "body.erase", unruled, *REGULATORS) == (
        "parameter-not-in-force"
    )
    body = give_up(stage, "2026-01-01")
    officers = ("registrar-1", "registrar-2")
    assert stage.refused("registrar", "body.erase", body, *officers) == "role-not-allowed"
    assert stage.refused("regulator", "body.erase", body, "regulator-1") == "four-eyes"
    stage.do("regulator", "body.erase", body, *REGULATORS)
    assert stage.refused("regulator", "body.erase", body, *REGULATORS) == "erasure-stated"


def test_a_body_that_was_erased_without_leave_is_found(
    stage: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    file(stage, "paper.trade")
    stage.clock.time += YEARS_20_MS + DAY_MS
    late = file(stage, "paper.trade")
    stage.do("regulator", "body.erase", give_up(stage, "2026-01-02"), *REGULATORS)
    monkeypatch.setattr("ledger.retention.erasing._limits", lambda c: {"trade-20-years": 1 << 60})
    assert run(stage) == 2
    report = audited(stage)
    assert set(codes(report)) == {"body-erased-unstated", "attachment-erased-unstated"}
    assert {fault.params["index"] for fault in report.faults} == {late}


def test_a_part_changed_behind_an_erased_body_is_found(stage: Scene) -> None:
    file(stage, "paper.trade")
    stage.clock.time += YEARS_20_MS + DAY_MS
    stage.do("regulator", "body.erase", give_up(stage, "2026-01-02"), *REGULATORS)
    run(stage)
    table = tables.segment_body
    with stage.ledger.record.database.begin() as connection:
        for first, bodies in connection.execute(select(table)).all():
            changed = bytes(bodies).replace(b'"party":"owner"', b'"party":"buyer"')
            query = update(table).where(table.c.first == first).values(bodies=changed)
            connection.execute(query)
    assert "outcome-parts-differ" in codes(audited(stage))


def test_nothing_of_an_erased_attachment_stays_in_the_files(tmp_path: Path, stage: Scene) -> None:
    index = file(stage, "paper.open")
    stage.do("owner", "attachment.erase", erasure(index), "a", "b")
    stage.ledger.close()
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert [path.name for path in files if NUMBER in path.read_bytes()] == []


@pytest.mark.parametrize(
    ("day", "years", "ends"),
    [
        ("2024-02-29", 1, "2025-03-01"),
        ("2024-02-29", 4, "2028-02-29"),
        ("2025-03-31", 0, "2025-03-31"),
        ("2025-03-31", 9_000, "9999-12-31"),
    ],
)
def test_years_are_counted_by_the_calendar(day: str, years: int, ends: str) -> None:
    assert years_after(day, years) == ends


def test_a_list_of_attachments_names_party_class_and_day(stage: Scene) -> None:
    index = file(stage, "paper.open")
    (row,) = stage.rows(attached_table)
    assert (row["index"], row["party"], row["kept"]) == (index, "owner", "on-request")
    assert (row["at"], row["erased_at"]) == (stage.clock.time, None)
