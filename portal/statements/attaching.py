"""Files as attachments: each under the name that its statement's type has for it, with a salt."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from ledger.statements.attachments import BYTES_MAX, COUNT_MAX, Attachment
from ledger.statements.errors import Malformed

SALT_BYTES = 16
UNKNOWN = "application/octet-stream"
MEDIA_TYPES = {
    ".csv": "text/csv",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".html": "text/html",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".json": "application/json",
    ".md": "text/markdown",
    ".ofd": "application/ofd",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
    ".txt": "text/plain",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".xml": "application/xml",
    ".zip": "application/zip",
}
"""By ending, and not by the machine's own list, which differs from one to the next."""


def read_attachments(
    files: Mapping[str, Path], entropy: Callable[[int], bytes]
) -> dict[str, Attachment]:
    """Each file under its name with a salt of its own; names are those of the statement's type.

    Raises Malformed ``attachments`` for too many and ``too-large`` naming one, and OSError.
    """
    if len(files) > COUNT_MAX:
        raise Malformed("attachments", "/attachments", limit=COUNT_MAX)
    found = {}
    for name, path in files.items():
        with path.open("rb") as file:
            content = file.read(BYTES_MAX + 1)
        if len(content) > BYTES_MAX:
            raise Malformed("too-large", f"/attachments/{name}", limit=BYTES_MAX)
        media_type = MEDIA_TYPES.get(path.suffix.lower(), UNKNOWN)
        found[name] = Attachment(name, media_type, entropy(SALT_BYTES).hex(), content)
    return found
