"""What verifiers may do at any time: take back a part, a whole opinion, or a validation."""

from __future__ import annotations

from collections import Counter

from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from ledger.credits.models import batch_table
from ledger.projects.models import project_table
from ledger.restraints.models import duty_part_table, duty_table
from tests.factories.claims import COURT, numbered
from tests.factories.scene import OFFICERS, validation
from tests.ledger.pledging import FAR, Pledging
from tests.ledger.restraining import CHANCE
from tests.ledger.units import Freeze

VALIDATION = {"project": "P1", "reason": "r"}
OPINION = validation()


class Withdrawing(Pledging):
    """Rules beside those of banks and courts, with what still stands and what is owed by batch.

    Nothing is discharged or cancelled here, so that of each batch all that does not stand is owed.
    """

    batches: dict[str, int]
    stands: dict[str, int]
    owed: Counter[str]
    duties: set[str]
    missing: dict[str, int]
    borne: bool
    reports: list[str]

    @rule(chance=CHANCE)
    def withdraw_opinion(self, chance: int) -> None:
        """All that is left of a report's opinion."""
        batch = self.some(self.batches, chance)
        body = {"report": self.report_of(batch), "reason": "r"}
        if name := self.act("vvb2", "report.withdraw", body, "a", "b"):
            assert self.stands[batch]
            self.stands[batch] = 0
            self.falls(name, batch, 0)

    @rule(chance=CHANCE, quantity=st.integers(1, 12), again=st.booleans())
    def withdraw_part(self, chance: int, quantity: int, again: bool) -> None:
        """Never more than what stands; parts add up."""
        batch = self.some(self.batches, chance)
        vintage = {"year": int(batch.rpartition("-")[2]), "quantity": quantity}
        body = {"report": self.report_of(batch), "vintages": [vintage], "reason": "r"}
        for _ in range(1 + again):
            name = self.act("vvb2", "report.withdraw-part", body, "a", "b")
            assert bool(name) is (quantity <= self.stands[batch])
            if name:
                self.stands[batch] -= quantity
                self.falls(name, batch, self.stands[batch])

    @precondition(lambda self: self.batches)
    @rule(restore=st.sampled_from([True, True, False]), other=st.booleans())
    def withdraw_validation(self, restore: bool, other: bool) -> None:
        """Everything that the project brought is owed, and it brings no more until validated anew.

        By the body that verified it no more: Order 31, Art. 18.
        """
        name = self.act("vvb1", "validation.withdraw", VALIDATION, "a", "b")
        assert bool(name) is self.borne
        if name:
            self.borne = False
            for number, report in enumerate(sorted(self.reports)):
                for batch in self.batches:
                    if self.report_of(batch) == report:
                        self.falls(f"{name}/{number}", batch, 0)
        if other:
            assert not self.act("vvb2", "project.validate", OPINION, "a", "b")
        if restore:
            self.borne = bool(self.act("vvb1", "project.validate", OPINION, "a", "b")) or self.borne

    @rule(chance=CHANCE, quantity=st.integers(1, 12), whole=st.booleans())
    def remit(self, chance: int, quantity: int, whole: bool) -> None:
        """An authority takes off what it likes; frozen is no more than what is missing then."""
        duty = self.some(self.missing, chance)
        left = self.missing.get(duty, 0)
        quantity = left if whole and left else quantity
        body = {"duty": duty, "quantity": quantity, "reason": "r", **COURT}
        body["document"] = numbered(self.stage)
        said = self.act("registrar", "duty.remit", body, *OFFICERS)
        assert bool(said) is (quantity <= left)
        if said:
            self.missing[duty] = left - quantity
            order = self.units.standing.get(f"{duty}/0")
            stands = order.quantity - order.spent if order else 0
            excess = stands - self.missing[duty]
            if excess >= stands > 0:
                self.units.leave(f"{duty}/0")
            elif excess > 0:
                self.units.lower(f"{duty}/0", excess)

    def report_of(self, batch: str) -> str:
        return batch.split("-")[1]

    def falls(self, duty: str, batch: str, stands: int) -> None:
        """What is owed now; of that is frozen what the owner has and earlier duties have not."""
        part = max(0, self.batches[batch] - stands - self.owed[batch])
        moving = sum(n for s, _, b, n, _ in self.open.values() if (s, b) == ("owner", batch))
        ours = sum(
            order.quantity - order.spent
            for order in self.units.queue("owner", batch)
            if order.name.rpartition("/")[0] in self.duties
        )
        quantity = min(part, moving + self.units.owned("owner", batch) - ours)
        self.owed[batch] += part
        if part:
            self.duties.add(duty)
            self.missing[duty] = part
        if quantity > 0:
            self.freezes(Freeze(f"{duty}/0", "owner", batch, quantity, FAR))

    @invariant()
    def duties_are_those_of_the_model(self) -> None:
        """Of each batch is owed what no opinion bears, never twice; the duty is its parts' sum."""
        parts = self.stage.rows(duty_part_table)
        owed: Counter[str] = Counter()
        sums: Counter[str] = Counter()
        for part in parts:
            owed[part["batch"]] += part["owed"]
            sums[part["duty"]] += part["owed"]
        assert owed == self.owed
        assert all(owed[row["batch"]] <= row["issued"] for row in self.stage.rows(batch_table))
        duties = self.stage.rows(duty_table)
        assert {r["duty"]: r["quantity"] for r in duties} == sums
        assert {r["duty"]: r["quantity"] - r["remitted"] for r in duties} == self.missing
        (project,) = self.stage.rows(project_table)
        assert project["state"] == ("registered" if self.borne else "suspended")
