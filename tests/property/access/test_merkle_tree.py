"""The growing tree against a plain reading of RFC 6962, for any number of leaves, and stopped and gone on with anywhere."""

from __future__ import annotations

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from crossline.audit_verifier import Tree


def plain_root(leaves: list[bytes]) -> bytes:
    """RFC 6962 §2.1, word for word: split at the largest power of two below the number of leaves."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return hashlib.sha256(b"\x01" + plain_root(leaves[:half]) + plain_root(leaves[half:])).digest()


def grown(leaves: list[bytes]) -> Tree:
    tree = Tree()
    for leaf in leaves:
        tree.append(leaf)
    return tree


@given(st.lists(st.binary(min_size=32, max_size=32), max_size=70))
def test_the_root_is_that_of_the_standard(leaves: list[bytes]) -> None:
    assert grown(leaves).root == plain_root(leaves)


@given(st.lists(st.binary(min_size=32, max_size=32), max_size=40), st.integers(0, 40))
def test_a_tree_goes_on_from_its_kept_peaks(leaves: list[bytes], at: int) -> None:
    begun = grown(leaves[:at])
    again = Tree(begun.size, list(begun.peaks))
    for leaf in leaves[at:]:
        again.append(leaf)
    assert (again.size, again.root) == (len(leaves), plain_root(leaves))


@given(st.lists(st.binary(min_size=32, max_size=32), min_size=2, max_size=40, unique=True), st.data())
def test_any_two_leaves_changed_over_change_the_root(leaves: list[bytes], data: st.DataObject) -> None:
    one = data.draw(st.integers(0, len(leaves) - 1))
    other = data.draw(st.integers(0, len(leaves) - 1).filter(lambda place: place != one))
    moved = list(leaves)
    moved[one], moved[other] = moved[other], moved[one]
    assert grown(moved).root != grown(leaves).root
