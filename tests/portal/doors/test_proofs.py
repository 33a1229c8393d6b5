"""What one held, printed in both languages and proved offline: to its own party alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from flask.testing import FlaskClient

from ledger.accounts.commitments import certificate
from ledger.accounts.commitments.confirmation import Confirmation, check
from ledger.log.note import Verifier, parse_vkey
from ledger.parties.key_history import follow
from portal.app import create_app
from portal.proofs.holdings import amount
from tests.factories.market import Floor
from tests.factories.readers import Headers, sign_in
from tests.factories.scene import HOUR_MS, Scene, scene

BATCH = "ZJ_FS-R1-2024"
PAGE = f"/accounts/registry/{BATCH}/certificate"


@dataclass
class World:
    stage: Scene
    client: FlaskClient
    readers: dict[str, Headers]

    def get(self, path: str, reader: str, status: int = 200) -> Any:
        answer = self.client.get(path, headers=self.readers[reader])
        assert answer.status_code == status, answer.text
        return answer

    def pinned(self) -> Verifier:
        return parse_vkey(self.stage.ledger.record.vkey)

    def proved(self, path: str, reader: str) -> Confirmation:
        return check(self.get(path, reader).data, follow(self.pinned()).verify_receipt)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The owner: 900 issued, 300 of them to trading; cash of the buyer; two commitments."""
    with scene(tmp_path_factory.mktemp("proofs") / "home", None) as stage:
        floor = Floor(stage)
        batch = stage.issue(900)
        floor.to_trading("owner", batch, 300)
        floor.pay_in("buyer", 1_234_567)
        stage.clock.time += 24 * HOUR_MS  # 2026-01-02, 08:00 in Shanghai
        stage.ledger.writer.tick().result(30)
        retired = {"batch": batch, "quantity": 5, "purpose": "public-good", "beneficiary": "甲"}
        stage.do("owner", "credit.retire", retired, "a", "b")
        stage.clock.time += 24 * HOUR_MS
        stage.ledger.writer.tick().result(30)
        stage.clock.time += 17 * HOUR_MS  # 2026-01-04, 01:00: nothing is committed on this day yet
        stage.do("owner", "credit.retire", {**retired, "quantity": 1}, "a", "b")
        client = create_app(stage.ledger, stage.clock).test_client()
        parties = ("owner", "buyer", "vvb1")
        readers = {p: sign_in(client, p, stage.key(f"{p}/a")) for p in parties}
        yield World(stage, client, {**readers, "nobody": {}})


def test_a_confirmation_is_of_the_day_that_was_asked(world: World) -> None:
    before = world.proved("/v1/confirmation?as_of=2026-01-02", "owner")
    after = world.proved("/v1/confirmation?as_of=2026-01-03", "owner")
    assert [h.total for h in before.holdings] == [900 - 300, 300]
    assert [h.total for h in after.holdings] == [595, 300]
    assert world.proved("/v1/confirmation", "owner") == after
    earlier = f"/v1/confirmation?known_at={before.size}"
    assert world.proved(earlier, "owner") == before


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_letter_speaks_both_languages_and_tells_the_states_apart(
    world: World, language: str
) -> None:
    path = f"/confirmation?as_of=2026-01-03&addressee=某会计师事务所&letter=A-7&lang={language}"
    text = world.get(path, "owner").text
    for words in ("询证函回函", "Confirmation of balances", "某会计师事务所", "A-7", BATCH):
        assert words in text
    for words in ("可用", "冻结", "质押", "划转中", "Available", "Frozen", "Pledged"):
        assert words in text
    for figure in (">595<", ">300<", "595 <span", "2026-01-03", "登记账户", "交易账户"):
        assert figure in text
    assert "printed this page and are no part of the proof" in text


def test_what_was_not_asked_for_is_not_printed(world: World) -> None:
    text = world.get("/confirmation", "owner").text
    assert "来函编号" not in text
    for name in ("addressee", "letter"):
        assert world.get(f"/confirmation?{name}={'x' * 121}", "owner", 400)


