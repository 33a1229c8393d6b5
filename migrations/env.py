"""Alembic's environment: every room's tables, one transaction."""

from __future__ import annotations

import os

from alembic import context

import portal.house
from ledger.writer.database import open_database
from ledger.writer.tables import metadata

ROOMS = portal.house.ROOMS  # naming the rooms loads their tables into the metadata


def run() -> None:
    """Migrate the database of the configuration, or of the environment under plain alembic."""
    url = context.config.attributes.get("url") or os.environ["QINGZHANG_DATABASE_URL"]
    engine = open_database(url, writer=True)
    try:
        with engine.connect() as connection:
            context.configure(connection, target_metadata=metadata, compare_type=True)
            with context.begin_transaction():
                context.run_migrations()
    finally:
        engine.dispose()


run()
