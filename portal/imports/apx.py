"""What the registries whose software comes from APX share: ACR and Climate Action Reserve."""

from __future__ import annotations

from portal.imports.cells import one
from portal.imports.model import Project
from portal.imports.rows import Cells


def project_seen(cells: Cells, registry: str, method: str) -> Project:
    """The project that a row about units names; ``method`` is the column of its methodology."""
    return Project(
        registry=registry,
        id=cells.text("Project ID"),
        origin="seen",
        name=cells.text("Project Name"),
        proponent=cells.optional("Project Developer"),
        country=cells.optional("Project Site Country"),
        kinds=one(cells.optional("Project Type")),
        methodologies=one(cells.optional(method)),
    )
