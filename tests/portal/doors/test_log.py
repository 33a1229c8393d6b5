"""The log read over HTTP proves itself."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from ledger.log.checkpoint import open_checkpoint
from ledger.log.merkle import leaf_hash, tree_root
from ledger.log.note import parse_vkey
from ledger.log.receipt import verify_receipt
from ledger.log.tiles import decode_bundle
from ledger.parties.key_history import follow


def test_tiles_entries_and_receipts_agree_with_the_signed_head(client: FlaskClient) -> None:
    verifier = parse_vkey(client.get("/log/vkey").text.strip())
    answer = client.get("/log/checkpoint")
    head, _ = open_checkpoint(answer.text, [verifier])
    assert answer.headers["Cache-Control"] == "no-store"
    entries = decode_bundle(client.get(f"/log/tile/entries/000.p/{head.size}").data)
    hashes = client.get(f"/log/tile/0/000.p/{head.size}")
    assert "immutable" in hashes.headers["Cache-Control"]
    assert b"".join(map(leaf_hash, entries)) == hashes.data
    assert tree_root([leaf_hash(entry) for entry in entries]) == head.root
    for index, entry in enumerate(entries):
        assert client.get(f"/entries/{index}/leaf").data == entry
        receipt = client.get(f"/v1/entries/{index}/proof").text
        assert verify_receipt(entry, receipt, [verifier]).index == index


@pytest.mark.parametrize(
    "path",
    ["0/000", "0/000.p/255", "0/x001/000.p/1", "1/000.p/1", "entries/000", "64/000", "a/b", "0/0"],
)
def test_tiles_beyond_the_tree_are_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(f"/log/tile/{path}").status_code == 404


def test_a_confidential_entry_shows_only_digests(client: FlaskClient) -> None:
    index = client.get("/v1/retirements").json["items"][0]["index"]
    view = client.get(f"/v1/entries/{index}").json
    assert "body" not in view
    assert set(view["leaf"]) == {"at", "envelope_sha256", "outcome_sha256"}


def test_the_history_of_the_log_keys_is_served(client: FlaskClient) -> None:
    answer = client.get("/log/keys")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.get_json() == {"format": "qingzhang.log-keys/v1", "rotations": []}
    pinned = parse_vkey(client.get("/log/vkey").text.strip())
    assert follow(pinned, answer.data).newest == pinned