def test_a_letter_leads_to_the_packet_of_its_own_commitment(world: World) -> None:
    old = world.proved("/v1/confirmation?as_of=2026-01-02", "owner")
    text = world.get("/confirmation?as_of=2026-01-02", "owner").text
    packet = f"/v1/confirmation?known_at={old.size}"
    assert f'data-held="{packet}"' in text
    assert f'data-index="{old.size}"' in text
    assert world.proved(packet, "owner") == old
    assert old.root in text


def test_a_holding_is_printed_with_its_tonnes(world: World) -> None:
    text = world.get(PAGE, "owner").text
    for words in ("持仓证明", "Holding certificate", "owner/registry", "595", "吨二氧化碳当量"):
        assert words in text
    assert "询证函" not in text


def test_cash_is_written_in_yuan(world: World) -> None:
    assert ">12,345.67<" in world.get("/confirmation", "buyer").text
    assert [amount(units, True) for units in (0, 5, 100, 1_234_567)] == [
        "0.00",
        "0.05",
        "1.00",
        "12,345.67",
    ]


def test_nobody_reads_anothers_and_nothing_is_kept_by_a_cache(world: World) -> None:
    for path in ("/v1/confirmation", "/confirmation", PAGE):
        world.get(path, "nobody", 401)
        world.get(path, "vvb1", 404)
        assert world.get(path, "owner").headers["Cache-Control"] == "private, no-store"
    world.get(PAGE, "buyer", 404)


def test_a_certificate_is_of_the_day_that_was_asked_and_says_which_commitment(
    world: World,
) -> None:
    for day, units in (("2026-01-02", 600), ("2026-01-03", 595)):
        data = world.get(f"/v1{PAGE}?as_of={day}", "owner").data
        good = certificate.check(data, follow(world.pinned()).verify_receipt)
        assert (good.units["available"], good.at[:10]) == (units, day)
        text = world.get(f"{PAGE}?as_of={day}", "owner").text
        assert f'data-held="/v1{PAGE}?known_at={good.size}"' in text
        for words in (good.at, f">{day}<", f"/entries/{good.size}?"):
            assert words in text
    late = world.get(f"/v1{PAGE}?as_of=2026-01-05", "owner", 400).json
    assert late["params"] == {"field": "as_of", "rule": "..2026-01-04"}
    early = world.get(f"{PAGE}?as_of=2026-01-01", "owner", 404).text
    for words in ("commitment-missing", "as_of: 2026-01-01", "2026-01-02T02:00:00"):
        assert words in early


def test_a_page_offers_another_day_and_tells_what_was_asked(world: World) -> None:
    for path in ("/confirmation", PAGE):
        text = world.get(f"{path}?as_of=2026-01-02&lang=en", "owner").text
        assert 'name="as_of" value="2026-01-02" max="2026-01-04"' in text
        assert "Asked as of the day" not in text  # it is the commitment's own day
        text = world.get(f"{path}?as_of=2026-01-04&lang=en", "owner").text
        for words in ("Asked as of the day", "所问日期", ">2026-01-04<", ">2026-01-03<"):
            assert words in text


@pytest.mark.parametrize("path", ["/v1/confirmation", f"/v1{PAGE}"])
@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("as_of=2026-01-05", 400),  # a day that the record has not reached
        ("as_of=2026-1-2", 400),
        ("as_of=tomorrow", 400),
        ("known_at=0", 400),
        ("known_at=99999", 400),  # a size that the record has not reached
        ("known_at=1", 404),
        ("as_of=2026-01-01", 404),
    ],
)
def test_a_day_or_size_without_a_commitment_is_refused(
    world: World, path: str, query: str, status: int
) -> None:
    refused = world.get(f"{path}?{query}", "owner", status).json
    if status == 400:
        assert refused["params"]["field"] == query.partition("=")[0]
    else:
        assert refused["code"] == "commitment-missing"
