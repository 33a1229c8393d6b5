"""A ledger served over HTTP on this machine, and a client of it whose pauses take no time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from portal.app import create_app
from portal.client import Client, Patience
from tests.factories.ledger import Voices, ledger
from tests.factories.server import serving
from tests.portal.client.network import Flaky

Connect = Callable[..., Client]


@pytest.fixture(scope="module")
def voices(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Voices]:
    with ledger(tmp_path_factory.mktemp("client")) as made:
        yield made


@pytest.fixture(scope="module")
def url(voices: Voices) -> Iterator[str]:
    with serving(create_app(voices.ledger)) as (address, _, _):
        yield address


@pytest.fixture
def network() -> Iterator[Flaky]:
    made = Flaky()
    yield made
    made.close()


@pytest.fixture
def connect(voices: Voices, url: str, network: Flaky) -> Iterator[Connect]:
    """Make clients of the served ledger through the network that may lose things."""
    made = []

    def connected(**options: Any) -> Client:
        options.setdefault("patience", Patience(attempts=4, total=60))
        vkey = options.pop("vkey", voices.ledger.record.vkey)
        client = Client(url, vkey, transport=network, wait=network.waits.append, **options)
        made.append(client)
        return client

    yield connected
    for client in made:
        client.close()
