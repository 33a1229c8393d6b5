"""Finds the folder of shared papers, public data and test vectors, where there is one.

It is named by QINGZHANG_SHARED or lies beside the clone as `shared`. Nothing in it is copied
into the project, and every test passes without it.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest


def _find() -> Path | None:
    named = os.environ.get("QINGZHANG_SHARED")
    folder = Path(named) if named else Path(__file__).resolve().parents[2] / "shared"
    return folder if (folder / "vectors").is_dir() else None


SHARED = _find()
needs_shared = pytest.mark.skipif(SHARED is None, reason="no folder of shared test vectors here")
