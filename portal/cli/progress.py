"""A bar on standard error for long work; standard output stays for what was asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn


@contextmanager
def progress_bar(noun: str, *, shown: bool) -> Iterator[Callable[[int, int], None] | None]:
    """Gives ``tell(done, total)``, or None where nothing is to be shown.

    Where standard error is no terminal, only the last state is written.
    """
    if not shown:
        yield None
        return
    columns = (TextColumn(noun), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(noun, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
