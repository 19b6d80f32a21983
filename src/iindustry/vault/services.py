"""Use cases of `vault`: seal and open one person's values, tag values for equality, destroy a person's key."""

from __future__ import annotations

from django.conf import settings

from iindustry.kernel.errors import NotFound
from iindustry.vault import cipher
from iindustry.vault.keys import master_key
from iindustry.vault.models import PersonKey


def seal(value: str, *, person: str, context: str) -> bytes:
    """Encrypt one value of a person; `context` is `table.column`. The person's key is made at the first value."""
    person_tag = tag(person, context="vault.person")
    return cipher.seal(_key_of(person_tag), value, binding=f"{context}/{person_tag}")


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


def _key_of(person_tag: str) -> bytes:
    row = PersonKey.objects.filter(person_tag=person_tag).first()
    if row is None:
        wrapped = cipher.wrap(_master(), cipher.new_key(), person_tag=person_tag)
        PersonKey.objects.bulk_create([PersonKey(person_tag=person_tag, wrapped=wrapped)], ignore_conflicts=True)
        row = PersonKey.objects.get(person_tag=person_tag)  # another process may have been first: its key holds
    return cipher.unwrap(_master(), bytes(row.wrapped), person_tag=person_tag)


def _master() -> bytes:
    return master_key(settings.HOME.keys)
