"""The results of a list as a table, with reasons in words of one language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import chain
from typing import Any

from portal.policy.answers import gap
from portal.policy.beside import elsewhere, misfit, outcome, papers
from portal.sheets import Table, Value
from portal.shell.texts import say

COLUMNS = (
    "line", "party", "rule", "status", "amount_fen", "review", "gives", "result", "reasons",
    "wanting", "unfit", "papers", "clauses", "entries", "on", "known_at", "rule_sha256", "code",
    "column", "carried", "notice",
)  # fmt: skip
FAILED = "not-answered"
UNFINISHED = "list-unfinished"
Result = Mapping[str, Any]


def table_of(
    results: Iterable[Result], language: str, part: tuple[int, int] | None = None
) -> Table:
    """The table; every line says that it is a pre-check.

    With ``part`` (rows answered, rows of the list) it is of a list that is not finished, and its
    first row says so.
    """
    rows = (_row(result, language) for result in results)
    return Table("answers", COLUMNS, rows if part is None else chain([_part(part, language)], rows))


def _part(part: tuple[int, int], language: str) -> list[Value]:
    done, total = part
    words = f"{say('asking.partial', language)}: {done} / {total}"
    told: dict[str, Value] = {"result": words, "code": UNFINISHED}
    return [told.get(name) for name in COLUMNS]


def counts(results: Iterable[Result]) -> dict[str, int]:
    """How many results there are of each status."""
    return dict(sorted(Counter(r.get("status", FAILED) for r in results).items()))


def carried_in(results: Iterable[Result]) -> list[str]:
    """The columns of a list that are no input of any rule and were not used, in their order."""
    return list(dict.fromkeys(name for one in results for name in one.get("carried", ())))


def _row(result: Result, language: str) -> list[Value]:
    told = {
        **result,
        "result": in_words(result, language),
        "reasons": "; ".join(gap(unmet, language) for unmet in result.get("unmet", ())),
        "wanting": ", ".join(result.get("wanting", ())),
        **beside_of(result, language),
        "clauses": "; ".join(result.get("clauses", ())),
        "entries": ", ".join(map(str, result.get("entries", ()))),
        "carried": "; ".join(f"{n}: {text}" for n, text in result.get("carried", {}).items()),
        "notice": say("policy.pre_check", language),
    }
    return [told.get(name) for name in COLUMNS]


def beside_of(result: Result, language: str) -> dict[str, str]:
    """In words what a rule without a sum gives, the papers to bring, and what does not fit."""
    side = result.get("beside")
    if side is None:  # a row that could not be asked
        return {}
    gives = list(outcome(side, language)) if result["status"] == "yes" else []
    away = [said for said in (elsewhere(side, language),) if said]
    unfit = [misfit(item, language) for item in side["unfit"]]
    return {
        "gives": "; ".join(gives),
        "papers": "; ".join(papers(side, language)),
        "unfit": "; ".join((*unfit, *away)),
    }


def in_words(result: Result, language: str) -> str:
    """The state of an answer, or why there is none."""
    code = result.get("code")
    if code:
        return say(f"problem.{code}", language, otherwise=str(code))
    return say(f"asking.state_of.{result['status']}", language)
