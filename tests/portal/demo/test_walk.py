"""What docs/grants.md says can be tried is tried, with its bodies and keys, to the end."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from string import Template

import pytest
from click.testing import CliRunner

from ledger.writer.clock import SystemClock
from portal.cli import main
from portal.config import at_home
from portal.demo.grants import WAITING
from portal.demo.serving import save_players
from portal.demo.telling import seed
from tests import tree
from tests.portal.demo.test_serving import NOON

BODY = re.compile(r"^```json ([a-z.-]+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMANDS = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ASSIGNED = re.compile(r"(\w+)=(?:\$\((.*)\)|\"(.*)\")")
SAY = (
    'say() { qingzhang statement sign "$@" -o said.json && qingzhang statement submit said.json; }'
)


def run(command: str) -> str:
    """What a command prints; it must be done."""
    program, *words = shlex.split(command)
    assert program == "qingzhang", command
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 0, f"{command}\n{done.output}"
    return done.output


def walked(commands: str, names: dict[str, str]) -> Iterator[str]:
    """Run the commands of a page as a shell would, for the few forms in which they stand there."""
    for line in commands.replace("\\\n", " ").splitlines():
        if (assigned := ASSIGNED.fullmatch(line)) is not None:
            name, command, text = assigned.groups()
            names[name] = Template(text or command).substitute(names)
            if command is not None:
                names[name] = run(names[name]).strip()
        elif line.startswith("say "):
            run(f"qingzhang statement sign {Template(line[4:]).substitute(names)} -o said.json")
            yield run("qingzhang statement submit said.json")
        else:
            command, _, file = Template(line).substitute(names).partition(" > ")
            yield (printed := run(command))
            if file:
                Path(file).write_text(printed, "utf-8")


def test_a_grant_is_walked_from_the_fact_to_the_repayment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = (tree.ROOT / "docs/grants.md").read_text("utf-8")
    home = at_home(tmp_path / "home")
    seed(home, lambda _: None)
    names = {"keys": str(home.keys), "players": str(save_players(home))}
    monkeypatch.setenv("QINGZHANG_HOME", str(home.home))
    monkeypatch.chdir(tmp_path)
    minutes = count()
    monkeypatch.setattr(SystemClock, "now", lambda _: NOON + next(minutes) * 60_000)
    for name, content in BODY.findall(page):
        Path(name).write_text(content, "utf-8")
    prepared, *commands = COMMANDS.findall(page)
    assert SAY in prepared
    *_, recovery, budget = walked("".join(commands), names)
    # Of 50,000.00 the story has paid 12,000.00 and the walk 5,000.00, of which 1,000.00 is back.
    assert "asked back 3,000.00 CNY  come back 1,000.00 CNY  still owed 2,000.00 CNY" in recovery
    assert "paid 17,000.00 CNY  returned 1,000.00 CNY" in budget
    assert "available 34,000.00 CNY" in budget
    assert "noticed until" in run("qingzhang incentive grants --party demo-huzhou-3")
    assert "  paid until" in run(f"qingzhang incentive grants --party {WAITING}")
