"""A list as one digest: who holds a line of it can prove that it stands there without showing the others.

A binary hash tree as in RFC 6962 (certificate transparency): leaves and nodes are hashed with different first
bytes, so that a node can't be passed off as a leaf.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

EMPTY = hashlib.sha256(b"").digest()


def leaf_hash(line: bytes) -> bytes:
    """The hash of one line."""
    return hashlib.sha256(b"\x00" + line).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def _split(count: int) -> int:
    """The largest power of two below ``count``: so many lines stand in the left half."""
    return 1 << (count - 1).bit_length() - 1


def root(leaves: Sequence[bytes]) -> bytes:
    """The one hash that stands for all leaves in their order."""
    if not leaves:
        return EMPTY
    if len(leaves) == 1:
        return leaves[0]
    half = _split(len(leaves))
    return _node(root(leaves[:half]), root(leaves[half:]))


def proofs(leaves: Sequence[bytes]) -> list[list[bytes]]:
    """For each leaf the hashes that, with it, give the root; from the leaf upwards. All in n·log n steps."""
    steps: list[list[bytes]] = [[] for _ in leaves]

    def climb(begin: int, end: int) -> bytes:
        if end - begin == 1:
            return leaves[begin]
        half = begin + _split(end - begin)
        left, right = climb(begin, half), climb(half, end)
        for place in range(begin, half):
            steps[place].append(right)
        for place in range(half, end):
            steps[place].append(left)
        return _node(left, right)

    if leaves:
        climb(0, len(leaves))
    return steps


def root_from(leaf: bytes, place: int, count: int, steps: Sequence[bytes]) -> bytes | None:
    """The root that a leaf at ``place`` of ``count`` has with these hashes; None where they can't belong to it."""
    if not 0 <= place < count:
        return None
    if count == 1:
        return leaf if not steps else None
    if not steps:
        return None
    half = _split(count)
    if place < half:
        below = root_from(leaf, place, half, steps[:-1])
        return below and _node(below, steps[-1])
    below = root_from(leaf, place - half, count - half, steps[:-1])
    return below and _node(steps[-1], below)
