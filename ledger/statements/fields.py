"""Strict marshmallow fields: ASCII digits only, no coercion, NFC text without hidden characters.

marshmallow's own defaults take "1_000", full-width digits, 1.9 and naive times; none of
that may reach money (RELIABILITY.md §0.3).  Messages are codes, not sentences.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from marshmallow import Schema, ValidationError
from marshmallow import fields as base

from ledger.statements.canonical import INTEGER_MAX
from ledger.statements.errors import Malformed
from ledger.statements.instants import parse_date, parse_instant

_PARTY = re.compile(r"[a-z0-9][a-z0-9.-]{1,62}", re.ASCII)
_DECIMAL = re.compile(r"(?!-0(?:\.0+)?$)-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,12})?", re.ASCII)
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


MISSING = "field-missing"
MESSAGES: dict[str, str | list[Any] | dict[Any, Any]] = {"required": MISSING, "null": MISSING}
"""marshmallow's own words for what is not there, as codes."""


class Strict(base.Field[Any]):
    """A field whose value is checked and never changed."""

    default_error_messages = MESSAGES
    json: Mapping[str, Any] = {}

    def rule(self, value: Any) -> str | None:
        """The code of the rule that ``value`` breaks, or None."""
        raise TypeError("a strict field has a rule")

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        broken = self.rule(value)
        if broken is not None:
            raise ValidationError(broken)
        return value

    def _serialize(self, value: Any, attr: Any, obj: Any, **kwargs: Any) -> Any:
        return value


