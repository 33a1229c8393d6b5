"""The page of an own order: shown to its owner alone, with what may still be done to it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from portal.app import create_app
from tests.factories.orders import Pit
from tests.factories.readers import sign_in
from tests.factories.scene import scene


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_order_is_shown_to_its_owner_and_said_to_be_unknown_to_others(
    tmp_path: Path, language: str
) -> None:
    with scene(tmp_path / "home", None) as stage:
        pit = Pit(stage)
        pit.set_up()
        name = pit.buy(7_000, 50)
        client = create_app(stage.ledger, stage.clock).test_client()
        readers = {p: sign_in(client, p, stage.key(f"{p}/a")) for p in ("buyer", "third")}
        path = f"/desk/orders/{name}?lang={language}"
        text = client.get(path, headers=readers["buyer"]).text
        assert re.findall(r'data-state="(order[.a-z]+)"', text) == ["order.reduce", "order.replace"]
        assert not re.search(r"\b(changing|ticket|acting|field)\.[a-z_.]+\b", text)
        assert not re.search(r"<script(?![^>]*src)|\son\w+=|style=", text)
        assert client.get(path, headers=readers["third"]).status_code == 404
        assert client.get("/desk/orders/" + "0" * 40, headers=readers["buyer"]).status_code == 404
        pit.cancel(name)
        text = client.get(path, headers=readers["buyer"]).text
        assert "data-state=" not in text
        assert "<script" not in text
