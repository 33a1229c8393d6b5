"""What each step of a grant refuses: whose it is, who signs, what was objected, what is cited."""

from __future__ import annotations

from typing import Any

import pytest

from incentives.grants.models import notice_table, objection_table
from ledger.credits.uses_models import use_table
from ledger.facts.models import private_fact_table
from ledger.parties.parameters import midnight
from tests.factories import grants
from tests.factories.facts import FINANCE, REGULATOR
from tests.factories.grants import (
    AWARD_GOLDEN,
    AWARD_TEXT,
    FEN,
    cited,
    desk,
    recorded,
    refused_application,
)
from tests.factories.policy import define_discharge, publish_rule, report_month
from tests.factories.scene import OFFICERS, Scene


def test_an_application_rests_on_an_answer_that_says_yes(stage: Scene) -> None:
    desk(stage)
    answer = recorded(stage)
    assert refused_application(stage, "none") == "recorded-answer-unknown"
    bureaus = grants.answer_body(stage, "buyer")
    other = stage.do("finance", "answer.record", bureaus, FINANCE[0])
    assert refused_application(stage, other) == "recorded-answer-unknown"
    for change, code in (
        ({"amount_fen": FEN + 1}, "amount-above-answer"),
        ({"line": "none"}, "budget-line-unknown"),
        ({"reviewer": "nobody"}, "reviewer-unfit"),
        ({"reviewer": "vvb1"}, "reviewer-unfit"),
        ({"papers": []}, "evidence-missing"),
        ({"papers": ["contract", "more"]}, "evidence-missing"),
    ):
        assert refused_application(stage, answer, **change) == code
    grants.apply(stage, answer)
    assert refused_application(stage, answer) == "days-used"


def test_one_question_under_two_ids_is_paid_once(stage: Scene) -> None:
    desk(stage)
    first = grants.apply(stage, recorded(stage))
    assert refused_application(stage, recorded(stage)) == "days-used"
    grants.apply(stage, grants.another(stage))
    grants.to_paid(stage, first)
    assert refused_application(stage, recorded(stage)) == "days-used"


def test_a_new_text_of_the_rule_pays_no_day_a_second_time(stage: Scene) -> None:
    desk(stage)
    grants.apply(stage, recorded(stage))
    text = AWARD_TEXT.replace("per mu,", "per mu again,")
    publish_rule(stage, text=text, golden=AWARD_GOLDEN, valid_from="2024-01-01")
    assert refused_application(stage, recorded(stage)) == "days-used"


def test_a_rule_that_asks_for_no_facts_pays_once_whatever_day_is_asked_about(stage: Scene) -> None:
    desk(stage)
    facts = AWARD_TEXT[AWARD_TEXT.index("facts:") : AWARD_TEXT.index("steps:")]
    text = AWARD_TEXT.replace(facts, "").replace("fen/mu", "fen")
    text = text.replace("area >= 100", "per_mu >= per_mu").replace("area * per_mu", "per_mu")
    golden = AWARD_GOLDEN.replace("1692600", "16926")
    publish_rule(stage, text=text, golden=golden, valid_from="2024-01-01")
    for as_of, code in (
        ("2025-12-30", None),
        ("2025-12-30", "days-used"),
        ("2025-12-31", "days-used"),
    ):
        body = grants.answer_body(stage, as_of=as_of)
        answer = stage.do("owner", "answer.record", body, "a")
        if code is None:
            grants.apply(stage, answer, amount_fen=1)
        else:
            assert refused_application(stage, answer, amount_fen=1) == code


def test_an_answer_that_says_no_is_no_ground(stage: Scene) -> None:
    desk(stage, area=99)
    assert refused_application(stage, recorded(stage)) == "answer-not-yes"


def test_a_tax_relief_is_no_grant(stage: Scene) -> None:
    desk(stage)
    define_discharge(stage)
    publish_rule(stage)
    report_month(stage)
    body = grants.answer_body(stage, rule="ept-art13")
    answer = stage.do("owner", "answer.record", body, "a")
    assert refused_application(stage, answer, amount_fen=1) == "grant-not-fiscal"


def test_what_fell_before_the_application_is_no_ground(stage: Scene) -> None:
    desk(stage)
    answer = recorded(stage)
    (fact,) = stage.rows(private_fact_table)
    stage.do("owner", "fact.report", grants.measured(120, corrects=fact["fact"]), "a")
    assert refused_application(stage, answer) == "answer-fell"
    grants.apply(stage, recorded(stage))


