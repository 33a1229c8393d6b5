"""The YAML files that come with the package: words, examples, seeds; never what others send."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

_LOADER = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
"""They give the same; the one in C takes an eighth of the time, which each start would pay."""


def read(path: Path) -> Any:
    """What a file of the package states; raises yaml.YAMLError where it is none."""
    return yaml.load(path.read_text("utf-8"), _LOADER)
