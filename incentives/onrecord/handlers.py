"""``answer.record`` and ``answer.record-many``: the register takes no answer but its own.

Both are confidential: an answer rests on facts that only its parties may read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from incentives.asking import asked_of, check_declared
from incentives.errors import DeclarationRefused
from incentives.models import RULE
from incentives.onrecord import declaring
from incentives.onrecord.leaves import answer_digest, leaf_salt, root_of
from incentives.onrecord.models import ANSWER, CITE, Cited
from incentives.onrecord.waiting import fact_of, wait
from incentives.quantities import issued_to
from incentives.reading import Deciding
from incentives.recorded import span_of
from incentives.rules.binding import ISSUED
from incentives.rules.rule import read
from ledger.credits.uses import check_real
from ledger.parties.models import PARTY
from ledger.writer.context import Context
from ledger.writer.errors import Refusal
from ledger.writer.kinds import Row
from ledger.writer.versions import DECLARATIONS_FIT

Body = Mapping[str, Any]
Answer = Mapping[str, Any]
ANYBODY = frozenset({"regulator", "finance"})
"""The roles that may ask about every party; an enterprise asks about itself."""


def record(context: Context, body: Body) -> None:
    """Put one answer on the record.

    Raises Refusal ``known-later``, ``subject-other``, ``party-unknown``,
    ``incentive-rule-unknown``, ``rule-set-differs``, ``answer-differs``, what ``check_declared``
    raises of inputs that the rule does not take, or ``check_real`` of the units cited.
    """
    found = _answered(context, body, body["subject"])
    digest = answer_digest(found)
    if digest != body["answer_sha256"]:
        raise Refusal("answer-differs", field="answer_sha256", sha256=digest)
    root = root_of([digest], str(context.salt))
    row = _put(context, body, found, (context.id, digest, 0, 1, root))
    _cite_serials(context, row, body.get("credits", ()))


def record_many(context: Context, body: Body) -> None:
    """Put the answers about many parties on the record, under one root.

    Raises what ``record`` raises, ``list-repeats`` and ``answers-differ``.
    """
    subjects = body["subjects"]
    if len(set(subjects)) < len(subjects):
        raise Refusal("list-repeats", field="subjects")
    found = [_answered(context, body, subject) for subject in subjects]
    digests = [answer_digest(answer) for answer in found]
    root = root_of(digests, str(context.salt))
    if root != body["root"]:
        raise Refusal("answers-differ", field="root", root=root)
    for place, (answer, digest) in enumerate(zip(found, digests, strict=True)):
        name = f"{context.id}/{place}"
        _put(context, body, answer, (name, digest, place, len(subjects), root))


def _cite_serials(context: Context, answer: Row, credits: Iterable[Body]) -> None:
    """Note units that an answer rests on; raises what ``check_real`` raises."""
    for cited in credits:
        check_real(context, cited["batch"], (cited["first"], cited["last"]))
        _cite(context, answer, Cited.CREDIT, cited["batch"], cited["first"], cited["last"])


def _answered(context: Context, body: Body, subject: str) -> Answer:
    if body["known_at"] > context.index:
        raise Refusal("known-later", field="known_at", size=context.index)
    roles = set(context.need(PARTY, context.party)["roles"])
    if subject != context.party and not ANYBODY & roles:
        raise Refusal("subject-other", field="subject", party=context.party)
    on = date.fromisoformat(body["as_of"])
    declared = declaring.read(body.get("declared"))
    reading = Deciding(context)
    try:
        found = asked_of(
            reading,
            subject,
            on,
            body["known_at"],
            body["rule"],
            explain=True,
            declared=declared,
            rule_set=body["rule_set_sha256"],
        ).written
        if context.engine_version >= DECLARATIONS_FIT:
            check_declared(reading, on, body["known_at"], body["rule"], declared)
    except DeclarationRefused as fault:
        raise Refusal(fault.code, **fault.written()) from fault
    return found


def _put(context: Context, body: Body, found: Answer, named: tuple[str, str, int, int, str]) -> Row:
    name, digest, place, count, root = named
    (told,) = found["answers"]
    row = {
        "answer": name,
        "record": context.id,
        "asker": context.party,
        "subject": found["party"],
        "rule": told["rule"],
        "rule_entry": told["rule_entry"],
        "rule_set_sha256": found["rule_set_sha256"],
        "as_of": body["as_of"],
        "known_at": body["known_at"],
        "declared": body.get("declared"),
        "status": told["status"],
        "amount_fen": told["amount_fen"],
        "answer_sha256": digest,
        "place": place,
        "count": count,
        "root": root,
        "leaf_salt": leaf_salt(str(context.salt), place),
        "salt": leaf_salt(str(context.salt), -1 - place),
        "index": context.index,
    }
    context.create(ANSWER, row)
    _cite(context, row, Cited.RULE, str(told["rule_entry"]))
    for used in told["facts"]:
        fact = fact_of(context, used["fact"])
        _cite(context, row, Cited.FACT, fact["fact"], line=fact["first"])
        if fact["until"] is not None:  # corrected since the log size that the answer knows
            wait(context, row, Cited.FACT, fact["fact"], fact["until"])
    _cite_issues(context, row)
    return row


def _cite_issues(context: Context, answer: Row) -> None:
    """Note the batches whose issue a rule has counted: the answer falls with units of theirs.

    Raises what ``check_real`` raises, of the rule that asks for them.
    """
    binding = read(context.need(RULE, answer["rule"], answer["rule_entry"])["text"]).facts
    if binding is None:
        return
    span = span_of(binding, date.fromisoformat(answer["as_of"]))
    words = [query.word for query in binding.queries.values() if query.name == ISSUED]
    for word in words:
        asked = (answer["subject"], word, span, answer["known_at"])
        for batch in issued_to(context, *asked):
            try:
                check_real(context, batch["batch"], (1, batch["issued"]))
            except Refusal as fault:
                raise Refusal(fault.code, **{**fault.params, "field": "rule"}) from fault
            _cite(context, answer, Cited.CREDIT, batch["batch"], 1, batch["issued"])


def _cite(
    context: Context,
    answer: Row,
    what: Cited,
    name: str,
    first: int = 0,
    last: int = 0,
    line: str | None = None,
) -> None:
    sides = {"asker": answer["asker"], "subject": answer["subject"], "line": line or name}
    place = {"answer": answer["answer"], "what": what, "name": name, "first": first}
    known = context.get(CITE, *CITE.key_of(place))
    if known is None:
        context.create(CITE, {**place, "last": last, **sides})
    elif known["last"] < last:  # one list may begin twice at one serial
        context.put(CITE, {**known, "last": last})
