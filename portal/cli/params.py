"""Values of the command line that have a form: what has not is wrong usage, exit 2."""

from __future__ import annotations

from typing import Any

import click

from ledger.log.errors import NoteError
from ledger.log.note import Verifier, parse_vkey


class VerifierKey(click.ParamType[Verifier]):
    """A verifier key as ``log vkey`` prints it."""

    name = "vkey"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Verifier:
        """The key; raises BadParameter naming the rule that the text breaks."""
        if isinstance(value, Verifier):
            return value
        try:
            return parse_vkey(str(value))
        except NoteError as error:
            self.fail(error.code, param, ctx)


VKEY = VerifierKey()
