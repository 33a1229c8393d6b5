"""The chapter of bad days: ranks as told; in the end one pledge alone holds anything."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from sqlalchemy import select

from ledger.accounts.claims import claim_table
from ledger.credits.queries import identity
from ledger.restraints.models import duty_table, freeze_table, reassignment_table
from portal.config import at_home
from portal.demo.bad_days import bad_days
from portal.demo.cast import LABEL
from portal.demo.market import BATCH, FIRST, SELLER
from portal.demo.telling import seed
from portal.home.opening import open_record


def test_two_courts_come_and_go_and_one_takes_its_part(tmp_path: Path) -> None:
    settings = at_home(tmp_path)
    seed(settings, lambda line: None)
    record = open_record(settings)
    with closing(record.database.connect()) as connection:
        freezes = connection.execute(select(freeze_table).order_by("index")).mappings().all()
        (taken,) = connection.execute(select(reassignment_table)).mappings().all()
        (duty,) = connection.execute(select(duty_table)).mappings().all()
        claims = connection.execute(select(claim_table.c.state, claim_table.c.quantity)).all()
        figures = identity(connection, BATCH)
    record.database.dispose()
    told = [(row["ordered"], row["executed"], row["state"]) for row in freezes]
    assert told == [(800, 300, "lifted"), (3_000, 0, "lifted"), (50, 50, "executed")]
    assert (duty["quantity"], duty["state"]) == (50, "discharged")
    assert (taken["sender"], taken["receiver"], taken["quantity"]) == (SELLER, FIRST, 300)
    assert [tuple(row) for row in claims if row.state != "ended"] == [("standing", 100)]
    held = [figures[name] for name in ("registry_frozen", "registry_pledged", "difference")]
    assert held == [0, 100, 0]


def test_every_document_of_the_chapter_is_labelled() -> None:
    told = [step.body["document"] for step in bad_days() if "document" in step.body]
    assert len(told) == 7
    assert all(text.startswith(LABEL) for text in told)
