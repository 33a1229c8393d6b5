"""What was wrongly granted comes back by due process, and the line has it when it is paid."""

from __future__ import annotations

from typing import Any

import pytest

from incentives.grants.budget_models import available, budget_table
from incentives.grants.models import notice_table
from incentives.onrecord.models import review_table
from ledger.credits.uses_models import use_table
from ledger.facts.models import private_fact_table
from tests.factories import grants
from tests.factories.facts import FINANCE
from tests.factories.grants import FEN, LINE, OTHERS, cited, desk, recorded
from tests.factories.scene import OFFICERS, Scene

HALF = FEN // 2


def left(stage: Scene) -> int:
    """Fen of the line that nobody was promised."""
    (row,) = [row for row in stage.rows(budget_table) if row["line"] == LINE]
    return available(row)


def withdrawn(stage: Scene) -> None:
    """The verifier takes its opinion on all credits back."""
    body = {"report": "R1", "reason": "wrong plots"}
    stage.do("vvb2", "report.withdraw", body, "a", "b")
    grants.tick(stage)


def paid_on_credits(stage: Scene) -> str:
    """A grant that was paid, on the first hundred credits of the owner."""
    batch = desk(stage)
    grant = grants.apply(stage, recorded(stage), credits=[cited(batch)])
    grants.to_paid(stage, grant)
    return grant


def test_a_credit_revoked_opens_a_case_and_the_line_gets_back_what_is_repaid(
    stage: Scene,
) -> None:
    grant = paid_on_credits(stage)
    assert left(stage) == 5_000_000 - FEN
    withdrawn(stage)
    (review,) = stage.rows(review_table)
    assert (review["what"], review["state"], review["status"]) == ("credit", "changed", "yes")
    (case,) = grants.cases(stage)
    assert (case["grant"], case["ground"], case["benefit_fen"]) == (grant, "credit", FEN)
    assert case["cause"] == review["cause"]
    grants.to_waived(stage, case["case"], FEN)
    stage.do("finance", "recovery.decide", grants.ruling(case["case"], FEN), *OTHERS)
    assert left(stage) == 5_000_000 - FEN, "not before the money is there"
    first = grants.repayment(stage, case["case"], HALF)
    stage.do("finance", "recovery.repay", first, FINANCE[0])
    assert left(stage) == 5_000_000 - FEN + HALF
    assert grants.grant_row(stage, grant)["state"] == "paid"
    copy = {**first, "reference": first["reference"].upper().replace(" ", "")}  # another hand
    assert stage.refused("finance", "recovery.repay", first, FINANCE[1]) == "repayment-stated"
    assert stage.refused("finance", "recovery.repay", copy, FINANCE[1]) == "repayment-stated"
    second = {**first, "reference": "another"}
    stage.do("finance", "recovery.repay", second, FINANCE[0])
    assert left(stage) == 5_000_000
    assert grants.case_row(stage, case["case"])["state"] == "settled"
    assert grants.grant_row(stage, grant)["state"] == "revoked"
    assert {row["state"] for row in stage.rows(use_table)} == {"released"}
    (notice,) = stage.rows(notice_table)
    assert notice["state"] == "revoked"


def test_a_second_case_asks_for_what_has_not_come_back_and_two_halves_are_the_whole(
    stage: Scene,
) -> None:
    desk(stage)
    grant = grants.apply(stage, recorded(stage))
    grants.to_paid(stage, grant)
    first = grants.open_case(stage, grant)
    grants.to_waived(stage, first, HALF)
    stage.do("finance", "recovery.decide", grants.ruling(first, HALF), *OTHERS)
    stage.do("finance", "recovery.repay", grants.repayment(stage, first, HALF), FINANCE[0])
    assert grants.grant_row(stage, grant)["state"] == "paid"
    second = grants.open_case(stage, grant)
    assert grants.case_row(stage, second)["benefit_fen"] == FEN - HALF
    above = grants.demand(second, FEN - HALF + 1)
    assert stage.refused("finance", "recovery.notice", above, FINANCE[0]) == "demand-above-benefit"
    grants.to_waived(stage, second, FEN - HALF)
    stage.do("finance", "recovery.decide", grants.ruling(second, FEN - HALF), *OTHERS)
    stage.do("finance", "recovery.repay", grants.repayment(stage, second, FEN - HALF), FINANCE[0])
    assert grants.case_row(stage, second)["state"] == "settled"
    assert grants.grant_row(stage, grant)["state"] == "revoked"
    assert left(stage) == 5_000_000


