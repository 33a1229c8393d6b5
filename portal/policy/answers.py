"""An answer of the policy in lines for people; the words of what it is stand in both languages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import Any

from incentives import exact
from portal.policy import beside
from portal.policy.answering import grouped
from portal.shell.texts import LANGUAGES, say

Answer = Mapping[str, Any]
BARE = "1"
"""The unit of what has none, such as a ratio; it is not written."""


def yuan(fen: int | None) -> str:
    """An amount in yuan with its sign, or a dash where there is none."""
    if fen is None:
        return "-"
    sign, fen = ("-", -fen) if fen < 0 else ("", fen)
    return f"{sign}{fen // 100:,}.{fen % 100:02d} CNY"


def notice() -> str:
    """That an answer is a pre-check and decides nothing, in both languages."""
    return in_both("policy.pre_check")


def in_both(key: str) -> str:
    """A text of the catalogue in both languages."""
    return " / ".join(say(key, language) for language in LANGUAGES)


def told(asked: Answer, *, whole: bool = False) -> Iterator[str]:
    """What may be had together, then every answer to one party in the order of a page's groups.

    ``whole`` has every step.  The notice comes first, as on the pages: the rest may be long.
    """
    yield notice()
    yield from _together(asked["combination"])
    for _, answers in grouped(asked["answers"]):
        for answer in answers:
            side = asked["beside"][answer["rule"]]
            yield head_line(answer, asked["known_at"])
            yield from _given(answer, side)
            yield from _body(answer, side, whole=whole)
            yield from _open(side, answer["rule"], asked["party"])


def differences(found: Answer) -> Iterator[str]:
    """Why answers differ: each rule with its two sides, its causes and what turned."""
    for rule in found["rules"]:
        sides = [f"{s['status'] or '-'} {yuan(s['amount_fen'])}" for s in _sides(rule)]
        yield f"{rule['rule']}  {' -> '.join(sides)}"
        for cause in rule["causes"]:
            before, after = (_side(side) for side in _sides(cause))
            yield f"  {cause['kind']} {cause['name']}: {before} -> {after}"
        for turned in rule["conditions"]:
            label = " ".join((turned["name"], *turned["label"]))
            yield f"  condition {label}: {turned['before'] or '-'} -> {turned['after'] or '-'}"
        if not rule["causes"]:
            yield f"  {in_both('asking.same')}"
    yield notice()


def _sides(value: Answer) -> tuple[Any, Any]:
    return value["before"], value["after"]


def _side(value: Any) -> str:
    """One side of a cause in a few words: its value, or where its text stands."""
    if not isinstance(value, dict):
        return _shown(value)
    if "value" in value:
        entry = f" (entry {value['entry']}, {value['party']})" if "entry" in value else ""
        return f"{_shown(value['value'])}{entry}"
    if "entry" in value:
        return f"entry {value['entry']}, from {value['valid_from']}"
    return f"{value['document']} {value['article']}"


def head_line(answer: Answer, known_at: int) -> str:
    """Rule, status, amount and both times on one line."""
    period = "" if not answer["period"] else f", facts of {'..'.join(answer['period'])}"
    return (
        f"{answer['rule']}  {answer['status']}  {yuan(answer['amount_fen'])}"
        f"  (law of {answer['as_of']}{period}, known at {known_at}, rule at {answer['rule_entry']})"
    )


def trace_line(answer: Answer) -> str:
    """The last step that an amount comes from: its expression with what stood in it."""
    steps = [step for step in answer.get("steps", ()) if step["unit"] == "fen"]
    return _step(steps[-1]) if steps else ""


def fact_line(fact: Answer) -> str:
    """A fact that was used: its name, what it says, who says it."""
    value = exact.text(Fraction(fact["value"], 10 ** fact["scale"]))
    named = " ".join(f"{name}={text}" for name, text in fact["dimensions"])
    unit = "" if fact["unit"] == BARE else f" {fact['unit']}"
    return (
        f"fact {fact['fact']}: {fact['indicator']} {named} = {value}{unit}"
        f"  ({fact['party']} as {fact['role']}, {fact['confidence']})"
    )


def _given(answer: Answer, side: Answer) -> Iterator[str]:
    """What a rule without a sum gives, by which figures of the law, and the papers to bring."""
    for item in side["unfit"]:
        for language in LANGUAGES:
            yield f"  {say('asking.unfit', language)}: {beside.misfit(item, language)}"
    if not side["sum"]:
        key = "asking.gives" if side["applies"] else "asking.would_give"
        for said in _both(beside.outcome, side):
            yield f"  {in_both(key)}: {said}"
        for said in _both(beside.terms, side):
            yield f"    {said}"
    for said in _both(beside.papers, side):
        yield f"  {in_both('asking.evidence')}: {said}"


def _open(side: Answer, rule: str, party: str) -> Iterator[str]:
    """What may still be stated or declared, each with how."""
    wanted = beside.needed(side)
    for item in wanted:
        told = " / ".join(beside.open_input(item, language) for language in LANGUAGES)
        yield f"  {in_both('asking.bring')} {told}"
        for language in LANGUAGES if item["stated_as"] else ():
            yield from (f"      {said}" for said in beside.stated(item, party, language))
    if any(item["stated_as"] for item in wanted):
        yield f"  {in_both('asking.how_shell')}; /guide"
    if wanted:
        yield f"  {in_both('asking.how_declared')}: --declare {rule}.{wanted[0]['name']}=…"


def _both(lines: Callable[[Answer, str], Iterator[str]], side: Answer) -> Iterator[str]:
    """Lines of both languages beside each other; those that are alike are said once."""
    for told in zip(*(lines(side, language) for language in LANGUAGES), strict=True):
        yield " / ".join(dict.fromkeys(told))


def _body(answer: Answer, side: Answer, *, whole: bool) -> Iterator[str]:
    if answer.get("review", "in-force") != "in-force":
        yield f"  review: {answer['review']}"
    if answer.get("reason"):
        yield f"  reason: {_reason(answer['reason'])}"
    if side["check"]:
        yield f"  check {answer['reason']['check']}: {' / '.join(side['check'].values())}"
    for language in LANGUAGES if not side["region"]["within"] else ():
        yield f"  {beside.elsewhere(side, language)}"
    yield from _wanting(answer, answer["status"], answer, side)
    for doubt in answer.get("doubts", ()):
        yield f"  not established: {doubt['of']}: {' / '.join(doubt['why'].values())}"
    clauses = {clause["id"]: clause for clause in answer.get("clauses", ())}
    yield from _conditions(answer, side, clauses, whole=whole)
    for clause in clauses.values():
        yield f"  {clause['document']} {clause['article']} ({clause['confidence']})"
        if whole:
            yield f"      {' '.join((clause['text'] or clause['summary']).split())}"
    for name in ("excludes", "excluded_by", "stacks_with", "declared", "declared_unused"):
        if answer.get(name):
            yield f"  {name.replace('_', ' ')}: {', '.join(answer[name])}"
    for fact in answer["facts"]:
        yield f"  {fact_line(fact)}"
    for step in answer.get("steps", ()):
        yield f"  {_step(step)}"


def _reason(reason: Answer) -> str:
    """Why a question was refused: the code, where, and what it means in both languages."""
    code, field = reason["code"], f" {reason['field']}" if reason.get("field") else ""
    return f"{code}{field}: {in_both(f'problem.{code}')}"


def _wanting(told: Answer, state: str, answer: Answer, side: Answer) -> Iterator[str]:
    """What an answer or a condition is wanting: what can be brought, and what the law lacks."""
    bring, law = beside.lacking(told.get("wanting", ()), state, answer["rule"], side)
    if bring:
        yield f"  wanting: {', '.join(bring)}"
    if law:
        yield f"  law that does not say: {', '.join(law)}"


def _conditions(
    answer: Answer, side: Answer, clauses: Mapping[str, Answer], *, whole: bool
) -> Iterator[str]:
    found = answer.get("changes", {"flips": (), "together": None})
    for condition in answer.get("conditions", ()):
        yield from _condition(condition, clauses, whole=whole)
        for line in _wanting(condition, condition["state"], answer, side):
            yield f"    {line}"
        for flip in found["flips"]:
            if (flip["condition"], flip["item"]) == (condition["name"], condition["item"]):
                yield f"      {change_line(flip)}"
    if (together := found["together"]) is not None:
        yield f"  all of these together: {together['status']} {yuan(together['amount_fen'])}"


def _condition(condition: Answer, clauses: Mapping[str, Answer], *, whole: bool) -> Iterator[str]:
    label = " ".join((condition["name"], *condition["label"]))
    titles = " / ".join(condition["title"][n] for n in LANGUAGES if n in condition["title"])
    clause = clauses.get(condition["clause"] or "")
    cited = f"  [{clause['document']} {clause['article']}]" if clause else ""
    said = f"  {titles}" if titles else ""
    yield f"  {label}: {condition['state']}{_distances(condition)}{said}{cited}"
    for operand in condition["operands"] if whole else ():
        yield f"      {operand['name']} = {_shown(operand['value'])}  ({source_of(operand)})"


def source_of(operand: Answer) -> str:
    """Where an operand comes from, in a few words."""
    if operand["from"] == "fact":
        return f"fact {operand['fact']}, entry {operand['entry']}"
    if operand["from"] == "record":
        return f"record: {operand['query']}"
    if operand.get("entries"):
        return f"{operand['from']}, entries {', '.join(map(str, operand['entries']))}"
    return str(operand["from"])


def change_line(flip: Answer) -> str:
    """The smallest change of one operand that meets a condition, and the answer then."""
    unit = "" if flip["unit"] in ("", BARE) else f" {flip['unit']}"
    bound = "" if flip["bound"] == "at" else f"{flip['bound']} "
    moved = f"  ({flip['change']}{unit})" if flip["change"] not in (None, "0") else ""
    way = f"{_shown(flip['value'])} -> {bound}{_shown(flip['to'])}{unit}"
    then = f"then {flip['status']} {yuan(flip['amount_fen'])}"
    return f"met by {flip['operand']}: {way}{moved}, {then}"


def gap(unmet: Answer, language: str) -> str:
    """An unmet condition in a language, with the first change that would meet it."""
    title = unmet["title"].get(language) or unmet["name"]
    said = " ".join((title, *unmet["label"]))
    flip = unmet["flip"]
    if flip is None:
        return said
    beyond = say(f"asking.bound.{flip['bound']}", language, otherwise="")
    bound = f"{beyond} " if beyond else ""
    moved = beside.word(unmet["moved"], flip["operand"], language)
    now, then = (beside.plainly(flip[name], language) for name in ("value", "to"))
    unit = beside.unit(flip["unit"], language)
    return f"{said}: {moved} {now} -> {bound}{then} {unit}".rstrip()


def _together(combination: Answer) -> Iterator[str]:
    if not combination["rules"]:
        return
    rules = ", ".join(combination["rules"])
    summed = set(combination["rules"]) - set(combination["without_amount"])
    amount = yuan(combination["amount_fen"]) if summed else in_both("asking.no_sum")
    yield f"{in_both('asking.best')}: {rules}  {amount}"
    if combination["unverified"]:
        yield f"  {in_both('policy.review_of.unverified')}: {', '.join(combination['unverified'])}"
    if combination["left"]:
        yield f"  {in_both('asking.left')}: {', '.join(combination['left'])}"


def _shown(value: object) -> str:
    if value is None:
        return "-"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _distances(condition: Answer) -> str:
    return "".join(
        f"; {d['expression']}: {d['value']} against {d['threshold']} ({d['difference']})"
        for d in condition["distances"]
    )


def _step(step: Answer) -> str:
    """A step with its value, its expression and the values of the names in it."""
    label = f"[{' '.join(step['label'])}]" if step["label"] else ""
    value = step["value"] if step["value"] is not None else step["state"]
    inputs = {name: value for name, value in _inputs(step["trace"])}
    named = ", ".join(f"{name}={value}" for name, value in inputs.items())
    clause = f"  {step['clause']}" if step["clause"] else ""
    unit = f" {step['unit']}" if step["unit"] else ""
    way = f"{step['trace']['expression']}  ({named})"
    return f"{step['name']}{label} = {value}{unit}  <- {way}{clause}"


def _inputs(trace: Answer) -> Iterator[tuple[str, Any]]:
    for item in trace["inputs"]:
        yield item["name"], item["value"]
    for part in trace["parts"]:
        yield from _inputs(part)
