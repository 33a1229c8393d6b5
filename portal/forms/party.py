"""The form of parties: a row admits a legal person with the keys of up to five operators."""

from __future__ import annotations

import re

from ledger.writer.room import ROLES
from portal.forms.form import Body, Cells, Column, Form
from portal.imports.plan import Json

KEYS_MAX = 5
"""As many as the body of an admission takes."""
PLAIN = ("party", "name", "name_en", "uscc", "region")
KEY = ("operator", "person", "public", "proof")
_KEY_FIELD = re.compile(r"/body/keys/([0-4])/([a-z]+)", re.ASCII)
_EXAMPLES = {"operator": "op-1", "person": "p-1", "public": "64 × 0-9a-f", "proof": "128 × 0-9a-f"}


def body(cells: Cells) -> Body:
    """The body of ``party.admit``; roles stand in one cell with semicolons between them."""
    stated: Body = {name: cells[name] for name in PLAIN if name in cells}
    if "roles" in cells:
        stated["roles"] = [word.strip() for word in re.split("[;；]", cells["roles"])]
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
            Column(f"{name}_{number}", number == 1, _EXAMPLES[name])
            for number in range(1, KEYS_MAX + 1)
            for name in KEY
        ),
    ),
    body=body,
    column=column,
)
