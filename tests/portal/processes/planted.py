"""A server whose writer answers before it commits: what the kill harness must catch."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from ledger.writer.writer import Pending, Reply, Writer
from portal.config import at_home
from portal.processes import parent


def hasty(writer: Writer, batch: list[Pending]) -> None:
    """Answer, and let nothing be committed."""
    for item in batch:
        item.future.set_result(Reply("accepted", 1, 2, {"result": "accepted"}))


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        parent.CHILD = "tests.portal.processes.planted"
        home, port = at_home(Path(os.environ["QINGZHANG_HOME"])), int(sys.argv[2])
        sys.exit(parent.serve_processes(home, "127.0.0.1", port, 2, lambda address: None))
    if sys.argv[1] == "writer":
        Writer._turn = hasty  # type: ignore[method-assign]  # the planted fault
    from portal.processes.__main__ import main

    main()