def test_a_fact_corrected_opens_a_case_once(stage: Scene) -> None:
    desk(stage)
    grant = grants.apply(stage, recorded(stage))
    grants.to_paid(stage, grant)
    for area in (99, 98):
        (fact,) = [row for row in stage.rows(private_fact_table) if row["until"] is None]
        corrected = grants.measured(area, corrects=fact["fact"])
        stage.do("owner", "fact.report", corrected, "a")
        grants.tick(stage)
    (case,) = grants.cases(stage)
    assert (case["ground"], case["grant"]) == ("fact", grant)


def test_a_part_withdrawn_and_a_validation_withdrawn_reach_the_grant(stage: Scene) -> None:
    paid_on_credits(stage)
    part = {"report": "R1", "reason": "r", "vintages": [{"year": 2024, "quantity": 1}]}
    stage.do("vvb2", "report.withdraw-part", part, "a", "b")
    body = {"project": "P1", "reason": "r"}
    stage.do("vvb1", "validation.withdraw", body, "a", "b")
    grants.tick(stage)
    assert len(stage.rows(review_table)) == 2
    assert len(grants.cases(stage)) == 1


@pytest.mark.parametrize(("last", "found"), [(99, 0), (100, 1)])
def test_units_cancelled_by_order_touch_who_cites_them(stage: Scene, last: int, found: int) -> None:
    batch = desk(stage)
    grant = grants.apply(stage, recorded(stage), credits=[cited(batch, 100, 200)])
    grants.to_paid(stage, grant)
    order = {"party": "owner", "batch": batch, "quantity": last, "authority": "court",
             "document": "d"}  # fmt: skip
    stage.do("registrar", "credit.cancel", order, *OFFICERS)
    grants.tick(stage)
    assert len(grants.cases(stage)) == found


def test_units_of_an_application_that_was_withdrawn_touch_no_later_grant(stage: Scene) -> None:
    batch = desk(stage)
    answer = recorded(stage)
    first = grants.apply(stage, answer, credits=[cited(batch)])
    stage.do("owner", "grant.withdraw", {"grant": first}, "a")
    grants.to_paid(stage, grants.apply(stage, answer))
    withdrawn(stage)
    assert (grants.cases(stage), stage.rows(review_table)) == ([], [])


def test_units_on_which_the_answer_itself_rests_touch_its_grant(stage: Scene) -> None:
    """Cited twice from one serial on: the longer span counts."""
    batch = desk(stage)
    spans = [{"batch": batch, "first": 1, "last": last} for last in (10, 100)]
    body = {**grants.answer_body(stage), "credits": spans}
    answer = stage.do("owner", "answer.record", body, "a")
    grants.to_paid(stage, grants.apply(stage, answer))
    order = {"party": "owner", "batch": batch, "quantity": 50, "authority": "court",
             "document": "d"}  # fmt: skip
    stage.do("registrar", "credit.cancel", order, *OFFICERS)
    grants.tick(stage)
    (case,) = grants.cases(stage)
    assert (case["ground"], case["reason"]) == ("credit", f"credit {batch}")


def test_a_grant_under_recovery_is_not_paid_and_ends_unpaid(stage: Scene) -> None:
    batch = desk(stage)
    grant = grants.apply(stage, recorded(stage), credits=[cited(batch)])
    grants.to_granted(stage, grant)
    withdrawn(stage)
    assert stage.refused("finance", "grant.pay", grants.payment(stage, grant), *FINANCE) == (
        "recovery-open"
    )
    (case,) = grants.cases(stage)
    assert case["benefit_fen"] == 0
    grants.to_waived(stage, case["case"])
    stage.do("finance", "recovery.decide", grants.ruling(case["case"]), *OTHERS)
    assert grants.case_row(stage, case["case"])["state"] == "settled"
    assert grants.grant_row(stage, grant)["state"] == "revoked"
    assert left(stage) == 5_000_000


def test_a_case_that_is_dropped_lets_the_payment_go_on(stage: Scene) -> None:
    batch = desk(stage)
    grant = grants.apply(stage, recorded(stage), credits=[cited(batch)])
    grants.to_granted(stage, grant)
    withdrawn(stage)
    (case,) = grants.cases(stage)
    grants.to_waived(stage, case["case"])
    dropped = grants.ruling(case["case"], outcome="dropped")
    stage.do("finance", "recovery.decide", dropped, *OTHERS)
    stage.do("finance", "grant.pay", grants.payment(stage, grant), *FINANCE)


