"""What has no form is wrong usage: exit 2, and the rule is named."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from portal.cli import main

GOOD = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
"""The example of golang.org/x/mod/sumdb/note."""


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("x", "vkey-malformed"),
        ("", "vkey-malformed"),
        (GOOD.replace("c74f20a3", "c74f20a4"), "vkey-id-differs"),
        (GOOD[:-4], "vkey-algorithm"),
        (GOOD.replace("PeterNeumann", "Peter Neumann"), "name-malformed"),
    ],
)
@pytest.mark.parametrize("command", [("log", "verify", "{0}", "{0}"), ("account", "verify", "{0}")])
def test_a_malformed_verifier_key_is_wrong_usage(
    tmp_path: Path, command: tuple[str, ...], text: str, rule: str
) -> None:
    file = tmp_path / "file"
    file.write_text("")
    words = [word.format(file) for word in command]
    result = CliRunner().invoke(main, [*words, "--vkey", text])
    assert result.exit_code == 2
    assert rule in result.output


def test_a_good_key_leads_to_the_check_itself(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("")
    result = CliRunner().invoke(main, ["log", "verify", str(file), str(file), "--vkey", GOOD])
    assert result.exit_code == 3
