"""The rules that ship enter the record, and each has its page and its JSON in both languages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from incentives.rules.packaged import golden_text, names, rule_text
from incentives.rules.rule import read
from portal.app import create_app
from tests.factories.policy import define_accounts, define_discharge, publish_rule
from tests.factories.scene import Scene, scene


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with scene(tmp_path_factory.mktemp("rules") / "home", None) as made:
        made.cast()
        define_discharge(made)
        define_accounts(made)
        for name in names():
            text, start = rule_text(name), read(rule_text(name)).force.span.start
            assert start is not None
            publish_rule(made, text=text, golden=golden_text(name), valid_from=start.isoformat())
        yield made


@pytest.fixture
def client(stage: Scene) -> FlaskClient:
    return create_app(stage.ledger).test_client()


def test_all_of_them_are_on_the_record(client: FlaskClient) -> None:
    found = client.get("/v1/incentives/rules").json
    assert found is not None
    assert [row["rule"] for row in found["items"]] == sorted(names())


@pytest.mark.parametrize("name", names())
@pytest.mark.parametrize("language", ["zh", "en"])
def test_each_has_a_page_with_its_law_and_its_figures(
    client: FlaskClient, name: str, language: str
) -> None:
    rule = read(rule_text(name))
    page = client.get(f"/incentives/{name}?lang={language}")
    assert page.status_code == 200
    assert rule.title[language].replace("'", "&#39;") in page.text
    for clause in rule.clauses.values():
        assert clause.article in page.text
    for parameter in rule.parameters.values():
        for dated in parameter.values:
            if dated.why:
                assert dated.why[language].replace("'", "&#39;") in page.text
    assert "None" not in page.text
