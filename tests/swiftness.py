"""What makes thousands of small tests quick, and changes nothing that they see.

Each test has a database of its own, so that an engine lives for one test: it would compile every
statement anew, and the interpreter would look at all that was collected at each whole collection.
"""

from __future__ import annotations

import gc
from typing import Any

from sqlalchemy import Connection, Engine, event

STATEMENTS_MAX = 20_000


class Statements(dict[Any, Any]):
    """Compiled statements of all engines of a kind, where SQLAlchemy keeps those of one.

    A key begins with the engine's dialect.  What a dialect compiles depends on its class, its
    driver's manner of parameters and the server's version, and on nothing else that is set here.
    """

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get(_shared(key), default)

    def __setitem__(self, key: Any, compiled: Any) -> None:
        if len(self) >= STATEMENTS_MAX:
            self.clear()
        super().__setitem__(_shared(key), compiled)


def _shared(key: Any) -> Any:
    dialect, *rest = key
    return (type(dialect), dialect.paramstyle, dialect.server_version_info, *rest)


def share_statements() -> None:
    """Let all engines of this process find what one of them has compiled."""
    statements = Statements()

    @event.listens_for(Engine, "engine_connect")
    def _share(connection: Connection) -> None:
        connection.execution_options(compiled_cache=statements)


def set_aside() -> None:
    """Take what is there already out of the sight of the garbage collector."""
    gc.collect()
    gc.freeze()
