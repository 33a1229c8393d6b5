"""The units that a grant cites: noted when it is asked for, used when it is given."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from incentives.grants.models import GRANT_CREDIT, CreditState
from ledger.credits.serials import Span
from ledger.credits.uses import (
    check_standing,
    check_unused,
    refuse_overlap,
    release_use,
    take_use,
)
from ledger.credits.uses_models import PUBLIC, Benefit
from ledger.writer.context import Context
from ledger.writer.kinds import Row

Body = Mapping[str, Any]


def cite(context: Context, grant: Row, credits: Iterable[Body]) -> None:
    """Note the units under an application.

    They hang on the grant and not on its answer, on which a later application may rest as well.

    Raises what ``check_standing`` raises, ``use-taken`` where a benefit was given for them, and
    ``use-asked`` where another application, or this one twice, asks for it.
    """
    for cited in credits:
        batch, benefit = cited["batch"], Benefit(cited["benefit"])
        span = (cited["first"], cited["last"])
        check_standing(context, context.party, batch, span, benefit, cited.get("retirement"))
        _check_unused(context, batch, span, benefit)
        _refuse_cited(context, batch, span, benefit, CreditState.CITED, "use-asked")
        context.create(
            GRANT_CREDIT,
            {
                "grant": grant["grant"],
                "batch": batch,
                "benefit": benefit,
                "first": span[0],
                "last": span[1],
                "act": cited.get("retirement"),
                **{side: grant[side] for side in ("applicant", "reviewer", "granter")},
                "state": CreditState.CITED,
                "taken": None,
            },
        )


def use(context: Context, grant: Row) -> None:
    """Take the use of what a grant cites, if its applicant may still claim it.

    Raises what ``check_standing`` raises and ``use-taken``.
    """
    for row in credits_of(context, grant["grant"]):
        span, benefit = (row["first"], row["last"]), Benefit(row["benefit"])
        check_standing(context, grant["applicant"], row["batch"], span, benefit, row["act"])
        if benefit in PUBLIC:
            take_use(context, row["batch"], span, benefit)
        else:
            _check_unused(context, row["batch"], span, benefit)
        used = {"state": CreditState.USED, "taken": context.index}
        context.put(GRANT_CREDIT, {**row, **used})


def free(context: Context, grant: str) -> None:
    """Let go of what a grant cites or uses, since it is not given or was given back."""
    for row in credits_of(context, grant):
        benefit = Benefit(row["benefit"])
        if row["state"] == CreditState.USED and benefit in PUBLIC:
            release_use(context, row["batch"], row["first"], benefit, row["taken"])
        context.put(GRANT_CREDIT, {**row, "state": CreditState.FREE})


def citing(context: Context, batch: str, span: Span | None) -> list[str]:
    """The grants that cite or use some serials of a batch, or any of it, in the order of names."""
    found = set()
    for benefit in Benefit:
        for state in (CreditState.CITED, CreditState.USED):
            for key in context.children(GRANT_CREDIT, "cited", batch, benefit, state):
                row = context.need(GRANT_CREDIT, *key)
                if span is None or (row["first"] <= span[1] and span[0] <= row["last"]):
                    found.add(row["grant"])
    return sorted(found)


def credits_of(context: Context, grant: str) -> list[Row]:
    """What a grant cites, in the order of batch, benefit and serials."""
    return context.members(GRANT_CREDIT, "grant", grant)


def _check_unused(context: Context, batch: str, span: Span, benefit: Benefit) -> None:
    """Refuse serials that brought a benefit of the kind; raises ``use-taken``.

    A holding that brought one is known to its grant alone: a public row would tell who held them.
    """
    if benefit in PUBLIC:
        check_unused(context, batch, span, benefit)
    else:
        _refuse_cited(context, batch, span, benefit, CreditState.USED, "use-taken")


def _refuse_cited(
    context: Context, batch: str, span: Span, benefit: Benefit, state: CreditState, code: str
) -> None:
    for key in context.children(GRANT_CREDIT, "cited", batch, benefit, state):
        refuse_overlap(code, context.need(GRANT_CREDIT, *key), span)
