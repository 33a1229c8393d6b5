"""The command ``qingzhang``: each noun is loaded only when it is asked for."""

from __future__ import annotations

from importlib import import_module

import click

from portal.running.collecting import loading

CLI = "portal.cli"
NAMES = {
    "init": f"{CLI}.running",
    "serve": f"{CLI}.running",
    "demo": f"{CLI}.running",
    "account": f"{CLI}.account",
    "bench": f"{CLI}.bench",
    "cash": f"{CLI}.cash",
    "certificate": f"{CLI}.certificate",
    "key": f"{CLI}.key",
    "session": f"{CLI}.session",
    "statement": f"{CLI}.statement",
    "draft": f"{CLI}.draft",
    "deadline": f"{CLI}.deadline",
    "log": f"{CLI}.log",
    "witness": f"{CLI}.witness",
    "credit": f"{CLI}.credit",
    "party": f"{CLI}.party",
    "project": f"{CLI}.project",
    "market": f"{CLI}.market",
    "import": "portal.imports.cli",
    "form": "portal.forms.cli",
    "export": "portal.exports.cli",
    "fact": f"{CLI}.fact",
    "incentive": f"{CLI}.incentive",
    "quota": f"{CLI}.quota",
    "rebuild": f"{CLI}.doctor",
    "doctor": f"{CLI}.doctor",
}
"""Each command's module, in which a click command of its name stands under that name."""
RESERVED = {"import": "import_command", "export": "export_command"}
"""Where the name is a word of the language, or would hide one's own."""


class _Nouns(click.Group):
    """Finds a command by name, so that its libraries load with it alone."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(NAMES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in NAMES:
            return None
        with loading():
            module = import_module(NAMES[cmd_name])
        command: click.Command = getattr(module, RESERVED.get(cmd_name, cmd_name))
        return command


@click.group(cls=_Nouns, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Qingzhang (青账): register, exchange and policy desk of emission reductions."""
