"""Settings are read once; one that means nothing is refused by its name."""

from __future__ import annotations

import traceback
from pathlib import Path

import pytest
from click.testing import CliRunner

from ledger.writer.errors import Unavailable
from portal.cli import main
from portal.config import at_home, database_fault, from_environment, web_origin
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


@pytest.mark.parametrize("name", ["QINGZHANG_DATABASE_URL", "QINGZHANG_OPS_URL"])
@pytest.mark.parametrize(
    ("url", "rule"),
    [
        ("ledger.sqlite", "database-address"),
        ("postgresql://qz:hidden@h:many/qz", "database-address"),
        ("mysql://qz:hidden@h/qz", "database-kind"),
    ],
)
def test_a_database_is_refused_by_name_and_without_its_password(
    name: str, url: str, rule: str
) -> None:
    with pytest.raises(Unavailable) as refused:
        from_environment({name: url})
    assert (refused.value.params["name"], refused.value.params["rule"]) == (name, rule)
    shown = "".join(traceback.format_exception(refused.value))
    assert "hidden" not in shown


def test_an_unreachable_database_is_told_without_its_password(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QINGZHANG_HOME", str(home))
    monkeypatch.setenv("QINGZHANG_DATABASE_URL", f"sqlite:///{home}")  # a folder is no database
    refused = CliRunner().invoke(main, ["log", "vkey"])
    assert refused.exit_code == 1
    assert "QINGZHANG_DATABASE_URL" in refused.output
    assert "unable to open database file" in refused.output
    settings = at_home(home, "postgresql://qz:hidden@h/qz?password=other")
    told = database_fault(settings, ValueError("no"))
    assert told["database"] == "postgresql://qz:***@h/qz"


def test_the_record_is_no_place_for_what_is_disposable() -> None:
    url = "postgresql://h/record"
    with pytest.raises(Unavailable) as refused:
        from_environment({"QINGZHANG_DATABASE_URL": url, "QINGZHANG_OPS_URL": url})
    assert refused.value.params["name"] == "QINGZHANG_OPS_URL"


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
    with pytest.raises(Unavailable, match="setting-invalid"):
        from_environment({"QINGZHANG_PUBLIC_URL": text})


def test_the_origin_of_an_address_is_scheme_host_and_port() -> None:
    assert web_origin("https://Register.example:8443/qz") == "https://register.example:8443"
