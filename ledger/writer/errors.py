"""What can go wrong in deciding and writing."""

from __future__ import annotations

from typing import Any

from ledger.statements.canonical import INTEGER_MAX


class LedgerError(Exception):
    """Base of the record's errors: a code and parameters, words in no language."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(f"{code} {params}" if params else code)
        self.code = code
        self.params = params


class Refusal(LedgerError):
    """The rules refuse an authenticated statement; it becomes an entry with this reason.

    A figure that no statement can state is none that an entry could give: what needs one is
    ``value-too-large``, whatever rule found it.
    """

    def __init__(self, code: str, **params: Any) -> None:
        figures = [value for value in params.values() if type(value) is int]
        if any(abs(figure) > INTEGER_MAX for figure in figures):
            code = "value-too-large"
            params = {n: value for n, value in params.items() if type(value) is not int}
        super().__init__(code, **params)


class NotAuthenticated(LedgerError):
    """Key, role or validity of a statement does not hold at its index; it leaves no trace."""


class NotKnown(LedgerError):
    """A statement asks for what this software does not know; nobody decides, no trace is left.

    Were it refused on the record, software that does know it would replay another outcome.
    """


class BrokenInvariant(LedgerError):
    """Our own code did what must never happen; the statement is not logged."""


class Unavailable(LedgerError):
    """The record cannot be written now; ``retry`` tells whether to try again."""

    def __init__(self, code: str, *, retry: bool = True, **params: Any) -> None:
        super().__init__(code, **params)
        self.retry = retry


class ForkRefused(LedgerError):
    """The database does not extend the highest head known outside it; nothing may be signed."""


class IntegrityFault(LedgerError):
    """What is stored does not prove itself; ``index`` names the entry where known."""