class Whole(Strict):
    """An integer between two bounds; never a boolean, a float or a text."""

    def __init__(self, low: int = 0, high: int = INTEGER_MAX, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.low, self.high = low, high
        self.json = {"type": "integer", "minimum": low, "maximum": high}

    def rule(self, value: Any) -> str | None:
        """``not-an-integer`` or ``out-of-range``."""
        if type(value) is not int:
            return "not-an-integer"
        return None if self.low <= value <= self.high else "out-of-range"


class Quantity(Whole):
    """A positive whole number of units."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(1, INTEGER_MAX, **kwargs)


class Natural(Whole):
    """A whole number from zero."""


class PriceFen(Quantity):
    """A price in fen per unit, at least one."""


class Pattern(Strict):
    """ASCII text of one form."""

    def __init__(self, form: re.Pattern[str], code: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.form, self.code = form, code
        self.json = {"type": "string", "pattern": f"^(?:{form.pattern})$"}

    def rule(self, value: Any) -> str | None:
        """The field's own code."""
        return None if isinstance(value, str) and self.form.fullmatch(value) else self.code


class Identifier(Pattern):
    """A short ASCII name."""

    def __init__(self, max_length: int = 40, **kwargs: Any) -> None:
        form = re.compile(f"[A-Za-z0-9][A-Za-z0-9._-]{{0,{max_length - 1}}}", re.ASCII)
        super().__init__(form, "not-an-identifier", **kwargs)


class PartyId(Pattern):
    """A party's id."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(_PARTY, "not-a-party-id", **kwargs)


class Hex(Pattern):
    """Lower-case hex of a fixed number of bytes."""

    def __init__(self, size: int, **kwargs: Any) -> None:
        super().__init__(re.compile(f"[0-9a-f]{{{2 * size}}}", re.ASCII), "not-hex", **kwargs)


class Digest(Hex):
    """A SHA-256 digest."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(32, **kwargs)


class Salt(Hex):
    """A random 128-bit salt."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(16, **kwargs)


class KeyText(Hex):
    """A raw Ed25519 public key, in hex."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(32, **kwargs)


class Flag(Strict):
    """True or false."""

    json: Mapping[str, Any] = {"type": "boolean"}

    def rule(self, value: Any) -> str | None:
        """``not-a-flag``."""
        return None if type(value) is bool else "not-a-flag"


class DecimalText(Pattern):
    """An exact decimal as text: up to 18 digits before the point and 12 behind it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(_DECIMAL, "not-a-decimal", **kwargs)


class Date(Strict):
    """A calendar day."""

    json: Mapping[str, Any] = {"type": "string", "format": "date"}

    def rule(self, value: Any) -> str | None:
        """``not-a-date``."""
        return _broken(parse_date, value)


class Instant(Strict):
    """A UTC instant in the fixed form."""

    json: Mapping[str, Any] = {"type": "string", "format": "date-time"}

    def rule(self, value: Any) -> str | None:
        """``not-an-instant``."""
        return _broken(parse_instant, value)


def _hides(value: str) -> bool:
    """Whether a character is of a category that is not seen; no printable one is."""
    return not value.isprintable() and any(unicodedata.category(c) in _HIDDEN for c in value)


class Text(Strict):
    """NFC text without control, bidi or zero-width characters."""

    def __init__(self, *, max_length: int, min_length: int = 1, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.low, self.high = min_length, max_length
        self.json = {"type": "string", "minLength": min_length, "maxLength": max_length}

    def rule(self, value: Any) -> str | None:
        """``not-text``, ``length``, ``not-nfc``, ``hidden-character`` or ``edge-space``."""
        if not isinstance(value, str):
            return "not-text"
        if not self.low <= len(value) <= self.high:
            return "length"
        if value.isascii() and value.isprintable():
            return "edge-space" if value != value.strip() else None
        if _hides(value):
            return "hidden-character"
        if not unicodedata.is_normalized("NFC", value):
            return "not-nfc"
        return "edge-space" if value != value.strip() else None


class Script(Strict):
    """NFC text of several lines, such as a rule's: the line feed is its only control character."""

    def __init__(self, *, max_length: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.high = max_length
        self.json = {"type": "string", "minLength": 1, "maxLength": max_length}

    def rule(self, value: Any) -> str | None:
        """``not-text``, ``length``, ``not-nfc`` or ``hidden-character``."""
        if not isinstance(value, str):
            return "not-text"
        if not 1 <= len(value) <= self.high:
            return "length"
        if _hides(value.replace("\n", "")):
            return "hidden-character"
        return None if unicodedata.is_normalized("NFC", value) else "not-nfc"


class Enum(Strict):
    """One of a closed list of words."""

    def __init__(self, words: Iterable[str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.words = tuple(words)
        self.json = {"enum": list(self.words)}

    def rule(self, value: Any) -> str | None:
        """``not-one-of``."""
        return None if isinstance(value, str) and value in self.words else "not-one-of"


class Attachments(Strict):
    """Digests of attachments by name."""

    json: Mapping[str, Any] = {
        "type": "object",
        "additionalProperties": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
    }

    def rule(self, value: Any) -> str | None:
        """``not-digests``."""
        good = isinstance(value, dict) and all(
            isinstance(digest, str) and _SHA256.fullmatch(digest) for digest in value.values()
        )
        return None if good else "not-digests"


class ListOf(base.List[Any]):
    """A bounded list."""

    default_error_messages = MESSAGES

    def __init__(self, inner: Any, *, max_items: int, min_items: int = 0, **kwargs: Any) -> None:
        super().__init__(inner, **kwargs)
        self.low, self.high = min_items, max_items

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        if not isinstance(value, list):
            raise ValidationError("not-a-list")
        if not self.low <= len(value) <= self.high:
            raise ValidationError("items")
        return super()._deserialize(value, attr, data, **kwargs)


class Nested(base.Nested):
    """An object of its own schema."""

    default_error_messages = MESSAGES

    def __init__(self, schema: type[Schema], **kwargs: Any) -> None:
        super().__init__(schema, **kwargs)

    def _test_collection(self, value: Any) -> None:
        if type(value) is not dict:
            raise ValidationError("not-an-object")


def _broken(parser: Any, value: Any) -> str | None:
    try:
        parser(value)
    except Malformed as error:
        return error.code
    return None
