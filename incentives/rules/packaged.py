"""The rule files of the package: they seed genesis, and their golden tests prove them."""

from __future__ import annotations

from importlib import resources

_GOLDEN = ".golden.yaml"


def names() -> tuple[str, ...]:
    """List the packaged rules by id."""
    folder = resources.files("incentives.rules") / "data"
    files = sorted(f.name for f in folder.iterdir() if f.name.endswith(".yaml"))
    return tuple(f.removesuffix(".yaml") for f in files if not f.endswith(_GOLDEN))


def rule_text(name: str) -> str:
    """Give the text of a packaged rule."""
    return _text(f"{name}.yaml")


def golden_text(name: str) -> str:
    """Give the text of a packaged rule's golden tests."""
    return _text(name + _GOLDEN)


def _text(file: str) -> str:
    return (resources.files("incentives.rules") / "data" / file).read_text("utf-8")
