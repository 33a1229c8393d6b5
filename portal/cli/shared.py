"""What every command shares: printing, exit codes, errors."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import IO, Any

import click
import orjson
from sqlalchemy.exc import SQLAlchemyError

from incentives.errors import PolicyError
from ledger.log.errors import LogError
from ledger.parties.errors import TextRefused
from ledger.statements.ed25519 import UnsafeKey
from ledger.statements.errors import Malformed, StatementError
from ledger.writer.errors import ForkRefused, IntegrityFault, LedgerError
from portal.config import database_fault, from_environment
from portal.shell.texts import say

REFUSED, USAGE, INTEGRITY = 1, 2, 3
WRONG_USAGE = ("address-taken", "address-unusable", "setting-invalid", "speaker-unknown")


ENTERED, UNTRACED, AGAIN_LATER, DEFECT = "entered", "untraced", "later", "defect"
"""What became of a statement that was not accepted, and so whether to send it again."""


class Failed(click.ClickException):
    """Ends a command with a code on standard error, and below it what the code means.

    ``again`` is one of the words above, where a statement was sent; ``errors`` are all faults of a
    body that has several, each with ``pointer`` and ``code``.
    """

    def __init__(
        self,
        exit_code: int,
        code: str,
        params: dict[str, Any] | None = None,
        *,
        again: str | None = None,
        errors: Sequence[Mapping[str, str]] = (),
    ) -> None:
        super().__init__(code if not params else f"{code} {dump(params)}")
        self.exit_code: int = exit_code  # type: ignore[misc]  # click reads it from the instance
        self._code = code
        self._params = params or {}
        self._again = again
        self._errors = errors

    def show(self, file: IO[Any] | None = None) -> None:
        """Print both, the field and the rule, and whether to try again, in the terminal's words."""
        super().show(file)
        for line in explained(self._code, self._params, self._again, self._errors):
            click.echo(line, file=file, err=file is None)


def explained(
    code: str,
    params: Mapping[str, Any],
    again: str | None = None,
    errors: Sequence[Mapping[str, str]] = (),
) -> list[str]:
    """What a code means in the language of the terminal, where, and whether to try again.

    Of several faults the first is the code's own, and each other one has a line.
    """
    spoken = language()
    lines = [say(f"problem.{code}", spoken, otherwise="")]
    for name in ("field", "rule", "last"):
        if isinstance(params.get(name), str):
            lines.append(f"{say(f'terminal.{name}', spoken)} {params[name]}")
    if isinstance(params.get("allowed"), list):
        lines.append(f"{say('terminal.allowed', spoken)} {', '.join(params['allowed'])}")
    for other in errors[1:]:
        words = say(f"problem.{other['code']}", spoken, otherwise="")
        lines.append(f"{say('terminal.also', spoken)} {other['code']} {other['pointer']} {words}")
    if again is not None:
        lines.append(say(f"terminal.again.{again}", spoken))
    return [line for line in lines if line]


def language() -> str:
    """Chinese where the terminal speaks it, by the order of POSIX (XBD 8.2), else English."""
    names = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return "zh" if next(filter(None, names), "").startswith("zh") else "en"


def dump(value: Any) -> str:
    """One line of JSON, with whole numbers of any length."""
    try:
        return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS).decode()
    except TypeError:  # beyond 64 bits
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def tell(as_json: bool, value: Any, text: str | None = None) -> None:
    """Print a value as JSON, or its text, or ``name: value`` lines."""
    if as_json:
        click.echo(dump(value))
    elif text is not None:
        click.echo(text)
    else:
        for name, item in value.items():
            shown = item if isinstance(item, str | int) else dump(item)
            click.echo(f"{name}: {shown}")


def json_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """``--json``, and typed errors become exit codes."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        with exits():
            return command(*args, **kwargs)

    return click.option("--json", "as_json", is_flag=True, help="Print JSON.")(run)


def all_faults(error: StatementError) -> list[dict[str, str]]:
    """Every fault of a body that has several, by pointer and code; else nothing."""
    if not isinstance(error, Malformed) or not error.also:
        return []
    return [{"pointer": e.field or "", "code": e.code} for e in (error, *error.also)]


@contextmanager
def policy(file: Path | str | None = None) -> Iterator[None]:
    """What a rule's text, its facts or a value breaks becomes an exit code, told with the file."""
    named: dict[str, Any] = {} if file is None else {"file": str(file)}
    try:
        yield
    except (PolicyError, TextRefused) as error:
        raise Failed(REFUSED, error.code, {**named, **error.params}) from error
    except UnicodeDecodeError as error:
        raise Failed(REFUSED, "file-unreadable", named) from error
    except OSError as error:
        if file is None:
            raise
        raise Failed(REFUSED, "file-unreadable", named) from error


@contextmanager
def exits() -> Iterator[None]:
    """Turn typed errors into exit codes."""
    try:
        yield
    except (ForkRefused, IntegrityFault) as error:
        raise Failed(INTEGRITY, error.code, error.params) from error
    except LogError as error:
        raise Failed(INTEGRITY, error.code) from error
    except LedgerError as error:
        if error.code in WRONG_USAGE:
            raise Failed(USAGE, error.code, error.params) from error
        raise Failed(REFUSED, error.code, error.params) from error
    except StatementError as error:
        place = {"field": error.field} if error.field else {}
        raise Failed(
            REFUSED, error.code, {**place, **error.params}, errors=all_faults(error)
        ) from error
    except UnsafeKey as error:
        raise Failed(REFUSED, str(error)) from error
    except FileExistsError as error:
        raise Failed(REFUSED, "file-exists", {"file": str(error.filename)}) from error
    except SQLAlchemyError as error:
        told = database_fault(from_environment(), error)
        raise Failed(REFUSED, "record-unavailable", told) from error
    except BrokenPipeError:
        raise  # whoever read our output has left; the shell knows how to end for that
    except OSError as error:  # the disk is full, broken or closed to us
        name = errno.errorcode.get(error.errno or 0, type(error).__name__)
        place = {"file": str(error.filename)} if error.filename else {}
        raise Failed(REFUSED, "system-error", {"error": name, **place}) from error
