"""The log's key is rotated on the record, and whoever pinned an earlier one can follow."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.log.checkpoint import Checkpoint, open_checkpoint
from ledger.log.errors import LogError
from ledger.log.note import COSIGNATURE, Verifier, parse_vkey
from ledger.log.policy import Policy, parse_policy
from ledger.log.receipt import verify_receipt
from ledger.parties.authority import public_key
from ledger.parties.key_history import KeyHistory, follow
from ledger.parties.rotation import succession
from ledger.statements.ed25519 import load_private, new_key, public_bytes, save_private
from ledger.writer.audit import audit
from ledger.writer.errors import IntegrityFault
from ledger.writer.log_keys import log_key_table
from portal.home.keyring import file_name
from portal.home.opening import open_ledger
from portal.statements.rotating import rotate_key
from tests.factories.scene import HOUR_MS, OFFICERS, ORIGIN, Scene

REGULATORS = ("regulator-1", "regulator-2")
OVERLAP_MS = 30 * 24 * HOUR_MS  # the seed of log-key-overlap-days


def rotate(stage: Scene, *, lost: bool = False) -> str:
    """Rotate with the keys of the home; gives the new verifier key."""
    made = rotate_key(stage.ledger.settings, lost=lost, clock=stage.clock)
    reply = stage.ledger.entrance.submit(made.statement)
    assert reply.status == "accepted", reply
    return made.vkey


def head(stage: Scene) -> tuple[int, str]:
    with stage.ledger.record.reading() as connection:
        newest = stage.ledger.record.head(connection)
    return newest.size, newest.note


def signed_by(stage: Scene, vkey: str) -> bool:
    try:
        open_checkpoint(head(stage)[1], [parse_vkey(vkey)])
    except LogError:
        return False
    return True


def receipt(stage: Scene, index: int) -> tuple[bytes, str]:
    record = stage.ledger.record
    with record.reading() as connection:
        entry, text = record.entry(connection, index), record.receipt(connection, index)
    assert entry is not None and text is not None
    return entry.leaf, text


def history(stage: Scene) -> bytes:
    with stage.ledger.record.reading() as connection:
        return stage.ledger.record.key_history(connection)


def followed(stage: Scene, vkey: str) -> KeyHistory:
    return follow(parse_vkey(vkey), history(stage))


def state(stage: Scene, number: int) -> None:
    stage.admit(f"firm-{number}", "enterprise", number)


def audits(stage: Scene) -> list[str]:
    found = []
    for supervisor in (True, False):
        with stage.ledger.record.reading() as connection:
            engine, vkey = stage.ledger.engine, stage.ledger.record.vkey
            report = audit(connection, engine, ORIGIN, vkey, public_key, supervisor=supervisor)
        found += [fault.code for fault in report.faults]
    return found


def body(
    stage: Scene, new: Ed25519PrivateKey, *, origin: str = ORIGIN, handover: bool = True
) -> dict[str, Any]:
    old = stage.ledger.record.current_vkey()
    vkey = Verifier(origin, public_bytes(new)).vkey
    message = succession(origin, old, vkey)
    stated = {"vkey": vkey, "proof": new.sign(message).hex()}
    if handover:
        stated["handover"] = stage.keys["log"].sign(message).hex()
    return stated


def kept(stage: Scene) -> Ed25519PrivateKey:
    """A new key whose file lies in the home."""
    new = new_key()
    vkey = Verifier(ORIGIN, public_bytes(new)).vkey
    save_private(new, stage.ledger.settings.keys / file_name(vkey))
    return new


def test_both_keys_sign_until_the_overlap_ends_and_then_the_new_one_alone(stage: Scene) -> None:
    first = stage.ledger.record.vkey
    second = rotate(stage)
    assert signed_by(stage, first) and signed_by(stage, second)
    stage.clock.time += OVERLAP_MS - 1
    state(stage, 1)
    assert signed_by(stage, first) and signed_by(stage, second)
    stage.clock.time += 1
    state(stage, 2)
    assert not signed_by(stage, first)
    assert signed_by(stage, second)
    assert stage.ledger.record.current_vkey() == second
    assert stage.ledger.record.vkey == first
    assert audits(stage) == []


def test_old_receipts_stay_valid_for_whoever_pinned_the_first_key(stage: Scene) -> None:
    first = parse_vkey(stage.ledger.record.vkey)
    entry, old = receipt(stage, 0)
    rotate(stage)
    stage.clock.time += OVERLAP_MS
    state(stage, 1)
    assert verify_receipt(entry, old, [first]).index == 0
    assert followed(stage, first.vkey).verify_receipt(entry, old).index == 0


def test_a_pinned_first_key_leads_to_receipts_of_the_third(stage: Scene) -> None:
    first = stage.ledger.record.vkey
    keys = [first]
    for number in (1, 2):
        keys.append(rotate(stage))
        stage.clock.time += OVERLAP_MS
        state(stage, number)
    leaf, text = receipt(stage, 1)
    with pytest.raises(LogError):
        verify_receipt(leaf, text, [parse_vkey(first)])
    for number, vkey in enumerate(keys):
        line = followed(stage, vkey)
        assert [key.vkey for key, _ in line.keys] == keys[number:]
        assert line.verify_receipt(leaf, text).index == 1
    assert follow(parse_vkey(keys[-1])).verify_receipt(leaf, text).index == 1
    assert audits(stage) == []


def test_a_key_that_has_been_followed_proves_nothing_new(stage: Scene) -> None:
    first = stage.ledger.record.vkey
    rotate(stage)
    size, _ = head(stage)
    line = followed(stage, first)
    forged = Checkpoint(ORIGIN, size, bytes(32)).sign(stage.keys["log"])
    with pytest.raises(LogError):
        line.verify_receipt(b"leaf", f"c2sp.org/tlog-proof@v1\nindex 0\n\n{forged}")
    assert line.key_for(size) == line.newest
    assert line.key_for(size - 1).vkey == first


def test_a_policy_that_lists_the_first_key_follows_too(stage: Scene) -> None:
    first = stage.ledger.record.vkey
    witness = Verifier("witness.example/w", bytes(31) + b"\x09", COSIGNATURE)
    policy = parse_policy(f"log {first}\nwitness w {witness.vkey}\nquorum none\n")
    rotate(stage)
    stage.clock.time += OVERLAP_MS
    state(stage, 1)
    leaf, text = receipt(stage, 1)
    assert followed(stage, first).verify_receipt(leaf, text, policy).index == 1
    stranger = Policy((Verifier("other.example", witness.public),), (), (), "none")
    with pytest.raises(LogError, match="policy-log-unknown"):
        followed(stage, first).verify_receipt(leaf, text, stranger)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda b, s: {**b, "proof": "0" * 128}, "log-key-not-proved"),
        (lambda b, s: {**b, "handover": "0" * 128}, "log-key-not-handed-over"),
        (lambda b, s: {k: v for k, v in b.items() if k != "handover"}, "log-key-not-handed-over"),
        (lambda b, s: {**b, "vkey": s.ledger.record.vkey}, "log-key-used"),
        (lambda b, s: {**b, "vkey": "x"}, "log-key-malformed"),
        (lambda b, s: {**b, "vkey": body(s, new_key(), origin="o.example")["vkey"]}, None),
        (
            lambda b, s: {**b, "vkey": Verifier(ORIGIN, bytes(32), COSIGNATURE).vkey},
            "log-key-malformed",
        ),
        (lambda b, s: {**b, "vkey": Verifier(ORIGIN, bytes(32)).vkey}, "log-key-malformed"),
    ],
)
def test_a_rotation_that_does_not_hold_is_refused(
    stage: Scene, change: Callable[[dict[str, Any], Scene], dict[str, Any]], code: str | None
) -> None:
    stated = change(body(stage, kept(stage)), stage)
    assert stage.refused("operator", "log.rotate", stated, "operator") == (
        code or "log-key-malformed"
    )


def test_only_operator_and_regulator_rotate(stage: Scene) -> None:
    stated = body(stage, kept(stage))
    assert stage.refused("registrar", "log.rotate", stated, *OFFICERS) == "role-not-allowed"


def test_a_key_that_this_host_does_not_hold_is_no_entry_and_disturbs_nobody(stage: Scene) -> None:
    before, _ = head(stage)
    stranger = body(stage, new_key())
    reply = stage.say("operator", "log.rotate", stranger, "operator")
    assert (reply.status, reply.answer["code"]) == ("unsupported", "log-key-missing")
    assert head(stage)[0] == before
    state(stage, 1)
    assert audits(stage) == []


def test_where_the_old_key_is_lost_two_people_of_the_regulator_state_the_new_one(
    stage: Scene,
) -> None:
    first = stage.ledger.record.vkey
    alone = body(stage, kept(stage), handover=False)
    assert stage.refused("regulator", "log.rotate", alone, "regulator-1") == "four-eyes"
    second = rotate(stage, lost=True)
    assert not signed_by(stage, first)
    assert signed_by(stage, second)
    assert audits(stage) == []
    assert followed(stage, first).newest.vkey == first  # who pinned it must be told otherwise


def test_the_audit_finds_a_head_that_lacks_a_key_and_another_first_key(stage: Scene) -> None:
    record = stage.ledger.record
    rotate(stage)
    ring = stage.ledger.writer._state.signer
    whole = ring.sign
    ring.sign = lambda size, root, vkeys: whole(size, root, vkeys[:1])  # type: ignore[method-assign]  # a defect
    state(stage, 1)
    assert set(audits(stage)) == {"checkpoint-differs"}
    other = replace(record.verifier, public=bytes(31) + b"\x09").vkey
    with record.reading() as connection:
        report = audit(connection, stage.ledger.engine, ORIGIN, other, public_key)
    assert {fault.code for fault in report.faults} == {"log-key-differs"}


def test_a_restarted_ledger_signs_with_the_new_key_and_needs_no_other_after_the_overlap(
    stage: Scene,
) -> None:
    settings = stage.ledger.settings
    second = rotate(stage)
    stage.ledger.close()
    (settings.keys / "log.pem").unlink()
    with pytest.raises(IntegrityFault, match="log-key-differs"):
        open_ledger(settings, stage.clock)
    stage.clock.time += OVERLAP_MS
    stage.ledger = open_ledger(settings, stage.clock)
    try:
        state(stage, 1)
        assert signed_by(stage, second)
    finally:
        stage.ledger.close()


def broken(change: Callable[[dict[str, Any]], Any]) -> Callable[[bytes], bytes]:
    def make(data: bytes) -> bytes:
        value = json.loads(data)
        change(value)
        return json.dumps(value).encode()

    return make


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda v: v.update(format="x"), "log-keys-malformed"),
        (lambda v: v.update(rotations=1), "log-keys-malformed"),
        (lambda v: v["rotations"][0].pop("leaf"), "log-keys-malformed"),
        (lambda v: v["rotations"][0]["body"].update(handover="zz"), "log-keys-malformed"),
        (lambda v: v["rotations"][0]["body"].update(proof="0" * 128), "log-keys-broken"),
        (lambda v: v["rotations"][0]["outcome"].update(more=1), "log-keys-broken"),
        (lambda v: v["rotations"][0].update(receipt="x"), "receipt-header"),
        (lambda v: v["rotations"][1]["body"].update(handover="0" * 128), "log-keys-broken"),
        (lambda v: v["rotations"].append(v["rotations"][0]), "log-keys-broken"),
    ],
)
def test_a_forged_history_leads_nowhere(
    stage: Scene, change: Callable[[dict[str, Any]], Any], code: str
) -> None:
    first = stage.ledger.record.vkey
    rotate(stage)
    rotate(stage)
    data = broken(change)(history(stage))
    with pytest.raises(LogError) as refused:
        follow(parse_vkey(first), data)
    assert refused.value.code == code
    with pytest.raises(LogError, match="log-keys-malformed"):
        follow(parse_vkey(first), b"[]")


def test_a_refused_rotation_is_not_followed(stage: Scene) -> None:
    """The old key's holder endorsed it, the record did not."""
    first = parse_vkey(stage.ledger.record.vkey)
    stated = body(stage, kept(stage))
    refused = stage.refused("operator", "log.rotate", {**stated, "proof": "0" * 128}, "operator")
    assert refused == "log-key-not-proved"
    record = stage.ledger.record
    size, _ = head(stage)
    leaf, text = receipt(stage, size - 1)
    with record.reading() as connection:
        entry = record.entry(connection, size - 1)
    assert entry is not None
    item = {
        "leaf": leaf.decode(),
        "body": {**stated, "proof": "0" * 128},
        "outcome": json.loads(entry.outcome),
        "receipt": text,
    }
    data = json.dumps({"format": "qingzhang.log-keys/v1", "rotations": [item]}).encode()
    with pytest.raises(LogError, match="log-keys-broken"):
        follow(first, data)


def test_the_file_of_a_new_key_is_named_by_its_id_and_read_by_its_owner_alone(
    stage: Scene,
) -> None:
    vkey = rotate(stage)
    path = stage.ledger.settings.keys / file_name(vkey)
    assert Verifier(ORIGIN, public_bytes(load_private(path))).vkey == vkey
    assert stage.rows(log_key_table)[0]["origin"] == ORIGIN
