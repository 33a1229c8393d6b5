"""The policy file of a home is read strictly: who cannot follow it does not start."""

from __future__ import annotations

from pathlib import Path

import pytest

from ledger.log.note import Verifier
from ledger.writer.errors import Unavailable
from portal.config import at_home
from portal.witnesses.watch import Watch, read_watch
from tests.factories.witnesses import Double, policy_text
from tests.ledger.log.throwaway import VKEY


def watch(home: Path, text: str | bytes | None) -> Watch:
    settings = at_home(home)
    if text is not None:
        settings.witness_policy.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_watch(settings, [VKEY])


def test_a_home_without_the_file_has_no_witnesses(home: Path) -> None:
    assert (watch(home, None).witnesses, watch(home, None).alarms()) == ((), [])


def test_the_witnesses_stand_in_the_policy_s_order(home: Path, tmp_path: Path) -> None:
    doubles = [Double(tmp_path / n, n, VKEY, k) for k, n in enumerate("ba", 1)]
    found = watch(home, f"log {VKEY}\n{policy_text(doubles, 2)}")
    assert [w.verifier.name for w, _ in found.standings()] == ["b", "a"]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("", "policy-quorum-count"),
        ("quorum x\n", "policy-name-unknown"),
        ("witness a nonsense\nquorum a\n", "vkey-malformed"),
        (b"\xff", "not-utf8"),
    ],
)
def test_a_malformed_file_names_the_rule(home: Path, text: str | bytes, rule: str) -> None:
    with pytest.raises(Unavailable, match="witness-policy-malformed") as refused:
        watch(home, text)
    assert refused.value.params["rule"] == rule


@pytest.mark.parametrize("url", ["ftp://x.example", "x.example/w", "http://:80", "http://a:b"])
def test_an_address_that_is_not_of_the_web_is_named(home: Path, tmp_path: Path, url: str) -> None:
    double = Double(tmp_path / "a", "a", VKEY, 1)
    with pytest.raises(Unavailable, match="witness-policy-malformed") as refused:
        watch(home, f"witness a {double.verifier.vkey} {url}\nquorum a\n")
    assert refused.value.params == {"rule": "url", "witness": "a"}


def test_a_policy_for_other_logs_is_refused(home: Path, tmp_path: Path) -> None:
    other = Double(tmp_path / "a", "a", VKEY, 1).verifier
    foreign = Verifier("other.example", other.public).vkey
    with pytest.raises(Unavailable, match="witness-policy-log-differs"):
        watch(home, f"log {foreign}\nquorum none\n")
