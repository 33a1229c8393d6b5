"""Plans of quotas and the shares they gave, in whole tonnes; public, and no asset of an account."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Column, Integer, String, Table, Text

from ledger.writer.kinds import Kind
from ledger.writer.tables import CanonicalJSON, metadata

plan_table = Table(
    "quota_plan",
    metadata,
    Column("plan", String(40), primary_key=True),
    Column("title", Text, nullable=False),
    Column("title_en", Text),
    Column("start", String(10), nullable=False),
    Column("end", String(10), nullable=False),
    Column("cap", BigInteger, nullable=False),
    Column("method", String(40), nullable=False),
    Column("text", Text, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("evidence", CanonicalJSON, nullable=False),
    Column("document", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("confidence", String(16), nullable=False),
    Column("parent_plan", String(40)),
    Column("parent_code", String(40)),
    Column("supersedes", String(40)),
    Column("until", BigInteger),  # the entry of the plan that took this one's place
    Column("party", String(63), nullable=False),
    Column("index", BigInteger, nullable=False),
)

share_table = Table(
    "quota_share",
    metadata,
    Column("plan", String(40), primary_key=True),
    Column("code", String(40), primary_key=True),
    Column("place", Integer, nullable=False),
    Column("quantity", BigInteger, nullable=False),
    Column("share", Text, nullable=False),
    Column("exact", Text, nullable=False),
    Column("remainder", Text, nullable=False),
    CheckConstraint("quantity >= 0", name="quantity_natural"),
)

PLAN = Kind("quota_plan", plan_table, groups={"parent": ("parent_plan", "parent_code")})
SHARE = Kind("quota_share", share_table, groups={"plan": ("plan",)})
