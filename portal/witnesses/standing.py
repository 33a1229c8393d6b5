"""What each witness last did, kept in the home: disposable, since asking again tells."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from ledger.log.policy import Witness
from portal.witnesses.files import read, replace


@dataclass(frozen=True)
class Standing:
    """The largest size that a witness has cosigned and when (UTC milliseconds), and since then
    the last fault: its code, when, and how often in a row.

    ``fork`` says that it holds another history of this log, or a longer one; ``refused`` is then
    the checkpoint that it was asked about: with the witness's own record, the evidence.
    """

    size: int = 0
    at: int = 0
    fault: str | None = None
    fault_at: int = 0
    faults: int = 0
    fork: bool = False
    refused: str | None = None


_KINDS: dict[str, Any] = {
    "fault": (str, type(None)),
    "refused": (str, type(None)),
    "fork": bool,
}


def place(folder: Path, witness: Witness) -> Path:
    """The file of a witness, by its key's id."""
    return folder / f"{witness.verifier.id.hex()}.json"


def recall(folder: Path, witness: Witness) -> Standing:
    """What is kept of a witness; nothing where the file is missing or damaged."""
    try:
        value = json.loads(read(place(folder, witness)) or "{}")
        known = {field.name: value[field.name] for field in fields(Standing)}
    except (ValueError, KeyError, TypeError):
        return Standing()
    good = all(_of_kind(name, item) for name, item in known.items())
    return Standing(**known) if good else Standing()


def keep(folder: Path, witness: Witness, standing: Standing) -> None:
    """Keep what a witness did; raises OSError."""
    folder.mkdir(mode=0o700, exist_ok=True)
    replace(place(folder, witness), json.dumps(asdict(standing), ensure_ascii=False))


def forget(folder: Path, witness: Witness) -> bool:
    """Forget a witness, and with it an alarm; whether there was anything to forget."""
    known = place(folder, witness)
    found = known.exists()
    known.unlink(missing_ok=True)
    return found


def _of_kind(name: str, value: Any) -> bool:
    if name in _KINDS:
        return isinstance(value, _KINDS[name])
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0
