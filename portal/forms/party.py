"""The form of parties: a row admits a legal person with the keys of up to five operators."""

from __future__ import annotations

import re

from ledger.parties.people_schemas import CHECKER, COVERS, MAKER
from ledger.writer.room import ROLES
from portal.forms.form import Body, Cells, Column, Form, parts_of
from portal.imports.plan import Json

KEYS_MAX = 5
"""Columns for as many; a party with more operators registers their keys afterwards."""
PLAIN = ("party", "name", "name_en", "uscc", "region")
KEY = ("operator", "person", "public", "proof", "role")
LISTS = ("covers", "domains", "methodologies")
PAPERS = {
    "agreement": ("document", "sha256", "covers", "signed_on"),
    "approval": ("document", "domains", "methodologies", "valid_from", "valid_to"),
}
"""The columns ``agreement_…`` and ``approval_…``: objects of the body with their members."""
_PAPER_FIELD = re.compile(r"/body/(agreement|approval)(?:/([a-z0-9_]+))?", re.ASCII)
_KEY_FIELD = re.compile(r"/body/keys/([0-4])/([a-z]+)", re.ASCII)
_EXAMPLES = {"operator": "op-1", "person": "p-1", "public": "64 × 0-9a-f"}
_EXAMPLES |= {
    "proof": "128 × 0-9a-f",
    "role": "maker",
    "agreement_document": "示范开户协议1号",
    "agreement_sha256": "64 × 0-9a-f",
    "agreement_covers": "key-use; electronic-signature; fees",
    "agreement_signed_on": "2025-01-02",
    "approval_document": "示范批准1号",
    "approval_domains": "14; 15",
    "approval_methodologies": "CCER-14-001",
    "approval_valid_from": "2025-01-01",
    "approval_valid_to": "2029-12-31",
}


def body(cells: Cells) -> Body:
    """The body of ``party.admit``; roles stand in one cell with semicolons between them."""
    stated: Body = {name: cells[name] for name in PLAIN if name in cells}
    if "roles" in cells:
        stated["roles"] = list[Json](parts_of(cells["roles"]))
    for paper, members in PAPERS.items():
        held: Body = {n: cells[f"{paper}_{n}"] for n in members if f"{paper}_{n}" in cells}
        if held:
            lists: Body = {
                n: list[Json](parts_of(cells.get(f"{paper}_{n}", "")))
                for n in members
                if n in LISTS
            }
            stated[paper] = {**held, **lists}
    keys: list[Json] = []
    for number in range(1, KEYS_MAX + 1):
        key: Body = {n: cells[f"{n}_{number}"] for n in KEY if f"{n}_{number}" in cells}
        if key:
            keys.append(key)
    return {**stated, "keys": keys}


def column(pointer: str) -> str:
    """The column of a field of the body."""
    if found := _KEY_FIELD.fullmatch(pointer):
        return f"{found[2]}_{int(found[1]) + 1}"
    if found := _PAPER_FIELD.match(pointer):
        return f"{found[1]}_{found[2] or 'document'}"
    name = pointer.split("/")[2] if pointer.count("/") > 1 else ""
    return "operator_1" if name == "keys" else name


PARTY = Form(
    name="party",
    type="party.admit",
    subject="party",
    columns=(
        Column("party", True, "example-kiln"),
        Column("name", True, "示例窑业有限公司"),
        Column("name_en", False, "Example Kilns"),
        Column("uscc", False, "91330100MADEM00015"),
        Column("region", False, "330100"),
        Column("roles", True, "enterprise", ROLES, several=True),
        *(
            Column(
                f"{paper}_{name}",
                False,
                _EXAMPLES[f"{paper}_{name}"],
                COVERS if name == "covers" else (),
                several=name in LISTS,
            )
            for paper, members in PAPERS.items()
            for name in members
        ),
        *(
            Column(
                f"{name}_{number}",
                number == 1 and name != "role",
                _EXAMPLES[name],
                (MAKER, CHECKER) if name == "role" else (),
            )
            for number in range(1, KEYS_MAX + 1)
            for name in KEY
        ),
    ),
    body=body,
    column=column,
)
