"""What a page shows of a business to those who need the record: not the natural person behind it, and no loan.

Invariant: masking never invents: a masked text is a part of the true one, or dots.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iindustry.reference.fields import FIELDS

if TYPE_CHECKING:
    from iindustry.register.enterprise import Content

ORDER = tuple(field.name for field in FIELDS)
"""Fields in the order of `fields.yaml`."""

DOTS = "•••"
_NAMES = frozenset({"entity.name_th", "entity.name_en", "factory.operator", "factory.name"})
_PLACES = frozenset({"entity.seat_address", "factory.address"})
LOANS = "finance."
"""What a bank says of its loans is between it and the business: whoever sorts records needs none of it (ASSURANCE section 8)."""
_TITLES = ("นางสาว", "น.ส.", "นาย", "นาง")


def masked_name(name: str) -> str:
    """A natural person's name with all but title and first sign hidden: `นายสมชาย ใจดี` gives `นายส•••`."""
    bare = name.strip()
    title = next((one for one in _TITLES if bare.startswith(one)), "")
    rest = bare.removeprefix(title).strip()
    return f"{title}{rest[:1]}{DOTS}" if rest else DOTS


def masked(field: str, content: Content, *, is_person: bool) -> Content:
    """The content as it may be shown. Loans are dots, telephones too but for the last three digits."""
    if field.startswith(LOANS):
        return DOTS
    if field == "person.phone":
        return f"{DOTS}{str(content)[-3:]}"
    if not is_person:
        return content
    if field in _NAMES:
        return masked_name(str(content))
    return DOTS if field in _PLACES else content
