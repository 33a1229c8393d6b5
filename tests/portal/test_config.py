"""Settings: the public address is one that paths can be put behind, or it is refused."""

from __future__ import annotations

import pytest

from portal.config import SettingInvalid, from_environment


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("https://register.example", "https://register.example"),
        ("https://register.example/qz/", "https://register.example/qz"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("", None),
    ],
)
def test_an_address_is_kept_without_its_last_slash(text: str, address: str | None) -> None:
    assert from_environment({"QINGZHANG_PUBLIC_URL": text}).public_url == address


@pytest.mark.parametrize(
    "text",
    [
        "register.example",
        "ftp://register.example",
        "https://",
        "https://a.example?x=1",
        "https://a.example#x",
        "https://user@a.example",
        "https://a.example/<b>",
        'https://a.example/"',
        "https://a.example:port",
        "https://青账.example",
        "https://a.example/ b",
        "https://a.example/" + "x" * 200,
        "https://[::1",
    ],
)
def test_anything_else_is_refused_by_name(text: str) -> None:
    with pytest.raises(SettingInvalid, match="public-url-malformed"):
        from_environment({"QINGZHANG_PUBLIC_URL": text})
