"""A ledger with credits and a retirement, whose whole description can be tried."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.app import create_app
from tests.factories.ledger import Voices, issue_credits, ledger


@pytest.fixture(scope="module")
def voices(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Voices]:
    with ledger(tmp_path_factory.mktemp("api")) as made:
        batch = issue_credits(made)
        body = {"batch": batch, "quantity": 30, "purpose": "public-good", "beneficiary": "受益人甲"}
        assert made.say("maker", "credit.retire", body).status == "accepted"
        yield made


@pytest.fixture(scope="module")
def app(voices: Voices) -> Flask:
    return create_app(voices.ledger)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()
