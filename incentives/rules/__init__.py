"""Incentive rules as data: read, checked, evaluated exactly, with every reason shown."""

from incentives.rules.answer import Answer
from incentives.rules.assess import assess
from incentives.rules.report import plain
from incentives.rules.rule import Rule, read

__all__ = ["Answer", "Rule", "assess", "plain", "read"]
