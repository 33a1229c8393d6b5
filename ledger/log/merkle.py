"""The Merkle tree of RFC 6962: hashes, roots, and the verification of proofs.

Leaves hash as SHA-256(0x00 ‖ leaf), nodes as SHA-256(0x01 ‖ left ‖ right) (RFC 6962 §2.1).
Verification follows RFC 9162 §2.1.3.2 and §2.1.4.2: every hash of a proof is consumed.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

from ledger.log.errors import ProofError

EMPTY_ROOT = sha256(b"").digest()


def leaf_hash(data: bytes) -> bytes:
    """The hash of a leaf."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node."""
    return sha256(b"\x01" + left + right).digest()


def tree_root(hashes: Sequence[bytes]) -> bytes:
    """The root over leaf hashes."""
    frontier = Frontier()
    frontier.extend(hashes)
    return frontier.root()


class Frontier:
    """The roots of the perfect subtrees that make up a growing tree, largest first."""

    __slots__ = ("_peaks", "size")

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[bytes] = []

    def append(self, leaf: bytes) -> None:
        """Add one leaf hash."""
        size = self.size
        peaks = self._peaks
        while size & 1:
            leaf = sha256(b"\x01" + peaks.pop() + leaf).digest()
            size >>= 1
        peaks.append(leaf)
        self.size += 1

    def extend(self, leaves: Sequence[bytes]) -> None:
        """Add leaf hashes in order."""
        for leaf in leaves:
            self.append(leaf)

    def root(self) -> bytes:
        """The root of the tree so far."""
        if not self._peaks:
            return EMPTY_ROOT
        root = self._peaks[-1]
        for peak in reversed(self._peaks[:-1]):
            root = node_hash(peak, root)
        return root

    def copy(self) -> Frontier:
        """An independent copy."""
        other = Frontier()
        other.size = self.size
        other._peaks = list(self._peaks)
        return other


def verify_inclusion(
    index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes
) -> None:
    """Check that a leaf hash stands at ``index`` of the tree; raises ProofError."""
    if not 0 <= index < size:
        raise ProofError("index-outside-tree")
    node, last, computed = index, size - 1, leaf
    for step in proof:
        if last == 0:
            raise ProofError("proof-too-long")
        if node & 1 or node == last:
            computed = node_hash(step, computed)
            while not node & 1 and node:
                node >>= 1
                last >>= 1
        else:
            computed = node_hash(computed, step)
        node >>= 1
        last >>= 1
    if last != 0:
        raise ProofError("proof-too-short")
    if computed != root:
        raise ProofError("root-differs")


def verify_consistency(
    first: int, second: int, proof: Sequence[bytes], first_root: bytes, second_root: bytes
) -> None:
    """Check that the tree of ``second`` leaves extends the one of ``first``; raises ProofError."""
    if not 0 <= first <= second:
        raise ProofError("sizes-reversed")
    if first == second:
        if proof:
            raise ProofError("proof-too-long")
        if first_root != second_root:
            raise ProofError("root-differs")
        return
    if first == 0:
        if proof:
            raise ProofError("proof-too-long")
        if first_root != EMPTY_ROOT:
            raise ProofError("root-differs")
        return
    hashes = list(proof)
    if not hashes:
        raise ProofError("proof-too-short")
    if first & (first - 1) == 0:
        hashes.insert(0, first_root)
    node, last = first - 1, second - 1
    while node & 1:
        node >>= 1
        last >>= 1
    old = new = hashes[0]
    for step in hashes[1:]:
        if last == 0:
            raise ProofError("proof-too-long")
        if node & 1 or node == last:
            old = node_hash(step, old)
            new = node_hash(step, new)
            while not node & 1 and node:
                node >>= 1
                last >>= 1
        else:
            new = node_hash(new, step)
        node >>= 1
        last >>= 1
    if last != 0:
        raise ProofError("proof-too-short")
    if old != first_root or new != second_root:
        raise ProofError("root-differs")
