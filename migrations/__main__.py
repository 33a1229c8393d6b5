"""``python -m migrations check``: migrate an empty database and compare it with the models."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from migrations.run import check, migrate


def main(arguments: list[str]) -> int:
    """Run ``check`` on a database of its own; 2 for any other word."""
    if arguments != ["check"]:
        sys.stderr.write("usage: python -m migrations check\n")
        return 2
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'check.sqlite'}"
        migrate(url)
        check(url)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
