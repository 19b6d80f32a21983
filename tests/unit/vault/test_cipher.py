"""A sealed value opens for its person and place alone; tags compare and tell nothing."""

from __future__ import annotations

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as st

from iindustry.vault import cipher
from iindustry.vault.keys import master_key

MASTER = bytes(range(32))


@given(st.text(max_size=60))
def test_what_was_sealed_opens(value):
    key = cipher.new_key()
    blob = cipher.seal(key, value, binding="a.b/p")
    assert cipher.unseal(key, blob, binding="a.b/p") == value
    assert value.encode() not in blob or len(value) < 3


def test_it_opens_nowhere_else():
    key = cipher.new_key()
    blob = cipher.seal(key, "สมชาย", binding="a.b/p")
    for other_key, binding in ((cipher.new_key(), "a.b/p"), (key, "a.c/p"), (key, "a.b/q")):
        with pytest.raises(InvalidTag):
            cipher.unseal(other_key, blob, binding=binding)
    for bit in range(8, len(blob) * 8):
        changed = bytearray(blob)
        changed[bit // 8] ^= 1 << bit % 8
        with pytest.raises(InvalidTag):
            cipher.unseal(key, bytes(changed), binding="a.b/p")
    with pytest.raises(ValueError, match="version"):
        cipher.unseal(key, b"\x02" + blob[1:], binding="a.b/p")


def test_a_wrapped_key_belongs_to_its_person():
    key = cipher.new_key()
    wrapped = cipher.wrap(MASTER, key, person_tag="p")
    assert cipher.unwrap(MASTER, wrapped, person_tag="p") == key
    with pytest.raises(InvalidTag):
        cipher.unwrap(MASTER, wrapped, person_tag="q")


def test_tags_are_equal_for_equal_values_of_one_context_only():
    one = cipher.tag(MASTER, "1101700230708", context="person.id")
    assert one == cipher.tag(MASTER, "1101700230708", context="person.id")
    assert one != cipher.tag(MASTER, "1101700230708", context="director.id")
    assert one != cipher.tag(bytes(32), "1101700230708", context="person.id")
    assert len(one) == 64


def test_the_master_key_is_made_once_and_for_its_owner_alone(tmp_path):
    folder = tmp_path / "keys"
    key = master_key(folder)
    assert (folder / "vault.key").read_bytes() == key
    assert (folder / "vault.key").stat().st_mode & 0o777 == 0o600
    assert [one.name for one in folder.iterdir()] == ["vault.key"]
    master_key.cache_clear()
    assert master_key(folder) == key


def test_a_key_cut_short_stops_the_work(tmp_path):
    (tmp_path / "vault.key").write_bytes(b"short")
    with pytest.raises(RuntimeError, match="32 bytes"):
        master_key(tmp_path)
