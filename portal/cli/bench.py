"""``qingzhang bench``: measurements, each loaded only when it is asked for."""

from __future__ import annotations

import importlib

import click

NAMES: tuple[str, ...] = (
    "audit",
    "http",
    "incentives",
    "ledger",
    "market",
    "market-ledger",
    "quota",
    "register",
)
"""Each is a module of ``portal.bench`` with a click command of its name in ``COMMAND``."""


class _Measurements(click.Group):
    """Finds a measurement by name, so that its libraries load with it alone."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(NAMES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in NAMES:
            return None
        command: click.Command = importlib.import_module(
            f"portal.bench.{cmd_name.replace('-', '_')}"
        ).COMMAND
        return command


bench = _Measurements(
    "bench", help="Measure this machine: ours beside what is to be beaten, as ratios of one run."
)
