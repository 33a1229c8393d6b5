"""Receipts hold offline, under a policy too, and every way of being wrong has its name."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.log.errors import LogError, PolicyError
from ledger.log.note import Verifier, cosign, parse_vkey
from ledger.log.policy import Policy, parse_policy
from ledger.log.receipt import Verified, verify_receipt
from tests.ledger.log.throwaway import VKEY, Folder, entry

LOG = parse_vkey(VKEY)
KEYS = [Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32) for n in (1, 2, 3)]
NAMES = [f"w{n}.example" for n in (1, 2, 3)]
VKEYS = [
    Verifier(name, key.public_key().public_bytes_raw(), 0x04).vkey
    for name, key in zip(NAMES, KEYS, strict=True)
]
TWO_OF_THREE = (
    f"# ours\nlog {VKEY} https://log.example/\n\n"
    + "".join(f"witness W{n} {vkey}\n" for n, vkey in enumerate(VKEYS, 1))
    + "group all-of-us 2 W1 W2 W3\n quorum\tall-of-us \n"
)


@pytest.fixture
def log(tmp_path: Path) -> Folder:
    return Folder(tmp_path, [300])


def cosigned(text: str, *which: int) -> str:
    body = text.split("\n\n")[1] + "\n"
    return text + "".join(cosign(body, NAMES[n], KEYS[n], 1) for n in which)


def test_a_receipt_proves_its_entry(log: Folder) -> None:
    for index in (0, 255, 256, 299):
        proved = verify_receipt(entry(index), log.receipt(index), [LOG])
        assert proved == Verified(index, 300, log.memory.edge.root(), (LOG.name,))
    extra = log.receipt(5).replace("\nindex", "\nextra YQ==\nindex")
    assert verify_receipt(entry(5), extra, [LOG]).index == 5


def test_only_a_log_of_one_entry_needs_no_hashes(tmp_path: Path) -> None:
    text = Folder(tmp_path, [1]).receipt(0)
    assert text.startswith("c2sp.org/tlog-proof@v1\nindex 0\n\nlog.example/throwaway\n1\n")
    assert verify_receipt(entry(0), text, [LOG]).size == 1


FAULTS = [
    (lambda t: t.replace("@v1", "@v2"), "receipt-header"),
    (lambda t: t.replace("\n\n", "\n"), "receipt-header"),
    (lambda t: t.replace("index 5", "index 05"), "receipt-index"),
    (lambda t: t.replace("index 5", "index ٥"), "receipt-index"),
    (lambda t: t.replace("index 5\n", ""), "receipt-index"),
    (lambda t: t.replace("index 5", "index 300"), "index-outside-tree"),
    (lambda t: t.replace("index 5", "index 4"), "root-differs"),
    (lambda t: t.replace("index 5", "extra *\nindex 5"), "receipt-base64"),
    (lambda t: t.replace("index 5\n", "index 5\nAAAA\n"), "receipt-base64"),
    (lambda t: t.replace("index 5\n", "index 5\n" + f"{'A' * 43}=\n" * 64), "receipt-too-long"),
    (lambda t: t.replace("index 5\n", "index 5\n" + f"{'A' * 43}=\n"), "proof-too-long"),
    (lambda t: t.replace("\n300\n", "\n301\n"), "signature-invalid"),
    (lambda t: t.replace("— log", "— lob"), "not-signed-by-trusted-key"),
]


@pytest.mark.parametrize(("spoil", "code"), FAULTS)
def test_each_way_of_being_wrong_has_its_code(log: Folder, spoil: object, code: str) -> None:
    assert callable(spoil)
    with pytest.raises(LogError) as refused:
        verify_receipt(entry(5), spoil(log.receipt(5)), [LOG])
    assert refused.value.code == code


def test_another_entry_is_refused(log: Folder) -> None:
    with pytest.raises(LogError, match="root-differs"):
        verify_receipt(entry(6), log.receipt(5), [LOG])


def test_the_quorum_decides(log: Folder) -> None:
    policy, text = parse_policy(TWO_OF_THREE), log.receipt(5)
    for few in ((), (0,), (2,)):
        with pytest.raises(PolicyError, match="policy-quorum-missed"):
            verify_receipt(entry(5), cosigned(text, *few), [], policy)
    proved = verify_receipt(entry(5), cosigned(text, 0, 2), [], policy)
    assert proved.signers == (LOG.name, NAMES[0], NAMES[2])


def test_a_log_that_the_policy_does_not_list_is_refused(log: Folder) -> None:
    other = Verifier("other.example", LOG.public).vkey
    policy = parse_policy(f"log {other}\nwitness W {VKEYS[0]}\nquorum W\n")
    with pytest.raises(PolicyError, match="policy-log-unknown"):
        verify_receipt(entry(5), cosigned(log.receipt(5), 0), [LOG], policy)


def test_groups_of_groups() -> None:
    lines = "".join(f"witness W{n} {vkey}\n" for n, vkey in enumerate(VKEYS, 1))
    policy = parse_policy(lines + "group a any W1 W2\ngroup b all a W3\nquorum b\n")
    w1, w2, w3 = (witness.verifier for witness in policy.witnesses)
    assert policy.reached([w1, w3]) and policy.reached([w2, w3])
    assert not policy.reached([w1, w2]) and not policy.reached([w3])
    assert parse_policy("quorum none\n") == Policy((), (), (), "none")
    assert parse_policy("quorum none\n").reached([])


W = f"witness W {VKEYS[0]}\n"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "policy-quorum-count"),
        ("quorum none\nquorum none\n", "policy-quorum-count"),
        ("quorum W\n" + W, "policy-name-unknown"),
        ("quorum none\r\n", "policy-control-character"),
        ("quorums none\n", "policy-line-malformed"),
        ("quorum\n", "policy-line-malformed"),
        ("log\n", "policy-line-malformed"),
        ("witness W\n", "policy-line-malformed"),
        (W + "group g 1\n", "policy-line-malformed"),
        (W + W.replace("W ", "V "), "policy-key-twice"),
        (f"log {VKEY}\nlog {VKEY}\n", "policy-key-twice"),
        (W + f"witness W {VKEYS[1]}\n", "policy-name-taken"),
        (f"witness none {VKEYS[0]}\n", "policy-name-taken"),
        (f"witness W {VKEY}\n", "policy-key-type"),
        (f"log {VKEYS[0]}\n", "policy-key-type"),
        (W + "group g 0 W\n", "policy-threshold"),
        (W + "group g 2 W\n", "policy-threshold"),
        (W + "group g most W\n", "policy-threshold"),
        (W + "group g any none\n", "policy-name-unknown"),
        (W + "group g any g\n", "policy-name-unknown"),
        (W + "group g any W W\n", "policy-member-twice"),
        (W + "group g any W\ngroup h any W\n", "policy-member-twice"),
        (f"witness W {VKEYS[0]}x\n", "vkey-malformed"),
    ],
)
def test_a_malformed_policy_is_refused(text: str, code: str) -> None:
    with pytest.raises(LogError) as refused:
        parse_policy(text)
    assert refused.value.code == code
