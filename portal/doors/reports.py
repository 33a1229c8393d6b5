"""Statements of account, trade confirmations and fees of a span of days, and one trade's sheet."""

from __future__ import annotations

from flask import Blueprint, Response
from sqlalchemy import select

from ledger.parties.models import PARTY
from ledger.statements.types import Circle
from ledger.writer.kinds import Row
from ledger.writer.store import plain
from market.settlement.models import deal_table
from portal.doors.entries import entry_of, packet_of
from portal.doors.resources import NAME_MAX, one
from portal.home.record import signers
from portal.reports.deals import named, told
from portal.reports.making import NAMES, Report, make
from portal.sheets import SheetFault, pack_tables
from portal.shell.answers import json_resource
from portal.shell.asked import plausible, span_asked
from portal.shell.circles import circle
from portal.shell.current import ledger
from portal.shell.operations import CSV, XLSX, operation
from portal.shell.pages import page
from portal.shell.problems import Problem
from portal.shell.reader import need_reader
from portal.shell.spoken import spoken

DOOR = Blueprint("reports", __name__)
ONE, OF = "/v1/reports/<report>", "/v1/supervision/reports/<party>/<report>"
SPAN = ("from", "to")


@DOOR.get(ONE)
@operation("Private", query=SPAN)
@circle(Circle.PARTY)
def told_own(report: str) -> Response:
    """What the reader's party held, moved and traded ``?from=`` a day ``?to=`` a day.

    ``fees`` are what an exchange invoices, and are its own alone.
    """
    return json_resource(_own(report).value())


@DOOR.get(f"{ONE}.csv")
@operation("Table", media=CSV, query=SPAN)
@circle(Circle.PARTY)
def own_csv(report: str) -> Response:
    """The same as comma-separated values, for spreadsheets."""
    return _file(_own(report), report, ".csv", CSV)


@DOOR.get(f"{ONE}.xlsx")
@operation("Bytes", media=XLSX, query=SPAN, problems=(422,))
@circle(Circle.PARTY)
def own_xlsx(report: str) -> Response:
    """The same as a workbook."""
    return _file(_own(report), report, ".xlsx", XLSX)


@DOOR.get(OF)
@operation("Private", query=SPAN)
@circle(Circle.SUPERVISOR)
def told_any(party: str, report: str) -> Response:
    """The report of any party, as the supervisor reads it."""
    return json_resource(_any(party, report).value())


@DOOR.get(f"{OF}.csv")
@operation("Table", media=CSV, query=SPAN)
@circle(Circle.SUPERVISOR)
def any_csv(party: str, report: str) -> Response:
    """The same as comma-separated values."""
    return _file(_any(party, report), report, ".csv", CSV)


@DOOR.get(f"{OF}.xlsx")
@operation("Bytes", media=XLSX, query=SPAN, problems=(422,))
@circle(Circle.SUPERVISOR)
def any_xlsx(party: str, report: str) -> Response:
    """The same as a workbook."""
    return _file(_any(party, report), report, ".xlsx", XLSX)


@DOOR.get("/v1/deals/<path:deal>/confirmation")
@operation("Private")
@circle(Circle.PARTY)
def confirmation(deal: str) -> Response:
    """A trade of the reader's party with both sides, and the packet that proves it offline."""
    row, party = _deal(deal), need_reader().party
    packet = packet_of(entry_of(str(row["index"])), party)
    return json_resource({"deal": _told(row, party), **packet})


@DOOR.get("/deals/<path:deal>/confirmation")
@circle(Circle.PARTY)
def sheet(deal: str) -> Response:
    """成交确认单: the trade in both languages, to be printed, with the receipt of its entry."""
    row, party = _deal(deal), need_reader().party
    record = ledger().record
    with record.reading() as connection:
        receipt = record.receipt(connection, row["index"])
        vkey = signers(connection, record.origin)[0]
    return page(
        "confirmation_of_trade.html",
        deal=_told(row, party),
        side="buyer" if row["buyer"] == party else "seller",
        receipt=receipt,
        vkey=vkey,
        origin=record.origin,
    )


def _own(name: str) -> Report:
    party = need_reader().party
    if name == "fees" and "exchange" not in (roles := one(PARTY, party)["roles"]):
        raise Problem(403, "role-not-allowed", roles=roles, needed=["exchange"])
    return _any(party, name)


def _any(party: str, name: str) -> Report:
    """Raises Problem 404 ``report-none`` or ``party-unknown``, or 400 for days that are none."""
    if name not in NAMES:
        raise Problem(404, "report-none", allowed=list(NAMES))
    first, last = span_asked()
    record, row = ledger().record, one(PARTY, party)
    with record.reading() as connection:
        return make(connection, record.head(connection).size, name, row, first, last, spoken())


def _file(report: Report, name: str, suffix: str, media: str) -> Response:
    """Raises Problem 422 ``sheet-too-long`` for more rows than a workbook holds."""
    try:
        packed = pack_tables(suffix, report.tables())
    except SheetFault as error:
        raise Problem(422, error.code, **error.params) from error
    response = Response(packed, content_type=media)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}{suffix}"'
    return response


def _deal(deal: str) -> Row:
    """A deal of the reader's party; raises Problem 404 for another's as for none."""
    party = need_reader().party
    found = None
    if plausible(deal):
        with ledger().record.reading() as connection:
            query = select(deal_table).where(deal_table.c.deal == deal)
            found = connection.execute(query).mappings().first()
    if found is None or party not in (found["buyer"], found["seller"]):
        raise Problem(404, "deal-unknown", key=deal[:NAME_MAX])
    return plain(found)


def _told(row: Row, party: str) -> Row:
    with ledger().record.reading() as connection:
        return told(row, named(connection, [row]), party)
