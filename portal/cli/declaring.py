"""What the commands about incentives share: declared inputs, faults as exit codes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from incentives.errors import DeclarationRefused
from incentives.rules.declared import Declared
from ledger.parties import strict_yaml
from portal.cli.params import Named
from portal.cli.shared import policy

Declarations = tuple[Path | tuple[str, str], ...]
"""What was declared: files, and inputs by name."""
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


class Said(click.ParamType[Any]):
    """A file of declared inputs, or one of them as INPUT=VALUE or RULE.INPUT=VALUE."""

    name = "file|[rule.]input=value"
    _named = Named("input", "INPUT=VALUE or a file")

    def convert(self, value: Any, param: Any, ctx: Any) -> Path | tuple[str, str]:
        """A path, or a name with its value; another text is wrong usage."""
        if isinstance(value, str) and Path(value).is_file():
            return Path(value)
        return value if isinstance(value, Path) else self._named.convert(value, param, ctx)


declare_option = click.option(
    "--declare",
    "said",
    type=Said(),
    multiple=True,
    help="What no fact holds: INPUT=VALUE for every rule that has it, RULE.INPUT=VALUE for one, or"
    " a file of YAML or JSON, {INPUT: VALUE} or {RULE: {INPUT: VALUE}}.",
)


def declared_by(said: Declarations) -> Declared:
    """Everything that was declared; raises what ``declared_in`` raises, and declared-twice."""
    found: dict[str, Any] = {}
    for one in said:
        for name, value in (declared_in(one) if isinstance(one, Path) else dict([one])).items():
            if name in found:
                raise DeclarationRefused("declared-twice", field=f"declared.{name}")
            found[name] = value
    return found


def declared_in(file: Path | None) -> Declared:
    """The inputs declared in a file; JSON is YAML too.

    Raises Failed, naming the file, for what is no strict YAML or (``field-type``) no mapping.
    """
    if file is None:
        return {}
    with policy(file):
        tree = strict_yaml.read(file.read_text("utf-8"))
        if not isinstance(tree, Mapping):
            raise DeclarationRefused("field-type", field="declared", expected="mapping")
    return tree
