"""Lists the methods that a plan may name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import partial
from types import MappingProxyType

from incentives.quotas.errors import PlanRefused
from incentives.quotas.methods import proportional
from incentives.quotas.plan import Plan

Method = Callable[[Plan], tuple[Fraction, ...]]

KNOWN: Mapping[str, Method] = MappingProxyType(
    {name: partial(proportional.weights, name) for name in proportional.INDICATORS}
)


def weights(plan: Plan) -> tuple[Fraction, ...]:
    """Weigh the members by the plan's method, in the plan's order.

    Raises PlanRefused method-unknown, which lists what is known, and what the method raises.
    """
    if plan.method not in KNOWN:
        raise PlanRefused(
            "method-unknown", field="method", method=plan.method, known=tuple(sorted(KNOWN))
        )
    return KNOWN[plan.method](plan)
