"""What a definition or a base rate would do before it holds: each open programme that rests on it, before and after.

A size class or a base rate is written once and moves every rule that uses it, so whoever signs it sees them all. Invariant:
before and after differ by this one document alone; a programme that does not rest on it is not named.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from time import perf_counter
from typing import TYPE_CHECKING, TypeAlias

from iindustry.kernel.errors import Conflict, Rejected
from iindustry.kernel.home import current_version
from iindustry.programmes import published
from iindustry.programmes.closures import context, root
from iindustry.programmes.documents import canonical, read
from iindustry.programmes.dry_runs import Effect, Impact, RateChange
from iindustry.programmes.offer import rates
from iindustry.programmes.programme import DEFINITION, PARAMETER, parameter

if TYPE_CHECKING:
    from datetime import date

    from iindustry.kernel.home import Home
    from iindustry.programmes.bitmaps import Truths
    from iindustry.programmes.columns import Evaluation
    from iindustry.programmes.keeping import Edition
    from iindustry.programmes.published import Bundle, Library
    from iindustry.programmes.shape import Suspension

SHARED = frozenset({DEFINITION, PARAMETER})
"""Schemas of documents that other documents use, and whose trial is an impact."""
LibraryOn: TypeAlias = Callable[["date"], "Library"]


@dataclass(frozen=True, slots=True)
class Touched:
    """An open programme with all it rests on, as it is and as it would be."""

    before: Bundle
    after: Bundle


def touched(text: str, *, as_of: date, library_on: LibraryOn = published.library) -> tuple[date, tuple[Touched, ...]]:
    """From which day a text differs from what holds, and the programmes open then that rest on it, by id.

    `library_on`: what holds on a day. Raises Rejected `rule-…` for a text that cannot be read, Conflict `publication-breaks`
    where a document in force could not be read beside it.
    """
    new = published.edition_of(text)
    on = _begins(new, library_on(as_of), as_of)
    within = library_on(on)
    chosen = {**within.editions, (new.schema, new.name): new}
    try:
        beside = published.load_editions(chosen.values(), _stopped(within))
    except Rejected as fault:
        where = str(fault.facts.get("field", ""))
        raise Conflict("publication-breaks", cause=fault.code, field=where, day=on.isoformat()) from fault
    found = []
    for name, one in sorted(within.programmes.items()):
        if one.is_archive or not one.is_open(on):
            continue
        pair = Touched(published.bundle_of(one, within), published.bundle_of(beside.programmes[name], beside))
        if pair.before.version != pair.after.version:
            found.append(pair)
    return on, tuple(found)


def rests_on(pairs: tuple[Touched, ...]) -> str:
    """The hash of what an impact rests on: every programme it names, before and after."""
    named = [[one.before.programme.id, one.before.version, one.after.version] for one in pairs]
    return "sha256:" + hashlib.sha256(canonical(named)).hexdigest()  # type: ignore[arg-type]


def impact(text: str, *, home: Home, as_of: date, library_on: LibraryOn = published.library) -> Impact:
    """What a definition or base rate does on the register in force. A register that no programme asks is not opened.

    Raises as `touched`; Conflict `register-absent` before the first version, `facts-being-made` (`facts_table.at_hand`).
    """
    from iindustry.programmes import columns, facts_table

    began = perf_counter()
    new = published.edition_of(text)
    on, pairs = touched(text, as_of=as_of, library_on=library_on)
    version, day, height = current_version(home) or "", as_of, 0
    effects: list[Effect] = []
    if pairs:
        table = facts_table.at_hand(home=home, as_of=as_of)
        version, day, height = table.version, table.as_of, table.height
        over = columns.evaluation(table)
        effects = [_effect(one, over, on) for one in pairs]
    effects.sort(key=lambda one: (-(one.winners + one.losers), one.programme))
    seconds = round(perf_counter() - began, 3)
    return Impact(new.name, new.version, rests_on(pairs), version, day, on, height, tuple(effects), seconds)


def _begins(new: Edition, within: Library, as_of: date) -> date:
    """The first day from today on which a text differs from what holds; today where it differs nowhere by its date."""
    if new.schema != PARAMETER:
        return max(as_of, new.valid_from or as_of)
    series = parameter(read(new.text)[0])[0]
    standing = within.shelf.parameters.get(new.name)
    if standing is None:
        return as_of
    steps = (*standing[0].steps, *series.steps)
    days = sorted({as_of, *(step.since for step in steps if step.since > as_of)})
    return next((day for day in days if standing[0].at(day) != series.at(day)), as_of)


def _stopped(within: Library) -> list[Suspension]:
    return [one.suspension for one in within.programmes.values() if one.suspension is not None]


def _effect(one: Touched, over: Evaluation, on: date) -> Effect:
    from iindustry.programmes import grouping

    programme = one.before.programme
    was, will = _answer(one.before, over, on), _answer(one.after, over, on)
    return Effect(
        programme.id,
        programme.title_th,
        programme.title_en,
        grouping.tally(was),
        grouping.tally(will),
        int((will.yes & ~was.yes).sum()),
        int((was.yes & ~will.yes).sum()),
        _rates(one, on),
    )


def _answer(bundle: Bundle, over: Evaluation, on: date) -> Truths:
    """The answer of every enterprise by the facts of the table and the dated numbers of a day."""
    constants = over.constants(bundle)
    numbers = context(bundle.programme.parameters, on).parameters
    return over.truth(root(bundle), replace(constants, context=replace(constants.context, parameters=numbers)))


def _rates(one: Touched, on: date) -> tuple[RateChange, ...]:
    was, will = one.before.programme, one.after.programme
    cases = tuple(zip(was.benefit.rates, will.benefit.rates, strict=True))
    return tuple(
        RateChange(number if len(cases) > 1 else 0, old.first, old.last, _said(old.percent), _said(new.percent))
        for number, (before, after) in enumerate(cases, 1)
        for old, new in zip(rates(was, before, on), rates(will, after, on), strict=True)
        if old.percent != new.percent
    )


def _said(percent: object | None) -> str | None:
    return None if percent is None else str(percent)
