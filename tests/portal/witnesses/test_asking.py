"""The server asks its witnesses beside its work: what they sign is served, what they do not
sign delays nobody, and one that holds another history is an alarm."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from ledger.log.checkpoint import Checkpoint
from ledger.log.errors import PolicyError
from ledger.log.note import open_note, parse_vkey
from ledger.log.policy import Policy, parse_policy
from ledger.log.receipt import verify_receipt
from ledger.log.witness import Response
from ledger.log.witness import format_request as request_of
from portal.app import create_app
from portal.statements.rotating import rotate_key
from portal.witnesses.asking import WAIT_SECONDS_MAX, Asking
from portal.witnesses.standing import Standing, forget, keep, place, recall
from tests.factories.ledger import Voices, ledger
from tests.factories.witnesses import Double, policy_text

NOW = 1_800_000_000_000


class Scene:
    """A ledger, three witnesses of which two must agree, and who asks them, step by step."""

    def __init__(self, voices: Voices, folder: Path) -> None:
        self.voices = voices
        self.record = voices.ledger.record
        self.settings = voices.ledger.settings
        vkey = self.record.vkey
        self.doubles = [
            Double(folder / name, name, vkey, seed) for seed, name in enumerate("abc", 1)
        ]
        self.settings.witness_policy.write_text(policy_text(self.doubles, 2), "utf-8")
        self.policy: Policy = parse_policy(self.settings.witness_policy.read_text("utf-8"))
        self.client: FlaskClient = create_app(voices.ledger).test_client()
        self.start()

    def start(self) -> None:
        """Begin anew, as a server that was stopped does."""
        self.asking = Asking(self.settings, self.record, self.policy, self.post, lambda: NOW)
        self.asking.review()

    def post(self, url: str, body: bytes) -> Response:
        name = url.removesuffix("/add-checkpoint")[-1]
        return next(double for double in self.doubles if double.name == name).post(body)

    def round(self, now: float = 0.0, names: str = "abc") -> None:
        self.asking.look(now)
        for witness in self.policy.witnesses:
            if witness.name in names:
                self.asking.ask(witness, now)

    def grow(self, number: int) -> None:
        self.voices.admit(f"party-{number}", number=number)

    def standing(self, name: str) -> Standing:
        witness = next(w for w in self.policy.witnesses if w.name == name)
        return recall(self.settings.witnesses, witness)

    def signers(self, path: str = "/log/checkpoint") -> list[str]:
        note = self.client.get(path).text
        return [
            key.name for key in open_note(note, (*self.policy.verifiers, self.record.verifier))[1]
        ]

    def verify(self, index: int) -> int:
        """The size that a receipt is against; raises PolicyError without the quorum."""
        entry = self.client.get(f"/entries/{index}/leaf").data
        text = self.client.get(f"/v1/entries/{index}/proof").text
        return verify_receipt(entry, text, (self.record.verifier,), self.policy).size


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with ledger(tmp_path) as voices:
        yield Scene(voices, tmp_path)


def test_nothing_is_cosigned_before_the_quorum_agrees(scene: Scene) -> None:
    scene.round(names="a")
    assert scene.standing("a") == Standing(1, NOW)
    assert scene.signers() == [scene.record.origin]
    assert scene.client.get("/log/cosigned/checkpoint").status_code == 404
    with pytest.raises(PolicyError, match="policy-quorum-missed"):
        scene.verify(0)


def test_the_quorum_s_signatures_are_served_and_later_ones_follow(scene: Scene) -> None:
    bare = scene.client.get("/log/checkpoint").text
    scene.round(names="ab")
    assert scene.signers() == [scene.record.origin, "a", "b"]
    assert scene.client.get("/log/checkpoint").text.startswith(bare)
    assert scene.verify(0) == 1
    scene.round(names="c")
    assert scene.signers() == [scene.record.origin, "a", "b", "c"]
    assert scene.signers("/log/cosigned/checkpoint") == scene.signers()


def test_what_is_new_is_told_at_once_and_what_was_cosigned_stays_so(scene: Scene) -> None:
    scene.round()
    scene.grow(1)
    assert scene.signers() == [scene.record.origin]
    assert scene.client.get("/log/cosigned/checkpoint").text.split("\n")[1] == "1"
    assert scene.verify(0) == 1
    receipt = scene.client.get("/v1/entries/1/proof").text
    leaf = scene.client.get("/entries/1/leaf").data
    assert verify_receipt(leaf, receipt, [scene.record.verifier]).size == 2
    scene.round()
    assert scene.verify(1) == 2
    assert [double.asked for double in scene.doubles] == [[0, 1]] * 3


def test_the_second_prefix_is_a_whole_log(scene: Scene) -> None:
    scene.round()
    for path in ("tile/0/000.p/1", "tile/entries/000.p/1"):
        assert scene.client.get(f"/log/cosigned/{path}").data == (
            scene.client.get(f"/log/{path}").data
        )


def test_a_witness_is_asked_once_about_a_head(scene: Scene) -> None:
    scene.round()
    scene.round()
    assert [double.asked for double in scene.doubles] == [[0]] * 3


def test_a_restart_keeps_what_was_signed_and_asks_only_who_is_missing(scene: Scene) -> None:
    scene.round(names="ab")
    scene.start()
    scene.round()
    assert [double.asked for double in scene.doubles] == [[0], [0], [0]]
    assert scene.signers() == [scene.record.origin, "a", "b", "c"]


def test_what_is_kept_may_be_deleted(scene: Scene) -> None:
    scene.round()
    scene.grow(1)
    for path in scene.settings.witnesses.iterdir():
        path.unlink()
    scene.start()
    scene.round()
    # 409 with the size, then the proof from there
    assert [double.asked for double in scene.doubles] == [[0, 0, 1]] * 3
    assert scene.verify(1) == 2


def test_a_damaged_standing_counts_as_none(scene: Scene) -> None:
    scene.round()
    path = place(scene.settings.witnesses, scene.policy.witnesses[0])
    for text in ("", "[]", "{", '{"size": 1}', path.read_text().replace(": 1,", ": true,", 1)):
        path.write_text(text)
        assert scene.standing("a") == Standing()


def test_a_dead_witness_is_asked_less_and_less_often(scene: Scene) -> None:
    scene.doubles[0].instead = OSError("nobody there")
    moments, now = [], 0.0
    while len(moments) < 5:
        before = len(scene.doubles[0].asked)
        scene.round(now)
        if len(scene.doubles[0].asked) > before:
            moments.append(now)
        now += 1.0
    assert moments == [0.0, 1.0, 3.0, 7.0, 15.0]
    assert scene.standing("a").fault == "witness-unreachable"
    assert scene.standing("a").faults == 5
    assert scene.signers() == [scene.record.origin, "b", "c"]
    witness = scene.policy.witnesses[0]
    keep(scene.settings.witnesses, witness, Standing(faults=30))
    scene.start()
    scene.round(0.0)
    asked = len(scene.doubles[0].asked)
    scene.round(WAIT_SECONDS_MAX - 1.0)
    assert len(scene.doubles[0].asked) == asked
    scene.doubles[0].instead = None
    scene.round(float(WAIT_SECONDS_MAX))
    assert scene.standing("a") == Standing(1, NOW)


def test_a_head_without_a_quorum_holds_the_next_one_back_for_a_while_only(scene: Scene) -> None:
    for double in scene.doubles[:2]:
        double.instead = OSError()
    scene.round(0.0)
    scene.grow(1)
    scene.round(9.0)
    assert scene.standing("c").size == 1
    scene.round(10.0)
    assert scene.standing("c").size == 2


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ((400, {}, b""), "witness-bad-request"),
        ((403, {}, b""), "witness-key-unknown"),
        ((404, {}, b""), "witness-log-unknown"),
        ((500, {}, b""), "witness-unavailable"),
        ((301, {"Location": "http://127.0.0.1:2"}, b""), "witness-unavailable"),
        ((200, {}, b"nonsense"), "witness-answer-malformed"),
        ((409, {"Content-Type": "text/x.tlog.size"}, b"x"), "witness-answer-malformed"),
    ],
)
def test_a_witness_that_breaks_the_protocol_is_named_and_is_no_alarm(
    scene: Scene, answer: Response, code: str
) -> None:
    scene.doubles[0].instead = answer
    scene.round()
    assert (scene.standing("a").fault, scene.standing("a").fork) == (code, False)
    assert scene.signers() == [scene.record.origin, "b", "c"]
    assert scene.client.get("/readyz").get_json()["alarms"] == []


def fork(scene: Scene, double: Double, size: int) -> None:
    """Let a witness cosign another history of this log, signed with the real key."""
    key = scene.voices.ledger.writer._state.signer.key(scene.record.vkey)  # type: ignore[attr-defined]  # the ring
    other = Checkpoint(scene.record.origin, size, bytes(32)).sign(key)
    assert double.small.add(request_of(0, [], other))[0] == 200


def test_a_witness_that_holds_another_history_raises_an_alarm_and_is_left_alone(
    scene: Scene,
) -> None:
    fork(scene, scene.doubles[0], 1)
    scene.round()
    standing = scene.standing("a")
    assert (standing.fork, standing.fault) == (True, "witness-proof-refused")
    assert standing.refused == scene.client.get("/log/checkpoint").text.partition("— b")[0]
    alarm = {"witness": "a", "code": "witness-proof-refused"}
    ready = scene.client.get("/readyz")
    assert (ready.status_code, ready.get_json()["alarms"]) == (200, [alarm])
    figures = scene.client.get("/metrics").text
    assert 'qingzhang_witness_fork{witness="a"} 1' in figures
    assert 'qingzhang_witness_size{witness="b"} 1' in figures
    assert "qingzhang_log_cosigned_entries 1" in figures
    for language, word in (("en", "Alarm"), ("zh", "警报")):
        assert word in scene.client.get(f"/?lang={language}").text
    scene.grow(1)
    scene.start()
    scene.round()
    assert scene.doubles[0].asked == [0, 1]  # its own size, and never again
    assert scene.signers() == [scene.record.origin, "b", "c"]


def test_a_witness_ahead_of_the_log_says_that_entries_were_lost(scene: Scene) -> None:
    fork(scene, scene.doubles[0], 5)
    scene.round()
    assert (scene.standing("a").fork, scene.standing("a").fault) == (True, "witness-ahead")


def test_a_witness_ahead_of_the_head_in_question_is_no_alarm(scene: Scene) -> None:
    scene.asking.look(0.0)
    scene.grow(1)
    keep(scene.settings.witnesses, scene.policy.witnesses[0], Standing(2, NOW))
    scene.asking.ask(scene.policy.witnesses[0], 0.0)
    assert (scene.standing("a").fork, scene.standing("a").fault) == (False, "witness-ahead")


def test_an_alarm_ends_when_it_is_forgotten(scene: Scene) -> None:
    fork(scene, scene.doubles[0], 1)
    scene.round()
    next((scene.doubles[0].small._folder).iterdir()).unlink()
    assert forget(scene.settings.witnesses, scene.policy.witnesses[0])
    scene.round(100.0)
    assert scene.standing("a") == Standing(1, NOW)
    assert scene.client.get("/readyz").get_json()["alarms"] == []


def test_a_slow_witness_delays_neither_an_answer_nor_another_witness(scene: Scene) -> None:
    asked, release, signed = threading.Event(), threading.Event(), threading.Event()

    def post(url: str, body: bytes) -> Response:
        if url.endswith("/a/add-checkpoint"):
            asked.set()
            release.wait(60)
        answer = scene.post(url, body)
        if url.endswith("/c/add-checkpoint"):
            signed.set()
        return answer

    running = Asking(scene.settings, scene.record, scene.policy, post)
    running.start()
    try:
        assert asked.wait(60)
        scene.grow(1)
        assert signed.wait(60)
        assert scene.client.get("/v1/entries/1/proof").status_code == 200
    finally:
        running.stop()
        release.set()
        for thread in running._threads:
            thread.join()
    assert scene.standing("a") == Standing()  # an answer after the end is let go


def test_what_a_full_disk_does_not_take_is_asked_for_again(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, text: str) -> None:
        raise OSError(28, "no space")

    scene.round(names="a")
    with monkeypatch.context() as patched:
        patched.setattr("portal.witnesses.asking.replace", full)
        with pytest.raises(OSError, match="no space"):
            scene.round(names="b")
    assert scene.signers() == [scene.record.origin]
    scene.round(names="b")
    assert scene.signers() == [scene.record.origin, "a", "b"]
    assert scene.doubles[1].asked == [0, 1]


def test_signatures_of_another_policy_are_not_published(scene: Scene) -> None:
    scene.round(names="ab")
    assert scene.settings.cosigned.exists()
    scene.policy = parse_policy(policy_text(scene.doubles, 3))
    scene.start()
    assert not scene.settings.cosigned.exists()


@pytest.mark.parametrize("change", ["another head", "no note", "not text"])
def test_a_file_that_is_not_of_this_log_is_not_served(scene: Scene, change: str) -> None:
    scene.round()
    note = scene.settings.cosigned.read_bytes()
    other = Checkpoint(scene.record.origin, 1, bytes(32)).text.encode()
    scene.settings.cosigned.write_bytes(
        {
            "another head": other + note[note.index(b"\n\n") + 1 :],
            "no note": b"1\n",
            "not text": b"\xff",
        }[change]
    )
    assert scene.client.get("/log/cosigned/checkpoint").status_code == 404
    assert scene.signers() == [scene.record.origin]
    receipt = scene.client.get("/v1/entries/0/proof").text
    assert (
        verify_receipt(
            scene.client.get("/entries/0/leaf").data, receipt, [scene.record.verifier]
        ).size
        == 1
    )


def test_after_a_rotation_receipts_bear_the_newest_key_again(scene: Scene) -> None:
    scene.round()
    made = rotate_key(scene.settings)
    assert scene.voices.ledger.entrance.submit(made.statement).status == "accepted"
    new = parse_vkey(made.vkey)
    entry = scene.client.get("/entries/0/leaf").data
    receipt = scene.client.get("/v1/entries/0/proof").text
    assert verify_receipt(entry, receipt, [new]).size == 2  # not the cosigned head of the old key
    scene.round()  # witnesses know the old key alone, which still signs beside the new one
    receipt = scene.client.get("/v1/entries/0/proof").text
    assert verify_receipt(entry, receipt, [new], scene.policy).signers[-3:] == ("a", "b", "c")


def test_the_kept_files_hold_no_secret_and_are_the_owner_s(scene: Scene) -> None:
    scene.round()
    modes = {path.stat().st_mode & 0o777 for path in scene.settings.witnesses.iterdir()}
    assert modes == {0o600}
    kept = json.loads(place(scene.settings.witnesses, scene.policy.witnesses[0]).read_text())
    assert set(kept) == {"size", "at", "fault", "fault_at", "faults", "fork", "refused"}
