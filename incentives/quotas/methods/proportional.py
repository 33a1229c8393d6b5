"""Shares in proportion to one indicator: history, heads, output or claims.

Grandfathering (emissions), per capita (population), GDP and proportional (claims, the first of the
bankruptcy rules) are one method with another indicator.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType

from incentives.quotas.errors import PlanRefused
from incentives.quotas.plan import Plan

INDICATORS: Mapping[str, str] = MappingProxyType(
    {
        "grandfathering": "emissions",
        "per_capita": "population",
        "gdp": "gdp",
        "proportional": "claims",
    }
)


def weights(method: str, plan: Plan) -> tuple[Fraction, ...]:
    """Take each member's indicator as its weight.

    Raises PlanRefused indicator-missing, weights-zero, and field-unused for `weights` or `params`,
    which these methods do not read.
    """
    for name, given in (("weights", plan.weights), ("params", plan.params)):
        if given:
            raise PlanRefused("field-unused", field=name, method=method)
    indicator = INDICATORS[method]
    found = []
    for place, member in enumerate(plan.members):
        if (value := member.indicators.get(indicator)) is None:
            path = f"regions[{place}].indicators.{indicator}"
            raise PlanRefused("indicator-missing", field=path, region=member.code)
        found.append(value)
    if not any(found):
        raise PlanRefused("weights-zero", field="regions", method=method, indicator=indicator)
    return tuple(found)
