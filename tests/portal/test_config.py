"""Settings are read once; one that means nothing is refused by its name."""

from __future__ import annotations

from pathlib import Path

import pytest

from ledger.writer.errors import Unavailable
from portal.config import from_environment, is_web_origin
from portal.ops.limits import DEFAULTS, READ, Limit


def test_the_store_beside_the_record_lies_in_the_home(tmp_path: Path) -> None:
    settings = from_environment({"QINGZHANG_HOME": str(tmp_path)})
    assert settings.ops_url == f"sqlite:///{tmp_path / 'ops.sqlite'}"
    assert settings.ops_url != settings.database_url
    assert (settings.public_url, settings.proxies, settings.limits) == (None, 0, DEFAULTS)


def test_what_is_set_is_taken() -> None:
    settings = from_environment(
        {
            "QINGZHANG_OPS_URL": "postgresql://h/ops",
            "QINGZHANG_PUBLIC_URL": "https://qz.example",
            "QINGZHANG_PROXIES": "2",
            "QINGZHANG_LIMITS": "read=9/10",
        }
    )
    assert settings.ops_url == "postgresql://h/ops"
    assert (settings.public_url, settings.proxies) == ("https://qz.example", 2)
    assert settings.limits[READ] == Limit(9, 10)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("QINGZHANG_PUBLIC_URL", "https://qz.example/"),
        ("QINGZHANG_PUBLIC_URL", "qz.example"),
        ("QINGZHANG_PROXIES", "-1"),
        ("QINGZHANG_PROXIES", "10"),
        ("QINGZHANG_PROXIES", "１"),
        ("QINGZHANG_LIMITS", "read=fast"),
    ],
)
def test_a_setting_that_means_nothing_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(Unavailable) as refused:
        from_environment({name: value})
    assert (refused.value.code, refused.value.params["name"]) == ("setting-invalid", name)


def test_the_record_is_no_place_for_what_is_disposable() -> None:
    url = "postgresql://h/record"
    with pytest.raises(Unavailable) as refused:
        from_environment({"QINGZHANG_DATABASE_URL": url, "QINGZHANG_OPS_URL": url})
    assert refused.value.params["name"] == "QINGZHANG_OPS_URL"


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("http://127.0.0.1:8000", True),
        ("https://[::1]:8000", True),
        ("https://a-b.example", True),
        ("https://example", True),
        ("https://Example.org", False),
        ("https://user@example.org", False),
        ("ftp://example.org", False),
        ("https://example.org\n", False),
        ("https://example.org:0", False),
        ("https://-a.example", False),
    ],
)
def test_an_address_is_a_scheme_a_host_and_a_port(text: str, good: bool) -> None:
    assert is_web_origin(text) is good
