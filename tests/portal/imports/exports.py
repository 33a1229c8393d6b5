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


ACR_PROJECT: Row = {
    "Project ID": "ACR77",
    "Compliance Program ID (ARB or Ecology)": "CAOD77",
    "Project Developer": "Kilns, Ltd.",
    "Project Name": "Kiln",
    "Project Type": "Coal Mine Methane",
    "Project Methodology/Protocol": "Flares",
    "Current Crediting Period Start Date": "1/2/2020",
    "Current Crediting Period End Date": "1/1/2030",
    "Voluntary Status": "",
    "Compliance Program Status (ARB or Ecology)": "ARB Completed",
    "Project Site Country": "US",
    "Unnamed: 21": "",
}
_ACR_UNITS: Row = {
    "Date Issued (GMT)": "6/30/2025 7:43:26 PM",
    "Vintage": "2025",
    "Project ID": "ACR77",
    "Project Name": "Kiln",
    "Project Type": "Coal Mine Methane",
    "Project Methodology/Protocol": "Flares",
    "Project Site Country": "US",
    "Verified Removal": "",
}
ACR_ISSUANCE: Row = {
    **_ACR_UNITS,
    "ReportingPeriodBegin": "2/7/2025",
    "ReportingPeriodEnd": "3/19/2025",
    "Total Credits Issued": "1000",
    "Credits Issued to Project": "900",
    "Credits Issued to Buffer Pool": "100",
    "Project Developer": "Kilns, Ltd.",
}
_ACR_BLOCK: Row = {
    **_ACR_UNITS,
    "Credit Serial Numbers": "ACR-US-77-2025-2917-21 to 30",
    "Vintage Assignment Period Start Date": "2/7/2025",
    "Vintage Assignment Period End Date": "3/19/2025",
    "Quantity of Credits": "10",
    "Status Effective  (GMT)": "4/13/2026 7:17:56 PM",
    "ARB Eligible": "No",
    "Ecology Eligible": "No",
    "CORSIA Eligible": "Yes",
    "CCP Approved": "",
}
ACR_RETIREMENT: Row = {
    **_ACR_BLOCK,
    "Retired on Behalf of": "Bakery",
    "Retirement Reason": "Environmental Benefit",
    "Purpose of Retirement": "for the year",
}
ACR_CANCELLATION: Row = {
    **_ACR_BLOCK,
    "Cancellation Type": "Convert to ARB offset credits",
    "Cancellation Details": "",
}
CAR_PROJECT: Row = {
    "Project ID": "CAR77",
    "Compliance Program ID": "",
    "Project Developer": "Kilns, Ltd.",
    "Project Name": "Kiln",
    "Project Type": "Livestock",
    "Status": "Listed",
    "Project Site Country": "US",
    "Project Registered Date": "05/27/2022",
}
CAR_ISSUANCE: Row = {
    "Date Issued": "03/19/2026",
    "Project ID": "CAR77",
    "Project Name": "Kiln",
    "Project Developer": "Kilns, Ltd.",
    "Project Type": "Livestock",
    "Protocol and Version": "Livestock - Version 4.0",
    "Vintage": "2025",
    "Total Offset Credits Issued": "1000",
    "Offset Credits Currently in Reserve Buffer Pool": "34.0",
    "Offset Credits Intended for Compliance Buffer Pool": "",
    "Project Site Country": "US",
}
_CAR_BLOCK: Row = {
    "Vintage": "2025",
    "Offset Credit Serial Numbers": "CAR-1-US-77-31-983-KS-2025-9205-11 to 20",
    "Quantity of Offset Credits": "10",
    "Status Effective": "10/27/2025",
    "Project ID": "CAR77",
    "Project Name": "Kiln",
    "Project Type": "Livestock",
    "Protocol and Version": "Livestock - Version 4.0",
    "Project Site Country": "US",
    "Additional Certification(s)": "",
}
CAR_RETIREMENT: Row = {
    **_CAR_BLOCK,
    "Retirement Reason": "On Behalf of Third Party",
    "Retirement Reason Details": "for Bakery",
}
CAR_CANCELLATION: Row = {**_CAR_BLOCK, "Cancellation Reason": "ARB", "Export Notes": ""}
ARB_ISSUANCE: Row = {
    "CARB Project ID": "CAOD77",
    "OPR Project ID": "ACR77",
    "Project Type": "ODS",
    "Reporting Period Start Date": "2023-09-26",
    "Reporting Period End Date": "2024-01-26",
    "Vintage": "2024.0",
    "ARB Offset Credits Issued": "1000.0",
    "Forest Buffer Account Contribution": "50.0",
    "Issuance Date": "2024-06-11",
    "Offset Project Name": "Kiln",
    "Offset Project Operator": "Kilns, Ltd.",
    "Intentional Reversal": "",
    "Unintentional Reversal": "",
    "CARB Issuance ID": "CAOD77-A",
    "Invalidated or Canceled": "0.0",
    "Buffer Pool Retired": "",
    "Retired for Intentional Reversal": "0.0",
    "Retired Voluntarily": "3.0",
    "Retired 1st Compliance Period (CA)": "0.0",
    "Retired 2nd Compliance Period (CA)": "0.0",
    "Retired 3rd Compliance Period (CA)": "0.0",
    "Retired 4th Compliance Period (CA)": "400.0",
    "Retired 5th Compliance Period (CA)": "0.0",
    "Retired for Compliance in Quebec": "0.0",
}
ART_PROJECT: Row = {
    "Program ID": "ART77",
    "Sovereign Program Developer": "Forest Office",
    "Program Name": "Forests",
    "Crediting Program and Standard": "TREES",
    "Program Type": "Forest Carbon",
    "Status": "Listed",
    "Program  Country": "GUYANA",
}
ART_ISSUANCE: Row = {
    "Date Approved": "02/28/2024",
    "Program ID": "ART77",
    "Program Name": "Forests",
    "Sovereign Program Developer": "Forest Office",
    "Crediting Program and Standard": "TREES",
    "Program Type": "Forest Carbon",
    "Vintage": "2021",
    "Total Emission Reductions/Removals": "1000",
    "Credits Deposited in Buffer": "60",
    "Credits Verified": "940",
    "Program  Country": "GUYANA",
}
_ART_BLOCK: Row = {
    "Vintage": "2021",
    "Credit Serial Numbers": "ART-GY-77-2021-11-101 to 200",
    "Quantity of Credits": "100",
    "Status Effective": "02/28/2025",
    "Eligible for CORSIA 2021-2023 Compliance Period (Pilot Phase)": "Yes",
    "Eligible for CORSIA 2024-2026 Compliance Period (First Phase)": "",
    "CCP Approved": "",
    "Program ID": "ART77",
    "Program Name": "Forests",
    "Program Type": "Forest Carbon",
    "Crediting Program and Standard": "TREES",
    "Program  Country": "GUYANA",
    "Date Approved": "2/28/2024 3:18:54 PM",
}
ART_RETIREMENT: Row = {
    **_ART_BLOCK,
    "Retired on Behalf of": "Bakery",
    "Retirement Reason": "Pledge",
    "Purpose of Retirement": "for the year",
}
ART_CANCELLATION: Row = {
    **_ART_BLOCK,
    "Cancellation Reason": "CORSIA Compliance",
    "Cancellation Details": "an airline, phase 1",
}
CERCARBONO_PROJECT: Row = {
    "id": "7",
    "code": "CDC-7",
    "developer": "Forest House",
    "name": "Carbono",
    "description": "",
    "sector": "[{'id': 14, 'description': 'Land use (AFOLU)', 'projectSize': 0}]",
    "quantification_method": "Not defined",
    "stage": "Certified",
    "locations": "[{'country': 'Colombia'}, {'country': 'Colombia', 'city': 'X'}]",
    "annualEstimated": "3195.0",
}
CERCARBONO_ISSUANCE: Row = {
    "verification": "1",
    "serial": "CDC_7_1_1_321_14_1_2009",
    "issued_quantity": "1000",
    "issuance_date": "2020-01-23T21:06:15.000Z",
    "year": "2009",
    "is_buffer": "False",
    "vintage_of_credits": "2009-01-01 / 2009-12-31",
}
CERCARBONO_RETIREMENT: Row = {
    "project_name": "Carbono",
    "project_id": "7",
    "serial": "CDC_7_1_1_321_14_1_2009",
    "vintage": "2009",
    "certificate_destination": "Colombian Carbon Tax",
    "end_user": "Not public",
    "passive_subject": "Fuel S.A.",
    "date": "2022-02-24 20:20:59",
    "quantity": "10",
    "from": "0",
    "to": "9",
}
ISOMETRIC_PROJECT: Row = {
    "id": "prj_77",
    "name": "Kiln",
    "status": "validated",
    "pathway": "marine",
    "protocol_slug": "biochar",
    "crediting_period_start": "2025-11-27",
    "crediting_period_end": "2030-11-26",
    "supplier.organisation.name": "Kilns",
    "location.country_name": "India",
}
ISOMETRIC_ISSUANCE: Row = {
    "id": "iss_1",
    "issued_at": "2026-04-14T16:50:41.621676Z",
    "project_id": "prj_77",
    "supplier.organisation.name": "Kilns",
    "supplier_credit_batch_size_total.credits": "2710.062",
    "supplier_credit_batch_size_total.credit_kgs": "2710062",
    "buffer_pool_credit_batch_size_total.credits": "55.308",
    "buffer_pool_credit_batch_size_total.credit_kgs": "55308",
    "credit_batch_size_total.credits": "2765.37",
    "credit_batch_size_total.credit_kgs": "2765370",
}
ISOMETRIC_RETIREMENT: Row = {
    "retirement_id": "ret_1",
    "retired_at": "2026-04-09T18:21:22.047712Z",
    "purposes": "['corporate_targets', 'other']",
    "notes": "",
    "beneficiary.name": "Bakery",
    "credit_batch_size_total.credits": "0.5",
    "credit_batch_size_total.credit_kgs": "500",
    "project_id": "prj_77",
    "sequestered_on": "2026-01-22",
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
