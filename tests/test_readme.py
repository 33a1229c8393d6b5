"""The README tells the truth: its transcripts are run, its links and commands exist.

A block marked `console` is a transcript. A line `$ qingzhang ...` is run in a folder of its own,
with what earlier commands of the same file left there; what follows is what it prints. `…` stands
for any text within a line, and alone on a line for any lines. A block whose fence names a file
(```yaml plan.yaml) lies in that folder under that name.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import tree

PAGES = [tree.ROOT / "README.md", *tree.files("docs", suffixes=(".md",))]
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FILE = re.compile(r"^```[a-z]+ ([a-z.-]+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)#:]+)(#[^)]*)?\)")
Steps = list[tuple[str, str]]


def steps(page: str) -> Steps:
    """Read a page's transcripts as pairs of a command and what it prints."""
    found: Steps = []
    for block in BLOCK.findall(page):
        for line in block.splitlines():
            if line.startswith("$ "):
                found.append((line[2:], ""))
            elif not found:
                raise ValueError(f"a transcript starts with a command, not with {line!r}")
            else:
                command, output = found[-1]
                found[-1] = (command, f"{output}{line}\n")
    return found


def matches(expected: str, printed: str) -> bool:
    pattern = re.sub(r"(?m)^…\\\n", r"(?:.*\\n)*", re.escape(expected)).replace("…", ".*")
    return re.fullmatch(pattern, printed) is not None


def differences(page: str, run: Callable[[str], str]) -> Steps:
    """Run each command; return those that print something else, with what they print."""
    return [(c, out) for c, expected in steps(page) if not matches(expected, out := run(c))]


def broken_links(path: Path) -> list[str]:
    targets = [m[1] for m in LINK.finditer(path.read_text("utf-8"))]
    return [t for t in targets if not (path.parent / t).exists()]


PAGE = """\
```console
$ qingzhang a
one
two
$ qingzhang b
```
"""


def test_a_transcript_is_commands_and_what_they_print() -> None:
    assert steps(PAGE) == [("qingzhang a", "one\ntwo\n"), ("qingzhang b", "")]
    with pytest.raises(ValueError, match="starts with a command"):
        steps("```console\none\n```\n")


def test_another_output_is_found() -> None:
    printed = {"qingzhang a": "one\n2\n", "qingzhang b": ""}
    assert differences(PAGE, printed.__getitem__) == [("qingzhang a", "one\n2\n")]


@pytest.mark.parametrize(
    ("expected", "printed", "same"),
    [
        ("size …, root …\n", "size 12, root abc=\n", True),
        ("size …\n", "size 12\nmore\n", False),
        ("first\n…\nlast\n", "first\na\nb\nlast\n", True),
        ("first\n…\nlast\n", "first\nlast\n", True),
        ("first\n…\nlast\n", "first\na\n", False),
        ("a.c (d)\n", "a.c (d)\n", True),
        ("a.c\n", "abc\n", False),
    ],
)
def test_an_ellipsis_stands_for_what_changes(expected: str, printed: str, same: bool) -> None:
    assert matches(expected, printed) is same


def test_a_link_to_nowhere_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("[a](page.md#top) [b](gone.md) [c](https://example.org/x)")
    assert broken_links(page) == ["gone.md"]


@pytest.mark.parametrize("page", PAGES, ids=tree.name)
def test_links_lead_somewhere(page: Path) -> None:
    assert broken_links(page) == []


@pytest.mark.parametrize("page", PAGES, ids=tree.name)
def test_transcripts_are_what_the_program_prints(page: Path, tmp_path: Path) -> None:
    for name, content in FILE.findall(page.read_text("utf-8")):
        (tmp_path / name).write_text(content, "utf-8")
    programs = Path(sys.executable).parent
    environment = {
        "HOME": str(tmp_path),
        "LANG": "C.UTF-8",
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(tree.ROOT),  # this tree's program, wherever another is installed from
        "QINGZHANG_HOME": str(tmp_path / "var"),
    }

    def run(command: str) -> str:
        assert command.startswith("qingzhang "), command
        done = subprocess.run(
            ["/bin/sh", "-c", command],
            cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, timeout=110, check=False,
        )  # fmt: skip
        return done.stdout

    assert differences(page.read_text("utf-8"), run) == []


def test_the_two_commands_come_first() -> None:
    text = (tree.ROOT / "README.md").read_text("utf-8")
    assert re.match(r"# Qingzhang \(青账\)\n\n```sh\nmake demo .*\nmake test .*\n```\n", text)


def test_the_example_of_a_plan_is_there_to_be_run() -> None:
    page = (tree.ROOT / "docs/quotas.md").read_text("utf-8")
    assert {name for name, _ in FILE.findall(page)} == {"plan.yaml", "impossible.yaml"}
    assert len(steps(page)) == 3


NAMES = re.compile(r"`([a-z/]+)`")


def folders(page: str) -> list[str]:
    """The folders in the first column of a table; later ones in a cell lie beside the first."""
    table = page.partition("| folder | what lies there |")[2].partition("\n\n")[0]
    found = []
    for line in table.splitlines():
        named = NAMES.findall(line.split("|")[1]) if line.startswith("| `") else []
        beside = named[0].rpartition("/")[0] if named else ""
        found += [name if "/" in name or not beside else f"{beside}/{name}" for name in named]
    return found


def test_a_folder_is_named_where_it_stands() -> None:
    page = "| folder | what lies there |\n| --- | --- |\n| `a/b`, `c` | d |\n| `e` | f |\n\n| `g` |"
    assert folders(page) == ["a/b", "a/c", "e"]


def test_the_architecture_names_every_room_and_no_other() -> None:
    page = (tree.ROOT / "docs/architecture.md").read_text("utf-8")
    named = folders(page)
    assert [name for name in named if not (tree.ROOT / name).is_dir()] == []
    rooms = {tree.name(path.parent) for path in (tree.ROOT / "ledger").glob("*/__init__.py")}
    assert rooms <= set(named)
    inside = page.partition("subgraph ledger")[2].partition("end\n")[0]
    drawn = re.findall(r'\["([a-z, ]+)"\]', inside)
    words = {word for text in drawn for word in text.split(", ")}
    assert words
    assert {word for word in words if not (tree.ROOT / "ledger" / word).is_dir()} == set()
