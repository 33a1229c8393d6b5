"""Who made and who checked a statement that still waits for signatures, by the record's own rules.

The rules are asked as the record would ask them (`ledger/parties/four_eyes.py`), of everybody whom
the statement names and of those who have signed so far, so that a draft is told apart by the same
codes and the same dated thresholds.  Of a batch only the batch itself is asked: what each of its
operations needs is for the record to say.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection

from ledger.parties.authority import authority
from ledger.parties.four_eyes import check_four_eyes
from ledger.parties.people_models import OPERATOR
from ledger.parties.people_schemas import CHECKER, MAKER
from ledger.statements.envelope import Submission
from ledger.statements.errors import Malformed
from ledger.statements.types import Circle, StatementType
from ledger.writer.context import Context, Signer
from ledger.writer.engine import Engine
from ledger.writer.errors import NotAuthenticated, Refusal
from ledger.writer.rehearsal import Rehearsal
from ledger.writer.state import State
from ledger.writer.store import Head, Rows, read_head

WAITS_FOR = {"maker-missing": MAKER, "four-eyes": CHECKER, "checker-missing": CHECKER}
"""What the record would answer to those who have signed, and whose signature that means."""


class Hands:
    """The people of one party's drafts, read once from an open connection; ``now`` in UTC ms."""

    def __init__(self, engine: Engine, connection: Connection, origin: str, now: int) -> None:
        self._engine, self._connection, self._origin = engine, connection, origin
        self._state = State(Rows(connection))
        head = read_head(connection, origin) or Head(0, "", 0, 0)
        self._at, self._index = max(now, head.at), head.size

    def check(self, submission: Submission) -> None:
        """Ask whether the people that a statement names could make it together.

        Raises Refusal ``one-person-twice``, ``maker-missing``, ``checker-missing`` or
        ``four-eyes``, and NotAuthenticated where a key is no valid one of the party.
        """
        self._ask(submission, self._signers(submission))

    def judge(self, submission: Submission) -> tuple[Refusal, ...]:
        """What the record would have against a statement now, had all signed whom it names.

        It is decided by the code that decides there, and nothing is kept.  Raises NotAuthenticated
        as ``check`` does.
        """
        payload = submission.envelope.payload
        rehearsal = Rehearsal(self._engine, self._connection, self._origin, self._at)
        people = self._signers(submission)
        made = rehearsal.decide(
            self._declared(submission),
            payload.party,
            submission.body,
            people,
            id=payload.id,
            least=len(people),
        )
        return made.faults

    def ended(self, submission: Submission) -> str | None:
        """The key of a signature that no longer holds, so that no other one can complete it."""
        try:
            self._signers(submission)
        except NotAuthenticated as error:
            key = error.params.get("key")
            return key if key in dict(submission.envelope.signatures) else None
        return None

    def told(self, submission: Submission, author: str, *, waits: bool) -> dict[str, Any]:
        """``made_by`` (the first signature), ``checked_by`` (the later ones), ``waits_for_role``.

        The role is None where nobody's is missing or the draft no longer waits; a draft may still
        lack a signature that it names.  Of a key that no longer holds only its id is told.
        """
        signed = [key for key, _ in submission.envelope.signatures]
        known = self._known(submission)
        signers = [known[key] for key in signed if key in known]
        return {
            "made_by": self._person(submission, author, known),
            "checked_by": [self._person(submission, key, known) for key in signed if key != author],
            "waits_for_role": self._missing(submission, signers) if waits else None,
        }

    def _missing(self, submission: Submission, signers: Iterable[Signer]) -> str | None:
        try:
            self._ask(submission, signers)
        except Refusal as refusal:
            return WAITS_FOR.get(refusal.code)
        return None

    def _ask(self, submission: Submission, signers: Iterable[Signer]) -> None:
        payload = submission.envelope.payload
        declared = self._declared(submission)
        context = Context(
            self._engine,
            self._state,
            at=self._at,
            index=self._index,
            party=payload.party,
            ledger=payload.ledger,
            id=payload.id,
            type=payload.type,
            public=declared.circle is Circle.PUBLIC,
            salt=None,
            signers=tuple(signers),
        )
        check_four_eyes(context, declared, submission.body)

    def _declared(self, submission: Submission) -> StatementType:
        payload = submission.envelope.payload
        declared = self._engine.type_of(payload.type, payload.version)
        if declared is None:
            raise Malformed("type-unknown", "/envelope/payload/type", type=payload.type)
        return declared

    def _signers(self, submission: Submission) -> tuple[Signer, ...]:
        declared, payload = self._declared(submission), submission.envelope.payload
        return authority(self._state, payload, declared, self._at, self._index)

    def _known(self, submission: Submission) -> dict[str, Signer]:
        """The signers by key; none where one of the keys has ended since."""
        try:
            return {signer.key: signer for signer in self._signers(submission)}
        except NotAuthenticated:
            return {}

    def _person(
        self, submission: Submission, key: str, known: dict[str, Signer]
    ) -> dict[str, str | None]:
        signer = known.get(key)
        if signer is None:
            return {"key": key, "operator": None, "role": None}
        row = self._state.get(OPERATOR, submission.envelope.payload.party, signer.operator)
        return {
            "key": key,
            "operator": signer.operator,
            "role": None if row is None else row["role"],
        }
