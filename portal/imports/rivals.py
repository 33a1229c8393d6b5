"""Acts whose thing is on record under another id: the row's date, which the id bears, has changed.

A transaction happens once, a registry lists a batch once, and a unit ends once. To state one of
them again under a new date would be refused; it is told as what it is, a row that has changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from sqlalchemy import Connection

from ledger.mirrors import lookups
from portal.imports.plan import Act, Json

Find = Callable[[Connection, str, Iterable[str]], dict[str, int]]
ENDS = ("mirror.retirement", "mirror.cancellation")


def stated_otherwise(connection: Connection, acts: Sequence[Act]) -> dict[str, int]:
    """By key of an act, the entry that states the same thing in another form."""
    found: dict[str, int] = {}
    named: dict[tuple[str, str], dict[str, Act]] = {}
    ended: dict[tuple[str, str], dict[str, Act]] = {}
    for act in acts:
        registry = str(act.body.get("registry", ""))
        if act.type == "mirror.transaction":
            named.setdefault((act.type, registry), {})[str(act.body["transaction"])] = act
        elif act.type == "mirror.batch" and act.body["origin"] == "listed":
            named.setdefault((act.type, registry), {})[str(act.body["batch"])] = act
        elif act.type in ENDS:
            block = _block(act)
            ended.setdefault((registry, str(block["scope"])), {})[str(block["serial"])] = act
    for (kind, registry), by_name in named.items():
        find: Find = (
            lookups.known_transactions if kind == "mirror.transaction" else lookups.listed_batches
        )
        for name, index in find(connection, registry, by_name).items():
            found[by_name[name].key] = index
    for (registry, scope), by_serial in ended.items():
        firsts = [int(str(_block(act)["first"])) for act in by_serial.values()]
        for serial, index in lookups.ended_blocks(connection, registry, scope, firsts).items():
            if serial in by_serial:
                found[by_serial[serial].key] = index
    return found


def _block(act: Act) -> dict[str, Json]:
    block = act.body["block"]
    assert isinstance(block, dict)
    return block
