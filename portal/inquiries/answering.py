"""Answers the rows of a list, each on its own: what one row breaks stops none of the others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Connection

from incentives.errors import PolicyError
from ledger.parties.queries import party_named
from ledger.writer.errors import Refusal
from portal.inquiries.lists import Asked
from portal.policy.beside import lacking
from portal.policy.questions import Asking

Ask = Callable[[Connection, str, Asking], dict[str, Any]]
"""Puts a question about a party; raises what refuses it."""
REASONS_MAX = 20
_KEPT = ("sum", "benefits", "applies", "figures", "holds", "papers", "unfit", "region")


def straight(connection: Connection, party: str, asking: Asking) -> dict[str, Any]:
    """The question as it is, for those who may ask about everybody."""
    return asking.of(connection, party)


def answer_row(
    connection: Connection, row: Asked, asking: Asking, ask: Ask = straight
) -> list[dict[str, Any]]:
    """One row of the list as one result a rule; a row that cannot be answered as one with ``code``.

    Results: line, party, rule, status, amount_fen, review, beside (what a rule without a sum gives,
    papers, what does not fit), clauses, unmet, wanting, entries, on, known_at, rule_sha256, code,
    column.
    """
    if row.code is not None:
        return [_failed(row, row.party or row.uscc, row.code, row.column)]
    party = party_named(connection, row.party or row.uscc)
    question = replace(
        asking,
        on=asking.on if row.on is None else date.fromisoformat(row.on),
        declared=row.declared,
    )
    try:
        found = ask(connection, party, question)
    except (Refusal, PolicyError) as error:
        # Under the name that was asked: else a code that belongs to nobody would be told from
        # one of an enterprise that may not be asked about.
        named = row.party or row.uscc
        return [_failed(row, named, error.code, str(error.params.get("field", "")))]
    return [_result(row, found, answer) for answer in found["answers"]]


def _failed(row: Asked, party: str, code: str, column: str) -> dict[str, Any]:
    return {
        "line": row.line,
        "party": party,
        "code": code,
        "column": column,
        "carried": dict(row.carried),
    }


def _result(row: Asked, found: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
    clauses = (f"{c['document']} {c['article']}" for c in answer.get("clauses", ()))
    reason = answer.get("reason") or {}
    side = found["beside"][answer["rule"]]
    bring, _ = lacking(answer.get("wanting", ()), answer["status"], answer["rule"], side)
    return {
        "line": row.line,
        "party": found["party"],
        "rule": answer["rule"],
        "status": answer["status"],
        "amount_fen": answer["amount_fen"],
        "review": answer["review"],
        "unmet": [_unmet(c, answer) for c in answer.get("conditions", ()) if c["state"] == "no"][
            :REASONS_MAX
        ],
        "wanting": bring,
        "beside": {name: side[name] for name in _KEPT},
        "clauses": list(dict.fromkeys(clauses)),
        "entries": sorted({fact["entry"] for fact in answer["facts"]}),
        "on": found["on"],
        "known_at": found["known_at"],
        "rule_sha256": answer["rule_sha256"],
        "code": reason.get("code"),
        "column": str(reason.get("field") or ""),
        "carried": dict(row.carried),
    }


def _unmet(condition: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
    """An unmet condition with the first change that would meet it, and what that changes."""
    flips = (
        f
        for f in answer["changes"]["flips"]
        if (f["condition"], f["item"]) == (condition["name"], condition["item"])
    )
    told = {"title": condition["title"], "name": condition["name"], "label": condition["label"]}
    flip = next(flips, None)
    moved = [op["title"] for op in condition["operands"] if flip and op["name"] == flip["operand"]]
    return {**told, "flip": flip, "moved": moved[0] if moved else {}}
