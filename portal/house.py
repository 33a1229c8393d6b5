"""The rooms in house order: what writer, audit, migrations and doors work from."""

from __future__ import annotations

from incentives.room import ROOM as INCENTIVES
from ledger.accounts.room import ROOM as ACCOUNTS
from ledger.consents.room import ROOM as CONSENTS
from ledger.credits.room import ROOM as CREDITS
from ledger.facts.room import ROOM as FACTS
from ledger.mirrors.room import ROOM as MIRRORS
from ledger.parties.authority import admission, authority, engine_version
from ledger.parties.room import ROOM as PARTIES
from ledger.pledges.room import ROOM as PLEDGES
from ledger.projects.room import ROOM as PROJECTS
from ledger.restraints.room import ROOM as RESTRAINTS
from ledger.retention.room import ROOM as RETENTION
from ledger.writer.batch import ROOM as BATCH
from ledger.writer.engine import Engine
from market.blocks.room import ROOM as BLOCKS
from market.one_way.room import ROOM as ONE_WAY
from market.room import ROOM as MARKET
from market.supervision.room import ROOM as SUPERVISION

ROOMS = (
    BATCH,
    PARTIES,
    ACCOUNTS,
    FACTS,
    RETENTION,
    CONSENTS,
    PROJECTS,
    CREDITS,
    RESTRAINTS,
    PLEDGES,
    MIRRORS,
    MARKET,
    BLOCKS,
    ONE_WAY,
    SUPERVISION,
    INCENTIVES,
)


def make_engine() -> Engine:
    """The deterministic function over all rooms."""
    return Engine(ROOMS, authority, admission, engine_version)
