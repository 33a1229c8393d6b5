"""What a change of law would do, in lines for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from incentives.population.study import Found, plain
from incentives.population.thresholds import Cliff
from portal.policy.answers import in_both, yuan

UNANSWERED = ("missing", "refused", "unverified", "not-in-force")
"""What is said of who is told neither yes nor no."""

UNKNOWN = "-"


def lines(found: Found, cliffs: Sequence[Cliff], groups: Sequence[str]) -> Iterator[str]:
    """Beneficiaries, cost, winners and losers, near-misses, cliffs; then by group."""
    told = plain(found)
    before, after = told["before"], told["after"]
    yield (
        f"  beneficiaries {_moved(before['beneficiaries'], after['beneficiaries'])}"
        f"; winners {told['winners']:,}{_in_money(told['won_fen'])}"
        f", losers {told['losers']:,}{_in_money(told['lost_fen'])}"
    )
    yield from _unanswered(told["statuses"])
    if nowhere(told):
        yield f"  {in_both('simulate.nowhere')}"
    if after["cost_fen"] is None:
        yield f"  {in_both('simulate.no_sum')}"
    yield from _figures(told)
    yield from _grades(told)
    if before["fen_per_tonne"] is not None or after["fen_per_tonne"] is not None:
        yield (
            f"  cost per tonne reduced {yuan(before['fen_per_tonne'])}"
            f" -> {yuan(after['fen_per_tonne'])}"
        )
    near = told["near_misses"]
    yield f"  within 5 % of a threshold and not over it {_moved(near['before'], near['after'])}"
    for edge in told["thresholds"]["after"]:
        limit = "" if edge["threshold"] is None else f" (threshold {edge['threshold']})"
        yield (
            f"    {edge['condition']}: {edge['expression']}{limit}:"
            f" {edge['missed_closely']:,} just miss it, {edge['met_closely']:,} just meet it"
        )
    for cliff in cliffs:
        yield (
            f"    cliff at {cliff.name}: {cliff.close:,} close to it, the amount jumps by"
            f" {yuan(cliff.mean_fen)} on average ({yuan(cliff.least_fen)} to"
            f" {yuan(cliff.most_fen)})"
        )
    for name in groups:
        shares = told["by"][name]
        if [share["word"] for share in shares] == [""]:
            continue  # nobody says
        yield f"  by {name}:"
        yield from map(_share, shares)


def nowhere(told: Mapping[str, Any]) -> bool:
    """Whether the rule is in force for nobody: of another region or another day than theirs."""
    counts = [told["statuses"][side] for side in ("before", "after")]
    return all(set(side) == {"not-in-force"} for side in counts)


def _unanswered(statuses: Mapping[str, Mapping[str, int]]) -> Iterator[str]:
    """Whoever is told neither yes nor no is no loser: why, and how many before and after."""
    for status in UNANSWERED:
        counts = [statuses[side].get(status, 0) for side in ("before", "after")]
        if any(counts):
            yield f"  {in_both(f'asking.state_of.{status}')} {_moved(*counts)}"


def set_lines(told: Mapping[str, Any]) -> Iterator[str]:
    """Two sets of rules: in all, then rule by rule, then by group."""
    yield (
        f"{told['enterprises']:,} enterprises: {yuan(told['before_fen'])} ->"
        f" {yuan(told['after_fen'])} ({yuan(told['after_fen'] - told['before_fen'])});"
        f" winners {told['winners']:,} ({yuan(told['won_fen'])}),"
        f" losers {told['losers']:,} ({yuan(told['lost_fen'])})"
    )
    for part in told["rules"]:
        sides = ["-" if part[side] is None else _part(part[side]) for side in ("before", "after")]
        yield (
            f"  {part['rule']}: {' -> '.join(sides)};"
            f" {part['answered_otherwise']:,} answered otherwise"
        )
    for name, shares in told["by"].items():
        if [share["word"] for share in shares] == [""]:
            continue
        yield f"  by {name}:"
        for share in shares:
            yield (
                f"    {share['word'] or UNKNOWN:<8} {yuan(share['before_fen'])} ->"
                f" {yuan(share['after_fen'])}  +{share['winners']:,} -{share['losers']:,}"
            )


def _part(side: Mapping[str, Any]) -> str:
    if side["cost_fen"] is None:
        return f"{side['beneficiaries']:,} told yes, no sum"
    return f"{side['beneficiaries']:,} get {yuan(side['cost_fen'])}"


def _share(share: Mapping[str, Any]) -> str:
    before, after = share["before"], share["after"]
    return (
        f"    {share['word'] or UNKNOWN:<8} {share['enterprises']:>9,}"
        f"  beneficiaries {_moved(before['beneficiaries'], after['beneficiaries'])}"
        f"{_cost(before, after)}"
        f"  +{share['winners']:,} -{share['losers']:,}"
    )


def _figures(told: Mapping[str, Any]) -> Iterator[str]:
    """What a rule without a sum has in money: before, after, and how many have another figure."""
    sides = [{one["name"]: one for one in told[side]["figures"]} for side in ("before", "after")]
    for figure in told["figures"]:
        old, new = (side[figure["name"]] for side in sides)
        title = " / ".join(figure["title"].values())
        yield (
            f"  {figure['name']} ({title}): {yuan(old['fen'])} of {old['known']:,} ->"
            f" {yuan(new['fen'])} of {new['known']:,}; {figure['altered']:,} have another one"
        )


def _grades(told: Mapping[str, Any]) -> Iterator[str]:
    """How many a rule that grades gives which grade, before and after."""
    for grade in told["grades"]:
        before, after = grade["before"], grade["after"]
        counts = (
            f"{value}: {before.get(value, 0):,} -> {after.get(value, 0):,}"
            for value in sorted({*before, *after}, key=int)
        )
        title = " / ".join(grade["title"].values())
        yield (
            f"  {grade['name']} ({title}): {', '.join(counts)}; {grade['altered']:,} another,"
            f" {grade['without']:,} told yes without one"
        )


def _in_money(fen: int | None) -> str:
    return "" if fen is None else f" ({yuan(fen)})"


def _cost(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    if before["cost_fen"] is None and after["cost_fen"] is None:
        return ""
    return f"  cost {yuan(before['cost_fen'])} -> {yuan(after['cost_fen'])}"


def _moved(before: int, after: int) -> str:
    return f"{before:,} -> {after:,} ({after - before:+,})"
