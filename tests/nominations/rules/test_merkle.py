"""The tree: every line proves its place, and no other; an outside computation of the root agrees."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nominations.rules import merkle

lists = st.lists(st.binary(max_size=8), max_size=40)


def _root_by_rounds(leaves: list[bytes]) -> bytes:
    """The same root from below, level by level; an odd last one goes up as it is (equal to RFC 6962's split)."""
    level = leaves
    while len(level) > 1:
        pairs = [level[n : n + 2] for n in range(0, len(level), 2)]
        level = [
            hashlib.sha256(b"\x01" + b"".join(pair)).digest() if len(pair) == 2 else pair[0] for pair in pairs
        ]
    return level[0] if level else hashlib.sha256(b"").digest()


@given(lists)
def test_the_root_is_the_one_that_another_way_of_counting_gives(lines):
    leaves = [merkle.leaf_hash(line) for line in lines]
    assert merkle.root(leaves) == _root_by_rounds(leaves)


@given(lists)
def test_each_line_leads_to_the_root_at_its_place_and_at_no_other(lines):
    leaves = [merkle.leaf_hash(line) for line in lines]
    root = merkle.root(leaves)
    for place, steps in enumerate(merkle.proofs(leaves)):
        assert merkle.root_from(leaves[place], place, len(leaves), steps) == root
        elsewhere = [
            merkle.root_from(leaves[place], p, len(leaves), steps) for p in range(len(leaves)) if p != place
        ]
        assert not [p for p in elsewhere if p == root] or len(set(lines)) < len(lines)


@pytest.mark.parametrize(
    ("place", "count", "steps"),
    [
        (0, 0, []),
        (-1, 2, [b"x" * 32]),
        (2, 2, [b"x" * 32]),
        (0, 1, [b"x" * 32]),
        (0, 2, []),
        (0, 3, [b"x" * 32] * 3),
    ],
)
def test_a_proof_of_the_wrong_length_or_place_leads_nowhere(place, count, steps):
    assert merkle.root_from(b"a" * 32, place, count, steps) is None


def test_a_node_is_not_taken_for_a_leaf():
    leaves = [merkle.leaf_hash(line) for line in (b"a", b"b")]
    assert merkle.leaf_hash(leaves[0] + leaves[1]) != merkle.root(leaves)


def test_rfc_6962_vectors():
    """The empty tree and the one of a single empty line, as certificate transparency publishes them."""
    assert merkle.root([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert merkle.leaf_hash(b"").hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
