"""Public extracts of the three registries: rows and sums as their description gives them."""

from __future__ import annotations

import itertools
from collections import Counter
from pathlib import Path

from portal.imports.dates import iso_instant
from portal.imports.formats.eutl import OPERATIONS
from portal.imports.model import Leg, LegRow, Transaction
from portal.imports.openings import minimal_openings
from portal.imports.transfers import OTHER
from tests.portal.imports.exports import Plan, format_named, notes, planned
from tests.shared import SHARED, needs_shared

pytestmark = needs_shared

OFFSETS = "offsetsdb-fixtures"
EUTL = "eutl-transfers/transaction_transferring_missing.csv"


def path_of(name: str) -> Path:
    assert SHARED is not None
    return SHARED / "data" / name


def plan_of(format_name: str, name: str) -> Plan:
    plan = planned(format_named(format_name), path_of(name))
    report = plan.report
    assert (report.refused, report.left, report.unstated_rows) == ([], [], 0)
    assert report.taken_rows == report.rows
    settled = Counter(itertools.chain.from_iterable(act.rows for act in plan.acts))
    assert settled == Counter(range(1, report.rows + 1))
    return plan


def types(plan: Plan) -> dict[str, int]:
    return dict(Counter(act.type for act in plan.acts))


def test_verra_blocks() -> None:
    plan = plan_of("verra", f"{OFFSETS}/verra/transactions.csv")
    report = plan.report
    assert report.stated_quantity.total() == 4_029_227
    assert report.taken == {("block", "VCU"): 100, ("retirement", "VCU"): 100}
    assert types(plan) == {
        "mirror.project": 56,
        "mirror.batch": 88,
        "mirror.block": 100,
        "mirror.retirement": 100,
    }
    unclaimed = [
        act
        for act in plan.acts
        if act.type == "mirror.retirement" and "beneficiary" not in act.attached
    ]
    assert len(unclaimed) == 13
    assert report.normalised["Retirement Details", "no-break-space"].cells == 2


def test_gold_standard_units() -> None:
    issued = plan_of("gold-standard", f"{OFFSETS}/gold-standard/issuances.csv")
    assert issued.report.stated_quantity.total() == 5_380_873
    assert issued.report.taken == {("issuance", "VER"): 97, ("issuance", "CER"): 3}
    ended = plan_of("gold-standard", f"{OFFSETS}/gold-standard/retirements.csv")
    # The description's sum is of the file: six of its rows are cancellations, no retirements.
    assert ended.report.stated_quantity == {"VER": 1_968_759}
    assert ended.report.taken_quantity == {
        ("retirement", "VER"): 813_318,
        ("cancellation", "VER"): 1_155_441,
    }
    assert ended.report.taken == {("retirement", "VER"): 94, ("cancellation", "VER"): 6}
    edges = [n.cells for (_, rule), n in ended.report.normalised.items() if rule == "edge-space"]
    assert sum(edges) == 58


def test_both_files_name_the_batches_that_they_share() -> None:
    def batches(name: str) -> set[object]:
        plan = plan_of("gold-standard", f"{OFFSETS}/gold-standard/{name}.csv")
        return {act.body["batch"] for act in plan.acts if act.type == "mirror.batch"}

    assert len(batches("issuances") & batches("retirements")) == 2


def test_project_lists() -> None:
    for name in ("verra", "gold-standard"):
        assert types(plan_of(name, f"{OFFSETS}/{name}/projects.csv")) == {"mirror.project": 50}


def test_eu_transfers() -> None:
    plan = plan_of("eutl", EUTL)
    report = plan.report
    assert (report.rows, report.stated_quantity.total()) == (16_418, 5_962_790_911)
    assert types(plan) == {"mirror.opening": 6, "mirror.transaction": 3_423}
    by_operation: Counter[str] = Counter()
    for (operation, _), rows in report.taken.items():
        by_operation[operation] += rows
    assert by_operation == {
        "issue": 224,
        "allocation": 422,
        "transfer": 3_547,
        "surrender": 2_438,
        "cancellation": 350,
        "cancel-replace": 7_583,
        "phase-end-retirement": 1_642,
        "other": 211,
        "correction": 1,
    }
    by_unit: Counter[str] = Counter()
    for (_, unit), rows in report.taken.items():
        by_unit[unit] += rows
    assert by_unit == {"EUA2005": 14_510, "CER": 864, "AAU": 592, "EUA_2008": 266, "ERU": 186}
    sizes = sorted(len(act.rows) for act in plan.acts if act.type == "mirror.transaction")
    assert (sizes[-1], sum(size > 1 for size in sizes)) == (2_112, 1_320)
    assert notes(plan)["type-not-identified"] == {"types": ("4-3",)}
    dates = [iso_instant(str(act.body["at"])).ms for act in plan.acts if "at" in act.body]
    assert dates == sorted(dates)


def legs_by_date() -> list[LegRow]:
    known = format_named("eutl")
    rows = [row for row in known.read(path_of(EUTL), known.report()) if isinstance(row, LegRow)]
    return sorted(rows, key=lambda row: (row.at.ms, row.row))


def test_openings_of_eu_accounts() -> None:
    plain, by_account = [], []
    for row in legs_by_date():
        leg, effect = row.leg, OPERATIONS.get(row.type, OTHER)[1]
        plain.append((Transaction(leg.id, row.at, row.type, "", (leg,)), effect))
        merged = Leg(leg.row, leg.id, leg.sender, leg.receiver, "", leg.quantity, None)
        by_account.append((Transaction(leg.id, row.at, row.type, "", (merged,)), effect))
    # The description counts accounts that go negative over all kinds of units together.
    assert len(minimal_openings(by_account)[0]) == 2_674
    opening, closing = minimal_openings(plain)
    assert notes(plan_of("eutl", EUTL))["opened"] == {
        "balances": len(opening),
        "accounts": len({account for _, account in opening}),
        "quantity": sum(opening.values()),
    }
    issued = sum(t.legs[0].quantity for t, effect in plain if effect == "issue")
    ended = sum(t.legs[0].quantity for t, effect in plain if effect == "end")
    assert sum(opening.values()) + issued == sum(closing.values()) + ended
    assert min(closing.values()) == 0
