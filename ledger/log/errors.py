"""Why a proof, note or tile is not believed."""

from __future__ import annotations


class LogError(Exception):
    """Base: a kebab-case code."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class ProofError(LogError):
    """A Merkle proof does not lead to the root."""


class NoteError(LogError):
    """A signed note is malformed or not signed by the key that is trusted."""


class TileError(LogError):
    """A tile or bundle is malformed."""


class ReceiptError(LogError):
    """A receipt is malformed."""


class PolicyError(LogError):
    """A trust policy is malformed, or a checkpoint does not meet it."""


class WitnessError(LogError):
    """A witness did not cosign; ``fork`` where it holds another history of this log.

    ``known`` is the size that it says to have cosigned, where that is beyond the one asked for.
    """

    def __init__(self, code: str, *, fork: bool = False, known: int | None = None) -> None:
        super().__init__(code)
        self.fork = fork
        self.known = known
