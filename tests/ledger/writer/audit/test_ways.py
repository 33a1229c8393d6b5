"""However an audit is done (beside workers, as a party, from afar), it finds the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx2
import pytest
from sqlalchemy import select, update

from ledger.parties.authority import public_key, stored_public_keys
from ledger.parties.models import KEY
from ledger.writer import tables
from ledger.writer.audit import Known, audit_published, workers
from ledger.writer.store import StoredEntry, read_entries
from portal.app import create_app
from portal.proofs.published import Published
from tests.factories.audits import a_busy_day, audited
from tests.factories.scene import Scene, scene

URL = "http://ledger.example"


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    home = tmp_path_factory.mktemp("ways")
    with scene(home, f"sqlite:///{home}/record.sqlite") as opened:
        a_busy_day(opened)
        yield opened


@pytest.fixture
def beside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Even a short log is taken apart in processes, a few entries at a time."""
    monkeypatch.setattr(workers, "ALONE_MAX", 0)
    monkeypatch.setattr(workers, "CHUNK", 5)


@pytest.mark.usefixtures("beside")
@pytest.mark.parametrize("known", [False, True])
def test_processes_find_what_one_process_finds(stage: Scene, known: bool) -> None:
    with stage.ledger.record.reading() as connection:
        hints = stored_public_keys(connection) if known else {}
        alone = audited(stage, connection, processes=0)
        report = audited(stage, connection, processes=2, hints=hints)
    assert report.faults == []
    assert vars(report) == vars(alone)
    assert report.signatures > report.entries


@pytest.mark.usefixtures("beside")
def test_processes_name_the_entry_whose_bytes_were_changed(stage: Scene) -> None:
    with stage.ledger.record.database.connect() as connection:
        table = tables.segment
        row = connection.execute(select(table).order_by(table.c.first.desc())).first()
        assert row is not None
        planted = row.leaves[:-3] + bytes([row.leaves[-3] ^ 1]) + row.leaves[-2:]
        connection.execute(update(table).values(leaves=planted).where(table.c.first == row.first))
        faults = audited(stage, connection, processes=2).faults
        connection.rollback()
    assert row.first in {fault.params.get("index") for fault in faults}


def test_a_changed_name_behind_a_leaf_is_found_even_where_nothing_stands_under_it(
    stage: Scene,
) -> None:
    """``parts`` of a public act is mostly empty, so that nobody would miss it."""
    table = tables.segment_body
    with stage.ledger.record.database.connect() as connection:
        row = connection.execute(select(table).order_by(table.c.first)).first()
        assert row is not None
        planted = row.bodies.replace(b'"parts":[]', b'"partc":[]', 1)
        assert planted != row.bodies
        connection.execute(update(table).values(bodies=planted).where(table.c.first == row.first))
        faults = audited(stage, connection).faults
        connection.rollback()
    assert "body-not-canonical" in {fault.code for fault in faults}


def test_a_hint_that_is_not_its_ids_key_is_not_used(stage: Scene) -> None:
    with stage.ledger.record.reading() as connection:
        hints = dict.fromkeys(stored_public_keys(connection), bytes(32))
        assert audited(stage, connection, hints=hints).faults == []


def test_a_party_reads_its_own_and_the_parts_that_concern_it(stage: Scene) -> None:
    with stage.ledger.record.reading() as connection:
        public = audited(stage, connection, supervisor=False)
        report = audited(stage, connection, party="buyer")
    assert report.faults == []
    # The acceptance, the bank account, the retirement and the one that was refused.
    assert (report.own, report.sealed) == (4, public.sealed - 4)
    assert report.replayed == public.replayed


def test_a_party_knows_what_public_acts_have_given_it(stage: Scene) -> None:
    """The owner's credits were issued in public; all its own acts stand on that."""
    with stage.ledger.record.reading() as connection:
        assert audited(stage, connection, party="owner").faults == []


@pytest.mark.parametrize(("party", "found"), [("buyer", True), ("vvb1", False)])
def test_a_party_finds_what_was_changed_in_its_own_rows_alone(
    stage: Scene, party: str, found: bool
) -> None:
    kind = stage.ledger.engine.kinds["balance"]
    column = kind.table.c
    with stage.ledger.record.database.connect() as connection:
        connection.execute(
            update(kind.table)
            .values(available=column.available + 1)
            .where(column.account == "buyer/registry")
        )
        faults = audited(stage, connection, party=party).faults
        connection.rollback()
    assert [fault.params.get("table") for fault in faults] == (["balance"] if found else [])


