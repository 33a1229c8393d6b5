"""Acts of registrar and regulator upon parties, as tests state them."""

from __future__ import annotations

from typing import Any

from ledger.parties.people_models import act_table
from ledger.parties.uscc import check_digit
from ledger.statements.ed25519 import key_id, public_bytes
from tests.factories.admission import admission_papers
from tests.factories.scene import OFFICERS, Scene

REGULATORS = ("regulator-1", "regulator-2")
TODAY, TOMORROW = "2026-01-01", "2026-01-02"  # in Shanghai, where the stage's clock says 08:00


def admission(stage: Scene, party: str, role: str = "enterprise", **more: Any) -> dict[str, Any]:
    """The body of party.admit with an own code, two operators and all papers."""

    number = 1_000 + int.from_bytes(party.encode(), "big") % 9_000  # beyond those of Scene.admit
    base = f"91330100MATET{number:04d}"
    return {
        "party": party,
        "name": party,
        "uscc": base + check_digit(base),
        "region": "330100",
        "roles": [role],
        "keys": [stage.entry(party, operator) for operator in ("a", "b")],
        **admission_papers(role),
        **more,
    }


def seat(stage: Scene, party: str, operator: str, role: str, person: str | None = None) -> Any:
    """A key entry with a duty."""
    return {**stage.entry(party, operator, person), "role": role}


def admit_pair(stage: Scene, party: str) -> None:
    """Admit an enterprise whose operator ``a`` makes and ``b`` checks."""
    keys = [seat(stage, party, "a", "maker"), seat(stage, party, "b", "checker")]
    body = admission(stage, party, keys=keys)
    stage.do("registrar", "party.admit", body, *OFFICERS)


def key_of(stage: Scene, name: str) -> str:
    """The id of a key by ``party/operator``."""
    return key_id(public_bytes(stage.key(name)))


def parameter(code: str, value: str, valid_from: str = TODAY) -> dict[str, str]:
    """The body of parameter.set."""
    return {
        "code": code,
        "valid_from": valid_from,
        "value": value,
        "unit": "test",
        "source": "test",
        "confidence": "low",
    }


def rule(stage: Scene, code: str, value: str, valid_from: str = TODAY) -> None:
    """State a dated parameter."""
    stage.do("regulator", "parameter.set", parameter(code, value, valid_from), *REGULATORS)


def history(stage: Scene, party: str) -> list[dict[str, Any]]:
    """What happened to a party, oldest first."""
    return [row for row in stage.rows(act_table) if row["party"] == party]


def require_lifecycle(stage: Scene) -> None:
    """From today on no step of a project or a report may be left out."""
    entry = {"code": "lifecycle-required", "valid_from": TODAY, "value": "1", "unit": "0/1"}
    body = {**entry, "source": "test", "confidence": "low"}
    stage.do("regulator", "parameter.set", body, *REGULATORS)
