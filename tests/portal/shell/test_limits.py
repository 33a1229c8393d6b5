"""Rate limits at the doors: told on each answer, 429 when spent, never where they would harm."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask

from portal.app import create_app
from portal.ops.limits import parse_limits
from portal.shell.express import Express
from portal.shell.limits import client, counted
from tests.factories.readers import sign_in
from tests.factories.scene import Scene, scene

PEER = {"REMOTE_ADDR": "192.0.2.7"}
OTHER = {"REMOTE_ADDR": "192.0.2.8"}


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with scene(tmp_path_factory.mktemp("limits") / "home", None) as made:
        made.cast()
        yield made


def app(stage: Scene, limits: str, **more: object) -> Flask:
    """An application of its own window, with these limits."""
    stage.clock.time += 60_000
    settings = replace(stage.ledger.settings, limits=parse_limits(limits), **more)
    return create_app(replace(stage.ledger, settings=settings), stage.clock)


def test_each_answer_says_what_is_left(stage: Scene) -> None:
    reader = app(stage, "read=3/60").test_client()
    first = reader.get("/v1/parties", environ_base=PEER)
    assert first.headers["RateLimit-Policy"] == '"read";q=3;w=60'
    assert first.headers["RateLimit"] == '"read";r=2;t=60'
    assert "Retry-After" not in first.headers


def test_a_spent_limit_is_a_problem_that_says_when_to_come_back(stage: Scene) -> None:
    reader = app(stage, "read=2/60").test_client()
    stage.clock.time += 20_000
    codes = [reader.get("/v1/parties", environ_base=PEER).status_code for _ in range(3)]
    assert codes == [200, 200, 429]
    spent = reader.get("/v1/parties", environ_base=PEER)
    assert (spent.json["code"], spent.mimetype) == ("rate-limited", "application/problem+json")
    assert spent.headers["Retry-After"] == "40"
    assert spent.headers["RateLimit"] == '"read";r=0;t=40'
    assert reader.get("/", environ_base=PEER).mimetype == "text/html"
    assert reader.get("/v1/parties", environ_base=OTHER).status_code == 200
    stage.clock.time += 40_000
    assert reader.get("/v1/parties", environ_base=PEER).status_code == 200


def test_monitors_and_probes_are_never_told_to_come_back(stage: Scene) -> None:
    reader = app(stage, "read=1/60").test_client()
    for path in ("/log/checkpoint", "/log/tile/0/000.p/1", "/healthz", "/readyz", "/metrics"):
        for _ in range(3):
            answer = reader.get(path, environ_base=PEER)
            assert answer.status_code == 200
            assert "RateLimit" not in answer.headers


def test_a_session_has_a_limit_of_its_own(stage: Scene) -> None:
    reader = app(stage, "session=2/60").test_client()
    one, two = (sign_in(reader, "owner", stage.key("owner/a")) for _ in range(2))
    codes = [reader.get("/v1/accounts", headers=one).status_code for _ in range(3)]
    assert codes == [200, 200, 429]
    answer = reader.get("/v1/accounts", headers=two)
    assert answer.status_code == 200
    assert answer.headers["RateLimit-Policy"].endswith(', "session";q=2;w=60')


def test_signing_in_is_counted_apart(stage: Scene) -> None:
    reader = app(stage, "sign-in=2/60").test_client()
    codes = [reader.post("/v1/sessions/challenges", json={}).status_code for _ in range(3)]
    assert codes == [400, 400, 429]
    assert reader.get("/v1/parties").status_code == 200


def test_statements_are_counted_where_a_limit_is_set(stage: Scene) -> None:
    assert isinstance(app(stage, "").wsgi_app, Express)
    limited = app(stage, "write=2/60")
    assert not isinstance(limited.wsgi_app, Express)
    codes = [limited.test_client().post("/v1/statements", data=b"{").status_code for _ in range(3)]
    assert codes == [400, 400, 429]


def test_workers_count_together(stage: Scene) -> None:
    one = app(stage, "read=4/60")
    two = create_app(one.extensions["ledger"], stage.clock)
    codes = [w.test_client().get("/v1/parties").status_code for w in (one, two) * 3]
    assert codes.count(200) == 4


@pytest.mark.parametrize(
    ("proxies", "forwarded", "same"),
    [(0, "198.51.100.1", True), (1, "198.51.100.1", False), (1, "203.0.113.9, 192.0.2.7", True)],
)
def test_a_client_is_told_by_as_many_proxies_as_are_trusted(
    stage: Scene, proxies: int, forwarded: str, same: bool
) -> None:
    reader = app(stage, "read=1/60", proxies=proxies).test_client()
    reader.get("/v1/parties", environ_base=PEER, headers={"X-Forwarded-For": "192.0.2.7"})
    again = reader.get("/v1/parties", environ_base=PEER, headers={"X-Forwarded-For": forwarded})
    assert (again.status_code == 429) is same


@pytest.mark.parametrize(
    ("address", "counted_as"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("", "unknown"),
        ("x" * 999, "unknown"),
    ],
)
def test_one_client_is_an_address_or_a_network(address: str, counted_as: str) -> None:
    assert client(address) == counted_as


def test_requests_fall_under_the_limit_of_what_they_do() -> None:
    assert counted("GET", "/v1/accounts") == "read"
    assert counted("DELETE", "/v1/sessions") == "read"
    assert counted("POST", "/v1/drafts") == "write"
    assert counted("POST", "/v1/sessions/challenges") == "sign-in"
    assert counted("GET", "/log/checkpoint") is None