def test_a_broken_stored_key_is_found_and_stops_nothing(stage: Scene) -> None:
    with stage.ledger.record.database.connect() as connection:
        row = connection.execute(select(KEY.table)).first()
        assert row is not None
        query = update(KEY.table).values(public="ab" * 32).where(KEY.table.c.key == row.key)
        connection.execute(query)
        faults = audited(stage, connection, hints=stored_public_keys(connection)).faults
        connection.rollback()
    assert [fault.code for fault in faults] == ["projection-differs"]


@pytest.fixture
def published(stage: Scene) -> Iterator[Published]:
    transport = httpx2.WSGITransport(app=create_app(stage.ledger))
    with Published(URL, transport) as reader:
        yield reader


def from_afar(stage: Scene, published: Published, **way: Any) -> list[str]:
    """The codes of the faults that a stranger finds."""
    note = way.pop("note", published.checkpoint())
    entries = way.pop("entries", None)
    size = int(published.checkpoint().split("\n")[1])
    report = audit_published(
        published.entries(size) if entries is None else entries,
        str(note),
        stage.ledger.engine,
        public_key,
        published.tile,
        **way,
    )
    return [fault.code for fault in report.faults]


def test_a_stranger_audits_from_the_address_alone(stage: Scene, published: Published) -> None:
    vkey = stage.ledger.record.vkey
    note = published.checkpoint()
    size = int(note.split("\n")[1])
    report = audit_published(
        published.entries(size), note, stage.ledger.engine, public_key, published.tile, vkey=vkey
    )
    with stage.ledger.record.reading() as connection:
        public = audited(stage, connection, supervisor=False)
    assert report.faults == []
    same = ("entries", "replayed", "sealed", "root", "vkey")
    assert [vars(report)[name] for name in same] == [vars(public)[name] for name in same]


def test_without_a_pinned_key_the_report_tells_the_one_that_genesis_states(
    stage: Scene, published: Published
) -> None:
    note = published.checkpoint()
    entries = published.entries(int(note.split("\n")[1]))
    report = audit_published(entries, note, stage.ledger.engine, public_key, published.tile)
    assert (report.faults, report.vkey) == ([], stage.ledger.record.vkey)


def test_another_pinned_key_is_a_fault(stage: Scene, published: Published) -> None:
    name, _, rest = stage.ledger.record.vkey.partition("+")
    assert from_afar(stage, published, vkey=f"{name}+00000000+{rest[9:]}") == ["log-key-differs"]


def changed(entries: Iterator[StoredEntry], index: int, **change: Any) -> Iterator[StoredEntry]:
    for entry in entries:
        yield replace(entry, **change) if entry.index == index else entry


def test_an_entry_left_out_or_changed_is_found(stage: Scene, published: Published) -> None:
    with stage.ledger.record.reading() as connection:
        size = stage.ledger.record.head(connection).size
        other = next(iter(read_entries(connection, 3, 4)))
    left_out = (entry for entry in published.entries(size) if entry.index != 3)
    assert from_afar(stage, published, entries=left_out) == ["entry-missing"]
    short = (entry for entry in published.entries(size) if entry.index < size - 1)
    assert "head-differs" in from_afar(stage, published, entries=short)
    swapped = changed(published.entries(size), 4, leaf=other.leaf)
    assert "head-differs" in from_afar(stage, published, entries=swapped)
    outcome = changed(published.entries(size), 4, outcome=b'{"parts":[],"public":{}}')
    assert "outcome-digest-differs" in from_afar(stage, published, entries=outcome)


def test_a_log_that_does_not_extend_a_known_head_has_forked(
    stage: Scene, published: Published
) -> None:
    with stage.ledger.record.reading() as connection:
        table = tables.checkpoint
        rows = connection.execute(select(table).order_by(table.c.size)).all()
    earlier, last = rows[2], rows[-1]
    good = Known(earlier.size, bytes.fromhex(earlier.root))
    assert from_afar(stage, published, known=good) == []
    assert from_afar(stage, published, known=good._replace(root=bytes(32))) == ["fork"]
    assert from_afar(stage, published, known=Known(last.size + 1, bytes(32))) == ["fork"]


def test_a_checkpoint_that_nobody_signed_is_found(stage: Scene, published: Published) -> None:
    note = published.checkpoint()
    assert from_afar(stage, published, note="hello") == ["checkpoint-broken"]
    unsigned = note.replace("— ", "— x", 1)
    assert from_afar(stage, published, note=unsigned) == ["checkpoint-broken"]