def test_a_performance_that_was_not_met_opens_a_case(stage: Scene) -> None:
    desk(stage)
    grant = grants.apply(stage, recorded(stage))
    grants.to_paid(stage, grant)
    stage.do("county", "grant.assess", grants.assessment(grant, "unmet"), "a")
    (case,) = grants.cases(stage)
    assert (case["ground"], case["grant"]) == ("performance", grant)


def test_fraud_is_fined_between_the_shares_of_the_rule(stage: Scene) -> None:
    """Of 16,926.00 yuan 20 % are 3,385.20 and 50 % are 8,463.00."""
    desk(stage)
    grant = grants.apply(stage, recorded(stage))
    grants.to_paid(stage, grant)
    case = grants.open_case(stage, grant, "fraud")
    grants.to_waived(stage, case, FEN)
    for change, code in (
        ({"fine_fen": 338_519}, "fine-out-of-range"),
        ({"fine_fen": 846_301}, "fine-out-of-range"),
        ({"fine_fen": 338_520, "term": "none"}, "clawback-unknown"),
        ({"repay_fen": FEN + 1}, "repay-above-demand"),
        ({"outcome": "dropped"}, "amount-with-drop"),
    ):
        body = grants.ruling(case, FEN, term="fraud")
        assert stage.refused("finance", "recovery.decide", {**body, **change}, *OTHERS) == code
    body = grants.ruling(case, FEN, term="fraud", fine_fen=338_520)
    assert stage.refused("finance", "recovery.decide", body, *FINANCE) == "signed-before"
    stage.do("finance", "recovery.decide", body, *OTHERS)
    stage.do("finance", "recovery.repay", grants.repayment(stage, case, FEN), FINANCE[0])
    assert left(stage) == 5_000_000
    assert grants.case_row(stage, case)["state"] == "decided"
    fine = grants.repayment(stage, case, 338_520, "fine")
    above = {**fine, "amount_fen": 338_521}
    assert stage.refused("finance", "recovery.repay", above, FINANCE[0]) == "repayment-exceeds"
    stage.do("finance", "recovery.repay", fine, FINANCE[0])
    assert grants.case_row(stage, case)["state"] == "settled"
    assert left(stage) == 5_000_000, "a fine is the treasury's"


def test_no_more_is_decided_than_the_applicant_was_told(stage: Scene) -> None:
    desk(stage)
    grant = grants.apply(stage, recorded(stage))
    grants.to_paid(stage, grant)
    case = grants.open_case(stage, grant)
    grants.to_waived(stage, case, 1)
    above = grants.ruling(case, 2)
    assert stage.refused("finance", "recovery.decide", above, *OTHERS) == "repay-above-demand"
    nothing = grants.ruling(case, 0)
    assert stage.refused("finance", "recovery.decide", nothing, *OTHERS) == "amount-empty"
    stage.do("finance", "recovery.decide", grants.ruling(case, 1), *OTHERS)


def corrected(stage: Scene, area: int) -> int:
    """The owner corrects its standing fact, and the answer is asked again; gives the entry."""
    (fact,) = [row for row in stage.rows(private_fact_table) if row["until"] is None]
    stage.do("owner", "fact.report", grants.measured(area, corrects=fact["fact"]), "a")
    grants.tick(stage)
    return max(int(row["index"]) for row in stage.rows(private_fact_table))


def test_what_falls_while_a_case_is_open_opens_the_next_one_after_it(stage: Scene) -> None:
    desk(stage)
    grant = grants.apply(stage, recorded(stage))
    grants.to_paid(stage, grant)
    causes = [corrected(stage, area) for area in (99, 98, 97)]
    stage.do("county", "grant.assess", grants.assessment(grant, "unmet"), "a")
    (first,) = grants.cases(stage)
    grants.to_waived(stage, first["case"])
    dropped = grants.ruling(first["case"], outcome="dropped")
    stage.do("finance", "recovery.decide", dropped, *OTHERS)
    second = grants.cases(stage)[1]
    assert (second["ground"], second["benefit_fen"], second["state"]) == ("fact", FEN, "opened")
    grants.to_waived(stage, second["case"], HALF)
    stage.do("finance", "recovery.decide", grants.ruling(second["case"], HALF), *OTHERS)
    assert len(grants.cases(stage)) == 2, "until the money is there"
    stage.do("finance", "recovery.repay", grants.repayment(stage, second["case"], HALF), FINANCE[0])
    third = grants.cases(stage)[2]
    assert (third["ground"], third["benefit_fen"]) == ("fact", FEN - HALF)
    assert [case["cause"] for case in grants.cases(stage)] == causes
    grants.to_waived(stage, third["case"])
    dropped = grants.ruling(third["case"], outcome="dropped")
    stage.do("finance", "recovery.decide", dropped, *OTHERS)
    fourth = grants.cases(stage)[3]
    assert (fourth["ground"], fourth["reason"]) == ("performance", "unmet")
    grants.to_waived(stage, fourth["case"], FEN - HALF)
    rest = grants.ruling(fourth["case"], FEN - HALF)
    stage.do("finance", "recovery.decide", rest, *OTHERS)
    back = grants.repayment(stage, fourth["case"], FEN - HALF)
    stage.do("finance", "recovery.repay", back, FINANCE[0])
    assert (len(grants.cases(stage)), grants.grant_row(stage, grant)["state"]) == (4, "revoked")


