"""Files that the exchange's cores cannot read: a code, the line and the field."""

from __future__ import annotations


class FileRefused(ValueError):
    """A row that is not what its header promises; lines count from 1, the header is line 1."""

    def __init__(self, code: str, line: int, field: str) -> None:
        super().__init__(f"{code} in line {line}: {field}")
        self.code = code
        self.params: dict[str, str | int] = {"line": line, "field": field}
