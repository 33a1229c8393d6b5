"""Typed faults of codes, region tables and data files: a code, parameters, words in no language."""

from __future__ import annotations

Param = str | int


class Malformed(ValueError):
    """A text that breaks the rule asked of it; `code` names the rule."""

    def __init__(self, code: str, **params: Param) -> None:
        super().__init__(f"{code} {params}" if params else code)
        self.code = code
        self.params = params


class CodeRefused(Malformed):
    """A unified social credit code or organisation code that its standard refuses."""


class RegionRefused(Malformed):
    """A region table, or a question to it, that GB/T 2260 or the table itself refuses."""


class TextRefused(Malformed):
    """A data file that is no strict YAML; `line` counts from 1."""
