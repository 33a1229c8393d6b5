"""What must be there before a party may act, as dated parameters say.

``admission.agreement.ROLE`` names what the account agreement of a party with that role covers;
``admission.evidence.ROLE`` which documents its admission attaches;
``operators-max.ROLE`` is how many operators it may have; ``verifier-approval`` says whether a
verifier's opinion needs an approval on record.  Where nothing is in force, nothing is asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from ledger.parties.parameters import in_force, whole
from ledger.parties.people_schemas import COVERS, PAPERS
from ledger.writer.context import Context
from ledger.writer.errors import Refusal
from ledger.writer.room import ROLES

AGREEMENT = "admission.agreement."
EVIDENCE = "admission.evidence."
OPERATORS = "operators-max."
APPROVAL = "verifier-approval"
NEEDED, NOT_NEEDED = "needed", "not-needed"
_COUNT = re.compile(r"[1-9][0-9]{0,2}", re.ASCII)


def covered_by_agreement(context: Context, roles: Iterable[str]) -> set[str]:
    """What the agreement of a party with these roles has to cover today."""
    return _words(context, AGREEMENT, roles)


def check_evidence(context: Context, roles: Iterable[str], attached: Iterable[str]) -> None:
    """Refuse an admission that leaves out a document; raises Refusal ``evidence-missing``."""
    missing = _words(context, EVIDENCE, roles) - set(attached)
    if missing:
        context.fault("evidence-missing", field="attachments", missing=sorted(missing))


def operators_max(context: Context, roles: Iterable[str]) -> int | None:
    """The most operators that a party with these roles has today; None where nothing says."""
    codes = [OPERATORS + role for role in roles]
    limits = [whole(context, code) for code in codes if in_force(context, code) is not None]
    return min(limits, default=None)


def approval_needed(context: Context) -> bool:
    """Whether an opinion needs an approval on record today."""
    return in_force(context, APPROVAL) == NEEDED


def check_condition(code: str, value: str) -> None:
    """Refuse a value of these parameters that nothing reads; raises ``parameter-malformed``."""
    good = True
    for prefix, words in ((AGREEMENT, COVERS), (EVIDENCE, PAPERS)):
        if code.startswith(prefix):
            stated = set(value.split())
            good = code.removeprefix(prefix) in ROLES and bool(stated) and stated <= set(words)
    if code.startswith(OPERATORS):
        good = code.removeprefix(OPERATORS) in ROLES and bool(_COUNT.fullmatch(value))
    elif code == APPROVAL:
        good = value in (NEEDED, NOT_NEEDED)
    if not good:
        raise Refusal("parameter-malformed", field="value", parameter=code)


def _words(context: Context, prefix: str, roles: Iterable[str]) -> set[str]:
    """The words of the parameters of these roles that are in force."""
    found: set[str] = set()
    for role in roles:
        found |= set((in_force(context, prefix + role) or "").split())
    return found
