"""Reads YAML of which nothing is guessed: every scalar stays the text that was written.

Plain YAML turns 1.20 into a binary fraction, 010 into eight and no into a falsehood, keeps the
last of two equal keys, and lets a short file unfold into an endless one. Here a scalar is its own
text (None for an empty plain one, `null` or `~`), keys are unique texts, and anchors, aliases,
tags, second documents, control and bidirectional characters are refused. JSON is read as well.
"""

from __future__ import annotations

import re
import unicodedata

import yaml
from yaml import events

from ledger.parties.errors import TextRefused

Tree = str | None | list["Tree"] | dict[str, "Tree"]

BYTES_MAX = 4_000_000
DEPTH_MAX = 12
_NULLS = ("", "~", "null", "Null", "NULL")
# Control characters but tab and line feed; marks that reorder text; the byte order mark.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
)


def read(text: str) -> Tree:
    """Read one document.

    Raises TextRefused text-too-large, text-not-nfc, text-hidden-character, yaml-malformed,
    yaml-anchor, yaml-tag, yaml-key, yaml-duplicate-key, yaml-too-deep or yaml-documents.
    """
    if len(text) > BYTES_MAX or len(text.encode("utf-8", "replace")) > BYTES_MAX:
        raise TextRefused("text-too-large", limit=BYTES_MAX)
    if not unicodedata.is_normalized("NFC", text):
        raise TextRefused("text-not-nfc")
    if hidden := _HIDDEN.search(text):
        line = text.count("\n", 0, hidden.start()) + 1
        raise TextRefused("text-hidden-character", character=f"U+{ord(hidden[0]):04X}", line=line)
    try:
        return _Reader(text).document()
    except yaml.YAMLError as fault:
        mark = getattr(fault, "problem_mark", None)
        line = mark.line + 1 if mark else 0
        raise TextRefused("yaml-malformed", line=line) from None


class _Reader:
    """Walks the parser's events; nothing of PyYAML's own building of values is used."""

    def __init__(self, text: str) -> None:
        self._events = yaml.parse(text, Loader=yaml.SafeLoader)

    def _next(self) -> events.Event:
        event: events.Event = next(self._events)
        if isinstance(event, events.AliasEvent) or getattr(event, "anchor", None):
            raise self._refuse("yaml-anchor", event)
        if getattr(event, "tag", None):
            raise self._refuse("yaml-tag", event)
        return event

    def document(self) -> Tree:
        self._next()  # the stream starts
        if isinstance(self._next(), events.StreamEndEvent):
            return None
        tree = self._tree(self._next(), 0)
        self._next()  # the document ends
        if not isinstance(end := self._next(), events.StreamEndEvent):
            raise self._refuse("yaml-documents", end)
        return tree

    def _tree(self, event: events.Event, depth: int) -> Tree:
        if depth > DEPTH_MAX:
            raise self._refuse("yaml-too-deep", event)
        if isinstance(event, events.ScalarEvent):
            return None if event.style is None and event.value in _NULLS else str(event.value)
        if isinstance(event, events.SequenceStartEvent):
            items: list[Tree] = []
            while not isinstance(item := self._next(), events.SequenceEndEvent):
                items.append(self._tree(item, depth + 1))
            return items
        return self._mapping(depth)

    def _mapping(self, depth: int) -> Tree:
        found: dict[str, Tree] = {}
        while not isinstance(key := self._next(), events.MappingEndEvent):
            name = self._tree(key, depth + 1)
            if not isinstance(name, str):
                raise self._refuse("yaml-key", key)
            if name in found:
                raise self._refuse("yaml-duplicate-key", key, key=name)
            found[name] = self._tree(self._next(), depth + 1)
        return found

    @staticmethod
    def _refuse(code: str, event: events.Event, **params: str) -> TextRefused:
        mark = event.start_mark
        return TextRefused(code, line=mark.line + 1 if mark else 0, **params)
