"""Around an opinion: a notice with a comment that is answered, an application that is decided."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from portal.demo.cast import LABEL
from portal.demo.step import BOTH, OFFICERS, Step

PROJECT = {"subject": "project", "name": "DEMO-VER-1"}


def published_and_applied(
    owner: str, neighbour: str, verifier: str, opinion: dict[str, Any]
) -> Iterator[Step]:
    """From the notice of a design to its application; the opinion comes too early once."""
    engaged = {**PROJECT, "verifier": verifier}
    yield Step("2025-11-19", owner, "verifier.engage", engaged, ("op-1",))
    yield Step("2025-11-19", owner, "notice.open", PROJECT, ("op-1",), "ver-notice")
    said = {"text": f"{LABEL}意见：请说明余热回收与既有节能改造的边界"}
    noticed = {"notice": "ver-notice"}
    yield Step(
        "2025-11-26", neighbour, "notice.comment", said, ("op-1",), "ver-comment", refers=noticed
    )
    yield Step("2025-12-01", verifier, "project.validate", opinion, BOTH, expect="notice-runs")
    answer = {"text": f"{LABEL}答复：已按设备编号核对，边界不重叠"}
    commented = {"comment": "ver-comment"}
    yield Step("2025-12-17", verifier, "notice.answer", answer, BOTH, refers=commented)
    asked = {**PROJECT, "undertaking": "no-ccer"}
    yield Step("2025-12-23", owner, "application.submit", asked, BOTH, "ver-application")
    applied = {"application": "ver-application"}
    yield Step("2025-12-25", "registrar", "application.accept", {}, OFFICERS[:1], refers=applied)
