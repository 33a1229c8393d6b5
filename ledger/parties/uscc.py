"""Checks unified social credit codes (统一社会信用代码), so that no slip of a finger is admitted.

A code has 18 characters: registration authority (1), kind of organisation (1), region of the
authority by GB/T 2260 (6 digits), organisation code by GB 11714 (9), check character (1).
Source: GB 32100-2015 sections 4 and 5, GB 11714-1997 section 3.
"""

from __future__ import annotations

from ledger.parties.errors import CodeRefused

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # without I, O, S, V, Z; the place is the value
WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
LENGTH = 18
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_REGION = slice(2, 8)
_ORGANISATION = slice(8, 17)


def _known(text: str, alphabet: str) -> None:
    for place, character in enumerate(text, start=1):
        if character not in alphabet:
            raise CodeRefused("uscc-character", position=place, character=character)


def check_digit(first17: str) -> str:
    """Compute the 18th character: 31 less the weighted sum modulo 31, and 0 for 31.

    Raises CodeRefused uscc-length (not 17 characters) or uscc-character.
    """
    if len(first17) != LENGTH - 1:
        raise CodeRefused("uscc-length", length=len(first17), expected=LENGTH - 1)
    _known(first17, ALPHABET)
    total = sum(ALPHABET.index(c) * w for c, w in zip(first17, WEIGHTS, strict=True))
    return ALPHABET[-total % 31]


def check_uscc(text: str) -> None:
    """Refuse a text that is no code by GB 32100.

    Raises CodeRefused uscc-length, uscc-character, uscc-region or uscc-check. The check digit
    inside the organisation code is another standard's: see `check_organisation_code`.
    """
    if len(text) != LENGTH:
        raise CodeRefused("uscc-length", length=len(text), expected=LENGTH)
    _known(text, ALPHABET)
    if not text[_REGION].isdecimal():
        raise CodeRefused("uscc-region", region=text[_REGION])
    if text[-1] != (expected := check_digit(text[:-1])):
        raise CodeRefused("uscc-check", found=text[-1], expected=expected)


def organisation_code(uscc: str) -> str:
    """Take the nine characters of GB 11714 out of a code that was checked."""
    return uscc[_ORGANISATION]


def organisation_check_digit(first8: str) -> str:
    """Compute the ninth character of an organisation code: X for 10, 0 for 11.

    Letters count 10 (A) to 35 (Z). Raises CodeRefused organisation-length or uscc-character.
    """
    if len(first8) != len(_ORGANISATION_WEIGHTS):
        raise CodeRefused("organisation-length", length=len(first8), expected=8)
    _known(first8, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    total = sum(int(c, 36) * w for c, w in zip(first8, _ORGANISATION_WEIGHTS, strict=True))
    return "0123456789X"[-total % 11]


def check_organisation_code(text: str) -> None:
    """Refuse nine characters that are no code by GB 11714; the hyphen of print is left out.

    Raises CodeRefused organisation-length, uscc-character or organisation-check.
    """
    if len(text) != 9:
        raise CodeRefused("organisation-length", length=len(text), expected=9)
    if text[-1] != (expected := organisation_check_digit(text[:-1])):
        raise CodeRefused("organisation-check", found=text[-1], expected=expected)
