"""A believable year in Zhejiang, told in signed statements; every figure is seeded.

The forest-sink project and the activated-carbon centre go from design document to
retirement; then come the acts that the rules refuse.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from portal.demo.auctions import auctions
from portal.demo.bad_days import bad_days
from portal.demo.cash import paid_in, reconciled
from portal.demo.cast import LABEL, Player, enterprises, key_entry, verifiers
from portal.demo.grants import grants
from portal.demo.live_book import live_book
from portal.demo.market import market
from portal.demo.mirror import mirror
from portal.demo.oversight import oversight
from portal.demo.people import people
from portal.demo.policy import policy
from portal.demo.step import BOTH, OFFICERS, Step, digest

FOREST, CENTRE = "demo-lishui-1", "demo-jiaxing-1"
BUYERS = ("demo-hangzhou-1", "demo-ningbo-1", "demo-shaoxing-1")
FOREST_BATCH = "ZJ_FS-DEMO-FS-MR1-2024"
CENTRE_BATCH = "ZJ_AC-DEMO-AC-MR1-2024"


def story(origin: str) -> list[Step]:
    """Every step, in the order of the year."""
    chapters = (
        _admissions(origin),
        people(origin),
        _forest(),
        _carbon(),
        _year_of_holders(),
        _refusals(origin),
        mirror(),
        market(),
        auctions(),
        bad_days(),
        policy(),
        grants(origin),
        live_book(),
        oversight(),
    )
    return sorted((step for chapter in chapters for step in chapter), key=lambda step: step.day)


def _admissions(origin: str) -> Iterator[Step]:
    for player in (*verifiers(), *enterprises()):
        yield _admit("2025-01-08", player.admission(origin))


def _admit(day: str, body: dict[str, Any], expect: str | None = None) -> Step:
    return Step(day, "registrar", "party.admit", body, OFFICERS, expect=expect)


def _project(
    code: str, credit_class: str, owner: str, name: str, methodology: str, region: str, site: str
) -> Iterator[Step]:
    body = {
        "project": code,
        "credit_class": credit_class,
        "name": f"{LABEL}{name}",
        "methodology": methodology,
        "region": region,
        "site": site,
        "construction_start": "2021-03-15",
        "crediting_start": "2021-04-01",
        "crediting_end": "2041-03-31",
        "design_sha256": digest(f"{code} 设计文件"),
    }
    opinion = {"project": code, "opinion": "positive", "report_sha256": digest(f"{code} 审定报告")}
    decision = {"project": code, "document": f"{LABEL}登字〔2025〕{code}"}
    yield Step("2025-01-20", owner, "project.submit", body, ("op-1",))
    yield Step("2025-03-03", "demo-verifier-a", "project.validate", opinion, BOTH)
    yield Step("2025-03-24", "registrar", "project.register", decision, OFFICERS)


def _report(code: str, project: str, owner: str, claimed: int, verified: int) -> Iterator[Step]:
    body = {
        "report": code,
        "project": project,
        "start": "2024-01-01",
        "end": "2024-12-31",
        "claimed": claimed,
        "report_sha256": digest(f"{code} 核算报告"),
    }
    opinion = {
        "report": code,
        "opinion": "positive",
        "vintages": [{"year": 2024, "quantity": verified}],
        "report_sha256": digest(f"{code} 核查报告"),
    }
    registered = {"report": code, "quantity": verified, "document": f"{LABEL}减登〔2025〕{code}"}
    wrong = {**registered, "quantity": verified + 1}
    yield Step("2025-04-07", owner, "report.submit", body, ("op-1",))
    if project == "DEMO-FS-1":
        yield Step(
            "2025-05-12",
            "demo-verifier-a",
            "report.verify",
            opinion,
            BOTH,
            "",
            {},
            "validator-verifies",
        )
    yield Step("2025-05-13", "demo-verifier-b", "report.verify", opinion, BOTH)
    if project == "DEMO-FS-1":
        yield Step(
            "2025-05-26",
            "registrar",
            "reduction.register",
            wrong,
            OFFICERS,
            "",
            {},
            "quantity-not-verified",
        )
    yield Step("2025-05-27", "registrar", "reduction.register", registered, OFFICERS)
    issuance = {"report": code, "quantity": verified}
    yield Step("2025-06-03", "registrar", "credit.issue", issuance, OFFICERS)


def _forest() -> Iterator[Step]:
    yield from _project(
        "DEMO-FS-1",
        "ZJ_FS",
        FOREST,
        "丽水林业碳汇先行基地",
        "CCER-14-001-V01",
        "331100",
        "demo-plot-331102-01",
    )
    yield from _report("DEMO-FS-MR1", "DEMO-FS-1", FOREST, 12_600, 12_000)


def _carbon() -> Iterator[Step]:
    yield from _project(
        "DEMO-AC-1",
        "ZJ_AC",
        CENTRE,
        "海盐活性炭集中再生中心",
        "ZJ-AC-DESIGN-PROPOSAL",
        "330424",
        "demo-kiln-330424-01",
    )
    yield from _report("DEMO-AC-MR1", "DEMO-AC-1", CENTRE, 8_400, 8_000)


def _year_of_holders() -> Iterator[Step]:
    deposits = tuple(
        (buyer, (place + 1) * 50_000_00, f"{LABEL}入金{place + 1}")
        for place, buyer in enumerate(BUYERS)
    )
    yield from paid_in("2025-06-10", deposits)
    yield reconciled("2025-06-10", deposits, sum(amount for _, amount, _ in deposits))
    sales = (
        (FOREST, FOREST_BATCH, 3_000, BUYERS[0]),
        (FOREST, FOREST_BATCH, 1_500, BUYERS[1]),
        (CENTRE, CENTRE_BATCH, 2_500, BUYERS[2]),
        (CENTRE, CENTRE_BATCH, 700, BUYERS[0]),
    )
    for place, (seller, batch, quantity, buyer) in enumerate(sales):
        body = {"batch": batch, "quantity": quantity, "receiver": buyer}
        name = f"sale-{place}"
        yield Step(f"2025-07-{place + 7:02d}", seller, "credit.transfer", body, BOTH, name)
        answer = "credit.decline" if place == len(sales) - 1 else "credit.accept"
        refers = {"transfer": name}
        yield Step(f"2025-07-{place + 14:02d}", buyer, answer, {}, ("op-1",), "", refers)
    shift = {"batch": FOREST_BATCH, "quantity": 500, "to": "trading"}
    yield Step("2025-08-04", BUYERS[0], "credit.move", shift, ("op-1",))
    claims = (
        (BUYERS[0], FOREST_BATCH, 1_200, "corporate-offset", f"{LABEL}企业杭州1号 2024 年度运营"),
        (BUYERS[1], FOREST_BATCH, 400, "event-neutrality", f"{LABEL}宁波城市马拉松"),
        (BUYERS[2], CENTRE_BATCH, 900, "public-good", f"{LABEL}公众"),
    )
    for party, batch, quantity, purpose, beneficiary in claims:
        body = {
            "batch": batch,
            "quantity": quantity,
            "purpose": purpose,
            "beneficiary": beneficiary,
        }
        yield Step("2025-09-22", party, "credit.retire", body, BOTH)


def _refusals(origin: str) -> Iterator[Step]:
    day = "2025-11-03"
    retire = {
        "batch": FOREST_BATCH,
        "quantity": 10,
        "purpose": "corporate-offset",
        "beneficiary": f"{LABEL}企业杭州1号",
    }
    second = {"key": key_entry(origin, BUYERS[0], "op-3", f"{BUYERS[0]}.op-1")}
    yield Step(day, BUYERS[0], "key.register", second, BOTH)
    yield Step(
        day, BUYERS[0], "credit.retire", retire, ("op-1", "op-3"), "", {}, "one-person-twice"
    )
    yield Step(day, BUYERS[0], "credit.retire", retire, ("op-1",), "", {}, "four-eyes")
    national = {**retire, "purpose": "offset-national"}
    yield Step(
        day, BUYERS[0], "credit.retire", national, BOTH, "", {}, "class-not-for-national-market"
    )
    beyond = {**retire, "quantity": 1_000_000}
    yield Step(day, BUYERS[0], "credit.retire", beyond, BOTH, "", {}, "balance-short")
    decision = {"project": "DEMO-AC-1", "document": f"{LABEL}注销〔2025〕1"}
    yield Step("2025-11-10", "registrar", "project.deregister", decision, OFFICERS)
    yield Step(
        "2025-11-11", "registrar", "project.register", decision, OFFICERS, "", {}, "project-state"
    )
    staff = Player(
        "demo-moonlighter",
        f"{LABEL}兼职企业",
        "Demonstration enterprise with a regulator's officer",
        "330100",
        "enterprise",
        9100,
    )
    persons = {"op-1": "regulator-1"}
    yield _admit("2025-11-17", staff.admission(origin, persons))
    body = {"batch": FOREST_BATCH, "quantity": 1, "to": "trading"}
    yield Step(
        "2025-11-18", staff.party, "credit.move", body, ("op-1",), "", {}, "staff-may-not-trade"
    )
