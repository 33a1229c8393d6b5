"""What can be wrong with a plan of quotas."""

from __future__ import annotations

from incentives.errors import PolicyError


class PlanRefused(PolicyError):
    """A plan that breaks a rule; `field` is the path to what breaks it, where there is one."""


class BoundsInfeasible(PolicyError):
    """Bounds that no split of the cap can keep; `least` and `most` are what they allow."""
