"""The browser itself checks what it is shown, and says so in the reader's language."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from ledger.log.checkpoint import Checkpoint
from ledger.log.merkle import leaf_hash, tree_path, tree_root
from ledger.log.note import Verifier
from ledger.log.receipt import format_receipt
from ledger.statements.ed25519 import from_seed, public_bytes
from tests.factories.ledger import Voices
from tests.portal.browser.conftest import Watched

pytestmark = pytest.mark.browser
KEY = from_seed(bytes(32))
VKEY = Verifier("log.example", public_bytes(KEY)).vkey
CALL = """async ([leaf, receipt, vkey]) => {
  const { fromBase64, verifyReceipt } = await import("/static/verify.js");
  try {
    const { index, size } = await verifyReceipt(fromBase64(leaf), receipt, vkey);
    return [index, size];
  } catch (error) {
    return error.message;
  }
}"""


@pytest.fixture
def verify(browser: Watched) -> Callable[[bytes, str, str], Any]:
    page = browser.open("/entries/0")
    return lambda leaf, receipt, vkey: page.evaluate(
        CALL, [base64.b64encode(leaf).decode(), receipt, vkey]
    )


def made(index: int, size: int) -> tuple[bytes, str]:
    """A leaf and its receipt in a tree of small leaves, by the ledger's own log code."""
    leaves = [f"leaf {number}".encode() for number in range(size)]
    hashes = [leaf_hash(leaf) for leaf in leaves]
    note = Checkpoint("log.example", size, tree_root(hashes)).sign(KEY)
    return leaves[index], format_receipt(index, tree_path(hashes, index), note)


def test_every_leaf_of_small_trees_is_proved(verify: Callable[[bytes, str, str], Any]) -> None:
    for size in range(1, 18):
        for index in range(size):
            assert verify(*made(index, size), VKEY) == [index, size]


ALTERED: list[tuple[str, Callable[[str], str], str]] = [
    ("header", lambda t: t.replace("@v1", "@v2", 1), "receipt-header"),
    ("index", lambda t: t.replace("index 5", "index 4"), "root-differs"),
    ("index outside", lambda t: t.replace("index 5", "index 11"), "index-outside-tree"),
    ("index form", lambda t: t.replace("index 5", "index 05"), "receipt-index"),
    ("no step", lambda t: t.replace(t.split("\n")[2] + "\n", "", 1), "proof-too-short"),
    (
        "more steps",
        lambda t: t.replace("\n\n", f"\n{t.split(chr(10))[2]}\n\n", 1),
        "proof-too-long",
    ),
    ("short step", lambda t: t.replace(t.split("\n")[2], "AAAA", 1), "hash-size"),
    ("no base64", lambda t: t.replace(t.split("\n")[2], "A?", 1), "base64"),
    ("size", lambda t: t.replace("\n11\n", "\n12\n"), "signature-invalid"),
    ("origin", lambda t: t.replace("log.example\n11", "other.example\n11"), "signature-invalid"),
    (
        "signer",
        lambda t: t.replace("— log.example", "— other.example"),
        "not-signed-by-trusted-key",
    ),
    ("dash", lambda t: t.replace("— ", "- "), "signature-line-malformed"),
    ("end", lambda t: t.rstrip("\n"), "note-malformed"),
    ("nothing", lambda t: "", "receipt-header"),
]


@pytest.mark.parametrize(("alter", "code"), [a[1:] for a in ALTERED], ids=[a[0] for a in ALTERED])
def test_an_altered_receipt_is_refused_by_name(
    verify: Callable[[bytes, str, str], Any], alter: Callable[[str], str], code: str
) -> None:
    leaf, receipt = made(5, 11)
    assert verify(leaf, alter(receipt), VKEY) == code


def test_another_leaf_or_key_is_refused_by_name(verify: Callable[[bytes, str, str], Any]) -> None:
    leaf, receipt = made(5, 11)
    other = Verifier("log.example", public_bytes(from_seed(bytes([1]) * 32))).vkey
    assert verify(leaf + b" ", receipt, VKEY) == "root-differs"
    assert verify(leaf, receipt, other) == "not-signed-by-trusted-key"
    assert verify(leaf, receipt, VKEY.replace("log.example", "log.exampl")) == "vkey-id-differs"
    assert verify(leaf, receipt, "x") == "vkey-malformed"


def replaced(browser: Watched, pattern: str, change: Callable[[bytes], bytes]) -> None:
    """Let the network alter an answer on its way to the page."""

    def serve(route: Route) -> None:
        response = route.fetch()
        route.fulfill(response=response, body=change(response.body()))

    browser.page.route(pattern, serve)


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh", "已在本浏览器中验证：条目 0"), ("en", "Verified in this browser: entry 0")],
)
def test_an_entry_is_checked_and_the_page_says_so(
    browser: Watched, language: str, words: str
) -> None:
    page = browser.open(f"/entries/0?lang={language}")
    expect(page.locator(".check")).to_have_attribute("data-result", "good")
    expect(page.locator(".check")).to_contain_text(words)
    assert browser.complaints == []


@pytest.mark.parametrize("kind", ["leaf", "proof"])
def test_an_entry_altered_on_its_way_is_found(browser: Watched, kind: str) -> None:
    replaced(browser, f"**/v1/entries/0/{kind}", lambda body: body.replace(b"0", b"1", 1))
    page = browser.open("/entries/0?lang=en")
    expect(page.locator(".check")).to_have_attribute("data-result", "bad")
    expect(page.locator(".check")).to_contain_text("Verification failed")


def test_a_receipt_that_cannot_be_had_is_not_called_false(browser: Watched) -> None:
    browser.page.route("**/v1/entries/0/proof", lambda route: route.abort())
    page = browser.open("/entries/0?lang=en")
    expect(page.locator(".check")).to_have_attribute("data-result", "unreachable")


def test_a_browser_without_ed25519_says_so(browser: Watched) -> None:
    browser.page.add_init_script(
        """SubtleCrypto.prototype.importKey = async () => {
             throw new DOMException("no", "NotSupportedError"); };"""
    )
    page = browser.open("/entries/0?lang=zh")
    expect(page.locator(".check")).to_have_attribute("data-result", "unable")
    expect(page.locator(".check")).to_contain_text("本浏览器不能验证")


def test_another_key_than_the_first_is_pointed_out(browser: Watched, voices: Voices) -> None:
    origin = voices.ledger.record.origin
    page = browser.open("/entries/0?lang=en")
    expect(page.locator(".check")).to_have_attribute("data-result", "good")
    name = json.dumps(f"qingzhang.vkey.{origin}")
    page.evaluate(f"localStorage.setItem({name}, 'another')")
    browser.open("/entries/0?lang=en")
    expect(page.locator(".check")).to_have_attribute("data-result", "other-key")
    page.evaluate(f"localStorage.removeItem({name})")
