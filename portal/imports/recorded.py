"""The ground of a real import: what the record holds of one registry."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from ledger.mirrors import lookups
from portal.home.record import Record
from portal.imports.openings import Holding
from portal.imports.plan import Act
from portal.imports.standing import look_up


class RecordGround:
    """Answers a plan from the record as it is when asked; `party` is who states mirrors."""

    def __init__(self, record: Record, registry: str, party: str) -> None:
        self._record = record
        self._registry = registry
        self._party = party

    def transactions(self, names: Collection[str]) -> set[str]:
        """Which of these transactions are on record."""
        with self._record.reading() as connection:
            return set(lookups.known_transactions(connection, self._registry, names))

    def balances(self, holdings: Collection[Holding]) -> Mapping[Holding, int]:
        """What these accounts hold."""
        with self._record.reading() as connection:
            return lookups.balances(connection, self._registry, holdings)

    def has_transactions(self) -> bool:
        """Whether any transaction of the registry is on record."""
        with self._record.reading() as connection:
            return lookups.has_transactions(connection, self._registry)

    def states(self, acts: Collection[Act]) -> bool:
        """Whether every one of these acts is on record as accepted."""
        with self._record.reading() as connection:
            found = look_up(connection, self._party, list(acts))
        return all(item.newest is not None and item.newest.accepted for item in found)
