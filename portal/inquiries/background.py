"""The thread of a running server that goes on with lists while nobody looks at them."""

from __future__ import annotations

import logging
from collections.abc import Callable

from sqlalchemy.exc import SQLAlchemyError

from ledger.writer.errors import Unavailable
from portal.running.repeating import Repeating

SECONDS = 1.0
"""How long it rests after each part, and before it looks for another list: requests come first."""
LOGGER = logging.getLogger("qingzhang.portal")


class Background(Repeating):
    """Calls ``step`` again and again, with a rest after each, until stopped.

    What one step breaks is logged, and the next one is tried: a list whose part broke is left
    alone for as long as it is held, so that it keeps no other waiting.
    """

    def __init__(self, step: Callable[[], object], seconds: float = SECONDS) -> None:
        super().__init__("lists", seconds)
        self._step = step

    def once(self) -> bool:
        """Take one part of one list, whatever comes of it."""
        try:
            self._step()
        except (Unavailable, SQLAlchemyError) as error:
            LOGGER.warning("lists wait: %s", error)  # store or record is away for a while
        except Exception as error:
            LOGGER.error("defect in a list", exc_info=error)
        return True
