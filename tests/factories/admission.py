"""What an admission states besides keys, for every factory that admits somebody."""

from __future__ import annotations

from typing import Any

APPROVAL = "approval 1"


def agreement(**more: Any) -> dict[str, Any]:
    """An account agreement that covers everything that is asked."""
    return {
        "document": "agreement 1",
        "sha256": "a1" * 32,
        "covers": ["key-use", "electronic-signature", "fees"],
        "signed_on": "2024-01-02",
        **more,
    }


def approval(**more: Any) -> dict[str, Any]:
    """A verifier's approval for forestry (14), which outlasts every test's clock."""
    return {
        "document": APPROVAL,
        "domains": ["14"],
        "methodologies": [],
        "valid_from": "2024-01-01",
        "valid_to": "2099-12-31",
        **more,
    }


def admission_papers(role: str) -> dict[str, Any]:
    """The members of party.admit that a role needs besides its keys."""
    papers: dict[str, Any] = {}
    if role in ("enterprise", "verifier"):
        papers["agreement"] = agreement()
    if role == "verifier":
        papers["approval"] = approval()
    return papers
