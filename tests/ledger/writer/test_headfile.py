"""The head file knows every head that was promised, whatever a disk did to a line of it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ledger.writer.headfile import HeadFile

ROOT = "ab" * 32


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "heads"


def test_the_last_head_is_the_one_appended_last(path: Path) -> None:
    file = HeadFile(path)
    assert file.last() is None
    file.append(1, ROOT)
    file.append(3, ROOT)
    file.close()
    assert HeadFile(path).last() == (3, ROOT)


def test_a_line_that_a_crash_tore_is_passed_over_and_ended(path: Path) -> None:
    path.write_text(f"1 {ROOT}\n3 abab")
    file = HeadFile(path)
    assert file.last() == (1, ROOT)
    file.append(5, ROOT)
    assert file.last() == (5, ROOT)


def test_a_line_that_a_full_disk_cut_short_is_an_error_and_spoils_no_later_one(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, write = HeadFile(path), os.write
    file.append(1, ROOT)
    monkeypatch.setattr(os, "write", lambda handle, data: write(handle, data[:9]))
    with pytest.raises(OSError, match="No space"):
        file.append(2, ROOT)
    monkeypatch.undo()
    assert file.last() == (1, ROOT)
    file.append(3, ROOT)
    assert file.last() == (3, ROOT)


def test_an_error_of_the_sync_is_told_and_the_file_goes_on(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = HeadFile(path)
    monkeypatch.setattr(os, "fdatasync", refuse)
    with pytest.raises(OSError, match="Input/output"):
        file.append(1, ROOT)
    monkeypatch.undo()
    file.append(2, ROOT)
    assert file.last() == (2, ROOT)


def refuse(handle: int) -> None:
    raise OSError(5, "Input/output error")
