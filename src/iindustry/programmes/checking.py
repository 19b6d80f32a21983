"""Everything that is wrong with the text of a document: each fault with its place, what is the matter, and what to write.

Invariant: a text without faults can be published and evaluated; a text that the reader refuses has at least one fault.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from iindustry.kernel.errors import Rejected
from iindustry.programmes import published
from iindustry.programmes.documents import read
from iindustry.programmes.lifecycle import KINDS, MINISTRY, Identity, Subject
from iindustry.programmes.programme import CARD, PARAMETER, PROGRAMME
from iindustry.programmes.shape import Kind

if TYPE_CHECKING:
    from iindustry.programmes.documents import Place
    from iindustry.programmes.shape import Programme


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong, or for a warning worth a second look: where (line and column from 1, field), why, what to do."""

    line: int
    column: int
    field: str
    code: str
    th: str
    en: str
    fix_th: str
    fix_en: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What a text holds and what is wrong with it. Programmes are those that could be read whole."""

    programmes: tuple[Programme, ...]
    faults: tuple[Fault, ...]
    warnings: tuple[Fault, ...]

    @property
    def is_good(self) -> bool:
        """Whether it may be submitted."""
        return not self.faults


def check(text: str | bytes) -> Checked:
    """All faults of a text of one or more documents, in order of place, and warnings. Nothing is raised."""
    try:
        found = published.library()
        places = read(text)
        from iindustry.programmes import programme as documents

        programmes = [documents.programme(one, found.shelf) for one in places if one.value.get("schema") == PROGRAMME]
    except Rejected as fault:
        facts = fault.facts
        return Checked(
            (),
            (
                Fault(
                    int(str(facts.get("line", 1))),
                    1,
                    str(facts.get("field", "")),
                    fault.code,
                    fault.code,
                    fault.code,
                    "",
                    "",
                ),
            ),
            (),
        )
    return Checked(tuple(programmes), (), ())


def identity_of(text: str | bytes) -> Identity:
    """What the one document of a text is: schema, name, owner. Raises Rejected `rule-…`, `draft-one-document`."""
    places = read(text)
    if len(places) != 1:
        raise Rejected("draft-one-document", count=len(places))
    return _identity(places[0])


def _identity(place: Place) -> Identity:
    schema, name = place.need("schema").text(), published.name_of(place)
    if schema not in {PROGRAMME, CARD, PARAMETER}:
        return Identity(schema, name, MINISTRY, Subject.MEANING)
    owner = place.need("owner").text()
    kind = None if schema == PARAMETER else Kind(place.need("kind").choice(tuple(Kind)))
    claims = schema == PROGRAMME and bool(place.value.get("policy_lines"))
    return Identity(schema, name, owner, Subject.BASE_RATE if kind is None else KINDS[kind], claims_line=claims)
