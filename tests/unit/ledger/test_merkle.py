"""The tree against a second one written from the RFC, and against every single changed bit."""

from __future__ import annotations

import naive_merkle as naive
from hypothesis import given
from hypothesis import strategies as st

from iindustry.ledger import merkle

DATA = st.lists(st.binary(max_size=8), min_size=1, max_size=70)


def leaves(data):
    return [merkle.leaf_hash(one) for one in data]


def test_the_known_roots_of_the_rfc_test_vectors():
    data = [
        bytes.fromhex(one)
        for one in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
    ]
    assert merkle.root(leaves(data)).hex() == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
    assert merkle.root([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@given(DATA)
def test_the_root_is_that_of_the_rfc(data):
    assert merkle.root(leaves(data)) == naive.mth(data)


@given(DATA, st.data())
def test_a_frontier_grown_in_any_steps_has_the_root(data, draw):
    cut = draw.draw(st.integers(0, len(data)))
    grown = merkle.Frontier().extended(leaves(data)[:cut]).extended(leaves(data)[cut:])
    assert (grown.size, grown.root()) == (len(data), naive.mth(data))


@given(DATA, st.data())
def test_inclusion_agrees_and_leads_to_the_root(data, draw):
    index = draw.draw(st.integers(0, len(data) - 1))
    hashes = leaves(data)
    path = merkle.inclusion_path(index, hashes)
    assert path == naive.path(index, data)
    assert merkle.root_by_path(index, len(data), hashes[index], path) == merkle.root(hashes)


@given(DATA, st.data())
def test_a_path_for_another_place_size_or_with_one_bit_changed_does_not(data, draw):
    index = draw.draw(st.integers(0, len(data) - 1))
    hashes = leaves(data)
    path, root = merkle.inclusion_path(index, hashes), merkle.root(hashes)
    assert merkle.root_by_path(index, len(data), hashes[index], [*path, root]) is None
    if path:
        assert merkle.root_by_path(index, len(data), hashes[index], path[:-1]) != root
        which, bit = draw.draw(st.integers(0, len(path) - 1)), draw.draw(st.integers(0, 255))
        changed = bytearray(path[which])
        changed[bit // 8] ^= 1 << bit % 8
        assert (
            merkle.root_by_path(index, len(data), hashes[index], [*path[:which], bytes(changed), *path[which + 1 :]])
            != root
        )


@given(DATA, st.data())
def test_consistency_agrees_and_holds(data, draw):
    old = draw.draw(st.integers(1, len(data)))
    hashes = leaves(data)
    path = merkle.consistency_path(old, hashes)
    assert path == naive.proof(old, data)
    old_root, new_root = merkle.root(hashes[:old]), merkle.root(hashes)
    assert merkle.is_consistent(old, len(data), old_root, new_root, path)
    other = merkle.leaf_hash(b"another")
    assert not merkle.is_consistent(old, len(data), other, new_root, path)
    assert not merkle.is_consistent(old, len(data), old_root, other, path)
    assert not merkle.is_consistent(old, len(data), old_root, new_root, [*path, other])


def test_every_bit_of_every_leaf_counts():
    hashes = leaves([bytes([place]) for place in range(13)])
    root = merkle.root(hashes)
    for place in range(13):
        for bit in range(256):
            changed = bytearray(hashes[place])
            changed[bit // 8] ^= 1 << bit % 8
            assert merkle.root([*hashes[:place], bytes(changed), *hashes[place + 1 :]]) != root
