"""Allocates a plan: weights by its method, bounds, whole tonnes, and the sum that is the cap."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

from incentives.quotas import bounds, methods, rounding
from incentives.quotas.plan import Plan


@dataclass(frozen=True, slots=True)
class Row:
    """What one member gets.

    `quantity` in whole tonnes; `share` the method's share of the cap before bounds; `exact` the
    tonnes after bounds and before rounding; `remainder` what `exact` has beyond its whole tonnes.
    """

    code: str
    quantity: int
    share: Fraction
    exact: Fraction
    remainder: Fraction


@dataclass(frozen=True, slots=True)
class Allocation:
    """A split of a cap, in the plan's order; the quantities sum to the cap."""

    cap: int
    method: str
    rows: tuple[Row, ...]

    def lines(self) -> tuple[str, ...]:
        """Write the rows as `code,quantity`."""
        return tuple(f"{row.code},{row.quantity}" for row in self.rows)


def allocate(plan: Plan) -> Allocation:
    """Split the plan's cap.

    Raises PlanRefused (method, indicators, bounds) and BoundsInfeasible (no split keeps them).
    """
    weights = methods.weights(plan)
    limits = bounds.limits(plan)
    shares = bounds.fill(plan.cap, weights, limits)
    codes = [m.code for m in plan.members]
    quantities = rounding.whole_tonnes(shares, plan.cap, codes, limits)
    whole = sum(weights, Fraction(0))
    return Allocation(
        plan.cap,
        plan.method,
        tuple(
            Row(code, quantity, weight / whole, share, share - math.floor(share))
            for code, quantity, weight, share in zip(
                codes, quantities, weights, shares, strict=True
            )
        ),
    )
