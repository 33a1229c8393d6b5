"""Sign-in: what is signed is nothing else, a challenge serves once, a session ends."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from ledger.log.errors import NoteError
from ledger.log.note import check_name
from ledger.parties.handlers import possession
from ledger.parties.rotation import succession
from ledger.statements.envelope import PAYLOAD_TYPE, pae
from portal.ops.sessions import (
    CHALLENGE_MS,
    IDLE_MS,
    NOTICED_MS,
    SESSION_MS,
    SESSIONS_A_KEY,
    Sessions,
    message,
)
from portal.ops.store import Store
from portal.ops.tables import metadata

KEY, NONCE, URL = "ab" * 16, "cd" * 32, "https://qz.example"
NOW = 1_767_225_600_000


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    made = Store(database_url)
    yield made
    made.close()


@pytest.fixture
def sessions(store: Store) -> Sessions:
    return Sessions(store, os.urandom)


def test_what_is_signed_names_everything_that_binds_it() -> None:
    text = message("ledger.example/a", URL, "maker", KEY, NONCE, NOW)
    assert text.decode().split("\n") == [
        "qingzhang sign-in v1",
        "ledger.example/a",
        "https://qz.example",
        "maker",
        KEY,
        NONCE,
        "2026-01-01T00:00:00.000Z",
    ]


def test_no_other_text_that_a_key_signs_begins_like_a_sign_in() -> None:
    head = message("l", URL, "p", KEY, NONCE, NOW).split(b"\n")[0]
    others = (
        pae(PAYLOAD_TYPE, head + b"\n"),
        possession("l", "p", "o", "00" * 32),
        succession("l", "a", "b"),
    )
    assert not any(other.startswith(head) for other in others)
    with pytest.raises(NoteError):
        check_name(head.decode())  # a tree head begins with its log's name


def test_a_challenge_serves_once(sessions: Sessions) -> None:
    nonce, expires_at = sessions.challenge("maker", KEY, URL, NOW)
    assert expires_at == NOW + CHALLENGE_MS
    found = sessions.answer(nonce, NOW)
    assert found is not None
    assert (found.party, found.key, found.url) == ("maker", KEY, URL)
    assert sessions.answer(nonce, NOW) is None


def test_a_challenge_is_over_at_its_end(sessions: Sessions) -> None:
    nonce, expires_at = sessions.challenge("maker", KEY, URL, NOW)
    assert sessions.answer(nonce, expires_at) is None
    nonce, expires_at = sessions.challenge("maker", KEY, URL, NOW)
    assert sessions.answer(nonce, expires_at - 1) is not None


def test_a_session_ends_after_its_time_and_when_it_lies_idle(sessions: Sessions) -> None:
    token, made = sessions.begin("maker", KEY, NOW)
    assert made.expires_at == NOW + SESSION_MS
    assert sessions.find(token, NOW + IDLE_MS - 1) is not None
    now = NOW + IDLE_MS - 1
    while now + IDLE_MS - 1 < made.expires_at:
        now += IDLE_MS - 1
        assert sessions.find(token, now) is not None
    assert sessions.find(token, made.expires_at) is None
    other, _ = sessions.begin("maker", KEY, NOW)
    assert sessions.find(other, NOW + NOTICED_MS - 1) is not None
    assert sessions.find(other, NOW + IDLE_MS) is None


def test_a_session_is_ended_alone_or_with_all_of_its_key(sessions: Sessions) -> None:
    tokens = [sessions.begin("maker", KEY, NOW)[0] for _ in range(3)]
    other, _ = sessions.begin("maker", "ef" * 16, NOW)
    first = sessions.find(tokens[0], NOW)
    assert first is not None
    assert sessions.end(first) == 1
    assert sessions.find(tokens[0], NOW) is None
    second = sessions.find(tokens[1], NOW)
    assert second is not None
    assert sessions.end(second, every=True) == 2
    assert sessions.find(other, NOW) is not None


def test_a_key_has_so_many_sessions_and_the_oldest_goes(sessions: Sessions) -> None:
    tokens = [sessions.begin("maker", KEY, NOW + n)[0] for n in range(SESSIONS_A_KEY + 2)]
    alive = [sessions.find(token, NOW + 100) is not None for token in tokens]
    assert alive == [False, False] + [True] * SESSIONS_A_KEY


def test_the_store_holds_no_secret(sessions: Sessions, store: Store) -> None:
    nonce, _ = sessions.challenge("maker", KEY, URL, NOW)
    token, _ = sessions.begin("maker", KEY, NOW)
    tables = metadata.tables.values()
    kept = store.run(lambda c: str([c.execute(select(table)).all() for table in tables]))
    assert nonce not in kept
    assert token.removeprefix("qzs_") not in kept
    assert KEY in kept
