"""Admission and people: an approval that does not reach, a lost key, a new name, a farewell."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.statements.ed25519 import key_id, public_bytes
from portal.demo.cast import APPROVAL, LABEL, Player, demo_key, key_entry
from portal.demo.step import BOTH, OFFICERS, Step, digest

LOSER, LEAVER, HOLDER = "demo-quzhou-1", "demo-zhoushan-4", "demo-lishui-1"
REGULATOR = ("regulator-1", "regulator-2")
FRESH = "op-1b"
"""The name of the demonstration key that replaces the lost one of operator op-1."""


def people(origin: str) -> Iterator[Step]:
    """A year of what happens to parties, each step by document and two officers."""
    yield from _verifier(origin)
    yield from _lost_key(origin)
    yield from _changes()
    yield from _farewell()


def _verifier(origin: str) -> Iterator[Step]:
    """A body approved for wind alone reaches for a forest."""
    body = Player(
        "demo-verifier-c",
        f"{LABEL}审定与核查机构丙",
        "Demonstration verification body C",
        "330100",
        "verifier",
        9003,
    )
    narrow = {**APPROVAL, "document": f"{LABEL}资质批准〔2024〕3", "domains": ["01"]}
    admission = {**body.admission(origin), "approval": narrow}
    yield Step("2025-01-09", "registrar", "party.admit", admission, OFFICERS)
    opinion = {
        "project": "DEMO-FS-1",
        "opinion": "positive",
        "report_sha256": digest("DEMO-FS-1 审定报告丙"),
    }
    yield Step(
        "2025-02-24", body.party, "project.validate", opinion, BOTH, expect="approval-out-of-scope"
    )
    ended = {
        "party": body.party,
        "approval": narrow["document"],
        "document": f"{LABEL}终止批准〔2025〕1",
    }
    yield Step("2025-12-08", "regulator", "approval.end", ended, REGULATOR)


def _lost_key(origin: str) -> Iterator[Step]:
    """Operator op-1 loses its key, and meanwhile its checker can make nothing."""
    lost = key_id(public_bytes(demo_key(f"{LOSER}/op-1")))
    document = f"{LABEL}挂失〔2025〕1"
    blocked = {"key": lost, "document": document, "reason": f"{LABEL}遗失"}
    yield Step("2025-09-01", "registrar", "key.block", blocked, OFFICERS)
    assigned = {"operator": "op-2", "role": "maker"}
    yield Step("2025-09-02", LOSER, "operator.assign", assigned, ("op-2",), expect="maker-missing")
    replaced = {
        "party": LOSER,
        "replaces": lost,
        "key": key_entry(origin, LOSER, "op-1", named=FRESH, role="maker"),
        "document": document,
    }
    yield Step("2025-09-03", "registrar", "key.replace", replaced, OFFICERS)
    second = {"key": key_entry(origin, LOSER, "op-3", f"{LOSER}.op-2", role="maker")}
    yield Step(
        "2025-09-04", LOSER, "key.register", second, (FRESH, "op-2"), expect="maker-is-checker"
    )


def _changes() -> Iterator[Step]:
    renamed = {
        "party": LOSER,
        "name": f"{LABEL}企业衢州1号（更名）",
        "name_en": "Demonstration enterprise Quzhou 1 (renamed)",
        "document": f"{LABEL}名称变更〔2025〕1",
    }
    yield Step("2025-10-13", "registrar", "party.change", renamed, OFFICERS)
    speaks = {
        "party": LOSER,
        "person": f"{LOSER}.representative",
        "since": "2025-10-13",
        "document": f"{LABEL}授权书〔2025〕1",
    }
    yield Step("2025-10-13", "registrar", "party.authorise", speaks, OFFICERS)


def _farewell() -> Iterator[Step]:
    """Who still holds credits does not leave; who holds nothing does."""
    document = f"{LABEL}销户〔2025〕1"
    day, type = "2025-12-01", "party.close"
    holding = {"party": HOLDER, "document": document}
    yield Step(day, "registrar", type, holding, OFFICERS, expect="closing-holdings")
    yield Step(day, "registrar", type, {"party": LEAVER, "document": document}, OFFICERS)
