"""What can be wrong with a rule, its expressions, and the facts it is asked about."""

from __future__ import annotations

from incentives.errors import PolicyError


class ExpressionRefused(PolicyError):
    """An expression outside the language, or whose kinds do not fit."""


class RuleRefused(PolicyError):
    """A rule file that breaks a rule of the format; `field` is the path to what breaks it."""


class InputRefused(PolicyError):
    """Facts that do not have the shape the rule declares, or fail one of its checks."""


class RuleFault(PolicyError):
    """A rule that cannot be evaluated on facts of the right shape.

    It divides by zero, or gives an amount that no statement can hold.
    """
