"""The catalogue of texts: codes in, words of one language out."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from portal import packaged

LANGUAGES = ("zh", "en")
DEFAULT = "zh"
HTML_LANGUAGE = {"zh": "zh-CN", "en": "en"}
FOLDER = Path(__file__).parents[1] / "texts"


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """Every text of a language by its dotted key, from every file that names the language.

    Raises KeyError where two files say one key.
    """
    flat: dict[str, str] = {}
    for path in sorted(FOLDER.glob(f"*{language}.yaml")):
        own: dict[str, str] = {}
        _flatten("", packaged.read(path), own)
        if twice := flat.keys() & own.keys():
            raise KeyError(f"{path.name} says again: {', '.join(sorted(twice))}")
        flat |= own
    return flat


def _flatten(prefix: str, node: Mapping[str, Any], into: dict[str, str]) -> None:
    for name, value in node.items():
        if isinstance(value, Mapping):
            _flatten(f"{prefix}{name}.", value, into)
        else:
            into[f"{prefix}{name}"] = str(value)


def say(key: str, language: str, *, otherwise: str | None = None) -> str:
    """The text of a key; ``otherwise`` (or the key) where the catalogue has none."""
    text = catalogue(language).get(key)
    if text is not None:
        return text
    return key if otherwise is None else otherwise