def test_what_falls_before_the_decision_stops_it(stage: Scene) -> None:
    desk(stage)
    grant = grants.apply(stage, recorded(stage))
    grants.to_heard(stage, grant)
    (fact,) = stage.rows(private_fact_table)
    stage.do("owner", "fact.report", grants.measured(99, corrects=fact["fact"]), "a")
    body = grants.decision(grant)
    assert stage.refused("finance", "grant.decide", body, *FINANCE) == "answer-fell"
    assert grants.cases(stage) == []


def test_nobody_reviews_their_own(stage: Scene) -> None:
    desk(stage)
    # A holder of the owner's key comes to work at the desk: nothing forbids that by itself.
    key = {"key": stage.entry("county", "c", "owner.a")}
    stage.do("county", "key.register", key, "a", "b")
    grant = grants.apply(stage, recorded(stage))
    said = grants.step(grant)
    assert stage.refused("county", "grant.review", said, "c") == "own-grant"
    assert stage.refused("finance", "grant.review", said, FINANCE[0]) == "grant-unknown"
    stage.do("county", "grant.review", said, "b")
    assert stage.refused("county", "grant.opine", said, "b") == "grant-unknown"
    stage.do("finance", "grant.opine", said, FINANCE[0])
    stage.do("finance", "grant.notice", {"grant": grant}, FINANCE[0])
    grants.wait_until(stage, grants.grant_row(stage, grant)["due_at"])
    body = grants.decision(grant)
    assert stage.refused("finance", "grant.decide", body, *FINANCE) == "signed-before"
    assert stage.refused("finance", "grant.decide", body, "finance-3") == "four-eyes"
    stage.do("finance", "grant.decide", body, *grants.OTHERS)
    stage.do("finance", "grant.pay", grants.payment(stage, grant), *grants.OTHERS)
    result = grants.assessment(grant)
    assert stage.refused("finance", "grant.assess", result, "finance-3") == "signed-before"
    stage.do("finance", "grant.assess", result, FINANCE[0])


def test_one_desk_gives_review_and_opinion_by_different_people(stage: Scene) -> None:
    desk(stage)
    grant = grants.apply(stage, recorded(stage), reviewer="finance")
    said = grants.step(grant)
    stage.do("finance", "grant.review", said, FINANCE[0])
    assert stage.refused("finance", "grant.opine", said, FINANCE[0]) == "signed-before"
    stage.do("finance", "grant.opine", said, FINANCE[1])


def test_the_notice_tells_everybody_and_objections_are_answered_first(stage: Scene) -> None:
    desk(stage)
    grant = grants.apply(stage, recorded(stage))
    grants.to_noticed(stage, grant)
    (notice,) = stage.rows(notice_table)
    # 1 January 2026 is a holiday until the 3rd, the 4th a make-up day: 4 to 8 are five days.
    assert (notice["first"], notice["last"]) == ("2026-01-01", "2026-01-08")
    assert (notice["applicant"], notice["amount_fen"]) == ("owner", FEN)
    body = {"notice": notice["notice"], "reason": "no bamboo there"}
    assert stage.refused("owner", "grant.object", body, "a") == "own-grant"
    none = {**body, "notice": 1}
    assert stage.refused("buyer", "grant.object", none, "a") == "grant-notice-unknown"
    objection = stage.do("buyer", "grant.object", body, "a")
    grants.wait_until(stage, grants.grant_row(stage, grant)["due_at"])
    assert stage.refused("buyer", "grant.object", body, "a") == "notice-ended"
    decided = grants.decision(grant)
    assert stage.refused("finance", "grant.decide", decided, *FINANCE) == "objection-open"
    answer = {"objection": objection, "upheld": False, "answer": "seen on site"}
    assert stage.refused("county", "grant.answer", answer, "a") == "grant-objection-unknown"
    stage.do("finance", "grant.answer", answer, FINANCE[0])
    assert stage.refused("finance", "grant.answer", answer, FINANCE[0]) == "objection-answered"
    (row,) = stage.rows(objection_table)
    assert (row["upheld"], row["answer"]) == (False, "seen on site")
    stage.do("finance", "grant.decide", decided, *FINANCE)
    (notice,) = stage.rows(notice_table)
    assert (notice["state"], notice["granted_fen"]) == ("granted", FEN)


