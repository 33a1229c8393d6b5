"""Projects and their monitoring reports."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import BigInteger, Column, String, Table, Text

from ledger.writer.kinds import Kind
from ledger.writer.tables import CanonicalJSON, metadata


class ProjectState(StrEnum):
    """States of a project (Measures of 2023, Order 31, Art. 11-16).

    ``suspended`` is our own: registered, but the validation was withdrawn.  ``retracted`` is the
    owner's: taken back before it was registered.
    """

    SUBMITTED = "submitted"
    VALIDATED = "validated"
    REJECTED = "rejected"
    REGISTERED = "registered"
    SUSPENDED = "suspended"
    DEREGISTERED = "deregistered"
    MOVED = "moved"
    RETRACTED = "retracted"


class ReportState(StrEnum):
    """States of a monitoring report (Order 31, Art. 17-22).

    ``withdrawn`` says that its verification was taken back when it had brought credits (before
    engine version 4, also earlier); until then it waits for another one.  ``retracted`` says that
    its owner took it back before its reductions were registered.
    """

    SUBMITTED = "submitted"
    VERIFIED = "verified"
    REJECTED = "rejected"
    REGISTERED = "registered"
    ISSUED = "issued"
    WITHDRAWN = "withdrawn"
    RETRACTED = "retracted"


PROJECT_MOVES: dict[ProjectState, frozenset[ProjectState]] = {
    ProjectState.SUBMITTED: frozenset(
        {ProjectState.VALIDATED, ProjectState.REJECTED, ProjectState.RETRACTED}
    ),
    ProjectState.VALIDATED: frozenset(
        {
            ProjectState.REGISTERED,
            ProjectState.REJECTED,
            ProjectState.SUBMITTED,
            ProjectState.RETRACTED,
        }
    ),
    ProjectState.REGISTERED: frozenset(
        {ProjectState.DEREGISTERED, ProjectState.MOVED, ProjectState.SUSPENDED}
    ),
    ProjectState.SUSPENDED: frozenset({ProjectState.REGISTERED, ProjectState.DEREGISTERED}),
    ProjectState.REJECTED: frozenset(),
    ProjectState.DEREGISTERED: frozenset(),
    ProjectState.MOVED: frozenset(),
    ProjectState.RETRACTED: frozenset(),
}
REPORT_MOVES: dict[ReportState, frozenset[ReportState]] = {
    ReportState.SUBMITTED: frozenset(
        {ReportState.VERIFIED, ReportState.REJECTED, ReportState.RETRACTED}
    ),
    ReportState.VERIFIED: frozenset(
        {
            ReportState.REGISTERED,
            ReportState.REJECTED,
            ReportState.SUBMITTED,
            ReportState.WITHDRAWN,
            ReportState.RETRACTED,
        }
    ),
    ReportState.REGISTERED: frozenset(
        {ReportState.ISSUED, ReportState.SUBMITTED, ReportState.WITHDRAWN}
    ),
    ReportState.ISSUED: frozenset({ReportState.WITHDRAWN}),
    ReportState.REJECTED: frozenset(),
    ReportState.WITHDRAWN: frozenset(),
    ReportState.RETRACTED: frozenset(),
}
UNVALIDATED = (ProjectState.SUBMITTED, ProjectState.SUSPENDED)
"""Where a validation is still to be given; a verification is, of a report that is submitted."""
GIVEN_UP = frozenset({ReportState.REJECTED, ReportState.RETRACTED})
"""Where a report stands for nothing: another may take its period and its paper."""

project_table = Table(
    "project",
    metadata,
    Column("project", String(40), primary_key=True),
    Column("owner", String(63), nullable=False),
    Column("class", String(16), nullable=False),
    Column("name", Text, nullable=False),
    Column("methodology", String(63), nullable=False),
    Column("region", String(6), nullable=False),
    Column("site", String(120), nullable=False, index=True),
    Column("construction_start", String(10), nullable=False),
    Column("crediting_start", String(10), nullable=False),
    Column("crediting_end", String(10), nullable=False),
    Column("design_sha256", String(64), nullable=False),
    Column("state", String(16), nullable=False),
    Column("validator", String(63)),
    Column("index", BigInteger, nullable=False),
)

site_table = Table(
    "project_site",
    metadata,
    Column("owner", String(63), primary_key=True),
    Column("site", String(120), primary_key=True),
    Column("project", String(40), nullable=False),
)

spelling_table = Table(
    "site_spelling",
    metadata,
    Column("project", String(40), primary_key=True),
    Column("form", String(120), nullable=False, index=True),
)

report_table = Table(
    "report",
    metadata,
    Column("report", String(40), primary_key=True),
    Column("project", String(40), nullable=False),
    Column("start", String(10), nullable=False),
    Column("end", String(10), nullable=False),
    Column("report_sha256", String(64), nullable=False, index=True),
    Column("claimed", BigInteger, nullable=False),
    Column("vintages", CanonicalJSON),
    Column("verifier", String(63)),
    Column("state", String(16), nullable=False),
    Column("index", BigInteger, nullable=False),
)

PROJECT = Kind("project", project_table, groups={"owner": ("owner",), "site": ("site",)})
SITE = Kind("project_site", site_table)
"""What a submission claimed for its owner before ``site-from-acceptance`` was stated."""
SPELLING = Kind("site_spelling", spelling_table, groups={"form": ("form",)})
"""The form by which a project's site is compared; none where nothing was done with a project since
``SITES_SPELLED``, whose site is then found by the text alone."""
REPORT = Kind("report", report_table, groups={"project": ("project",), "hash": ("report_sha256",)})
