"""Parameters about admission mean something or are refused."""

from __future__ import annotations

import pytest

from tests.factories.people import REGULATORS, parameter
from tests.factories.scene import Scene


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("admission.agreement.enterprise", "key-use secrecy"),
        ("admission.agreement.nobody", "key-use"),
        ("admission.evidence.enterprise", "licence passport"),
        ("operators-max.enterprise", "0"),
        ("operators-max.enterprise", "five"),
        ("operators-max.enterprise", "1000"),
        ("operators-max.nobody", "5"),
        ("verifier-approval", "yes"),
    ],
)
def test_a_condition_that_nothing_reads_is_refused(stage: Scene, code: str, value: str) -> None:
    body = parameter(code, value)
    assert stage.refused("regulator", "parameter.set", body, *REGULATORS) == "parameter-malformed"


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("admission.agreement.verifier", "fees key-use"),
        ("admission.evidence.enterprise", "licence identity"),
        ("operators-max.verifier", "9"),
        ("verifier-approval", "not-needed"),
    ],
)
def test_a_condition_that_means_something_is_taken(stage: Scene, code: str, value: str) -> None:
    stage.do("regulator", "parameter.set", parameter(code, value), *REGULATORS)
