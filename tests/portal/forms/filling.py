"""Fills forms for the tests: parties with keys of their own, and projects."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from ledger.parties.handlers import possession
from ledger.parties.uscc import check_digit
from ledger.statements.ed25519 import load_private, new_key, public_bytes, save_private
from portal.cli import main
from portal.sheets import Table, write_tables

ORIGIN = "ledger.example/forms"
AGREEMENT = {
    "agreement_document": "agreement 1",
    "agreement_sha256": "a1" * 32,
    "agreement_covers": "key-use; electronic-signature；fees",
    "agreement_signed_on": "2024-01-02",
}


def run(*words: Any, code: int = 0) -> Result:
    result = CliRunner().invoke(main, [str(word) for word in words])
    assert result.exit_code == code, (result.output, result.exception)
    return result


def told(*words: Any, code: int = 0) -> dict[str, Any]:
    given: dict[str, Any] = json.loads(run("form", "submit", *words, "--json", code=code).stdout)
    return given


def results(*words: Any, code: int = 0) -> list[tuple[Any, ...]]:
    """(line, subject, outcome, code, column) of each row."""
    names = ("line", "subject", "outcome", "code", "column")
    return [tuple(row.get(n) for n in names) for row in told(*words, code=code)["results"]]


def faults(*words: Any) -> list[tuple[Any, ...]]:
    """(line, code, column) of every fault of every row."""
    rows = told(*words, code=1)["results"]
    found = [(row["line"], fault) for row in rows for fault in row.get("faults", [row])]
    return [(line, fault.get("code"), fault.get("column")) for line, fault in found]


def uscc(number: int) -> str:
    body = f"91330100MADEM{number:04d}"
    return body + check_digit(body)


def party(folder: Path, number: int, **changes: str) -> dict[str, str]:
    """A row of the form of parties; its operator's key is kept in the folder."""
    name, path = f"kiln-{number}", folder / f"kiln-{number}.pem"
    if not path.exists():
        save_private(new_key(), path)
    key = load_private(path)
    public = public_bytes(key).hex()
    row = {"party": name, "name": f"窑{number}", "uscc": uscc(number), "region": "330100"}
    row |= {"roles": "enterprise", "operator_1": "op-1", "person_1": f"p-{number}"}
    row |= {"public_1": public, **AGREEMENT}
    row |= {"proof_1": key.sign(possession(ORIGIN, name, "op-1", public)).hex()}
    return row | changes


def project(number: int, **changes: str) -> dict[str, str]:
    """A row of the form of projects."""
    row = {"project": f"P{number}", "credit_class": "ZJ_AC", "name": f"活性炭{number}"}
    row |= {"methodology": "ZJ-AC-DESIGN-PROPOSAL", "region": "330100", "site": f"site {number}"}
    row |= {"construction_start": "2021-01-01", "crediting_start": "2021-01-01"}
    row |= {"crediting_end": "2031-01-01", "design_sha256": "0" * 64}
    return row | changes


def filled(path: Path, rows: Sequence[Mapping[str, str]]) -> Path:
    """A form with these rows, under the columns that any of them has."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    write_tables(path, [Table("form", columns, [[r.get(c) for c in columns] for r in rows])])
    return path


def officers(home: Path) -> list[Any]:
    """The two keys of the registrar, as options."""
    return [w for n in (1, 2) for w in ("--key", home / "keys" / f"registrar-{n}.pem")]
