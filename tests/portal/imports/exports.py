"""Writes small exports of our own: one good row per file, changed a cell at a time."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from portal.imports import FORMATS, Act, Format, Report
from portal.imports.ground import Ground, NoGround

Row = dict[str, str]

VERRA_BLOCK: Row = {
    "Issuance Date": "2026-03-01",
    "Sustainable Development Goals": "13: Climate Action",
    "Vintage Start": "2021-01-01",
    "Vintage End": "2021-12-31",
    "ID": "77",
    "Name": "Kiln at the river",
    "Country/Area": "Chile",
    "Project Type": "Energy demand; Transport",
    "Methodology": "VM0001",
    "Total Vintage Quantity": "1,000",
    "Quantity Issued": "100",
    "Serial Number": "9-5001-5100-VCS-VCU-262-VER-CL-3-77-01012021-31122021-0",
    "Additional Certifications": "",
    "Retirement/Cancellation Date": "",
    "Retirement Beneficiary": "",
    "Retirement Reason": "",
    "Retirement Details": "",
}
VERRA_PROJECT: Row = {
    "ID": "77",
    "Name": "Kiln at the river",
    "Proponent": "Kilns, Ltd.",
    "Project Type": "Energy demand",
    "AFOLU Activities": "",
    "Methodology": "VM0001",
    "Status": "Registered",
    "Country/Area": "Chile",
    "Estimated Annual Emission Reductions": "56,373",
    "Region": "Latin America",
    "Project Registration Date": "2020-02-29",
    "Crediting Period Start Date": "2020-01-01",
    "Crediting Period End Date": "2029-12-31",
}
_GOLD_UNITS: Row = {
    "Vintage": "2023",
    "Credit Status": "Issued",
    "Quantity": "400",
    "GSID": "501",
    "Project Name": "Stoves",
    "Project Developer": "Stove House",
    "Country": "Ghana",
    "Project Type": "Energy Efficiency - Domestic",
    "Methodology": "",
    "Programme of Activities": "VPA",
    "POA GSID": "400.0",
    "Product Type": "VER",
    "Issuance Date": "2026-01-07T08:09:10.123456",
    "Monitoring Period Start": "2023-01-01",
    "Monitoring Period End": "2023-12-31",
    "Serial Number": "GS1-1-GH-GS501-16-2023-900-1-400",
    "Label": "Emission Reduction",
    "Article Six Authorization": "Not Applicable",
}
GOLD_ISSUANCE: Row = dict(_GOLD_UNITS)
GOLD_RETIREMENT: Row = {
    **_GOLD_UNITS,
    "Credit Status": "Retired",
    "Quantity": "11",
    "Issuance Date": "2026-01-07",
    "Retirement Date": "2026-02-03",
    "Serial Number": "GS1-1-GH-GS501-16-2023-900-20-30",
    "Note": "for the year",
    "Aeroplane Operator Name": "",
    "Use Case": "Voluntary",
    "Using Entity": "Bakery",
}
GOLD_PROJECT: Row = {
    "GSID": "501",
    "Project Name": "Stoves",
    "Project Developer Name": "Stove House",
    "Status": "Listed",
    "Sustainable Development Goals": "4,13",
    "Project Type": "Energy Efficiency - Domestic",
    "Country": "Ghana",
    "Description": "Two\nlines",
    "Estimated Annual Credits": "0",
    "Methodology": "",
    "Size": "Micro Scale",
    "Programme of Activities": "VPA",
    "POA GSID": "400.0",
}
EUTL_LEG: Row = {
    "id": "1",
    "transactionID": "AT1",
    "date": "2006-01-20 07:01:15.731",
    "transactionTypeMain_id": "10",
    "transactionTypeSupplementary_id": "0",
    "transferringAccount_id": "308.0",
    "acquiringAccount_id": "399.0",
    "unitType_id": "EUA2005",
    "project_id": "",
    "amount": "3180",
    "transferringAccountID_2024": "6337.0",
}


def format_named(name: str) -> Format:
    return next(known for known in FORMATS if known.name == name)


def write(folder: Path, rows: Iterable[Mapping[str, str]], name: str = "export.csv") -> Path:
    """Write rows of one shape as the registries do: UTF-8, one header, CRLF."""
    rows = list(rows)
    path = folder / name
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


@dataclass(frozen=True)
class Plan:
    """Every act of a file, and the account of its rows."""

    acts: tuple[Act, ...]
    report: Report


def planned(known: Format, path: Path, ground: Ground | None = None) -> Plan:
    report = known.report()
    return Plan(tuple(known.acts(path, report, ground or NoGround())), report)


def plan_of(folder: Path, format_name: str, *rows: Mapping[str, str]) -> Plan:
    return planned(format_named(format_name), write(folder, rows))


def refusals(plan: Plan) -> list[tuple[int, str, str]]:
    return [(refusal.row, refusal.code, refusal.field) for refusal in plan.report.refused]


def notes(plan: Plan) -> dict[str, dict[str, object]]:
    return {note.code: dict(note.params) for note in plan.report.notes}
