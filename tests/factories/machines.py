"""What every arbitrary day on the exchange has: a ledger, a voice, and what must always hold."""

from __future__ import annotations

import itertools
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from ledger.accounts.models import BUCKETS, balance_table
from ledger.credits.models import block_table
from ledger.credits.queries import identity
from market.settlement.models import deal_table
from tests.factories.market import REGULATOR, Floor
from tests.factories.scene import scene

PARTIES = ("owner", "buyer", "third")


class Day(RuleBasedStateMachine):
    """One batch of ``issued`` units is the owner's, and ``cash`` fen are each other party's."""

    issued: int
    cash: int

    def __init__(self) -> None:
        super().__init__()
        self._exit = ExitStack()
        home = Path(self._exit.enter_context(tempfile.TemporaryDirectory())) / "home"
        self.floor = Floor(self._exit.enter_context(scene(home, None)))
        self.batch = self.floor.prepare(self.issued, self.cash)

    def teardown(self) -> None:
        self._exit.close()

    def say(self, party: str, type: str, body: dict[str, Any], *signers: str) -> bool:
        """Whether it is accepted; it may be refused, and never breaks."""
        reply = self.floor.stage.say(party, type, body, *(signers or ("a",)))
        assert reply.status in ("accepted", "refused"), reply
        return reply.status == "accepted"

    def after_deals(self) -> tuple[dict[str, int], int]:
        """Each party's cash as the deals alone make it, and the exchange's fees; both in fen."""
        cash = {"owner": 0, "buyer": self.cash, "third": self.cash}
        fees = 0
        for deal in self.floor.stage.rows(deal_table):
            assert deal["amount_fen"] == deal["price_fen"] * deal["quantity"]
            assert sum(b - a + 1 for _, a, b in deal["delivered"]) == deal["quantity"]
            cash[deal["buyer"]] -= deal["amount_fen"] + deal["buyer_fee_fen"]
            cash[deal["seller"]] += deal["amount_fen"] - deal["seller_fee_fen"]
            fees += deal["buyer_fee_fen"] + deal["seller_fee_fen"]
        return cash, fees

    @rule(party=st.sampled_from(PARTIES), act=st.sampled_from(("suspend", "reinstate")))
    def stand(self, party: str, act: str) -> None:
        self.say("regulator", f"party.{act}", {"party": party, "document": "d"}, *REGULATOR)

    @invariant()
    def nothing_is_made_or_lost(self) -> None:
        """I1, I2, I3."""
        sums: dict[str, int] = {}
        for row in self.floor.stage.rows(balance_table):
            held = sum(row[bucket] for bucket in BUCKETS)
            sums[row["asset"]] = sums.get(row["asset"], 0) + held
            if not row["account"].startswith(("@", "bank/omnibus")):
                assert all(row[bucket] >= 0 for bucket in BUCKETS)
        assert set(sums.values()) == {0}
        with self.floor.stage.ledger.record.reading() as connection:
            assert identity(connection, self.batch)["difference"] == 0

    @invariant()
    def serials_are_disjoint_and_complete(self) -> None:
        rows = self.floor.stage.rows(block_table)
        spans = sorted((row["first"], row["last"]) for row in rows)
        assert spans[0][0] == 1 and spans[-1][1] == self.issued
        assert all(a[1] + 1 == b[0] for a, b in itertools.pairwise(spans))
        for party in PARTIES:
            account = f"{party}/trading"
            mine = sum(r["last"] - r["first"] + 1 for r in rows if r["account"] == account)
            assert mine == sum(self.floor.held(account, self.batch).values())
