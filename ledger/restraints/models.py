"""Freezes, transfers without trade, and duties to replace: what befalls units on bad days."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, Integer, String, Table, Text

from ledger.writer.kinds import Falls, Kind, Row
from ledger.writer.tables import metadata


class FreezeState(StrEnum):
    """Where a freeze stands; every state but the first is final."""

    STANDING = "standing"
    LIFTED = "lifted"
    LAPSED = "lapsed"
    EXECUTED = "executed"


class DutyState(StrEnum):
    """Where a duty to replace stands: one that is short may still be discharged.

    It is discharged when all is replaced, and ended when an authority remitted any of the rest.
    """

    OPEN = "open"
    SHORT = "short"
    DISCHARGED = "discharged"
    ENDED = "ended"


OWING = (DutyState.OPEN, DutyState.SHORT)
"""Duties of which something is missing still."""


freeze_table = Table(
    "freeze",
    metadata,
    Column("freeze", String(80), primary_key=True),
    Column("party", String(63), nullable=False),
    Column("asset", String(80), nullable=False),
    Column("ordered", BigInteger, nullable=False),
    Column("executed", BigInteger, nullable=False),
    Column("authority", Text, nullable=False),
    Column("document", Text, nullable=False),
    Column("until", String(10)),
    Column("until_at", BigInteger),
    Column("state", String(16), nullable=False),
    Column("duty", String(80)),
    Column("index", BigInteger, nullable=False),
    CheckConstraint("0 <= executed AND executed <= ordered", name="executed_within"),
)
Index("ix_freeze_party", freeze_table.c.party)
Index("ix_freeze_duty", freeze_table.c.duty)
Index("ix_freeze_state_until_at", freeze_table.c.state, freeze_table.c.until_at)

order_table = Table(
    "authority_order",
    metadata,
    Column("act", String(16), primary_key=True),
    Column("authority", String(120), primary_key=True),
    Column("document", String(120), primary_key=True),
    Column("party", String(63), primary_key=True),
    Column("target", String(80), primary_key=True),
    Column("statement", String(80), nullable=False),
    Column("index", BigInteger, nullable=False),
)

reassignment_table = Table(
    "reassignment",
    metadata,
    Column("reassignment", String(80), primary_key=True),
    Column("sender", String(63), nullable=False),
    Column("receiver", String(63), nullable=False),
    Column("batch", String(80), nullable=False),
    Column("quantity", BigInteger, nullable=False),
    Column("ground", String(16), nullable=False),
    Column("authority", Text, nullable=False),
    Column("document", Text, nullable=False),
    Column("corrects", BigInteger),
    Column("freeze", String(80)),
    Column("index", BigInteger, nullable=False),
)
Index("ix_reassignment_corrects", reassignment_table.c.corrects)
Index("ix_reassignment_between", reassignment_table.c.sender, reassignment_table.c.receiver)

duty_table = Table(
    "duty",
    metadata,
    Column("duty", String(80), primary_key=True),
    Column("party", String(63), nullable=False),
    Column("report", String(40), nullable=False),
    Column("class", String(16), nullable=False),
    Column("quantity", BigInteger, nullable=False),
    Column("discharged", BigInteger, nullable=False),
    Column("remitted", BigInteger, nullable=False, server_default="0"),
    Column("deadline", String(10), nullable=False),
    Column("deadline_at", BigInteger, nullable=False),
    Column("state", String(16), nullable=False),
    Column("document", Text, nullable=False),
    Column("index", BigInteger, nullable=False),
    CheckConstraint("0 <= discharged AND discharged <= quantity", name="discharged_within"),
)
Index("ix_duty_party", duty_table.c.party)
Index("ix_duty_state_deadline_at", duty_table.c.state, duty_table.c.deadline_at)

duty_part_table = Table(
    "duty_part",
    metadata,
    Column("duty", String(80), primary_key=True),
    Column("batch", String(80), primary_key=True),
    Column("owed", BigInteger, nullable=False),
    Column("spent", BigInteger, nullable=False),
    CheckConstraint("owed >= 0 AND spent >= 0", name="part_natural"),
)
Index("ix_duty_part_batch", duty_part_table.c.batch)

remission_table = Table(
    "remission",
    metadata,
    Column("duty", String(80), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("quantity", BigInteger, nullable=False),
    Column("authority", Text, nullable=False),
    Column("document", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("index", BigInteger, nullable=False),
    CheckConstraint("quantity > 0", name="remission_positive"),
)

seizure_table = Table(
    "seizure",
    metadata,
    Column("duty", String(80), primary_key=True),
    Column("verifier", String(63), nullable=False),
    Column("state", String(16), nullable=False),
    Column("at", BigInteger, nullable=False),
)
Index("ix_seizure_state_at", seizure_table.c.state, seizure_table.c.at)


def _holder(row: Row) -> tuple[str, ...]:
    return (row["party"],)


def _both(row: Row) -> tuple[str, ...]:
    return (row["sender"], row["receiver"])


FREEZE = Kind(
    "freeze",
    freeze_table,
    parties=_holder,
    groups={"party": ("party",), "duty": ("duty",)},
    falls=Falls("until_at", "state", FreezeState.STANDING),
)
"""``authority`` ordered it or has its case now; none did where it stands for a ``duty`` to replace:
then it is the verifier that took its opinion back, and ``document`` its reason."""
ORDER = Kind("authority_order", order_table, parties=_holder)
"""The latest entry by which a document acted on ``target``: an asset of a party, a freeze, a duty.

Authority and document are as they are compared. Of what was stated before orders were compared
there is no row, so that such a document may act once more.
"""
REASSIGNMENT = Kind(
    "reassignment",
    reassignment_table,
    parties=_both,
    groups={"corrects": ("corrects",), "between": ("sender", "receiver")},
)
SEIZURE = Kind("seizure", seizure_table, falls=Falls("at", "state", "waiting"))
"""What the scheduler freezes at once: who holds how much is private, so it needs a salt."""
DUTY = Kind(
    "duty",
    duty_table,
    groups={"party": ("party",), "report": ("report",)},
    falls=Falls("deadline_at", "state", DutyState.OPEN),
)
"""Public: whether units that were withdrawn are replaced concerns everybody who holds others."""
DUTY_PART = Kind("duty_part", duty_part_table, groups={"duty": ("duty",), "batch": ("batch",)})
"""What a duty has to do with a batch: ``owed`` arose from it, ``spent`` of it were cancelled."""
REMISSION = Kind("remission", remission_table, groups={"duty": ("duty",)})
"""What an authority took off a duty; numbered, so that no name of a private act is published."""
