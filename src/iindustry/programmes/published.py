"""The documents in force: packaged ones and those published here, on both axes of time, checked whole, kept by id.

What was published stands in one small file of the installation, renamed into place after each decision, so that every
process sees it at its next look and no page asks the database. Invariant: the same day and the same knowledge give the
same library; what is published never changes.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, TypeAlias

from iindustry.kernel.clock import SystemClock
from iindustry.kernel.errors import NotFound, Rejected
from iindustry.programmes import programme as documents_of
from iindustry.programmes.amounts import day as day_of
from iindustry.programmes.documents import Place, canonical, read, version_of
from iindustry.programmes.facts import COUNT, vocabulary_version
from iindustry.programmes.keeping import NOTHING_KEPT, Edition, Kept
from iindustry.programmes.programme import CARD, DEFINITION, ORDER, PARAMETER, PROGRAMME
from iindustry.programmes.shape import Programme, Shelf, Suspension
from iindustry.programmes.tree import Flag, Ladder, facts_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime
    from pathlib import Path

    from iindustry.kernel.home import Home
    from iindustry.programmes.amounts import Parameter
    from iindustry.programmes.tree import Derivation, Node

SEMANTICS = 1
"""Raised when a document gets a new meaning; answers kept under an older number are replayed by the older path."""

Key: TypeAlias = tuple[str, str]
NAMED_BY: Mapping[str, str | None] = {
    PROGRAMME: "programme",
    CARD: "programme",
    DEFINITION: "definition",
    PARAMETER: "parameter",
    ORDER: None,
}
"""The key that names a document of each schema; there is one order."""
ORDER_NAME = "opportunities"
_NUMBER = re.compile(r'\{"number":(\d+),')
_HEAD = 40
_MARK = re.compile(r"(?m)^---[ \t]*(?:#.*)?$\n?")


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
    editions: Mapping[Key, Edition] = field(default_factory=dict)

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
    for place in by_use(by_schema[DEFINITION]):
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


def library(as_of: date | None = None, known_at: datetime | None = None) -> Library:
    """What holds on a day (today), as it was known at a moment (now). A look at a file's date, no query.

    Of a document of which nothing holds on the day, what ended last or begins next. Outside a running installation: the
    packaged documents alone.
    """
    return _library(_kept(), as_of or SystemClock().today(), known_at)


def number() -> int:
    """The number of the library in force; it rises with each publication, end, suspension and resumption."""
    return _kept().number


def rules_on(day: date) -> str:
    """The hash of all rules that answer on a day: programmes open then, what each rests on, and its dated numbers of the day.

    Another one from the day on which an edition or a base rate begins or ends, after a publication, a suspension, and after
    a release whose packaged documents or vocabulary differ.
    """
    within = library(day)
    standing: list[list[object]] = sorted(
        [bundle_of(one, within).version, {name: number.at(day) for name, number in sorted(one.parameters.items())}]
        for one in within.programmes.values()
        if not one.is_archive and one.is_open(day)
    )
    return "sha256:" + hashlib.sha256(canonical([SEMANTICS, *standing])).hexdigest()  # type: ignore[list-item]


def editions(schema: str, name: str) -> list[Edition]:
    """Every edition of a document that was ever known, newest knowledge first, the packaged one last."""
    kept = _kept()
    own = [one for one in kept.editions if (one.schema, one.name) == (schema, name)]
    own.sort(key=lambda one: (one.number, one.valid_from or date.min), reverse=True)
    since = kept.since.get((schema, name))
    return own + [replace(one, known_to=since) for one in seeds() if (one.schema, one.name) == (schema, name)]


def editions_of(programme_id: str) -> list[Edition]:
    """Every edition of a programme or card that was ever known, newest first. Raises NotFound `programme-absent`."""
    found = [one for schema in (PROGRAMME, CARD) for one in editions(schema, programme_id)]
    if not found:
        raise NotFound("programme-absent", programme=programme_id)
    return found


def text_of(programme_id: str, as_of: date | None = None, known_at: datetime | None = None) -> str:
    """The document of a programme as written. Raises NotFound `programme-absent`."""
    found = library(as_of, known_at)
    for schema in (PROGRAMME, CARD):
        if (schema, programme_id) in found.editions:
            return found.editions[schema, programme_id].text
    raise NotFound("programme-absent", programme=programme_id)


@lru_cache(maxsize=256)
def _library(kept: Kept, day: date, known_at: datetime | None) -> Library:
    chosen = chosen_of(kept, day, known_at)
    stopped = tuple(one for one in kept.suspensions if one.holds(known_at))
    return _loaded(chosen, stopped)


@lru_cache(maxsize=16)
def _loaded(chosen: tuple[Edition, ...], stopped: tuple[Suspension, ...]) -> Library:
    return load_editions(chosen, stopped)


def load_editions(chosen: Iterable[Edition], stopped: Iterable[Suspension] = ()) -> Library:
    """The library of these editions. A programme's period is its edition's; one that is suspended says so."""
    kept = {(one.schema, one.name): one for one in chosen}
    found = load(one.text for one in kept.values())
    stops = {one.programme_id: one for one in stopped}
    programmes = {}
    for name, one in found.programmes.items():
        edition = kept[CARD if one.is_archive else PROGRAMME, name]
        programmes[name] = replace(
            one, valid_from=edition.valid_from or one.valid_from, valid_to=edition.valid_to, suspension=stops.get(name)
        )
    return replace(found, programmes=programmes, editions=kept)


def chosen_of(kept: Kept, day: date, known_at: datetime | None) -> tuple[Edition, ...]:
    """One edition of each document: the one that holds on the day, else what ended last, else what begins first."""
    here = {key for key, since in kept.since.items() if known_at is None or since <= known_at}
    by_key: dict[Key, list[Edition]] = {}
    for one in seeds():
        if (one.schema, one.name) not in here:
            by_key.setdefault((one.schema, one.name), []).append(one)
    for one in kept.editions:
        if (one.schema, one.name) in here and one.was_known(known_at):
            by_key.setdefault((one.schema, one.name), []).append(one)
    return tuple(min(found, key=lambda one: one.distance(day)) for found in by_key.values())


@cache
def seeds() -> tuple[Edition, ...]:
    """The packaged documents: the size rule of `reference`, then `catalogue/` and `archive/`, by file name."""
    texts = [files("iindustry.reference").joinpath("data/sme_size.yaml").read_text(encoding="utf-8")]
    for folder in ("catalogue", "archive"):
        entries = sorted(files("iindustry.programmes").joinpath(folder).iterdir(), key=lambda one: one.name)
        texts += [one.read_text(encoding="utf-8") for one in entries if one.name.endswith(".yaml")]
    found = tuple(edition_of(piece) for text in texts for piece in pieces(text))
    keys = [(one.schema, one.name) for one in found]
    if twice := sorted({key for key in keys if keys.count(key) > 1}):
        raise Rejected("rule-duplicate-id", line=1, field="document", id=", ".join(name for _, name in twice))
    return found


def pieces(text: str) -> list[str]:
    """The documents of a file, each as written, with its comments."""
    return [piece for piece in _MARK.split(text) if any(_is_said(line) for line in piece.splitlines())]


def edition_of(text: str) -> Edition:
    """One document as an edition that was always known. Raises Rejected `rule-…` where it cannot be read."""
    place = read(text)[0]
    schema = place.need("schema").choice(documents_of.SCHEMAS)
    start, end = place.value.get("valid_from"), place.value.get("valid_to")
    return Edition(
        schema=schema, name=name_of(place), version=version_of(place.plain()), text=text,
        valid_from=None if start is None or schema == PARAMETER else day_of(place.need("valid_from")),
        valid_to=None if end is None else day_of(place.need("valid_to")), known_from=None,
    )  # fmt: skip


def name_of(place: Place) -> str:
    """What a document is called among those of its schema. Raises Rejected `rule-missing-key`, `rule-schema-unknown`."""
    schema = place.need("schema").text()
    if schema not in NAMED_BY:
        raise documents_of.refuse_schema(place.need("schema"))
    key = NAMED_BY[schema]
    return ORDER_NAME if key is None else place.need(key).text()


def file_in(home: Home) -> Path:
    """Where an installation keeps what was published."""
    return home.root / "lake" / "programmes" / "published.json"


def number_in(path: Path) -> int | None:
    """The number that a file says; None where there is none."""
    try:
        with path.open(encoding="utf-8") as found:
            said = _NUMBER.match(found.read(_HEAD))
    except FileNotFoundError:
        return None
    return None if said is None else int(said[1])


def _kept() -> Kept:
    from django.conf import settings

    if not settings.configured:
        return NOTHING_KEPT
    path = file_in(settings.HOME)
    try:
        found = path.stat()
    except FileNotFoundError:
        return NOTHING_KEPT
    return _read_kept(path, (found.st_ino, found.st_mtime_ns, found.st_size))


@lru_cache(maxsize=4)
def _read_kept(path: Path, mark: tuple[int, int, int]) -> Kept:  # noqa: ARG001 - a new file has another mark
    return Kept.of(path.read_text(encoding="utf-8"))


def _is_said(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#")


def find(programme_id: str, as_of: date | None = None, known_at: datetime | None = None) -> Programme:
    """A programme by id, as it holds on a day by what was known at a moment. Raises NotFound `programme-absent`."""
    found = library(as_of, known_at).programmes.get(programme_id)
    if found is None:
        raise NotFound("programme-absent", programme=programme_id)
    return found


def bundle_of(programme: Programme, within: Library | None = None) -> Bundle:
    """A programme with what it reads: definitions (also through each other), parameters, its part of the vocabulary, semantics."""
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
    facts = frozenset(wanted | {COUNT})
    versions = [programme.version, vocabulary_version(facts), *used]
    digest = hashlib.sha256(canonical([SEMANTICS, sorted(versions)])).hexdigest()  # type: ignore[list-item]
    documents = ((programme.version, programme.written), *((version, shelf.written[version]) for version in used))
    return Bundle(programme, in_order(needed), "sha256:" + digest, facts, documents)


def in_order(derivations: Mapping[str, Derivation]) -> dict[str, Derivation]:
    """Derived facts so that each comes after those it reads; by name where free."""
    left, done = dict(derivations), dict[str, "Derivation"]()
    while left:
        ready = sorted(fact for fact, how in left.items() if not (inputs_of(how) & left.keys()) - {fact})
        if not ready:
            raise Rejected("rule-circle", line=1, field="gives", facts=", ".join(sorted(left)))
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


def by_use(definitions: list[Place]) -> list[Place]:
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
