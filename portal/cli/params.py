"""Values of the command line that have a form: what has not is wrong usage, exit 2."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path
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


class Whole(click.IntRange):
    """A whole number in a range, in plain digits: ``int`` would take those of any script."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The number; raises BadParameter."""
        if isinstance(value, str) and not value.isascii():
            self.fail(f"{value!r} is not a whole number in plain digits", param, ctx)
        return super().convert(value, param, ctx)


class Single(click.Option):
    """An option that may be given once: a second one is wrong usage, not the one that counts."""

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        super().__init__(*arguments, **{**settings, "multiple": True})

    def process_value(self, ctx: click.Context, value: Any) -> Any:
        """The one value or None; raises BadParameter for several."""
        given = super().process_value(ctx, value)
        if len(given) > 1:
            raise click.BadParameter("given more than once; it names one", ctx, self)
        return given[0] if given else None


class Named(click.ParamType[tuple[str, str]]):
    """NAME=VALUE: an attachment with its file, a field with its text, an input with its value."""

    def __init__(self, name: str, metavar: str) -> None:
        self.name = name
        self.metavar = metavar

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """As the help shows it."""
        return self.metavar

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str]:
        """Name and value; raises BadParameter naming the form."""
        if isinstance(value, tuple):
            return value
        name, equals, rest = str(value).partition("=")
        if not (name and equals and rest):
            self.fail(f"{value!r} is not {self.metavar}", param, ctx)
        return name, rest


class Form(click.ParamType[str]):
    """A text of a form."""

    def __init__(self, name: str, form: str, rule: str) -> None:
        self.name = name
        self._form = re.compile(form, re.ASCII)
        self._rule = rule

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The text itself; raises BadParameter naming the rule."""
        if not self._form.fullmatch(str(value)):
            self.fail(f"{value!r} is not {self._rule}", param, ctx)
        return str(value)


class Suffixed(click.Path):
    """A file to write, of a kind that its name ends in."""

    def __init__(self, *suffixes: str) -> None:
        super().__init__(dir_okay=False, path_type=Path)
        self._suffixes = suffixes

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The file; raises BadParameter naming the endings."""
        found = Path(os.fsdecode(super().convert(value, param, ctx)))
        if found.suffix not in self._suffixes:
            self.fail(f"the file ends in {' or '.join(self._suffixes)}", param, ctx)
        return found


URL = Form("url", r"https?://[^\s/?#]+[^\s?#]*", "an address that begins with http:// or https://")
KEY_ID = Form("key", "[0-9a-f]{32}", "a key id: 32 of 0-9a-f, as key show prints it")


def once(named: Iterable[tuple[str, str]], option: str) -> dict[str, str]:
    """What was given by name; raises BadParameter for a name that stands twice."""
    found: dict[str, str] = {}
    for name, value in named:
        if name in found:
            raise click.BadParameter(f"{name} is set twice", param_hint=option)
        found[name] = value
    return found
