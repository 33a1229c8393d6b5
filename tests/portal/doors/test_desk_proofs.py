"""Where holdings and pledges stand on the desk one asks for the certificate or letter of a day."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import quote

import pytest

from portal.desk.standing import names_of
from tests.factories.claims import BATCH
from tests.factories.scene import HOUR_MS, scene
from tests.portal.doors.test_desk import World

HOLDING = f"/accounts/registry/{BATCH}/certificate"
ASKED = re.compile(r'<button class="quiet" form="of-day" ([^>]+)>([^<]+)</button>')


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Balances are committed at the end of the first day; the second has begun."""
    with scene(tmp_path_factory.mktemp("proofs") / "home", None) as stage:
        made = World(stage)
        stage.clock.time += 24 * HOUR_MS
        stage.ledger.writer.tick().result(30)
        made.sign_in()
        yield made


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", ("持仓证明", "询证函回函")),
        ("en", ("Holding certificate", "Confirmation of balances")),
    ],
)
def test_holdings_lead_to_certificate_and_letter_of_a_chosen_day(
    world: World, language: str, words: tuple[str, str]
) -> None:
    """What the buttons ask for is what they say, and the day is the one that was chosen."""
    certificate, letter = words
    for path in ("/desk", "/desk/accounts", "/desk/pledges"):
        text = world.page(f"{path}?lang={language}", "owner")
        assert text.count('<form class="act" id="of-day" method="get" action="/confirmation">') == 1
        assert 'name="as_of" value="2026-01-02" max="2026-01-02"' in text
        assert f"<button>{letter}</button></form>" in text
        assert (f'formaction="{HOLDING}"', certificate) in ASKED.findall(text)
    for path, title in ((HOLDING, certificate), ("/confirmation", letter)):
        shown = world.page(f"{path}?lang={language}&as_of=2026-01-02", "owner")
        assert title in shown
        assert 'data-units="pledged">400<' in shown


def test_a_letter_asked_for_at_a_pledge_is_addressed_to_its_bank(world: World) -> None:
    with world.stage.ledger.record.reading() as connection:
        bank = names_of(connection, {"bank"})["bank"]
    named = (f'name="addressee" value="{bank}"', f"致{bank}的询证函回函")
    for path in ("/desk", "/desk/pledges"):
        assert "出质人可在其工作台" not in world.page(path, "owner")
        assert named in ASKED.findall(world.page(path, "owner"))
    assert bank in world.page(f"/confirmation?addressee={quote(bank)}", "owner")


def test_a_bank_is_told_who_makes_the_letter_and_offered_nobodys(world: World) -> None:
    text = world.page("/desk/pledges?lang=en", "bank")
    assert "the pledgor makes holding certificates" in text
    assert 'id="of-day"' not in text
    assert ASKED.findall(text) == []
    world.page(HOLDING, "bank", 404)
    # those who are let in read balances, and prove nothing of another's
    assert "of-day" not in world.page(f"/desk/consents/{world.consent}/accounts", "bank")
    assert "of-day" not in world.page("/desk/supervision/pledges", "regulator")
