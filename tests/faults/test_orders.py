"""Kill -9 in the middle of a session: the book, freezes and trades are what was acknowledged."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from ledger.accounts.models import balance_table
from market.orders.models import order_table
from portal.bench.traders import orders, trading
from portal.config import Settings
from portal.home.opening import open_record
from tests.faults.homes import Template
from tests.faults.tracing import Fault, needs_strace
from tests.faults.trials import Trial, positions, served, submitted

pytestmark = [pytest.mark.faults, pytest.mark.timeout(1800), needs_strace]

ORDERS, TRADERS, KILLS = 24, 4, 6


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    home = tmp_path_factory.mktemp("pit") / "home"
    trading(home, None)
    return Template(home, orders(ORDERS, TRADERS))


def unsound(settings: Settings) -> list[str]:
    """Accounts whose frozen cash is not what their open orders keep; the audit knows the rest."""
    record = open_record(settings)
    try:
        with record.reading() as connection:
            rows = connection.execute(select(order_table)).mappings().all()
            held = connection.execute(select(balance_table)).mappings().all()
    finally:
        record.database.dispose()
    kept: dict[str, int] = {}
    for row in rows:
        account = f"{row['party']}/trading"
        kept[account] = kept.get(account, 0) + row["frozen_fen"]
    cash = {row["account"]: row["frozen"] for row in held if row["asset"] == "CNY"}
    return [account for account, fen in kept.items() if cash[account] != fen]


@pytest.mark.parametrize("run", [submitted, served], ids=["command", "server"])
def test_a_killed_session_goes_on_where_it_was_acknowledged(
    run: Callable[..., Trial], template: Template, tmp_path: Path, rng: random.Random
) -> None:
    sound = run(template, tmp_path, None)
    assert (sound.wrongs(), unsound(sound.settings)) == ([], [])
    assert len(sound.acknowledged) == ORDERS
    places = positions(sound.calls["fdatasync"], rng)
    for nth in sorted(rng.sample(places, min(KILLS, len(places)))):
        trial = run(template, tmp_path, Fault("fdatasync", "kill", nth))
        assert trial.struck
        assert (trial.wrongs(), unsound(trial.settings)) == ([], [])
