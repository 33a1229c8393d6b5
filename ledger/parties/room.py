"""The parties room."""

from __future__ import annotations

from ledger.parties import handlers, people_room, region_handlers, rotation, schemas, standing
from ledger.parties.models import KEY, LEDGER, PARAMETER, PARTY, PERSON, REGION, USCC
from ledger.parties.people_models import KINDS as PEOPLE
from ledger.parties.people_schemas import PAPERS
from ledger.statements.types import Circle, StatementType
from ledger.writer.log_keys import LOG_KEY
from ledger.writer.room import ROLES, Room
from ledger.writer.versions import AUTHORITIES_APART

FOREVER = "permanent"
PUBLIC = Circle.PUBLIC

STATEMENTS = (
    StatementType(
        "ledger.genesis",
        1,
        PUBLIC,
        schemas.Genesis,
        handlers.genesis,
        ("operator",),
        False,
        FOREVER,
    ),
    StatementType(
        "party.admit",
        1,
        PUBLIC,
        schemas.Admission,
        handlers.admit,
        ("registrar",),
        True,
        FOREVER,
        attachments=PAPERS,
        attachments_kept=people_room.EVIDENCE_KEPT,
    ),
    StatementType(
        "authority.admit",
        1,
        PUBLIC,
        schemas.Admission,
        handlers.admit_authority,
        ("regulator",),
        True,
        FOREVER,
        engine_since=AUTHORITIES_APART,
        attachments=PAPERS,
        attachments_kept=people_room.EVIDENCE_KEPT,
    ),
    StatementType(
        "party.suspend",
        1,
        PUBLIC,
        schemas.Standing,
        standing.suspend,
        ("regulator",),
        True,
        FOREVER,
    ),
    StatementType(
        "party.reinstate",
        1,
        PUBLIC,
        schemas.Standing,
        standing.reinstate,
        ("regulator",),
        True,
        FOREVER,
    ),
    StatementType(
        "key.register",
        1,
        PUBLIC,
        schemas.KeyRegistration,
        handlers.register_key,
        ROLES,
        True,
        FOREVER,
    ),
    StatementType(
        "key.revoke", 1, PUBLIC, schemas.KeyRevocation, handlers.revoke_key, ROLES, False, FOREVER
    ),
    StatementType(
        "parameter.set",
        1,
        PUBLIC,
        schemas.ParameterEntry,
        handlers.set_parameter,
        ("regulator",),
        True,
        FOREVER,
    ),
    StatementType(
        "engine.activate",
        1,
        PUBLIC,
        schemas.Activation,
        handlers.activate_engine,
        ("operator", "regulator"),
        True,
        FOREVER,
    ),
    StatementType(
        "region.set",
        1,
        PUBLIC,
        schemas.RegionEntry,
        region_handlers.set_region,
        ("regulator",),
        True,
        FOREVER,
    ),
    StatementType(
        "region.end",
        1,
        PUBLIC,
        schemas.RegionEnd,
        region_handlers.end_region,
        ("regulator",),
        True,
        FOREVER,
    ),
)

KINDS = (LEDGER, PARTY, USCC, KEY, PERSON, PARAMETER, REGION, LOG_KEY, *PEOPLE)

ROOM = Room("parties", (*STATEMENTS, *people_room.STATEMENTS, *rotation.STATEMENTS), KINDS)
