"""The Merkle tree of RFC 6962: hashes, roots, and the verification of proofs.

Leaves hash as SHA-256(0x00 ‖ leaf), nodes as SHA-256(0x01 ‖ left ‖ right) (RFC 6962 §2.1).
Verification follows RFC 9162 §2.1.3.2 and §2.1.4.2: every hash of a proof is consumed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256

from ledger.log.errors import ProofError

HASH_BYTES = 32
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


def tree_path(hashes: Sequence[bytes], index: int) -> list[bytes]:
    """The audit path of a leaf in a tree held in memory (RFC 6962 §2.1.1); raises ProofError."""
    if not 0 <= index < len(hashes):
        raise ProofError("index-outside-tree")
    if len(hashes) == 1:
        return []
    split = 1 << ((len(hashes) - 1).bit_length() - 1)
    left, right = hashes[:split], hashes[split:]
    if index < split:
        return [*tree_path(left, index), tree_root(right)]
    return [*tree_path(right, index - split), tree_root(left)]


class Frontier:
    """The roots of the perfect subtrees that make up a growing tree, largest first."""

    __slots__ = ("_peaks", "size")

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[bytes] = []

    def append(self, leaf: bytes) -> None:
        """Add one leaf hash."""
        self.extend((leaf,))

    def extend(self, leaves: Iterable[bytes]) -> None:
        """Add leaf hashes in order."""
        peaks = self._peaks
        count = self.size
        for leaf in leaves:
            node, size = leaf, count
            while size & 1:
                node = sha256(b"\x01" + peaks.pop() + node).digest()
                size >>= 1
            peaks.append(node)
            count += 1
        self.size = count

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
    _expect_hashes(leaf, root, *proof)
    computed = leaf
    for step, from_left in _climb(index, size - 1, proof):
        computed = node_hash(step, computed) if from_left else node_hash(computed, step)
    if computed != root:
        raise ProofError("root-differs")


def verify_consistency(
    first: int, second: int, proof: Sequence[bytes], first_root: bytes, second_root: bytes
) -> None:
    """Check that the tree of ``second`` leaves extends the one of ``first``; raises ProofError."""
    if not 0 <= first <= second:
        raise ProofError("sizes-reversed")
    _expect_hashes(first_root, second_root, *proof)
    if first in (0, second):
        _expect_no_proof(proof)
        if first_root != (EMPTY_ROOT if first == 0 else second_root):
            raise ProofError("root-differs")
        if second == 0 and second_root != EMPTY_ROOT:
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
    for step, from_left in _climb(node, last, hashes[1:]):
        if from_left:
            old = node_hash(step, old)
        new = node_hash(step, new) if from_left else node_hash(new, step)
    if old != first_root or new != second_root:
        raise ProofError("root-differs")


def _climb(node: int, last: int, proof: Sequence[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Each hash of a proof and whether it joins from the left; the path must end at the root."""
    for step in proof:
        if last == 0:
            raise ProofError("proof-too-long")
        from_left = bool(node & 1) or node == last
        yield step, from_left
        if from_left:
            while not node & 1 and node:
                node >>= 1
                last >>= 1
        node >>= 1
        last >>= 1
    if last != 0:
        raise ProofError("proof-too-short")


def _expect_no_proof(proof: Sequence[bytes]) -> None:
    if proof:
        raise ProofError("proof-too-long")


def _expect_hashes(*values: bytes) -> None:
    # equal values of another length would otherwise prove a tree of one leaf
    if any(len(value) != HASH_BYTES for value in values):
        raise ProofError("hash-size")
