"""The Climate Action Data Trust's words, version 1: projects, issuances, locations, units.

What the register does not know is said so: whether a nation counts the reduction, and whether it
adjusts for it, are nobody's statement here.
"""

from __future__ import annotations

from portal.exports.register import Record
from portal.exports.vocabulary import Column, Sheet, Vocabulary, Words

WORDS = Words("cadt")
COUNTRY, METRIC, UNKNOWN = "China", "tCO2e", "Unknown"
SECTOR, NOT_STARTED = "Not elsewhere classified", "Not Started"
APPROACH = "Third-party verification"


def _plain(name: str, key: str) -> Column:
    return Column(name, lambda record: record[key], key)


def _number(name: str, key: str) -> Column:
    return Column(name, lambda record: record[key], key, int)


def _fixed(name: str, word: str) -> Column:
    return Column(name, lambda _: word)


def _word(name: str, key: str, words: str) -> Column:
    return Column(
        name, lambda record: WORDS.word(words, record[key]), key, WORDS.ours(words).__getitem__
    )


def _serial(record: Record, end: str) -> str:
    return f"{record['batch']}-{record[end]}"


def _serial_of(text: str) -> int:
    return int(text.rpartition("-")[2])


def _reason(record: Record) -> str:
    return record["purpose"] or ("" if record["state"] == "held" else str(record["state"]))


PROJECTS = Sheet(
    "projects",
    "projects",
    (
        _plain("projectId", "project"),
        _plain("originProjectId", "project"),
        Column("registryOfOrigin", lambda record: record["origin"], "origin"),
        _plain("projectName", "name"),
        Column(
            "projectLink",
            lambda record: f"{record['url']}/projects/{record['project']}",
            elsewhere=True,
        ),
        _plain("projectDeveloper", "owner_name"),
        _fixed("sector", SECTOR),
        Column("projectType", lambda record: WORDS.word("project_type", record["class"])),
        _plain("projectTags", "class"),
        _fixed("coveredByNDC", UNKNOWN),
        _word("projectStatus", "state", "status"),
        _plain("projectStatusDate", "state_day"),
        _fixed("unitMetric", METRIC),
        _plain("methodology", "methodology"),
    ),
)
LOCATIONS = Sheet(
    "projectLocations",
    "projects",
    (
        _plain("projectId", "project"),
        _fixed("country", COUNTRY),
        _plain("inCountryRegion", "province"),
        _plain("geographicIdentifier", "region"),
    ),
)
ISSUANCES = Sheet(
    "issuances",
    "batches",
    (
        _plain("issuanceId", "batch"),
        _plain("projectId", "project"),
        _plain("startDate", "start"),
        _plain("endDate", "end"),
        _fixed("verificationApproach", APPROACH),
        _plain("verificationReportDate", "verified_day"),
        _plain("verificationBody", "verifier_name"),
    ),
)
UNITS = Sheet(
    "units",
    "units",
    (
        _plain("issuanceId", "batch"),
        _plain("projectId", "project"),
        _fixed("countryJurisdictionOfOwner", COUNTRY),
        Column("unitBlockStart", lambda record: _serial(record, "first"), "first", _serial_of),
        Column("unitBlockEnd", lambda record: _serial(record, "last"), "last", _serial_of),
        _number("unitCount", "count"),
        _number("vintageYear", "vintage"),
        Column("unitType", lambda record: WORDS.word("unit_type", record["class"])),
        _word("unitStatus", "state", "unit"),
        Column("unitStatusReason", _reason),
        Column(
            "unitRegistryLink",
            lambda record: f"{record['url']}/serials/{_serial(record, 'first')}",
            elsewhere=True,
        ),
        _plain("unitTags", "class"),
        _fixed("correspondingAdjustmentDeclaration", UNKNOWN),
        _fixed("correspondingAdjustmentStatus", NOT_STARTED),
    ),
)

CADT = Vocabulary("cadt", (PROJECTS, LOCATIONS, ISSUANCES, UNITS), WORDS.source, WORDS.confidence)
