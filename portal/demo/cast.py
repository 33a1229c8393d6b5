"""Who plays in the demonstration: seeded names, codes and keys, each labelled as such."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.parties.handlers import possession
from ledger.parties.uscc import check_digit
from ledger.statements.ed25519 import from_seed, public_bytes

LABEL = "示范"
"""Every seeded name carries it: nothing here is a real enterprise."""

CITIES = (
    ("330100", "杭州", "Hangzhou"),
    ("330200", "宁波", "Ningbo"),
    ("330300", "温州", "Wenzhou"),
    ("330400", "嘉兴", "Jiaxing"),
    ("330500", "湖州", "Huzhou"),
    ("330600", "绍兴", "Shaoxing"),
    ("330700", "金华", "Jinhua"),
    ("330800", "衢州", "Quzhou"),
    ("330900", "舟山", "Zhoushan"),
    ("331000", "台州", "Taizhou"),
    ("331100", "丽水", "Lishui"),
)
PER_CITY = 4
DUTIES = {"op-1": "maker", "op-2": "checker"}
APPROVAL = {
    "document": f"{LABEL}资质批准〔2024〕1",
    "domains": ["01", "14"],
    "methodologies": ["ZJ-AC-DESIGN-PROPOSAL", "ZJ-VER-DESIGN-PROPOSAL"],
    "valid_from": "2024-06-01",
    "valid_to": "2030-05-31",
}
"""A verifier's approval as seeded: domains of national methodologies and two provincial drafts."""


def demo_key(name: str) -> Ed25519PrivateKey:
    """The demonstration's key of one operator: derived from its name, so worthless as a secret."""
    return from_seed(hashlib.sha256(f"qingzhang demonstration {name}".encode()).digest())


@dataclass(frozen=True)
class Player:
    """A seeded legal person with two operators."""

    party: str
    name: str
    name_en: str
    region: str
    role: str
    number: int

    @property
    def uscc(self) -> str:
        """A code with a right check digit, in a range that names no real registrant."""
        body = f"91{self.region}MADEM{self.number:04d}"
        return body + check_digit(body)

    def admission(self, origin: str, persons: dict[str, str] | None = None) -> dict[str, Any]:
        """The body of the player's admission, with proofs of its two keys."""
        keys = [
            key_entry(origin, self.party, operator, (persons or {}).get(operator), role=role)
            for operator, role in DUTIES.items()
        ]
        return {
            "party": self.party,
            "name": self.name,
            "name_en": self.name_en,
            "uscc": self.uscc,
            "region": self.region,
            "roles": [self.role],
            "keys": keys,
            "agreement": {
                "document": f"{LABEL}开户协议〔2025〕{self.number}",
                "sha256": hashlib.sha256(f"{LABEL} agreement {self.party}".encode()).hexdigest(),
                "covers": ["key-use", "electronic-signature", "fees"],
                "signed_on": "2025-01-06",
            },
            **({"approval": APPROVAL} if self.role == "verifier" else {}),
        }


def key_entry(
    origin: str,
    party: str,
    operator: str,
    person: str | None = None,
    *,
    named: str | None = None,
    role: str | None = None,
) -> dict[str, str]:
    """The registration of a demonstration key, with proof that it is held.

    ``named`` is for a second key of one operator.
    """
    key = demo_key(f"{party}/{named or operator}")
    public = public_bytes(key).hex()
    proof = key.sign(possession(origin, party, operator, public)).hex()
    return {
        "operator": operator,
        "person": person or f"{party}.{operator}",
        "public": public,
        "proof": proof,
        **({"role": role} if role else {}),
    }


def enterprises() -> list[Player]:
    """Forty-four enterprises, four in each of the eleven cities."""
    return [
        Player(
            f"demo-{english.lower()}-{number}",
            f"{LABEL}企业{chinese}{number}号",
            f"Demonstration enterprise {english} {number}",
            region,
            "enterprise",
            place * PER_CITY + number,
        )
        for place, (region, chinese, english) in enumerate(CITIES)
        for number in range(1, PER_CITY + 1)
    ]


def verifiers() -> list[Player]:
    """Two validation and verification bodies."""
    return [
        Player(
            f"demo-verifier-{letter}",
            f"{LABEL}审定与核查机构{chinese}",
            f"Demonstration verification body {letter.upper()}",
            "330100",
            "verifier",
            9000 + number,
        )
        for number, (letter, chinese) in enumerate((("a", "甲"), ("b", "乙")), 1)
    ]
