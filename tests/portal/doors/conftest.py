"""A ledger with credits behind a web client, made once for each module."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.app import create_app
from tests.factories.ledger import Voices, issue_credits, ledger


@pytest.fixture(scope="module")
def voices(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Voices]:
    with ledger(tmp_path_factory.mktemp("doors")) as made:
        batch = issue_credits(made)
        body = {"batch": batch, "quantity": 30, "purpose": "public-good", "beneficiary": "受益人甲"}
        assert made.say("maker", "credit.retire", body).status == "accepted"
        yield made


@pytest.fixture(scope="module")
def app(voices: Voices) -> Flask:
    return create_app(voices.ledger)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A reader of its own for each test: who signs in is known to that test alone."""
    return app.test_client()
