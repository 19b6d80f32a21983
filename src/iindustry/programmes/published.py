"""The documents in force: packaged seeds, read once, checked whole, kept by id.

Invariant: what is published never changes while a process lives; the catalogue holds every programme with its version.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from iindustry.kernel.errors import NotFound
from iindustry.programmes import programme as documents_of
from iindustry.programmes.documents import Place, canonical, read, version_of
from iindustry.programmes.facts import COUNT, vocabulary_version
from iindustry.programmes.programme import CARD, DEFINITION, ORDER, PARAMETER, PROGRAMME
from iindustry.programmes.shape import Programme, Shelf
from iindustry.programmes.tree import Flag, Ladder, facts_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from iindustry.programmes.amounts import Parameter
    from iindustry.programmes.tree import Derivation, Node

SEMANTICS = 1
"""Raised when a document gets a new meaning; answers kept under an older number are replayed by the older path."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """A programme with the derived facts it may read and the hash of everything an answer depends on.

    `facts`: every fact that an answer reads, the inputs of derived ones included. `documents`: version and canonical JSON
    of the programme and of each definition and parameter it uses; `load` of those texts gives the same bundle.
    """

    programme: Programme
    derivations: Mapping[str, Derivation]
    version: str
    facts: frozenset[str] = frozenset()
    documents: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Library:
    """Everything that is published."""

    programmes: Mapping[str, Programme]
    shelf: Shelf
    order: tuple[str, ...]

    @property
    def derivations(self) -> dict[str, Derivation]:
        """Derived facts by name, of all definitions."""
        return {fact: how for one in self.shelf.definitions.values() for fact, how in one.gives.items()}


def load(texts: Iterable[str]) -> Library:
    """Read documents of all schemas. Raises Rejected `rule-…` at the first fault."""
    places = [place for text in texts for place in read(text)]
    by_schema: dict[str, list[Place]] = {schema: [] for schema in documents_of.SCHEMAS}
    for place in places:
        schema = place.need("schema").text()
        if schema not in by_schema:
            raise documents_of.refuse_schema(place.need("schema"))
        by_schema[schema].append(place)
    written = {version_of(place.value): _text(place) for place in [*by_schema[PARAMETER], *by_schema[DEFINITION]]}
    shelf = Shelf({}, dict(_named(documents_of.parameter(place)) for place in by_schema[PARAMETER]), written)
    for place in _by_use(by_schema[DEFINITION]):
        one = documents_of.definition(place, shelf)
        shelf = Shelf({**shelf.definitions, one.name: one}, shelf.parameters, written)
    programmes: dict[str, Programme] = {}
    for place in [*by_schema[PROGRAMME], *by_schema[CARD]]:
        found = documents_of.card(place) if place.value["schema"] == CARD else documents_of.programme(place, shelf)
        if found.id in programmes:
            raise place.need("programme").refuse("rule-duplicate-id", id=found.id)
        programmes[found.id] = found
    orders = [documents_of.order(place) for place in by_schema[ORDER]]
    return Library(programmes, shelf, orders[-1] if orders else documents_of.ORDER_KEYS)


@cache
def library() -> Library:
    """The packaged documents: the size rule of `reference`, then `catalogue/` and `archive/`, by file name."""
    texts = [files("iindustry.reference").joinpath("data/sme_size.yaml").read_text(encoding="utf-8")]
    for folder in ("catalogue", "archive"):
        entries = sorted(files("iindustry.programmes").joinpath(folder).iterdir(), key=lambda one: one.name)
        texts += [one.read_text(encoding="utf-8") for one in entries if one.name.endswith(".yaml")]
    return load(texts)


def find(programme_id: str) -> Programme:
    """A programme by id. Raises NotFound `programme-absent`."""
    found = library().programmes.get(programme_id)
    if found is None:
        raise NotFound("programme-absent", programme=programme_id)
    return found


def bundle_of(programme: Programme, within: Library | None = None) -> Bundle:
    """A programme with what it reads: definitions (also through each other), parameters, vocabulary, semantics."""
    shelf = (within or library()).shelf
    gives = {fact: (name, how) for name, one in shelf.definitions.items() for fact, how in one.gives.items()}
    wanted = set(_facts_of(programme))
    needed: dict[str, Derivation] = {}
    names: set[str] = {name for name in programme.uses if name in shelf.definitions}
    while todo := [fact for fact in sorted(wanted) if fact in gives and fact not in needed]:
        for fact in todo:
            name, how = gives[fact]
            needed[fact] = how
            names.add(name)
            wanted |= inputs_of(how)
    used = [shelf.definitions[name].version for name in sorted(names)]
    used += [shelf.parameters[name][1] for name in programme.uses if name in shelf.parameters]
    versions = [programme.version, vocabulary_version(), *used]
    digest = hashlib.sha256(canonical([SEMANTICS, sorted(versions)])).hexdigest()  # type: ignore[list-item]
    documents = ((programme.version, programme.written), *((version, shelf.written[version]) for version in used))
    return Bundle(programme, in_order(needed), "sha256:" + digest, frozenset(wanted | {COUNT}), documents)


def in_order(derivations: Mapping[str, Derivation]) -> dict[str, Derivation]:
    """Derived facts so that each comes after those it reads; by name where free."""
    left, done = dict(derivations), dict[str, "Derivation"]()
    while left:
        ready = sorted(fact for fact, how in left.items() if not (inputs_of(how) & left.keys()) - {fact})
        if not ready:
            raise ValueError("definitions read each other in a circle: " + ", ".join(sorted(left)))
        for fact in ready:
            done[fact] = left.pop(fact)
    return done


def inputs_of(how: Derivation) -> frozenset[str]:
    """The facts that a derived fact reads."""
    if isinstance(how, Flag):
        return facts_in(how.node)
    if isinstance(how, Ladder):
        return frozenset({how.on} | ({how.split} if how.split else set()))
    return frozenset({how.on})


def _by_use(definitions: list[Place]) -> list[Place]:
    """Definitions so that each comes after those it uses; what uses itself or what is absent stays last, to be refused."""
    left, done, ordered = list(definitions), set[str](), list["Place"]()
    names = {str(place.value.get("definition")) for place in definitions}
    while ready := [place for place in left if not (_used(place) & names) - done]:
        done |= {str(place.value.get("definition")) for place in ready}
        ordered += ready
        left = [place for place in left if place not in ready]
    return ordered + left


def _used(place: Place) -> set[str]:
    uses = place.value.get("uses")
    return {str(one) for one in uses} if isinstance(uses, list) else set()


def _text(place: Place) -> str:
    return canonical(place.value).decode()


def _named(found: tuple[Parameter, str]) -> tuple[str, tuple[Parameter, str]]:
    return found[0].name, found


def _facts_of(programme: Programme) -> Iterable[str]:
    from iindustry.programmes.tree import facts_of_amount

    nodes: list[Node] = [one.when for one in programme.benefit.rates if one.when is not None]
    if programme.conditions is not None:
        nodes.append(programme.conditions)
    for node in nodes:
        yield from facts_in(node)
    yield from facts_of_amount(programme.benefit.amount)
