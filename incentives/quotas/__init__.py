"""Regional quotas: a cap split by a named method, within bounds, into integers that sum to it."""

from incentives.quotas.allocate import Allocation, Row, allocate
from incentives.quotas.plan import Member, Plan, from_tree, parse

__all__ = ["Allocation", "Member", "Plan", "Row", "allocate", "from_tree", "parse"]
