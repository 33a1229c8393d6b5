"""The digest of an answer, and the tree over many of them (RFC 6962, as the log's own).

A leaf has a salt of its own, which follows from the body's: who sees the path of one answer cannot
guess its neighbour.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from ledger.log.merkle import leaf_hash, tree_path, tree_root
from ledger.statements.canonical import encode


def answer_digest(answer: Mapping[str, Any]) -> str:
    """SHA-256, in hex, of an answer's canonical bytes."""
    return hashlib.sha256(encode(answer)).hexdigest()


def leaf_salt(salt: str, place: int) -> str:
    """The 128-bit salt, in hex, of the answer at a place from 0."""
    return hashlib.sha256(f"qingzhang/answer/v1\n{salt}\n{place}".encode()).hexdigest()[:32]


def leaf(digest: str, salt: str) -> bytes:
    """The hash of one answer's leaf."""
    return leaf_hash(encode({"answer_sha256": digest, "salt": salt}))


def root_of(digests: Sequence[str], salt: str) -> str:
    """The root, in hex, over answers in their order, where ``salt`` is the body's."""
    return tree_root(_leaves(digests, salt)).hex()


def path_in(leaves: Sequence[bytes], place: int) -> list[str]:
    """The hashes, in hex, that lead from the leaf at a place to the root."""
    return [node.hex() for node in tree_path(leaves, place)]


def _leaves(digests: Sequence[str], salt: str) -> list[bytes]:
    return [leaf(digest, leaf_salt(salt, place)) for place, digest in enumerate(digests)]
