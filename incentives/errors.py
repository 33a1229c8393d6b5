"""Typed faults of the policy desk: a code, parameters, words in no language."""

from __future__ import annotations

from typing import Any

Param = str | int | tuple[str, ...]


class PolicyError(ValueError):
    """Base of the policy's faults; `code` names the rule and `params` the field."""

    def __init__(self, code: str, **params: Param) -> None:
        super().__init__(f"{code} {params}" if params else code)
        self.code = code
        self.params = params

    def written(self) -> dict[str, Any]:
        """The parameters as a record or an answer holds them."""
        return {n: [*v] if isinstance(v, tuple) else v for n, v in self.params.items()}


class NumberRefused(PolicyError):
    """A text that is no exact number."""


class QueryUnrecorded(PolicyError):
    """A query that the tables answer, and the state in which a decision is made does not."""


class DeclarationRefused(PolicyError):
    """What somebody declares to a question that no rule asked there takes."""