def test_only_fraud_is_fined(stage: Scene) -> None:
    desk(stage)
    grant = grants.apply(stage, recorded(stage))
    grants.to_paid(stage, grant)
    case = grants.open_case(stage, grant)
    grants.to_waived(stage, case, FEN)
    body = grants.ruling(case, FEN, term="fraud", fine_fen=338_520)
    assert stage.refused("finance", "recovery.decide", body, *OTHERS) == "fine-without-fraud"


def test_what_is_owed_can_be_kept_back_of_another_grant(stage: Scene) -> None:
    desk(stage)
    grant = grants.apply(stage, recorded(stage))
    grants.to_paid(stage, grant)
    other = grants.apply(stage, grants.another(stage))
    grants.to_granted(stage, other, amount_fen=1_000_000)
    case = grants.open_case(stage, grant)
    grants.to_waived(stage, case, HALF)
    body = {"case": case, "grant": other, "amount_fen": 800_000, "document": "d"}
    early = stage.refused("finance", "recovery.set-off", body, *FINANCE)
    assert early == "recovery-state"
    stage.do("finance", "recovery.decide", grants.ruling(case, HALF), *OTHERS)
    above = {**body, "amount_fen": HALF + 1}
    assert stage.refused("finance", "recovery.set-off", above, *FINANCE) == "repayment-exceeds"
    own = {**body, "grant": grant}
    assert stage.refused("finance", "recovery.set-off", own, *FINANCE) == "grant-state"
    stage.do("finance", "recovery.set-off", body, *FINANCE)
    # Paid 1,692,600 + 800,000 of the line, of which 800,000 are back; 200,000 are promised.
    assert left(stage) == 5_000_000 - FEN - 200_000
    assert stage.refused(
        "finance", "grant.pay", grants.payment(stage, other, 1_000_000), *FINANCE
    ) == ("amount-differs")
    stage.do("finance", "grant.pay", grants.payment(stage, other, 200_000), *FINANCE)
    rest = grants.repayment(stage, case, HALF - 800_000)
    stage.do("finance", "recovery.repay", rest, FINANCE[0])
    assert grants.case_row(stage, case)["state"] == "settled"
    assert grants.grant_row(stage, grant)["state"] == "paid", "half of it was rightly given"
    assert left(stage) == 5_000_000 - FEN - 200_000 + HALF - 800_000


def test_only_the_bureau_and_the_applicant_have_a_part(stage: Scene) -> None:
    grant = paid_on_credits(stage)
    case = grants.open_case(stage, grant)
    assert stage.refused("finance", "recovery.open", opening(grant), *FINANCE) == "recovery-open"
    assert stage.refused("county", "recovery.open", opening(grant), "a", "b") == "grant-unknown"
    assert stage.refused("county", "recovery.notice", grants.demand(case), "a") == (
        "recovery-case-unknown"
    )
    above = grants.demand(case, FEN + 1)
    assert stage.refused("finance", "recovery.notice", above, FINANCE[0]) == "demand-above-benefit"
    stage.do("finance", "recovery.notice", grants.demand(case, FEN), FINANCE[0])
    asked = {"case": case}
    assert stage.refused("buyer", "recovery.request-hearing", asked, "a") == (
        "recovery-case-unknown"
    )
    stage.do("owner", "recovery.request-hearing", asked, "a")
    held = grants.hearing(stage, case)
    for officer in FINANCE:  # both opened the case, one gave the notice
        assert stage.refused("finance", "recovery.hear", held, officer) == "signed-before"
    later = {**held, "held_on": "2031-01-01"}
    assert stage.refused("finance", "recovery.hear", later, OTHERS[0]) == "held-later"
    stage.do("finance", "recovery.hear", held, OTHERS[0])


def opening(grant: str) -> dict[str, Any]:
    return {"grant": grant, "ground": "error", "reason": "r"}
