"""Use cases of `vault`: seal and open one person's values, tag values for equality, destroy a person's key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from iindustry.kernel.errors import NotFound
from iindustry.vault import cipher
from iindustry.vault.keys import master_key
from iindustry.vault.models import PersonKey

if TYPE_CHECKING:
    from collections.abc import Sequence

_AT_ONCE = 5_000


def seal(value: str, *, person: str, context: str) -> bytes:
    """Encrypt one value of a person; `context` is `table.column`. The person's key is made at the first value."""
    return seal_all([(value, person)], context=context)[0]


def seal_all(pairs: Sequence[tuple[str, str]], *, context: str) -> list[bytes]:
    """What `seal` gives for many (value, person), in their order; keys are looked up and made thousands at a time."""
    blobs = []
    for start in range(0, len(pairs), _AT_ONCE):
        part = [(value, tag(person, context="vault.person")) for value, person in pairs[start : start + _AT_ONCE]]
        keys = _keys_of(sorted({person_tag for _, person_tag in part}))
        blobs += [cipher.seal(keys[person_tag], value, binding=f"{context}/{person_tag}") for value, person_tag in part]
    return blobs


def open_sealed(blob: bytes, *, person: str, context: str) -> str:
    """The value that `seal` was given. NotFound `person-erased`: the person's key was destroyed."""
    person_tag = tag(person, context="vault.person")
    row = PersonKey.objects.filter(person_tag=person_tag).first()
    if row is None:
        raise NotFound("person-erased")
    key = cipher.unwrap(_master(), bytes(row.wrapped), person_tag=person_tag)
    return cipher.unseal(key, bytes(blob), binding=f"{context}/{person_tag}")


def tag(value: str, *, context: str) -> str:
    """64 hexadecimal signs to compare values by without knowing them. Needs no database."""
    return cipher.tag(_master(), value, context=context)


def destroy(person: str) -> bool:
    """Destroy a person's key. True where there was one: what was sealed under it can never be read again."""
    deleted, _ = PersonKey.objects.filter(person_tag=tag(person, context="vault.person")).delete()
    return deleted > 0


def _keys_of(person_tags: Sequence[str]) -> dict[str, bytes]:
    """The key of each person, made where there is none."""
    master = _master()
    rows = PersonKey.objects.in_bulk(person_tags)
    absent = [one for one in person_tags if one not in rows]
    if absent:
        made = [
            PersonKey(person_tag=one, wrapped=cipher.wrap(master, cipher.new_key(), person_tag=one)) for one in absent
        ]
        PersonKey.objects.bulk_create(made, ignore_conflicts=True)
        rows |= PersonKey.objects.in_bulk(absent)  # another process may have been first: its key holds
    return {one: cipher.unwrap(master, bytes(rows[one].wrapped), person_tag=one) for one in person_tags}


def _master() -> bytes:
    return master_key(settings.HOME.keys)
