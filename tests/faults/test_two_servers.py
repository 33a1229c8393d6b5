"""Two homes on one database: who took over last writes, the other is fenced out for good."""

from __future__ import annotations

import shutil
import signal
from pathlib import Path

import pytest

from portal.config import Settings
from tests.faults.homes import Template, make, wrongs
from tests.faults.trials import planted, post
from tests.portal.processes.harness import SECONDS, Served, free_port, identity, serve

pytestmark = pytest.mark.faults


def twins(template: Template, folder: Path) -> tuple[Settings, Settings]:
    """A home, and a second one with the same keys and head file whose database is the first's."""
    one = template.copy(folder / "one")
    two = template.copy(folder / "two")
    (two.home / "ledger.sqlite").unlink()
    (two.home / "ledger.sqlite").symlink_to(one.home / "ledger.sqlite")
    return one, two


def stop(served: Served) -> None:
    served.process.send_signal(signal.SIGTERM)
    assert served.process.wait(SECONDS) == 0


def written_after_the_second_came(folder: Path, command: tuple[str, ...] = ()) -> list[str]:
    """Start one server, then another; what the first acknowledged after that, and other wrongs."""
    template = make(folder, 6)
    one, two = twins(template, folder)
    first = serve(one, port := free_port(), command, workers=1)
    acknowledged, found = [], []
    try:
        assert post(port, template.said[0])[0] == 201  # type: ignore[index]  # somebody answers
        second = serve(two, other := free_port(), command, workers=1)
        try:
            for mine, theirs in zip(template.said[1:3], template.said[3:5], strict=True):
                status, problem = post(port, mine) or (0, {})
                if status != 503 or problem["retry"] is not False:
                    found.append(f"the first goes on: {status} {problem}")
                answer = post(other, theirs)
                if answer is not None and answer[0] == 201:
                    acknowledged.append(identity(theirs))
        finally:
            stop(second)
    finally:
        stop(first)
    if len(acknowledged) != 2:
        found.append("the second does not write")
    shutil.copyfile(two.home / "heads", one.home / "heads")
    return found + wrongs(one, template.said, [*acknowledged, identity(template.said[0])])


def test_the_first_of_two_servers_is_fenced_out_and_nothing_is_lost(tmp_path: Path) -> None:
    assert written_after_the_second_came(tmp_path) == []


def test_the_harness_catches_a_writer_without_a_fence(tmp_path: Path) -> None:
    found = written_after_the_second_came(tmp_path, (*planted("unfenced"), "serve", "--port"))
    assert any("the first goes on" in what for what in found)