def test_a_notice_is_certain_only_where_every_year_that_it_touches_is_stated(
    stage: Scene,
) -> None:
    """From the end of 2027, of which no calendar is stated, into 2028, of which one is."""
    desk(stage, last="2099-12-31")
    for name, days in (("closed", "0101"), ("opened", "0102")):
        entry = {"code": f"working-days.{name}.2028", "valid_from": "2026-01-01", "value": days}
        body = {**entry, "unit": "days", "source": "made up", "confidence": "low"}
        stage.do("regulator", "parameter.set", body, *REGULATOR)
    grants.wait_until(stage, midnight("2027-12-29"))
    grants.to_noticed(stage, grants.apply(stage, recorded(stage)))
    (notice,) = stage.rows(notice_table)
    assert (notice["first"], notice["last"][:4], notice["certain"]) == ("2027-12-29", "2028", False)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"amount_fen": FEN + 1}, "amount-above-asked"),
        ({"amount_fen": 0}, "amount-empty"),
        ({"outcome": "refused"}, "amount-with-refusal"),
        ({"grant": "none"}, "grant-unknown"),
    ],
)
def test_a_decision_that_cannot_be_is_refused(
    stage: Scene, change: dict[str, Any], code: str
) -> None:
    desk(stage)
    grant = grants.apply(stage, recorded(stage))
    grants.to_heard(stage, grant)
    body = {**grants.decision(grant), **change}
    assert stage.refused("finance", "grant.decide", body, *FINANCE) == code


def test_the_use_of_serials_is_taken_once_whoever_holds_them(stage: Scene) -> None:
    batch = desk(stage)
    holding = cited(batch, 1, 100, benefit="holding")
    first = grants.apply(stage, recorded(stage), credits=[cited(batch), holding])
    again = grants.another(stage)
    overlapping = [cited(batch, 100, 101)]
    assert refused_application(stage, again, credits=overlapping) == "use-asked"
    grants.to_granted(stage, first)
    (use,) = stage.rows(use_table)  # public: that the owner holds them, nobody is told
    assert (use["benefit"], use["first"], use["last"], use["state"]) == (
        "generation", 1, 100, "taken",
    )  # fmt: skip
    used = {(row["benefit"], row["first"], row["last"]) for row in grants.credits_of(stage)}
    assert used == {("generation", 1, 100), ("holding", 1, 100)}
    assert refused_application(stage, again, credits=overlapping) == "use-taken"
    move = {"batch": batch, "quantity": 100, "receiver": "buyer"}
    transfer = stage.do("owner", "credit.transfer", move, "a", "b")
    stage.do("buyer", "credit.accept", {"transfer": transfer}, "a")
    stage.do("buyer", "fact.report", grants.measured(100, subject="buyer"), "a")
    buyers = recorded(stage, "buyer")
    assert grants.refused_by(stage, "buyer", buyers, credits=[holding]) == "use-taken"
    assert grants.refused_by(stage, "buyer", buyers, credits=[cited(batch)]) == "not-the-maker"
    assert refused_application(stage, again, credits=[holding]) == "not-the-holder"


def test_a_refusal_tells_of_anothers_units_only_what_was_asked_for(stage: Scene) -> None:
    batch = desk(stage)
    wide = [cited(batch, 1, 100), cited(batch, 1, 100, benefit="holding")]
    grant = grants.apply(stage, recorded(stage), credits=wide)
    other = grants.another(stage)

    def told(benefit: str) -> tuple[Any, ...]:
        asked = grants.application(other, credits=[cited(batch, 40, 101, benefit=benefit)])
        submission = stage.write("owner", "grant.apply", asked, "a", "b")
        answer = stage.ledger.entrance.submit(grants.with_paper(submission)).answer
        return answer["code"], answer["params"]["first"], answer["params"]["last"]

    assert told("generation") == told("holding") == ("use-asked", 40, 100)
    grants.to_granted(stage, grant)
    assert told("generation") == told("holding") == ("use-taken", 40, 100)


def test_the_use_of_a_holding_is_free_again_when_its_grant_ends(stage: Scene) -> None:
    batch = desk(stage)
    holding = [cited(batch, 1, 100, benefit="holding")]
    grant = grants.apply(stage, recorded(stage), credits=holding)
    grants.to_granted(stage, grant)
    assert stage.rows(use_table) == []
    grants.revoke_unpaid(stage, grant)
    grants.apply(stage, recorded(stage), credits=holding)


