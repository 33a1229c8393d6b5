"""The bare baselines keep what they claim, or their measurement ends."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from portal.bench import bare, hordak, postgres
from portal.bench.bare import Bare, counted
from portal.bench.movers import moves
from tests.factories import planted_bench

SCRIPT = bare._script("random(1, 5000)")

pytestmark = [
    pytest.mark.postgres,  # one of its own, with other settings
    pytest.mark.timeout(600),  # on a machine that may be busy
]


@pytest.fixture(scope="module")
def server() -> Iterator[postgres.Server]:
    with postgres.running() as started:
        yield started


def test_sql_functions_from_many_connections_are_counted(server: postgres.Server) -> None:
    made = Bare(server, "functions").by_function(1, hot=True)
    assert (made["name"], made["per_second"] > 0) == ("(a) SQL function, hot", True)
    assert 0 < made["p50_ms"] <= made["p99_ms"]


def test_python_transactions_are_counted(server: postgres.Server) -> None:
    made = Bare(server, "transactions").by_transaction(30, False, moves(40))
    assert (made["name"], made["per_second"] > 0) == ("(b) Python transaction, spread", True)


@pytest.mark.parametrize(
    "script",
    [SCRIPT.replace("SELECT", "BEGIN;\nSELECT") + "ROLLBACK;\n", "SELECT 1;\n"],
    ids=["rolled back", "nothing done"],
)
def test_a_function_that_does_not_commit_is_noticed(server: postgres.Server, script: str) -> None:
    with pytest.raises(RuntimeError, match="instruction: 0 rows after"):
        Bare(server, f"fault{len(script)}").by_function(1, False, script)


def test_a_script_that_fails_is_noticed(server: postgres.Server) -> None:
    with pytest.raises(RuntimeError, match="pgbench failed"):
        Bare(server, "broken").by_function(1, False, "SELECT nonsense;\n")


@pytest.mark.parametrize(
    ("name", "said"),
    [("uncommitted", "instruction: 0 rows after 32"), ("one_sided", "balances add up to")],
)
def test_a_transaction_that_does_not_keep_its_word_is_noticed(
    server: postgres.Server, name: str, said: str
) -> None:
    with pytest.raises(RuntimeError, match=said):
        Bare(server, name).by_transaction(30, False, moves(32), getattr(planted_bench, name))


def test_balances_must_be_the_sum_of_their_postings(server: postgres.Server) -> None:
    runs = Bare(server, "shifted")
    address = runs._fresh()
    counted(address, 0)
    with psycopg.connect(address) as connection:
        connection.execute("UPDATE account SET balance = balance + 5 - 10 * (id % 2) WHERE id < 3")
    with pytest.raises(RuntimeError, match="sum of their postings"):
        counted(address, 0)


def test_a_server_that_does_not_sync_is_not_measured() -> None:
    with (
        postgres.running({**postgres.DURABLE, "fsync": "off"}) as lax,
        pytest.raises(RuntimeError, match="not durable: fsync is off"),
    ):
        Bare(lax).by_function(1, False)


@pytest.mark.slow
@pytest.mark.skipif(not hordak.installed(), reason="no django-hordak here (make setup-bench)")
def test_the_rival_s_transfers_are_counted(server: postgres.Server) -> None:
    made = hordak.measured(server, "postgres", 1)
    assert (made["name"], made["per_second"] > 0) == (hordak.NAME, True)
