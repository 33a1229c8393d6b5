"""Orders of authorities: once by a document, and by who ordered the freeze."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ledger.restraints.models import freeze_table, order_table, remission_table
from ledger.writer.versions import COPIES_FIRST
from tests.factories.audits import sealed
from tests.factories.claims import BATCH, COURT, claimed, freeze, freeze_body, holding, sound
from tests.factories.scene import OFFICERS, Scene, scene

HIGHER = {"authority": "某省高级人民法院", "document": "（2026）高执7号"}
REFERRED = {**HIGHER, "referral": "（2026）高执指3号"}
ON_UNITS = {"party": "owner", "batch": BATCH}


@pytest.fixture
def stage(home: Path, vacant_database_url: str) -> Iterator[Scene]:
    """The owner holds 900 units."""
    with scene(home, vacant_database_url) as opened:
        opened.issue(900)
        yield opened
        sound(opened)


def say(stage: Scene, type: str, **body: Any) -> str:
    return stage.do("registrar", type, body, *OFFICERS)


def refused(stage: Scene, type: str, **body: Any) -> dict[str, Any]:
    """The code and what it says."""
    written = stage.write("registrar", type, body, *OFFICERS)
    answer = stage.ledger.entrance.submit(written.encode()).answer
    assert answer is not None and answer["result"] == "refused", answer
    return {"code": answer["code"], **answer["params"]}


def index_of(stage: Scene, name: str) -> int:
    (row,) = [row for row in stage.rows(freeze_table) if row["freeze"] == name]
    return int(row["index"])


@pytest.mark.parametrize(
    "written", ["（2026）执1号", "(2026)执1号", "〔2026〕执1号", "（2026） 执 1 号"]
)
def test_one_document_freezes_once_however_it_is_written(stage: Scene, written: str) -> None:
    first = freeze(stage, 300)
    again = refused(stage, "freeze.order", **freeze_body(300, document=written))
    assert again == {"code": "order-stated", "field": "document", "index": index_of(stage, first)}
    assert holding(stage, "owner/registry") == {"available": 600, "frozen": 300}


@pytest.mark.parametrize("besides", [{}, {"besides": True}])
def test_a_copy_does_not_outlive_the_lifting(stage: Scene, besides: dict[str, Any]) -> None:
    """Neither by itself nor on top of what is over: another freeze needs another document."""
    first = freeze(stage, 300)
    index = index_of(stage, first)
    say(stage, "freeze.lift", freeze=first, **COURT)
    again = freeze_body(300, **{name: index for name in besides})
    told = {"field": "document", "index": index, "state": "lifted"}
    assert refused(stage, "freeze.order", **again) == {"code": "order-over", **told}
    freeze(stage, 300)
    assert holding(stage, "owner/registry") == {"available": 600, "frozen": 300}


@pytest.mark.parametrize(
    ("type", "more"),
    [("freeze.lift", {}), ("freeze.execute", {"receiver": "buyer"}), ("credit.cancel", ON_UNITS)],
)
def test_a_document_takes_out_of_a_freeze_once(
    stage: Scene, type: str, more: dict[str, Any]
) -> None:
    """A further part by the same document names the earlier entry; another freeze is another."""
    name, other = freeze(stage, 300), freeze(stage, 300)
    body = {"freeze": name, "quantity": 100, **COURT, **more}
    say(stage, type, **body)
    answer = refused(stage, type, **body)
    assert answer["code"] == "order-stated"
    assert claimed(stage, name) == (200, 0)
    say(stage, type, **body, besides=answer["index"])
    say(stage, type, **{**body, "freeze": other})
    assert (claimed(stage, name), claimed(stage, other)) == ((100, 0), (200, 0))


def test_a_document_acts_again_where_the_earlier_entry_is_named(stage: Scene) -> None:
    """As where too little was frozen: each time the latest entry, so that no copy passes."""
    first = index_of(stage, freeze(stage, 30))
    named = freeze_body(270, besides=first)
    second = index_of(stage, say(stage, "freeze.order", **named))
    assert refused(stage, "freeze.order", **named)["index"] == second
    unknown = freeze_body(1, document="（2026）执8号", besides=first)
    assert refused(stage, "freeze.order", **unknown)["code"] == "entry-unknown"
    assert holding(stage, "owner/registry") == {"available": 600, "frozen": 300}


def test_one_document_may_name_several_parties_and_assets(stage: Scene) -> None:
    body = {"batch": BATCH, "quantity": 100, "receiver": "buyer"}
    transfer = stage.do("owner", "credit.transfer", body, "a", "b")
    stage.do("buyer", "credit.accept", {"transfer": transfer}, "a")
    freeze(stage, 100)
    say(stage, "freeze.order", **freeze_body(100, party="buyer"))
    assert holding(stage, "buyer/registry") == {"frozen": 100}


@pytest.mark.parametrize(
    ("type", "more"),
    [
        ("credit.reassign", {"receiver": "buyer", "ground": "merger"}),
        ("credit.cancel", {}),
    ],
)
def test_units_are_handed_on_and_cancelled_once_by_a_document(
    stage: Scene, type: str, more: dict[str, Any]
) -> None:
    body = {"party": "owner", "batch": BATCH, "quantity": 100, **COURT, **more}
    say(stage, type, **body)
    assert refused(stage, type, **body)["code"] == "order-stated"
    assert holding(stage, "owner/registry") == {"available": 800}


@pytest.mark.parametrize(
    ("version", "code"), [(COPIES_FIRST, "order-stated"), (COPIES_FIRST - 1, "freeze-short")]
)
def test_a_copy_is_told_so_though_too_little_is_left_for_it(
    home: Path, version: int, code: str
) -> None:
    with scene(home, None, version) as stage:
        stage.issue(900)
        body = {"freeze": freeze(stage, 300), "quantity": 200, **COURT}
        say(stage, "freeze.lift", **body)
        assert refused(stage, "freeze.lift", **body)["code"] == code


def test_a_duty_is_remitted_once_by_a_document(stage: Scene) -> None:
    duty = stage.do("vvb2", "report.withdraw", {"report": "R1", "reason": "失实"}, "a", "b")
    body = {"duty": duty, "quantity": 100, "reason": "r", **COURT}
    say(stage, "duty.remit", **body)
    assert refused(stage, "duty.remit", **body)["code"] == "order-stated"
    assert [row["quantity"] for row in stage.rows(remission_table)] == [100]


ACTS = {
    "freeze.renew": {"until": "2027-01-31"},
    "freeze.lift": {"quantity": 100},
    "freeze.execute": {"quantity": 100, "receiver": "buyer"},
    "credit.cancel": {**ON_UNITS, "quantity": 100},
}


@pytest.mark.parametrize("type", ACTS)
def test_who_did_not_order_a_freeze_does_nothing_to_it(stage: Scene, type: str) -> None:
    name = freeze(stage, 300)
    body = {**ACTS[type], "freeze": name}
    other = refused(stage, type, **body, **HIGHER)
    assert other["code"] == "freeze-authority-differs"
    assert other["authority"] == COURT["authority"]
    assert claimed(stage, name) == (300, 0)
    say(stage, type, **body, **COURT)


@pytest.mark.parametrize("type", ACTS)
def test_a_case_that_was_handed_over_is_the_other_authoritys_from_then_on(
    stage: Scene, type: str
) -> None:
    name = freeze(stage, 300)
    body = {**ACTS[type], "freeze": name}
    say(stage, type, **body, **REFERRED)
    (row,) = stage.rows(freeze_table)
    assert row["authority"] == HIGHER["authority"]
    lift = {"freeze": name, "quantity": 1}
    assert refused(stage, "freeze.lift", **lift, **COURT)["code"] == "freeze-authority-differs"
    assert refused(stage, "freeze.lift", **lift, **REFERRED)["code"] == "referral-needless"
    say(stage, "freeze.lift", **lift, **{**HIGHER, "document": "（2026）高执8号"})


def test_a_referral_without_a_freeze_is_refused(stage: Scene) -> None:
    body = {**ACTS["credit.cancel"], **REFERRED}
    assert refused(stage, "credit.cancel", **body)["code"] == "referral-needless"


def test_the_freeze_of_a_duty_is_nobodys_order_and_ends_with_the_duty(stage: Scene) -> None:
    """But to cancel what it holds is what Order 31 tells an authority to do."""
    duty = stage.do("vvb2", "report.withdraw", {"report": "R1", "reason": "失实"}, "a", "b")
    (row,) = stage.rows(freeze_table)
    assert (row["authority"], row["document"], row["duty"]) == ("vvb2", "失实", duty)
    named = {"freeze": row["freeze"], **COURT}
    for type in ("freeze.renew", "freeze.lift", "freeze.execute"):
        answer = refused(stage, type, **{**ACTS[type], **named})
        assert answer == {"code": "freeze-of-duty", "field": "freeze", "duty": duty}
    cancel = {**ACTS["credit.cancel"], **named}
    needless = refused(stage, "credit.cancel", **cancel, referral="x")
    assert needless["code"] == "referral-needless"
    say(stage, "credit.cancel", **cancel)


def test_a_ledger_that_has_not_gone_on_compares_nothing(
    home: Path, vacant_database_url: str
) -> None:
    """Then it is activated: what is stated from there on is compared, and the audit holds."""
    with scene(home, vacant_database_url, 1) as stage:
        stage.issue(900)
        first, second = (say(stage, "freeze.order", **freeze_body(300)) for _ in range(2))
        for _ in range(2):
            say(stage, "freeze.lift", freeze=first, quantity=100, **HIGHER)
        for type, more in (("freeze.order", {"besides": 1}), ("freeze.lift", {"referral": "x"})):
            body = freeze_body(1) if type == "freeze.order" else {"freeze": first, **COURT}
            reply = stage.say("registrar", type, {**body, **more}, *OFFICERS)
            assert (reply.status, reply.index) == ("unsupported", None)
            assert reply.answer is not None and reply.answer["code"] == "engine-too-low"
        duty = stage.do("vvb2", "report.withdraw", {"report": "R1", "reason": "失实"}, "a", "b")
        stage.ledger.writer.tick().result(30)
        (ours,) = [row for row in stage.rows(freeze_table) if row["duty"] == duty]
        say(stage, "freeze.lift", freeze=ours["freeze"], quantity=1, **COURT)
        assert stage.rows(order_table) == []
        activation = {"version": 2, "release": "2.0", "document": "d"}
        stage.do("regulator", "engine.activate", activation, "regulator-1", "regulator-2")
        lift = {"freeze": second, "quantity": 1, **HIGHER}
        assert refused(stage, "freeze.lift", **lift)["code"] == "freeze-authority-differs"
        say(stage, "freeze.lift", **{**lift, **COURT})
        sound(stage)
        assert sealed(stage, supervisor=True) == 0
