"""A server one of whose workers is killed before it is ready: what the parent must replace."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from portal.config import at_home
from portal.processes import parent

HOME = Path(os.environ["QINGZHANG_HOME"])
VICTIM = "victim"


def die_once(how: int) -> None:
    """End the first process that comes here; the file in the home tells the others."""
    try:
        (HOME / VICTIM).touch(exist_ok=False)
    except FileExistsError:
        return
    if how:
        sys.exit(how)
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        parent.CHILD = "tests.portal.processes.mortal"
        sys.exit(parent.serve_processes(at_home(HOME), "127.0.0.1", int(sys.argv[2]), 2, print))
    if sys.argv[1] == "worker":
        die_once(int(os.environ.get("DIES_WITH", "0")))
    from portal.processes.__main__ import main

    main()
