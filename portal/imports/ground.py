"""What a record already holds of a registry, where a plan has to build upon it.

A partial extract of transfers opens accounts with the least that its own transactions need. Where
another extract was imported before, that least is counted from the balances on record, and only for
the transactions that are not there yet; otherwise the openings would be stated twice.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Protocol

from portal.imports.openings import Holding
from portal.imports.plan import Act


class Ground(Protocol):
    """The record as a plan sees it."""

    def transactions(self, names: Collection[str]) -> set[str]:
        """Which of these transactions of the registry are on record."""

    def balances(self, holdings: Collection[Holding]) -> Mapping[Holding, int]:
        """What these accounts hold on record, in whole units; nothing is left out."""

    def has_transactions(self) -> bool:
        """Whether any transaction of the registry is on record."""

    def states(self, acts: Collection[Act]) -> bool:
        """Whether every one of these acts is on record as accepted."""


class NoGround:
    """An empty record: what a dry run plans for."""

    def transactions(self, names: Collection[str]) -> set[str]:
        """None of them."""
        return set()

    def balances(self, holdings: Collection[Holding]) -> Mapping[Holding, int]:
        """Nothing."""
        return {}

    def has_transactions(self) -> bool:
        """No."""
        return False

    def states(self, acts: Collection[Act]) -> bool:
        """No."""
        return False
