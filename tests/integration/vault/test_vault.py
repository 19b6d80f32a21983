"""Values of people at rest: keys by person, destroyed for good."""

from __future__ import annotations

import pytest

from iindustry.kernel.errors import NotFound
from iindustry.vault import services as vault
from iindustry.vault.models import PersonKey

pytestmark = pytest.mark.django_db


def test_one_key_serves_a_person_and_no_plain_id_is_kept():
    one = vault.seal("สมชาย ใจดี", person="1101700230708", context="director.name")
    two = vault.seal("0812345678", person="1101700230708", context="director.phone")
    assert vault.open_sealed(one, person="1101700230708", context="director.name") == "สมชาย ใจดี"
    assert vault.open_sealed(memoryview(two), person="1101700230708", context="director.phone") == "0812345678"
    row = PersonKey.objects.get()
    assert "1101700230708" not in row.person_tag


def test_destroying_the_key_erases():
    blob = vault.seal("สมชาย", person="p", context="a.b")
    assert vault.destroy("p")
    assert not vault.destroy("p")
    with pytest.raises(NotFound, match="person-erased"):
        vault.open_sealed(blob, person="p", context="a.b")


def test_many_are_sealed_as_one_is(monkeypatch, django_assert_max_num_queries):
    monkeypatch.setattr(vault, "_AT_ONCE", 4)
    vault.seal("ก่อน", person="p2", context="a.b")
    pairs = [(f"ชื่อ {number}", f"p{number % 5}") for number in range(8)]
    with django_assert_max_num_queries(6):
        blobs = vault.seal_all(pairs, context="a.b")
    assert [
        vault.open_sealed(blob, person=person, context="a.b") for blob, (_, person) in zip(blobs, pairs, strict=True)
    ] == [value for value, _ in pairs]
    assert PersonKey.objects.count() == 5
    assert vault.seal_all([], context="a.b") == []
