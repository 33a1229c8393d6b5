"""The guide says what declaration and dated parameters say, and that it does not know the rest."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from ledger.statements.ed25519 import from_seed
from portal.api.guidance import Guide, example, guide, newest
from portal.house import make_engine
from portal.shell.texts import LANGUAGES, catalogue
from portal.statements.signing import compose
from tests.factories.market import REGULATOR
from tests.factories.scene import Scene, scene

DAY = "2026-01-01"


def of(stage: Scene, name: str, day: str = DAY) -> Guide:
    with stage.ledger.record.reading() as connection:
        return guide(connection, newest(stage.ledger.engine)[name], day)


def state(stage: Scene, code: str, value: str, day: str = DAY, confidence: str = "low") -> None:
    words = {"unit": "credits", "source": "test", "confidence": confidence}
    body = {"code": code, "value": value, "valid_from": day, **words}
    stage.do("regulator", "parameter.set", body, *REGULATOR)


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with scene(tmp_path_factory.mktemp("guidance") / "home", None) as opened:
        yield opened


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_field_and_every_parameter_of_a_type_has_words(language: str) -> None:
    said, silent = catalogue(language), []
    for name, declared in newest(make_engine()).items():
        for row in declared.fields_doc():
            last = [part for part in row["field"].split("/") if part != "*"][-1]
            keys = (f"field_of.{name}.{row['field']}", f"field_at.{row['field']}", f"field.{last}")
            if not any(f"guide.{key}" in said for key in keys):
                silent.append((name, row["field"]))
        for code in (*declared.terms, *declared.fees, *declared.rules):
            keys = (f"parameter_of.{code}", f"rule_of.{code.rpartition('.')[2]}")
            if not any(f"guide.{key}" in said for key in keys):
                silent.append((name, code))
    assert silent == []


def test_people_come_from_the_declaration_until_a_parameter_speaks(stage: Scene) -> None:
    assert (of(stage, "party.admit").people.count, of(stage, "key.revoke").people.count) == (2, 1)
    seeded = of(stage, "credit.retire").people
    assert (seeded.count, seeded.above) == (2, None)
    assert seeded.parameter is not None
    state(stage, "four-eyes.credit.retire", "500")
    state(stage, "four-eyes.credit.transfer", "never")
    retiring = of(stage, "credit.retire").people
    assert (retiring.above, retiring.count) == (500, 2)
    assert of(stage, "credit.transfer").people.count == 1
    assert of(stage, "credit.retire", "2025-12-31").people.above is None


def test_how_long_and_how_much_are_parameters_or_unknown(stage: Scene) -> None:
    transfer = of(stage, "credit.transfer")
    assert [(row["code"], row["value"]) for row in transfer.terms] == [("transfer-open-days", "10")]
    assert (transfer.fees, transfer.terms[0]["verified"]) == ((), False)
    fees = [row["code"] for row in of(stage, "listing.take").fees]
    assert fees[:2] == ["market.zhejiang.10.fee-buyer-rate", "market.zhejiang.10.fee-seller-rate"]
    assert of(stage, "project.submit").terms == of(stage, "project.submit").fees == ()


def test_the_rules_of_every_venue_and_instrument_are_shown_by_method(stage: Scene) -> None:
    assert of(stage, "order.place").fees == ()
    state(stage, "market.book.continuous.fee-buyer-rate", "0.0005", "2026-01-03")
    state(stage, "market.FS.continuous.fee-buyer-rate", "0.001", "2026-01-03")
    state(stage, "market.FS.10.fee-buyer-rate", "0.002", "2026-01-03")
    assert of(stage, "order.place", "2026-01-02").fees == ()
    shown = {row["code"]: row["value"] for row in of(stage, "order.place", "2026-01-03").fees}
    assert shown == {
        "market.FS.continuous.fee-buyer-rate": "0.001",
        "market.book.continuous.fee-buyer-rate": "0.0005",
    }
    listed = [row["code"] for row in of(stage, "listing.take", "2026-01-03").fees]
    assert listed[:2] == ["market.FS.10.fee-buyer-rate", "market.zhejiang.10.fee-buyer-rate"]


def test_the_authority_can_state_a_fee_and_a_term_for_any_type(stage: Scene) -> None:
    state(stage, "fee.project.submit", "0", "2026-01-03", "found")
    state(stage, "term.project.submit", "15", "2026-01-03")
    assert of(stage, "project.submit", "2026-01-02").fees == ()
    later = of(stage, "project.submit", "2026-01-03")
    assert [(row["value"], row["verified"]) for row in later.fees] == [("0", True)]
    assert [row["value"] for row in later.terms] == ["15"]


def test_what_is_kept_for_ever_for_years_or_unknown(stage: Scene) -> None:
    assert of(stage, "party.admit").kept.forever
    retired = of(stage, "credit.retire")
    assert retired.kept.parameter is not None
    assert retired.kept.parameter["value"] == "20"
    assert retired.attachments_kept is not None
    assert retired.attachments_kept.name == "on-request"
    project = of(stage, "project.submit").kept
    assert (project.forever, project.parameter) == (False, None)
    assert of(stage, "project.submit").attachments_kept is None


def test_fields_are_those_of_the_schema_without_what_software_fills_in(stage: Scene) -> None:
    found = [row["field"] for row in of(stage, "credit.retire").fields]
    assert found == [
        "batch",
        "quantity",
        "purpose",
        "beneficiary",
        "beneficiary_uscc",
        "beneficiary_person",
    ]


def test_each_example_is_a_body_that_its_type_signs() -> None:
    engine, keys = make_engine(), [from_seed(bytes(32))]
    for name in newest(engine):
        body = json.loads(example(name))
        signed = compose(
            engine, "ledger.example/x", name, "somebody", body, keys, now=0, entropy=bytes
        )
        assert signed.envelope.payload.type == name


def test_the_commands_are_those_of_whoever_may_state_it(stage: Scene) -> None:
    retire = of(stage, "credit.retire", "2025-12-31").commands
    assert [line.split()[2] for line in retire] == [
        *("types", "rehearse", "sign", "cosign", "submit", "show", "attachment"),
    ]
    assert "--party my-company --with" in retire[2]
    assert all("--attach consent=consent.pdf" in line for line in retire[1:3])
    assert "attachment ID consent" in retire[-1]
    assert "--party registrar" in of(stage, "party.admit").commands[2]
    assert "cosign" not in " ".join(of(stage, "key.revoke").commands)
    assert of(stage, "credit.expire").commands == ()
    assert of(stage, "ledger.genesis").commands == ("qingzhang init --origin example.test/qz",)


def test_who_states_what_falls_due_and_what_a_suspended_party_may(stage: Scene) -> None:
    assert of(stage, "credit.expire").automatic
    assert not of(stage, "credit.retire").automatic
    assert of(stage, "credit.retire").suspended_may
    assert not of(stage, "credit.move").suspended_may


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("prefix", ["what", "attachment", "kind", "retention", "field"])
def test_no_words_are_kept_for_what_no_declaration_says(language: str, prefix: str) -> None:
    types = newest(make_engine()).values()
    rows = [row for declared in types for row in declared.fields_doc()]
    said = {
        "what": {declared.name for declared in types},
        "attachment": {name for declared in types for name in declared.attachments},
        "kind": {row["kind"] for row in rows} | {"DecimalText", "KeyText"},
        "retention": {d.retention for d in types} | {d.attachments_kept for d in types},
        "field": {row["field"].replace("/*", "").rpartition("/")[2] for row in rows},
    }[prefix]
    start = f"guide.{prefix}."
    kept = {key.removeprefix(start) for key in catalogue(language) if key.startswith(start)}
    assert kept - said == set()
    assert kept
    if prefix == "attachment":  # a paper is asked for by its name
        assert kept == said
