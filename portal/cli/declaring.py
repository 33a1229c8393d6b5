"""What the commands about incentives share: declared inputs from a file, faults as exit codes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import click

from incentives.errors import DeclarationRefused, PolicyError
from incentives.rules.declared import Declared
from ledger.parties import strict_yaml
from ledger.parties.errors import TextRefused
from portal.cli.shared import REFUSED, Failed

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def declared_in(file: Path | None) -> Declared:
    """The inputs declared in a file; JSON is YAML too.

    Raises TextRefused, or DeclarationRefused ``field-type`` where it is no mapping.
    """
    if file is None:
        return {}
    tree = strict_yaml.read(file.read_text("utf-8"))
    if not isinstance(tree, Mapping):
        raise DeclarationRefused("field-type", field="declared", expected="mapping")
    return tree


@contextmanager
def policy() -> Iterator[None]:
    """What a rule's text or a value breaks becomes an exit code."""
    try:
        yield
    except (PolicyError, TextRefused) as error:
        raise Failed(REFUSED, error.code, dict(error.params)) from error
    except UnicodeDecodeError as error:
        raise Failed(REFUSED, "file-unreadable") from error
