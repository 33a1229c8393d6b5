"""To whom a site (项目地点) is kept: one project for the days of a crediting period (decision 21).

Everybody may submit a design for a site, for who submits has shown nothing yet.  From the day on
which the registrar takes an application up (受理), or registers without one, the site is kept for
that project against everybody and for every class: a tonne is not counted twice (Order 31 of 2023,
Art. 10, 48).  What was refused, sent back or taken back keeps nothing.
"""

from __future__ import annotations

from ledger.projects.models import (
    PROJECT,
    PROJECT_MOVES,
    REPORT,
    SPELLING,
    ProjectState,
    ReportState,
)
from ledger.projects.rules import FROM_ACCEPTANCE, asked
from ledger.projects.spelling import site_form
from ledger.projects.steps_models import APPLICATION, ApplicationState
from ledger.writer.context import Context
from ledger.writer.errors import Refusal
from ledger.writer.kinds import Row
from ledger.writer.versions import SITES_SPELLED

KEEPING = frozenset({ProjectState.REGISTERED, ProjectState.SUSPENDED, ProjectState.MOVED})
"""A project that moved is counted by the national register from then on."""
NEVER_AGAIN = frozenset({ProjectState.DEREGISTERED, ProjectState.MOVED})
"""A project that was deregistered is never registered again (Order 31, Art. 16)."""
BROUGHT = frozenset({ReportState.ISSUED, ReportState.WITHDRAWN})
"""Reports that brought units, or may have before their verification was taken back."""


def check_submission(context: Context, project: Row) -> None:
    """Refuse a design whose site another project keeps, or which the owner has proposed already.

    Raises Refusal ``site-claimed``, which names that project and its entry.
    """
    for other in _others(context, project):
        if other["owner"] == project["owner"] and _again(other, project):
            raise _claimed(other)
    check_site(context, project)


def take_up(context: Context, project: Row) -> None:
    """Keep a site for a project; raises Refusal ``site-claimed`` where another keeps it."""
    check_site(context, project)
    note_spelling(context, project)


def note_spelling(context: Context, project: Row) -> None:
    """Put down the form of a project's site, by which others that spell it otherwise find it."""
    if (
        context.engine_version >= SITES_SPELLED
        and context.get(SPELLING, project["project"]) is None
    ):
        context.put(SPELLING, {"project": project["project"], "form": site_form(project["site"])})


def check_site(context: Context, project: Row) -> None:
    """Refuse with ``site-claimed`` where another project keeps the site for the same days."""
    if asked(context, FROM_ACCEPTANCE):
        for other in _others(context, project):
            if _same_days(other, project) and _keeps(context, other):
                raise _claimed(other)


def _again(other: Row, project: Row) -> bool:
    """Whether an owner proposes what goes on already, or what has ended for ever."""
    state = ProjectState(other["state"])
    if state in NEVER_AGAIN and other["class"] == project["class"]:
        return True
    return bool(PROJECT_MOVES[state]) and _same_days(other, project)


def _keeps(context: Context, project: Row) -> bool:
    """Whether a project keeps its site against everybody."""
    state, name = ProjectState(project["state"]), project["project"]
    if state is ProjectState.DEREGISTERED:
        keys = context.children(REPORT, "project", name)
        return any(context.need(REPORT, *key)["state"] in BROUGHT for key in keys)
    if not PROJECT_MOVES[state] or state in KEEPING:
        return state in KEEPING
    rows = context.members(APPLICATION, "name", PROJECT.name, name)
    return any(row["state"] == ApplicationState.ACCEPTED for row in rows)


def _same_days(one: Row, other: Row) -> bool:
    """Whether two crediting periods have a day in common."""
    return bool(
        one["crediting_start"] <= other["crediting_end"]
        and other["crediting_start"] <= one["crediting_end"]
    )


def _others(context: Context, project: Row) -> list[Row]:
    """The other projects of a site, by name; since ``SITES_SPELLED`` however they spell it."""
    site = project["site"]
    keys = set(context.children(PROJECT, "site", site))
    if context.engine_version >= SITES_SPELLED:
        form = site_form(site)
        keys |= {
            *context.children(SPELLING, "form", form),
            *context.children(PROJECT, "site", form),
        }
    rows = [context.need(PROJECT, *key) for key in sorted(keys)]
    return [row for row in rows if row["project"] != project["project"]]


def _claimed(other: Row) -> Refusal:
    name, state, index = other["project"], other["state"], other["index"]
    return Refusal("site-claimed", field="site", project=name, state=state, index=index)
