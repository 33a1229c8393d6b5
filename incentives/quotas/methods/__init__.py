"""The methods of allocation by name: each turns a plan into weights."""

from incentives.quotas.methods.known import KNOWN, weights

__all__ = ["KNOWN", "weights"]
