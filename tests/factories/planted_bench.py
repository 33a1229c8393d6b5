"""Baselines with faults that a measurement must notice; importable by other processes."""

from __future__ import annotations

from typing import Any

import psycopg

from ledger.statements.envelope import Submission
from portal.bench.plain import by_transaction


class Uncommitting:
    """A connection that says that it commits, and does not."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self.execute = connection.execute

    def commit(self) -> None:
        """Do nothing."""


def uncommitted(
    connection: psycopg.Connection[Any], said: Submission, debit: int, credit: int
) -> None:
    """A transfer whose commit is skipped."""
    by_transaction(Uncommitting(connection), said, debit, credit)  # type: ignore[arg-type]  # the fault


def one_sided(
    connection: psycopg.Connection[Any], said: Submission, debit: int, credit: int
) -> None:
    """A transfer that also makes money on its target."""
    connection.execute("UPDATE account SET balance = balance + 1 WHERE id = %s", (credit,))
    by_transaction(connection, said, debit, credit)
