"""Operators under random acts: the rules about who makes and who checks hold after each."""

from __future__ import annotations

import random
from typing import Any

import pytest

from ledger.parties.models import key_table
from ledger.parties.people_models import operator_table
from ledger.statements.ed25519 import key_id, new_key, public_bytes
from tests.factories.people import admission, seat
from tests.factories.scene import OFFICERS, Scene

OPERATORS, PERSONS, ROLES = "abcdefg", ("p-1", "p-2", "p-3"), ("maker", "checker", None)
ACTS = 120


class Crowd:
    """Party ``moon``, every key that it ever had, and what is on record of them."""

    def __init__(self, stage: Scene, rng: random.Random) -> None:
        self.stage, self.rng = stage, rng
        self.names: dict[str, str] = {}  # from key id to the name of the key
        roles = ("maker", "checker", "maker")
        keys = [self.entry(*place) for place in zip(("a", "b", "c"), PERSONS, roles, strict=True)]
        body = admission(stage, "moon", keys=keys)
        stage.do("registrar", "party.admit", body, *OFFICERS)

    def entry(self, operator: str, person: str, role: str | None) -> dict[str, Any]:
        """A registration with a key made for it."""
        place = f"moon/{operator}"
        self.stage.keys[place] = key = new_key()
        made = seat(self.stage, "moon", operator, role or "maker", person)
        name = f"key-{len(self.names)}"
        self.stage.keys[name] = self.stage.keys.pop(place)
        self.names[key_id(public_bytes(key))] = name
        if role is None:
            del made["role"]
        return made

    def keys(self) -> list[dict[str, Any]]:
        return [row for row in self.stage.rows(key_table) if row["party"] == "moon"]

    def live(self) -> list[dict[str, Any]]:
        return [row for row in self.keys() if row["until"] is None]

    def roles(self) -> dict[str, str | None]:
        rows = self.stage.rows(operator_table)
        return {row["operator"]: row["role"] for row in rows if row["party"] == "moon"}

    def lose_and_replace(self) -> None:
        """Key c is stopped and replaced: chance alone may never come to both."""
        lost = next(row for row in self.keys() if row["operator"] == "c")
        block = {"key": lost["key"], "document": "d", "reason": "r"}
        self.stage.do("registrar", "key.block", block, *OFFICERS)
        self.sound()
        fresh = self.entry("c", lost["person"], None)
        body = {"party": "moon", "replaces": lost["key"], "key": fresh, "document": "d"}
        self.stage.do("registrar", "key.replace", body, *OFFICERS)
        self.sound()

    def act(self) -> None:
        """State something at random, and see that what is accepted was signed as it must be."""
        rng, keys = self.rng, self.keys()
        type = rng.choice(
            ("key.register", "key.revoke", "key.block", "key.replace", "operator.assign")
        )
        chosen = rng.choice(keys)
        fresh = self.entry(rng.choice(OPERATORS), rng.choice(PERSONS), rng.choice(ROLES))
        same = self.entry(chosen["operator"], chosen["person"], None)
        bodies: dict[str, dict[str, Any]] = {
            "key.register": {"key": fresh},
            "key.revoke": {"key": chosen["key"], "reason": "r"},
            "key.block": {"key": chosen["key"], "document": "d", "reason": "r"},
            "key.replace": {
                "party": "moon",
                "replaces": chosen["key"],
                "key": rng.choice((same, fresh)),
                "document": "d",
            },
            "operator.assign": {"operator": chosen["operator"], "role": rng.choice(ROLES[:2])},
        }
        if type in ("key.block", "key.replace"):
            reply = self.stage.say("registrar", type, bodies[type], *OFFICERS)
            signed: list[dict[str, Any]] = []
        else:
            live = self.live()
            if not live:
                return
            signed = rng.sample(live, min(len(live), rng.choice((1, 2, 2))))
            names = [self.names[row["key"]] for row in signed]
            before = self.roles()
            reply = self.stage.say("moon", type, bodies[type], *names)
            if reply.status == "accepted":
                self.signed_rightly(type, signed, before)

    def signed_rightly(
        self, type: str, signed: list[dict[str, Any]], roles: dict[str, str | None]
    ) -> None:
        duties = {roles[row["operator"]] for row in signed}
        assert len({row["person"] for row in signed}) == len(signed)
        if type != "key.revoke":
            assert len(signed) == 2
            assert duties not in ({"maker"}, {"checker"})

    def sound(self) -> None:
        """Nobody makes and checks, an operator is one person, and there are at most five."""
        roles, duties = self.roles(), {}
        operators = {row["operator"]: row["person"] for row in self.live()}
        assert len(operators) <= 5
        assert len({(row["operator"], row["person"]) for row in self.live()}) == len(operators)
        for operator, person in operators.items():
            duties.setdefault(person, set()).add(roles[operator])
        assert not any({"maker", "checker"} <= held for held in duties.values())


@pytest.mark.parametrize("play", range(3))
def test_the_rules_about_operators_hold_whatever_is_stated(
    stage: Scene, rng: random.Random, play: int
) -> None:
    crowd = Crowd(stage, rng)
    crowd.lose_and_replace()
    for _ in range(ACTS):
        crowd.act()
        crowd.sound()
