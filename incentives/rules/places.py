"""Where in a rule file a fault is: line and column of the field that it names."""

from __future__ import annotations

import re

import yaml

from incentives.rules.errors import RuleRefused

_STEP = re.compile(r"([^.\[\]]+)|\[([0-9]+)\]")


def located(fault: RuleRefused, text: str) -> RuleRefused:
    """The same fault with `line` and `column`, both from 1, of the nearest field that is there.

    Of a faulty part of an expression on one line it is the part's own column.
    """
    field = fault.params.get("field")
    node = _walk(yaml.compose(text, Loader=yaml.SafeLoader), str(field or ""))
    if node is None:
        return fault
    mark = node.start_mark
    column = mark.column + 1
    part = fault.params.get("part")
    if isinstance(node, yaml.ScalarNode) and isinstance(part, str):
        line = text.splitlines()[mark.line]
        within = line.find(part, mark.column)
        column = column if within < 0 else within + 1
    return RuleRefused(fault.code, **{**fault.params, "line": mark.line + 1, "column": column})


def _walk(node: yaml.Node | None, path: str) -> yaml.Node | None:
    """The node at a path; where it ends early, the last one that is there."""
    for name, place in _STEP.findall(path):
        if isinstance(node, yaml.MappingNode) and name:
            found = [value for key, value in node.value if key.value == name]
            if not found:
                return node
            node = found[0]
        elif isinstance(node, yaml.SequenceNode) and place and int(place) < len(node.value):
            node = node.value[int(place)]
        else:
            return node
    return node
