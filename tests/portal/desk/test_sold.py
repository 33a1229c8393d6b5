"""A listing tells what was taken of it, also when it is over."""

from __future__ import annotations

from pathlib import Path

from portal.app import create_app
from tests.factories.market import Floor
from tests.factories.readers import sign_in
from tests.factories.scene import scene
from tests.portal.doors.test_desk import cells


def test_what_was_taken_of_a_listing_is_told_after_its_end(home: Path) -> None:
    """33 of 100 were taken in two deals; the other listing found nobody."""
    with scene(home, None) as stage:
        floor = Floor(stage)
        floor.prepare()
        taken, untouched = floor.place(7_000, 100), floor.place(7_100, 50)
        floor.take(taken, 30)
        floor.take(taken, 3, "third")
        floor.close()
        client = create_app(stage.ledger, stage.clock).test_client()
        seller = sign_in(client, "owner", stage.key("owner/a"))
        items = client.get("/v1/listings", headers=seller).json["items"]
        told = {row["listing"]: (row["state"], row["quantity"], row["sold"]) for row in items}
        assert told == {taken: ("expired", 100, 33), untouched: ("expired", 50, 0)}
        text = client.get("/desk/trading?lang=en", headers=seller).text
        assert cells(text, taken)[3:6] == ["100", "33", "0"]
