"""What is told beside an answer, in words: what a rule gives, papers, what is open, what is amiss.

Each line is of one language; the shell says both, a page or a list the reader's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from incentives import exact
from portal.shell.texts import say

Beside = Mapping[str, Any]
BARE = ("", "1")
"""Units that say nothing: of what has none, such as a ratio or a flag."""
SHARE = "share "
"""How the units of shares begin."""
LAWLESS = ("unverified", "not-in-force")
"""States in which what is wanting is law and nothing that somebody could bring."""


def word(titles: Mapping[str, str], otherwise: str, language: str) -> str:
    """A title in a language, in Chinese where it has no other, or the name itself."""
    return titles.get(language) or titles.get("zh") or otherwise


def unit(text: str, language: str) -> str:
    """A unit in words, nothing for what has none."""
    return "" if text in BARE else say(f"policy.unit_of.{text}", language, otherwise=text)


def quantity(value: Any, of: str, language: str) -> str:
    """A value with its unit: fen as yuan, a share in per cent, a flag as yes or no."""
    if value is None:
        return say("asking.unknown", language)
    if isinstance(value, bool):
        return say(f"asking.{str(value).lower()}", language)
    if isinstance(value, list):
        return ", ".join(value)
    if of == "fen" and str(value).lstrip("-").isdecimal():
        fen = int(value)
        sign = "-" if fen < 0 else ""
        return f"{sign}¥{abs(fen) // 100:,}.{abs(fen) % 100:02d}"
    named = unit(of, language)
    if of.startswith(SHARE):
        value = f"{exact.text(100 * Fraction(value))}%"
    return f"{_spaced(str(value))} {named}".rstrip()


def plainly(value: Any, language: str) -> str:
    """A value without its unit: what nobody gave as unknown, a flag as yes or no."""
    return quantity(value, "", language)


def _spaced(number: str) -> str:
    """A decimal with its thousands apart; a ratio or a word as it is."""
    whole, point, rest = number.partition(".")
    return f"{int(whole):,}{point}{rest}" if whole.isdecimal() and len(whole) > 4 else number


def outcome(beside: Beside, language: str) -> Iterator[str]:
    """Who benefits where it is another, and the figures that a rule gives, or what it found."""
    if beside["benefits"]:
        yield say(f"asking.benefits.{beside['benefits']}", language)
    for figure in beside["figures"]:
        title = word(figure["title"], figure["name"], language)
        yield f"{title}: {quantity(figure['value'], figure['unit'], language)}"
    for found in beside["holds"]:
        yield word(found["title"], found["name"], language)


def terms(beside: Beside, language: str) -> Iterator[str]:
    """The figures of the law that a rule goes by, each with its days and document."""
    for figure in beside["parameters"]:
        if figure["kind"] != "table":
            yield f"{named(figure['name'], language)}: {term(figure, language)}"


def named(parameter: str, language: str) -> str:
    """A figure of the law by its words."""
    return say(f"policy.figure_of.{parameter}", language, otherwise=parameter)


def term(figure: Beside, language: str) -> str:
    """A figure of the law: what it is or why nobody can say, its days, document and confidence."""
    of = figure["unit"] if figure["kind"] == "value" else ""
    value = quantity(figure["value"], of, language)
    if figure["why"]:
        value = word(figure["why"], value, language)
    return (
        f"{value}; {dated(figure, language)}; {say('market.source', language)}: {figure['source']}"
    )


def operand(item: Beside, language: str) -> str:
    """The words of an operand: its own title, or those of a figure of the law."""
    return word(item["title"], named(item["name"], language), language)


def dated(figure: Beside, language: str) -> str:
    """Of which days, by which document, and how sure a figure of the law is."""
    days = " ".join(
        say(f"asking.{name}_day", language).format(day=figure[name])
        for name in ("from", "before")
        if figure[name]
    )
    document = " ".join(figure[n] for n in ("document", "article") if figure[n])
    sure = say(f"market.confidence_of.{figure['confidence']}", language)
    return "; ".join(part for part in (days, document, sure) if part)


def papers(beside: Beside, language: str) -> Iterator[str]:
    """The papers to bring; none where the rule is of another region."""
    for paper in beside["papers"] if beside["region"]["within"] else ():
        yield word(paper["title"], paper["id"], language)


def needed(beside: Beside) -> list[Beside]:
    """The inputs for which the answer, or what it would give, waits."""
    return [item for item in beside["wanted"] if item["needed"]]


def lacking(names: list[str], state: str, rule: str, beside: Beside) -> tuple[list[str], list[str]]:
    """Of the names for want of which nothing is said: what can be brought, and what is law.

    The rule itself and the region are neither: the answer says of them in other words.
    """
    known = {item["name"] for item in beside["wanted"]}
    bring: list[str] = []
    law: list[str] = []
    for name in names:
        if name in known:
            bring.append(name)
        elif name not in (rule, "region"):
            (law if state in LAWLESS else bring).append(name)
    return bring, law


def elsewhere(beside: Beside, language: str) -> str | None:
    """That the rule is of another region than the party, or that the party has none."""
    region = beside["region"]
    if region["within"]:
        return None
    key = "asking.elsewhere" if region["party"] else "asking.regionless"
    return say(key, language).format(**region)


def open_input(item: Beside, language: str) -> str:
    """An input that is open: its words, its name, and what may be given."""
    bounds = bounded(item, language)
    return f"{word(item['title'], item['name'], language)} ({item['name']}; {bounds})"


def bounded(item: Beside, language: str) -> str:
    """What an input takes: its kind, unit, range and choices."""
    said = [say(f"asking.kind_of.{item['kind']}", language)]
    if item["whole"]:
        said.append(say("asking.whole", language))
    if named_unit := unit(item["unit"], language):
        said.append(say("asking.in_unit", language).format(unit=named_unit))
    for name in ("least", "most"):
        if item[name] is not None:
            said.append(say(f"asking.{name}", language).format(value=item[name]))
    if item["choices"]:
        said.append(say("asking.one_of", language).format(choices=", ".join(item["choices"])))
    return ", ".join(said)


def stated(item: Beside, party: str, language: str) -> Iterator[str]:
    """Who may state an input as facts of which period, and how."""
    way = item["stated_as"]
    if way is None:
        yield say("asking.only_declared", language)
        return
    yield say("asking.facts_of", language).format(subject=party, **_span(way, language))
    for told in way["indicators"]:
        yield indicator(told, language)


def _span(way: Beside, language: str) -> dict[str, str]:
    period = say(f"policy.period.{way['period']}", language)
    return {"start": way["start"], "end": way["end"], "period": period}


def indicator(told: Beside, language: str) -> str:
    """An indicator with unit, dimensions, the roles that may state it, and the statement."""
    roles = ", ".join(say(f"policy.role.{role}", language) for role in told["roles"])
    by = ", ".join(told["dimensions"])
    said = [f"{told['indicator']} {word(told['title'], '', language)}".rstrip()]
    if told["unit"] not in BARE:
        said.append(say("asking.in_unit", language).format(unit=unit(told["unit"], language)))
    if by:
        said.append(say("asking.by_dimensions", language).format(dimensions=by))
    said.append(say("asking.stated_by", language).format(roles=roles, type=told["type"]))
    return ", ".join(said)


def misfit(told: Beside, language: str) -> str:
    """What was declared and cannot be taken: the input, the rule that it breaks, what fits."""
    title = word(told["title"], told["input"], language)
    fault = say(f"problem.{told['code']}", language, otherwise=told["code"])
    said = f"{title} ({told['input']}): {fault}"
    if "kind" in told:
        said = f"{said}; {bounded(told, language)}"
    return f"{said}; {say('asking.left_out', language)}" if told["left_out"] else said
