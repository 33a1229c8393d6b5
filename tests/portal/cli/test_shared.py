"""A command that fails says a code for programs, and below it words for people."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from portal.cli import main


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh_CN.UTF-8", "此处没有账本"),
        ("en_US.UTF-8", "There is no ledger here"),
        ("C", "There is no ledger here"),
    ],
)
def test_a_code_is_followed_by_its_words(
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    language: str,
    words: str,
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", language)
    monkeypatch.setenv("QINGZHANG_HOME", str(tmp_path_factory.mktemp("nothing")))
    failed = CliRunner().invoke(main, ["log", "vkey"])
    first, second = failed.stderr.splitlines()
    code, params = first.removeprefix("Error: ").split(" ", 1)
    assert (code, set(json.loads(params))) == ("ledger-missing", {"home"})
    assert second == words
    assert failed.exit_code == 1
