"""The drafts box keeps what the record would take, and tells what it did not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from ledger.accounts.models import BALANCE
from ledger.writer.store import Rows
from portal.desk.hands import Hands
from tests.factories.drafts import Desk, drafting, seated
from tests.factories.scene import Scene

pytestmark = pytest.mark.database


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with drafting(tmp_path_factory.mktemp("drafts")) as made:
        yield made


@pytest.fixture
def desk(stage: Scene) -> Desk:
    return seated(stage)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"quantity": 99_999}, "balance-short"),
        ({"receiver": "nosuch"}, "party-unknown"),
        ({"receiver": "owner"}, "transfer-to-self"),
        ({"batch": "NOPE"}, "batch-unknown"),
    ],
)
def test_what_the_record_would_refuse_is_not_kept(
    desk: Desk, body: dict[str, Any], code: str
) -> None:
    transfer = {"batch": "ZJ_FS-R1-2024", "quantity": 10, "receiver": "buyer", **body}
    draft = desk.write("owner/b", body=transfer)
    made = desk.put(draft)
    assert (made.status_code, made.json["code"]) == (422, code)
    path = f"/v1/drafts/{draft.envelope.payload.id}"
    assert desk.ask("GET", path, "owner/a").status_code == 404


def log_size(desk: Desk) -> int:
    record = desk.stage.ledger.record
    with record.reading() as connection:
        return record.head(connection).size


def test_a_draft_that_would_be_refused_by_now_is_not_signed(desk: Desk) -> None:
    """Two drafts of more than half: the second is sound until the first has been entered."""
    with desk.stage.ledger.record.reading() as connection:
        row = Rows(connection).row(BALANCE, ("owner/registry", "ZJ_FS-R1-2024"))
    assert row is not None
    body = {"batch": "ZJ_FS-R1-2024", "quantity": row["available"] // 2 + 1, "receiver": "buyer"}
    first, second = (
        desk.put(desk.write("owner/b", body=body)).headers["Location"] for _ in range(2)
    )
    assert desk.sign(first, "owner/b").status_code == 201
    size = log_size(desk)
    answer = desk.sign(second, "owner/b")
    assert (answer.status_code, answer.json["code"]) == (422, "balance-short")
    assert log_size(desk) == size
    assert desk.ask("GET", second, "owner/a").json["state"] == "waiting"


def test_a_draft_that_was_refused_elsewhere_is_told_as_refused(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It went in by another way, where nobody asked beforehand."""
    body = {"batch": "ZJ_FS-R1-2024", "quantity": 99_999, "receiver": "buyer"}
    draft = desk.write("owner/b", body=body)
    monkeypatch.setattr(Hands, "judge", lambda *given: ())
    path = desk.put(draft).headers["Location"]
    assert desk.sign(path, "owner/b").status_code == 422
    told = desk.ask("GET", path, "owner/a").json
    assert (told["state"], told["answer"]["code"]) == ("entered", "balance-short")
