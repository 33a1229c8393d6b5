"""Why a statement is not accepted at the door; none of these leaves a trace."""

from __future__ import annotations

from typing import Any


class StatementError(Exception):
    """Base: a code, the field at fault where there is one, and parameters."""

    def __init__(self, code: str, field: str | None = None, **params: Any) -> None:
        super().__init__(f"{code} at {field}" if field else code)
        self.code = code
        self.field = field
        self.params = params


class Malformed(StatementError):
    """The bytes are not a well-formed statement.

    ``also`` are further faults of the same body, in the order of its schema.
    """

    also: tuple[Malformed, ...] = ()


class Unauthenticated(StatementError):
    """A signature does not verify."""


class Expired(StatementError):
    """The statement's lifetime is over or too long."""
