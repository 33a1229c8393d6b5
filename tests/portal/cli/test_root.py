"""Each noun of the shell stands where it is looked for, and loads nothing that it does not need."""

from __future__ import annotations

import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from portal.cli import main
from portal.cli.root import NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_command_has_the_name_by_which_it_is_found(name: str) -> None:
    found = main.get_command(click.Context(main), name)
    assert found is not None and found.name == name
    assert found.get_short_help_str()


def test_help_lists_every_noun_and_an_unknown_one_is_wrong_usage() -> None:
    told = CliRunner().invoke(main, ["--help"])
    assert told.exit_code == 0 and all(f"\n  {name} " in told.output for name in NAMES)
    assert CliRunner().invoke(main, ["no-such-noun"]).exit_code == 2


def test_a_key_is_made_without_server_sheets_or_migrations() -> None:
    code = (
        "import sys; from portal.cli import main; main(['key', '--help'], standalone_mode=False);"
        "print(sorted({'openpyxl', 'alembic', 'waitress'} & set(sys.modules)))"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.endswith("[]\n")
