"""The shell: noun, verb, ``--json`` everywhere; exit 0 ok, 1 refused, 2 usage, 3 integrity."""

from portal.cli.root import main

__all__ = ["main"]