def test_three_benefits_are_apart_and_each_asks_for_its_own(stage: Scene) -> None:
    batch = desk(stage)
    body = {"batch": batch, "quantity": 10, "purpose": "public-good", "beneficiary": "公众"}
    act = stage.do("owner", "credit.retire", body, "a", "b")
    answer = recorded(stage)
    for credit, code in (
        (cited(batch, 1, 10, benefit="holding"), "not-the-holder"),
        (cited(batch, 1, 10, benefit="retirement"), "retirement-unknown"),
        (cited(batch, 1, 10, benefit="retirement", retirement="none"), "retirement-unknown"),
        (cited(batch, 1, 11, benefit="retirement", retirement=act), "serials-not-retired"),
        (cited(batch, 900, 901), "serials-outside-batch"),
        (cited("none"), "batch-unknown"),
    ):
        assert refused_application(stage, answer, credits=[credit]) == code
    retired = cited(batch, 1, 10, benefit="retirement", retirement=act)
    assert refused_application(stage, answer, credits=[retired, retired]) == "use-asked"
    grant = grants.apply(stage, answer, credits=[retired, cited(batch, 1, 10)])
    grants.to_granted(stage, grant)
    assert len(stage.rows(use_table)) == 2


def test_a_lock_on_serials_keeps_them_from_being_cited(stage: Scene) -> None:
    batch = desk(stage)
    lock = {
        "batch": batch,
        "first": 50,
        "last": 60,
        "ground": "dispute",
        "reason": "r",
        "document": "d",
    }
    stage.do("registrar", "serial.lock", lock, *OFFICERS)
    answer = recorded(stage)
    assert refused_application(stage, answer, credits=[cited(batch)]) == "serials-locked"
    grants.apply(stage, answer, credits=[cited(batch, 1, 49)])


def test_what_is_sold_before_the_decision_is_not_held(stage: Scene) -> None:
    batch = desk(stage)
    holding = cited(batch, 1, 100, benefit="holding")
    grant = grants.apply(stage, recorded(stage), credits=[holding])
    body = {"batch": batch, "quantity": 1, "receiver": "buyer"}
    transfer = stage.do("owner", "credit.transfer", body, "a", "b")
    stage.do("buyer", "credit.accept", {"transfer": transfer}, "a")
    grants.to_heard(stage, grant)
    decided = grants.decision(grant)
    assert stage.refused("finance", "grant.decide", decided, *FINANCE) == "not-the-holder"


def test_an_application_that_is_over_frees_what_it_cites(stage: Scene) -> None:
    batch = desk(stage)
    first = grants.apply(stage, recorded(stage), credits=[cited(batch)])
    stage.do("county", "grant.review", grants.step(first, positive=False), "a")
    second = grants.apply(stage, recorded(stage), credits=[cited(batch)])
    stage.do("owner", "grant.withdraw", {"grant": second}, "a")
    grants.apply(stage, recorded(stage), credits=[cited(batch)])


def test_what_was_cancelled_or_lost_its_opinion_before_is_not_cited(stage: Scene) -> None:
    batch = desk(stage)
    answer = recorded(stage)
    order = {"party": "owner", "batch": batch, "quantity": 10, "authority": "court",
             "document": "d"}  # fmt: skip
    stage.do("registrar", "credit.cancel", order, *OFFICERS)
    touched = [cited(batch, 10, 20)]
    assert refused_application(stage, answer, credits=touched) == "serials-cancelled"
    body = {**grants.answer_body(stage), "credits": [{"batch": batch, "first": 10, "last": 20}]}
    assert stage.refused("owner", "answer.record", body, "a") == "serials-cancelled"
    standing = grants.apply(stage, answer, credits=[cited(batch, 11, 20)])
    stage.do("owner", "grant.withdraw", {"grant": standing}, "a")
    stage.do("vvb2", "report.withdraw", {"report": "R1", "reason": "wrong plots"}, "a", "b")
    later = recorded(stage)
    whole = [cited(batch, 21, 30)]
    assert refused_application(stage, later, credits=whole) == "serials-unborne"


def test_units_without_a_validation_are_not_cited(stage: Scene) -> None:
    batch = desk(stage)
    stage.do("vvb1", "validation.withdraw", {"project": "P1", "reason": "r"}, "a", "b")
    found = refused_application(stage, recorded(stage), credits=[cited(batch)])
    assert found == "serials-unborne"
