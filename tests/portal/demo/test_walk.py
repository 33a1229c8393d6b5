"""What pages say can be tried on the demonstration is tried to the end, with their bodies."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from string import Template

import pytest
from click.testing import CliRunner

from ledger.parties.parameters import business_date
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


Walk = Callable[[str], list[str]]


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
            if command == "TZ=CST-8 date +%F":
                names[name] = business_date(NOON)
            elif command is not None:
                names[name] = run(names[name]).strip()
        elif line.startswith("say "):
            run(f"qingzhang statement sign {Template(line[4:]).substitute(names)} -o said.json")
            yield run("qingzhang statement submit said.json")
        else:
            command, _, file = Template(line).substitute(names).partition(" > ")
            yield (printed := run(command))
            if file:
                Path(file).write_text(printed, "utf-8")


@pytest.fixture
def walk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], list[str]]:
    """Tries a page of docs/ on a seeded demonstration; gives what each command printed."""
    home = at_home(tmp_path / "home")
    seed(home, lambda _: None)
    names = {"keys": str(home.keys), "players": str(save_players(home))}
    monkeypatch.setenv("QINGZHANG_HOME", str(home.home))
    monkeypatch.chdir(tmp_path)
    minutes = count()
    monkeypatch.setattr(SystemClock, "now", lambda _: NOON + next(minutes) * 60_000)

    def walk(name: str) -> list[str]:
        page = (tree.ROOT / "docs" / name).read_text("utf-8")
        for file, content in BODY.findall(page):
            Path(file).write_text(content, "utf-8")
        prepared, *commands = COMMANDS.findall(page)
        assert SAY in prepared
        return list(walked("".join(commands), names))

    return walk


def test_a_grant_is_walked_from_the_fact_to_the_repayment(walk: Walk) -> None:
    *_, recovery, budget = walk("grants.md")
    # Of 50,000.00 the story has paid 12,000.00 and the walk 5,000.00, of which 1,000.00 is back.
    assert "asked back 3,000.00 CNY  come back 1,000.00 CNY  still owed 2,000.00 CNY" in recovery
    assert "paid 17,000.00 CNY  returned 1,000.00 CNY" in budget
    assert "available 34,000.00 CNY" in budget
    assert "noticed until" in run("qingzhang incentive grants --party demo-huzhou-3")
    assert "  paid until" in run(f"qingzhang incentive grants --party {WAITING}")


def test_a_pledge_is_walked_from_the_loan_to_the_sale(walk: Walk) -> None:
    *_, sold, closed = walk("pledges.md")
    assert "to_debt_fen 500000  surplus_fen 130000  state sold" in sold
    assert "quantity 0" in closed
    registered = run("qingzhang party list bank pledges --state registered")
    assert "quantity 30" in registered and "held 30  waiting 0" in registered
