"""A day of the exchange through the client: twenty parties, and everything adds up at the end."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import pytest
from sqlalchemy import Connection, func, select

from ledger.accounts.models import BUCKETS, CASH, balance_table
from ledger.credits.models import batch_table
from ledger.credits.queries import identity
from ledger.statements.envelope import Submission
from market.orders.models import order_table
from market.settlement.models import deal_table
from portal.app import create_app
from portal.client import Answer, Client, RefusedByRules
from tests.factories.audits import audited
from tests.factories.orders import Pit
from tests.factories.scene import Scene, scene
from tests.factories.server import served

PARTIES = 20
ROUNDS = 8


@pytest.fixture(scope="module")
def pit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pit]:
    """A venue with a live book, and twenty parties with cash and units on it."""
    with scene(tmp_path_factory.mktemp("exchange") / "home", None) as stage:
        made = Pit(stage)
        batch = made.set_up(quantity=90_000, cash_fen=200_000_000)
        for number in range(4, PARTIES + 1):
            stage.admit(f"p{number}", "enterprise", 100 + number)
            made.pay_in(f"p{number}", 200_000_000)
        for party in trading(stage)[3:13]:
            part = {"batch": batch, "quantity": 900}
            stage.do("owner", "credit.move", {**part, "to": "registry"}, "a")
            body = {**part, "receiver": party}
            transfer = stage.do("owner", "credit.transfer", body, "a", "b")
            stage.do(party, "credit.accept", {"transfer": transfer}, "a")
            made.to_trading(party, batch, 900)
        yield made


def trading(stage: Scene) -> list[str]:
    """The parties of the day."""
    return ["owner", "buyer", "third", *(f"p{number}" for number in range(4, PARTIES + 1))]


def orders(pit: Pit, rng: Random) -> Iterator[Submission]:
    """Orders about the reference, from everybody in turn, some of them beyond a rule."""
    for turn in range(PARTIES * ROUNDS):
        party = trading(pit.stage)[turn % PARTIES]
        side = rng.choice(("buy", "sell"))
        kind = rng.choice(("limit", "limit", "limit", "ioc", "fok", "post-only"))
        price = 9_000 if turn % 19 == 7 else rng.randint(7_040, 7_110)
        body = pit.body(side, price, rng.randint(1, 60), kind=kind)
        yield pit.stage.write(party, "order.place", body, "a")


def test_a_day_of_twenty_parties_adds_up_and_can_be_audited(pit: Pit, rng: Random) -> None:
    stage = pit.stage
    with stage.ledger.record.reading() as connection:
        before = cash(connection)
    with (
        served(create_app(stage.ledger, stage.clock)) as url,
        Client(url, stage.ledger.record.vkey) as client,
    ):
        said = list(orders(pit, rng))
        answers = [client.submit(said[0]), *client.submit_all(said[1:])]
        accepted = [a for a in answers if isinstance(a, Answer)]
        refused = [a for a in answers if isinstance(a, RefusedByRules)]
        assert len(accepted) + len(refused) == len(said)
        assert len(accepted) > len(said) // 2
        assert {"price-outside-band"} <= {error.code for error in refused}
        pit.close()
        head = client.checkpoint()
        proved = client.prove(accepted[-1].index)
        assert proved.size <= head.size
    with stage.ledger.record.reading() as connection:
        assert connection.execute(select(func.count()).select_from(deal_table)).scalar_one() > 10
        waiting = select(func.count()).where(order_table.c.state == "open")
        assert connection.execute(waiting).scalar_one() == 0
        for (batch,) in connection.execute(select(batch_table.c.batch)).all():
            assert identity(connection, batch)["difference"] == 0
        frozen = select(func.coalesce(func.sum(balance_table.c.frozen), 0))
        assert connection.execute(frozen).scalar_one() == 0
        assert cash(connection) == before
        for way in ({"supervisor": True}, {"supervisor": False}):
            assert audited(stage, connection, **way).faults == []


def cash(connection: Connection) -> int:
    """All fen of all accounts but the omnibus account's own, which stands against them."""
    total = sum((balance_table.c[bucket] for bucket in BUCKETS[1:]), balance_table.c[BUCKETS[0]])
    query = select(func.sum(total)).where(
        balance_table.c.asset == CASH, balance_table.c.account != "bank/omnibus"
    )
    return int(connection.execute(query).scalar_one())
