"""``qingzhang incentive record|answers|approval|budget|grants|recovery``: the policy's money."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import click
import orjson

from incentives.asking import ask, check_declared
from incentives.grants import queries
from incentives.grants.causes import How, with_causes
from incentives.onrecord.certificate import check
from incentives.onrecord.declaring import read, written
from incentives.onrecord.leaves import answer_digest, root_of
from incentives.queries import versions, waiting
from incentives.reading import Stored
from incentives.rules.plain import copied
from ledger.log.note import Verifier
from ledger.parties.key_history import follow
from ledger.parties.parameters import business_date
from ledger.writer.kinds import Row
from portal.cli.asof import DAY, known_at_option, reading_at
from portal.cli.declaring import FILE, declared_in
from portal.cli.params import VKEY
from portal.cli.shared import REFUSED, Failed, json_option, policy, tell
from portal.config import from_environment
from portal.home.opening import open_record
from portal.policy.answered import certified
from portal.policy.answers import yuan
from portal.shell.texts import say

SALT_BYTES = 16
NEW_FILE = click.Path(path_type=Path, dir_okay=False)
PARTY = click.option("--party", help="Only those in which this party has a part.")
STATE = click.option("--state", help="Only those that stand there.")
IDS = click.option(
    "--ids", is_flag=True, help="Print their ids alone, as other commands take them."
)


@click.command("record")
@click.argument("parties", nargs=-1, required=True)
@click.option("--rule", required=True)
@click.option("--on", required=True, type=DAY, help="The law of this day, the facts of its period.")
@click.option("--declare", "declared", type=FILE, help="Inputs that no fact holds, for one party.")
@known_at_option
@json_option
def record(
    parties: tuple[str, ...],
    rule: str,
    on: date,
    declared: Path | None,
    known_at: int | None,
    as_json: bool,
) -> None:
    """Print the body that puts RULE's answer about PARTIES on the record.

    For one party it is signed with ``statement sign answer.record``, for several, under one root,
    with ``statement sign answer.record-many``.
    """
    if declared is not None and len(parties) > 1:
        raise click.UsageError("--declare is said of one party")
    with policy(), reading_at(known_at) as (connection, size, *_):
        said = read(written(copied(declared_in(declared))))  # as the register will read it
        check_declared(Stored(connection), on, size, rule, said)
        found = [
            ask(connection, party, on, size, rule, explain=True, declared=said) for party in parties
        ]
    salt = os.urandom(SALT_BYTES).hex()
    digests = [answer_digest(answer) for answer in found]
    body: dict[str, Any] = {
        "rule": rule,
        "as_of": on.isoformat(),
        "known_at": size,
        "rule_set_sha256": found[0]["rule_set_sha256"],
        "salt": salt,
    }
    if len(parties) == 1:
        body |= {"subject": parties[0], "answer_sha256": digests[0]}
        body |= {"declared": written(said)} if said else {}
    else:
        body |= {"subjects": list(parties), "root": root_of(digests, salt)}
    tell(as_json, body, _spread(body))


@click.command("approval")
@click.argument("rule")
@click.option("--document", required=True, help="The finance bureau's own document.")
@json_option
def approval(rule: str, document: str, as_json: bool) -> None:
    """Print the body by which the finance bureau signs RULE's newest text that waits for it.

    Sign it with ``statement sign rule.approve``.
    """
    with reading_at(None) as (connection, *_):
        found = [row for row in waiting(connection) if row["rule"] == rule]
        known = found or versions(connection, rule)
    if not found:
        code = "incentive-rule-approved" if known else "incentive-rule-unknown"
        raise Failed(REFUSED, code, {"rule": rule})
    row = found[-1]
    body = {"rule": rule, "entry": row["index"], "sha256": row["digest"], "document": document}
    tell(as_json, body, _spread(body))


@click.command("budget")
@json_option
def budget(as_json: bool) -> None:
    """Budget lines with what was promised, paid, returned, has lapsed and is left."""
    with reading_at(None) as (connection, *_):
        rows = queries.budgets(connection)
    tell(as_json, rows, "\n".join(_line(row) for row in rows))


@click.command("answers")
@PARTY
@IDS
@json_option
def answers(party: str | None, ids: bool, as_json: bool) -> None:
    """Answers on the record, newest first."""
    with reading_at(None) as (connection, *_):
        rows = queries.newest(connection, queries.answers_of(party))
    lines = [
        f"{r['answer']}  {r['subject']}  {r['rule']}  as of {r['as_of']}, known at {r['known_at']}"
        f"  {r['status']} {yuan(r['amount_fen'])}"
        for r in rows
    ]
    tell(as_json, rows, "\n".join(_ids(rows, "answer") if ids else lines))


@click.command("certify")
@click.argument("answer")
@click.option("-o", "out", required=True, type=NEW_FILE, help="Write the certificate here.")
@json_option
def certify(answer: str, out: Path, as_json: bool) -> None:
    """Write the certificate of a recorded ANSWER, which ``incentive verify`` checks offline."""
    record = open_record(from_environment())
    try:
        with policy(), record.reading() as connection:
            found = certified(record, connection, answer, None)
    finally:
        record.database.dispose()
    if found is None:
        raise Failed(REFUSED, "recorded-answer-unknown", {"key": answer})
    out.write_bytes(found[1])
    tell(as_json, {"file": str(out), "answer": answer, "index": found[0]["index"]})


@click.command("verify")
@click.argument("certificate", type=FILE)
@click.option("--vkey", "key", type=VKEY, required=True, help="The pinned verifier key.")
@click.option("--keys", "history", type=FILE, help="How the log's keys followed each other.")
@json_option
def verify(certificate: Path, key: Verifier, history: Path | None, as_json: bool) -> None:
    """Check the certificate of a recorded answer offline; exit 3 where it does not hold."""
    followed = follow(key, history.read_bytes() if history else None)
    good = check(certificate.read_bytes(), followed.verify_receipt)
    names = ("answer", "subject", "asker", "rule", "as_of", "known_at", "status", "amount_fen")
    shown = {name: good.row[name] for name in names}
    tell(as_json, {**shown, "at": good.at, "index": good.index, "size": good.size})


@click.command("grants")
@PARTY
@STATE
@IDS
@json_option
def grants(party: str | None, state: str | None, ids: bool, as_json: bool) -> None:
    """Grants, newest first, with where each waits and until when."""
    with reading_at(None) as (connection, *_):
        found = queries.newest(connection, queries.standing(queries.grants_of(party), state))
        rows = queries.with_fallen(connection, found)
    lines = [
        f"{r['grant']}  {r['applicant']}  {r['rule']}  asked {yuan(r['asked_fen'])}"
        f"  granted {yuan(r['granted_fen'])}  paid {yuan(r['paid_fen'])}  {_standing(r)}"
        f"{'  what its answer rests on fell' if r['answer_fell'] else ''}"
        for r in rows
    ]
    tell(as_json, rows, "\n".join(_ids(rows, "grant") if ids else lines))


@click.command("recovery")
@PARTY
@STATE
@IDS
@json_option
def recovery(party: str | None, state: str | None, ids: bool, as_json: bool) -> None:
    """Recovery cases, newest first, and the recorded answers that were asked again."""
    with reading_at(None) as (connection, *_):
        asked = queries.standing(queries.cases_of(party), state)
        cases = with_causes(connection, queries.newest(connection, asked))
        reviews = queries.newest(connection, queries.reviews_of(party))
    shown = {"cases": cases, "reviews": reviews}
    lines = [*_cases(cases), *_reviews(reviews)]
    tell(as_json, shown, "\n".join(_ids(cases, "case") if ids else lines))


def _spread(body: Row) -> str:
    """A body to be read by people and to be signed as it is: JSON, a member a line."""
    return orjson.dumps(body, option=orjson.OPT_INDENT_2).decode()


def _ids(rows: list[Row], name: str) -> list[str]:
    return [str(row[name]) for row in rows]


def _line(row: Row) -> str:
    sums = "  ".join(
        f"{name} {yuan(row[f'{name}_fen'])}"
        for name in ("opened", "committed", "paid", "returned", "lapsed", "available")
    )
    return f"{row['line']}  {row['document']}  {row['year']}  {row['state']}\n  {sums}"


def _cases(rows: list[Row]) -> Iterator[str]:
    for row in rows:
        owed = "not decided" if row["owed_fen"] is None else yuan(row["owed_fen"])
        fine = f"  fine {yuan(row['fine_fen'])}, of which owed {yuan(row['fine_owed_fen'])}"
        yield (
            f"{row['case']}  {row['applicant']}  {row['ground']} of entry {row['cause']}"
            f"  {_standing(row)}\n"
            f"  brought {yuan(row['benefit_fen'])}  asked back {yuan(row['asked_back_fen'])}"
            f"  come back {yuan(row['come_back_fen'])}  still owed {owed}"
            f"{fine if row['fine_fen'] else ''}\n"
            f"  {_cause(row['cause_told'])}"
        )


def _cause(told: Row) -> str:
    if told["how"] == How.CORRECTED:
        return f"that entry corrected fact {told['name']}"
    if told["how"] == How.STATED:
        return f"that entry stated fact {told['name']}, which the rule hears too"
    if told["how"] == How.UNITS:
        return f"that entry, {told['type']}, touched {', '.join(map(_span, told['units']))}"
    return f"reason: {told['reason']}"


def _span(units: Row) -> str:
    serials = f" {units['first']}-{units['last']}" if "first" in units else ""
    return f"{units['batch']}{serials}"


def _reviews(rows: list[Row]) -> Iterator[str]:
    for row in rows:
        now = f"{row['status']} {yuan(row['amount_fen'])}" if row["status"] else "-"
        yield (
            f"answer {row['answer']}  {row['subject']}  {row['rule']}: {row['what']} {row['name']}"
            f" fell at entry {row['cause']}; {row['then']} {yuan(row['then_fen'])} -> {now}"
            f"  {say('grants.review_state_of.' + row['state'], 'en')}"
        )


def _standing(row: Row) -> str:
    """The state, and the last day of its term."""
    if row["due_at"] is None:
        return str(row["state"])
    late = " (late)" if row["clock"] == "late" else ""
    return f"{row['state']} until {business_date(row['due_at'] - 1)}{late}"


COMMANDS = (record, answers, certify, verify, approval, budget, grants, recovery)
