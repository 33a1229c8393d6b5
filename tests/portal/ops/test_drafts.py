"""Drafts in the store: one state at a time, whoever comes first, and nothing lost between two."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from ledger.statements.ed25519 import from_seed, key_id, public_bytes
from ledger.statements.envelope import (
    PAYLOAD_TYPE,
    Payload,
    Submission,
    body_digest,
    pae,
    sign_statement,
)
from ledger.statements.ids import make_uuid7
from portal.ops.drafts import KEPT_MS, Draft, DraftConflict, Drafts, DraftState
from portal.ops.store import Store

NOW = 1_767_225_600_000
DAY_MS = 86_400_000
KEYS = [from_seed(bytes([n]) * 32) for n in range(4)]
IDS = [key_id(public_bytes(key)) for key in KEYS]


@pytest.fixture
def drafts(database_url: str) -> Iterator[Drafts]:
    store = Store(database_url)
    yield Drafts(store)
    store.close()


def half(title: str = "t", number: int = 1) -> Submission:
    """Signed by the first of four."""
    body = {"title": title}
    id = make_uuid7(NOW, bytes([number]) * 10)
    digest = body_digest(body)
    payload = Payload("l.example", id, "a.type", 1, "owner", tuple(IDS), NOW, NOW + DAY_MS, digest)
    return sign_statement(payload, body, KEYS[:1])


def signature(found: Draft, number: int) -> bytes:
    return KEYS[number].sign(pae(PAYLOAD_TYPE, found.submission.envelope.payload_bytes))


def test_what_is_put_comes_back_byte_for_byte(drafts: Drafts) -> None:
    made, new = drafts.put(half(), IDS[0], NOW)
    assert (new, made.state, made.author) == (True, DraftState.WAITING, IDS[0])
    assert made.submission == half()
    again, new = drafts.put(half(), IDS[0], NOW)
    assert (again, new) == (made, False)
    assert drafts.one("owner", made.id, NOW) == made
    assert drafts.one("buyer", made.id, NOW) is None


def test_an_id_is_one_draft(drafts: Drafts) -> None:
    drafts.put(half("t"), IDS[0], NOW)
    with pytest.raises(DraftConflict):
        drafts.put(half("u"), IDS[0], NOW)


def test_signatures_stand_in_the_order_of_the_keys_whoever_is_first(drafts: Drafts) -> None:
    found, _ = drafts.put(half(), IDS[0], NOW)
    for number in (3, 1):
        drafts.sign(found, IDS[number], signature(found, number), NOW)
    changed = drafts.sign(found, IDS[2], signature(found, 2), NOW)
    assert changed.state is DraftState.SIGNED
    assert [key for key, _ in changed.submission.envelope.signatures] == IDS
    with pytest.raises(DraftConflict) as over:
        drafts.close(found, DraftState.WITHDRAWN, IDS[0], NOW)
    assert over.value.state is DraftState.SIGNED


def test_those_who_sign_at_once_are_all_kept(drafts: Drafts) -> None:
    found, _ = drafts.put(half(), IDS[0], NOW)
    start = threading.Barrier(3)

    def add(number: int) -> None:
        start.wait()
        drafts.sign(found, IDS[number], signature(found, number), NOW)

    threads = [threading.Thread(target=add, args=(number,)) for number in (1, 2, 3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    kept = drafts.one("owner", found.id, NOW)
    assert kept is not None
    assert kept.state is DraftState.SIGNED
    assert len(kept.submission.envelope.signatures) == 4


@pytest.mark.parametrize("state", [DraftState.REJECTED, DraftState.WITHDRAWN])
def test_what_is_closed_stays_closed(drafts: Drafts, state: DraftState) -> None:
    found, _ = drafts.put(half(), IDS[0], NOW)
    closed = drafts.close(found, state, IDS[1], NOW, "why")
    assert (closed.state, closed.decided_by, closed.reason) == (state, IDS[1], "why")
    for act in (
        lambda: drafts.sign(found, IDS[1], signature(found, 1), NOW),
        lambda: drafts.close(found, DraftState.REJECTED, IDS[2], NOW),
    ):
        with pytest.raises(DraftConflict) as over:
            act()
        assert over.value.state is state


def test_those_that_wait_are_asked_for_alone(drafts: Drafts) -> None:
    made = [drafts.put(half(number=n), IDS[0], NOW)[0] for n in (1, 2, 3)]
    drafts.close(made[1], DraftState.REJECTED, IDS[1], NOW, "why")
    assert [d.id for d in drafts.list("owner", NOW)] == [d.id for d in made]
    assert drafts.list("owner", NOW, waiting=True) == [made[0], made[2]]
    assert drafts.list("buyer", NOW, waiting=True) == []


def test_a_draft_ends_with_its_statement_and_is_forgotten_later(drafts: Drafts) -> None:
    found, _ = drafts.put(half(), IDS[0], NOW)
    end = NOW + DAY_MS
    assert [d.state for d in drafts.list("owner", end - 1)] == [DraftState.WAITING]
    assert [d.state for d in drafts.list("owner", end)] == [DraftState.EXPIRED]
    assert drafts.list("owner", end, waiting=True) == []
    with pytest.raises(DraftConflict):
        drafts.sign(found, IDS[1], signature(found, 1), end)
    drafts.put(half(number=2), IDS[0], end + KEPT_MS)
    assert drafts.one("owner", found.id, end + KEPT_MS) is None
