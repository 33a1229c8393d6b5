"""Reads a plan of quotas: a cap in tonnes, a method, regions with indicators, bounds.

Shape (YAML or JSON): {cap, method, regions: [{code, indicators: {name: number}, lo?, hi?}],
bounds?: {max_cut?, max_gain?} or {lo?: {code: number}, hi?: …} or {code: {lo?, hi?}},
weights?: {name: number}, params?}. Numbers are integers or texts, so that they stay exact.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from types import MappingProxyType

from incentives import exact
from incentives.errors import NumberRefused
from incentives.quotas.errors import PlanRefused
from ledger.parties import strict_yaml

CAP_LIMIT = 2**53  # bodies carry no larger integer
MEMBERS_MAX = 100_000
_CODE = re.compile(r"[^\W_][\w.:-]{0,39}")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,39}")
_PLAN = ("cap", "method", "regions", "bounds", "weights", "params")
_REGION = ("code", "indicators", "lo", "hi")
_NOTHING: Mapping[str, object] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Member:
    """Who receives a part: a region, an enterprise or a reserve. `lo` and `hi` in tonnes."""

    code: str
    indicators: Mapping[str, Fraction] = field(default_factory=dict)
    lo: Fraction = Fraction(0)
    hi: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """A split to be made. `max_cut` and `max_gain` are shares of the indicator emissions."""

    cap: int
    method: str
    members: tuple[Member, ...]
    max_cut: Fraction | None = None
    max_gain: Fraction | None = None
    weights: Mapping[str, Fraction] = field(default_factory=dict)
    params: Mapping[str, object] = field(default_factory=dict)


def parse(text: str) -> Plan:
    """Read a plan's text. Raises TextRefused (no strict YAML) or PlanRefused."""
    return from_tree(strict_yaml.read(text))


def from_tree(tree: object) -> Plan:
    """Read a plan from a tree of mappings, lists, texts and integers.

    Raises PlanRefused field-unknown, field-missing, field-type, number-malformed,
    number-negative, number-out-of-range, code-malformed, code-twice, code-unknown,
    bounds-twice or bounds-crossed, each with `field`.
    """
    top = _mapping(tree, "", _PLAN)
    cap = _whole(_needed(top, "cap", ""), "cap")
    method = _needed(top, "method", "")
    if not isinstance(method, str) or not _NAME.fullmatch(method):
        raise PlanRefused("field-type", field="method", expected="name")
    rows = _needed(top, "regions", "")
    if not isinstance(rows, Sequence) or isinstance(rows, str):
        raise PlanRefused("field-type", field="regions", expected="list")
    if not 1 <= len(rows) <= MEMBERS_MAX:
        raise PlanRefused("number-out-of-range", field="regions", least=1, most=MEMBERS_MAX)
    members = tuple(_member(row, f"regions[{place}]") for place, row in enumerate(rows))
    _refuse_twins([m.code for m in members])
    limits = _optional(top, "bounds")
    shares = {name: None for name in ("max_cut", "max_gain")} | {
        name: _number(value, f"bounds.{name}")
        for name, value in limits.items()
        if name in ("max_cut", "max_gain")
    }
    if (cut := shares["max_cut"]) is not None and cut > 1:
        raise PlanRefused("number-out-of-range", field="bounds.max_cut", least=0, most=1)
    named = {k: v for k, v in limits.items() if k not in shares}
    weights = {k: _number(v, f"weights.{k}") for k, v in _optional(top, "weights").items()}
    return Plan(
        cap,
        method,
        _bounded(members, named),
        cut,
        shares["max_gain"],
        weights,
        _optional(top, "params"),
    )


def _member(row: object, path: str) -> Member:
    top = _mapping(row, path, _REGION)
    code = _needed(top, "code", path)
    code = str(code) if isinstance(code, int) and not isinstance(code, bool) else code
    if not isinstance(code, str) or not _CODE.fullmatch(code):
        raise PlanRefused("code-malformed", field=f"{path}.code")
    indicators = _mapping(top.get("indicators") or {}, f"{path}.indicators")
    read = {k: _number(v, f"{path}.indicators.{k}") for k, v in indicators.items()}
    return _limited(Member(code, read), top, path)


def _limited(member: Member, limits: Mapping[str, object], path: str) -> Member:
    """Set the bounds that a mapping names; each may be set once."""
    lo, hi = member.lo, member.hi
    if limits.get("lo") is not None:
        if lo != 0:
            raise PlanRefused("bounds-twice", field=f"{path}.lo", region=member.code)
        lo = _number(limits["lo"], f"{path}.lo")
    if limits.get("hi") is not None:
        if hi is not None:
            raise PlanRefused("bounds-twice", field=f"{path}.hi", region=member.code)
        hi = _number(limits["hi"], f"{path}.hi")
    if hi is not None and hi < lo:
        raise PlanRefused("bounds-crossed", field=path, region=member.code)
    return Member(member.code, member.indicators, lo, hi)


def _bounded(members: tuple[Member, ...], named: Mapping[str, object]) -> tuple[Member, ...]:
    """Lay bounds written beside the regions onto them: by code, or lo and hi first."""
    by_code: dict[str, dict[str, object]] = {}
    for key, value in named.items():
        path = f"bounds.{key}"
        if key in ("lo", "hi"):
            for code, limit in _mapping(value, path).items():
                by_code.setdefault(code, {})[key] = limit
        else:
            for side, limit in _mapping(value, path, ("lo", "hi")).items():
                if side in by_code.setdefault(key, {}):
                    raise PlanRefused("bounds-twice", field=f"{path}.{side}", region=key)
                by_code[key][side] = limit
    for code in by_code.keys() - {m.code for m in members}:
        raise PlanRefused("code-unknown", field=f"bounds.{code}", region=code)
    return tuple(_limited(m, by_code.get(m.code, {}), f"bounds.{m.code}") for m in members)


def _refuse_twins(codes: list[str]) -> None:
    seen: set[str] = set()
    for place, code in enumerate(codes):
        if code in seen:
            raise PlanRefused("code-twice", field=f"regions[{place}].code", region=code)
        seen.add(code)


def _mapping(
    value: object, path: str, known: tuple[str, ...] | None = None
) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise PlanRefused("field-type", field=path, expected="mapping")
    for key in value:
        if (known is not None and key not in known) or not isinstance(key, str):
            raise PlanRefused("field-unknown", field=f"{path}.{key}".lstrip("."))
    return value


def _optional(top: Mapping[str, object], name: str) -> Mapping[str, object]:
    value = top.get(name)
    return _NOTHING if value is None else _mapping(value, name)


def _needed(top: Mapping[str, object], name: str, path: str) -> object:
    if top.get(name) is None:
        raise PlanRefused("field-missing", field=f"{path}.{name}".lstrip("."))
    return top[name]


def _number(value: object, path: str) -> Fraction:
    try:
        read = exact.number(value)
    except NumberRefused as fault:
        raise PlanRefused("number-malformed", field=path, rule=fault.code) from None
    if read < 0:
        raise PlanRefused("number-negative", field=path)
    return read


def _whole(value: object, path: str) -> int:
    read = _number(value, path)
    if read.denominator != 1:
        raise PlanRefused("number-malformed", field=path, rule="number-whole")
    if read >= CAP_LIMIT:
        raise PlanRefused("number-out-of-range", field=path, least=0, most=CAP_LIMIT - 1)
    return int(read)
