"""What to ask next: the facts whose answer settles most of what is not yet known.

Each candidate fact is tried at every answer offered, one value an interval between the thresholds of rules, so what is
counted is what would be seen. Invariant: a fact that can change no open answer is never asked, nor one that a register holds.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from iindustry.programmes import published
from iindustry.programmes.closures import compile_tree, context, deriver, root
from iindustry.programmes.facts import (
    NOTHING,
    Choice,
    Facts,
    Reading,
    Site,
    Words,
    engine_value,
    spec_of,
    vocabulary,
    with_derived,
)
from iindustry.programmes.published import in_order, inputs_of
from iindustry.programmes.tree import Truth

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from datetime import date

    from iindustry.programmes.closures import Ground, Outcome
    from iindustry.programmes.facts import FactSpec
    from iindustry.programmes.published import Bundle, Library
    from iindustry.programmes.tree import Derivation, Plain

SOURCE = "answer"
MOST_TRIED = 8
"""Facts tried as the second question: those that settle most as the first."""
_LONGEST = 3  # digits of a choice's number: whoever posts thousands of them is refused before they are read


@dataclass(frozen=True, slots=True)
class Question:
    """One question with the answers to choose from; `settles`: how many unknown answers end, the mean over the choices.

    A choice's value is the engine's. A form sends the number of the choice (from 0); `choice_of` reads it back.
    """

    fact: str
    th: str
    en: str
    choices: tuple[Choice, ...]
    settles: int

    def choice_of(self, posted: str) -> Choice | None:
        """The choice that a form sent by its number; None where it sent none of them."""
        if not (posted.isascii() and posted.isdecimal()) or len(posted) > _LONGEST or int(posted) >= len(self.choices):
            return None
        return self.choices[int(posted)]


def next_questions(
    facts: Facts,
    *,
    limit: int = 2,
    bundles: Sequence[Bundle] | None = None,
    besides: Collection[str] = (),
) -> tuple[Question, ...]:
    """At most `limit` questions, the most settling first, the next ones given the answers to those before.

    Of all rules open on the day where no bundles are named; facts in `besides` are not asked.
    """
    asking = _asking(open_bundles(facts.as_of) if bundles is None else bundles, facts.as_of)
    unknown = asking.unknown(facts, range(len(asking.rules)))
    states = [(facts, unknown)]
    found: list[Question] = []
    tried: Iterable[str] | None = None
    taken = set(besides)
    while len(found) < limit and any(rules for _, rules in states):
        scores = asking.scores(states, taken, tried)
        if not scores:
            break
        fact, mean = scores[0]
        choices = choices_of(spec_of(fact))
        words = question_words(fact)
        found.append(Question(fact, words.th, words.en, choices, max(1, round(mean))))
        taken.add(fact)
        tried = tried or [one for one, _ in scores[1 : MOST_TRIED + 1]]
        if len(found) < limit:
            states = [
                (after, asking.unknown(after, rules))
                for before, rules in states
                for choice in choices
                for after in [answered(before, {fact: choice.value})]
            ]
    return tuple(found)


def answered(facts: Facts, values: Mapping[str, Plain]) -> Facts:
    """The facts with what was answered, as declared: it fills what no register holds, of the enterprise and each place."""
    given = {fact: Reading(value, None, SOURCE, facts.as_of, "declared") for fact, value in values.items()}
    readings = _filled(facts.readings, given, "enterprise", facts.as_of)
    sites = tuple(
        Site(one.establishment_id, one.name, _filled(one.readings, given, "establishment", facts.as_of))
        for one in facts.sites
    )
    return replace(facts, readings=readings, sites=sites)


def choices_of(spec: FactSpec) -> tuple[Choice, ...]:
    """The answers offered to a question, as the engine's values; empty where a fact cannot be chosen from a list."""
    if spec.choices:
        return tuple(Choice(_engine(spec, one.value), one.words) for one in spec.choices)
    if spec.type == "bool":
        return (Choice(True, Words("ใช่", "Yes")), Choice(False, Words("ไม่ใช่", "No")))  # noqa: FBT003
    if spec.type == "code" and spec.code_words:
        return tuple(Choice(code, words) for code, words in spec.code_words.items())
    return ()


def question_words(fact: str) -> Words:
    """How a fact is asked for."""
    spec = spec_of(fact)
    return spec.follow_up or spec.question


class _Asking:
    """The rules of a day, ready to be answered again and again."""

    def __init__(self, bundles: Sequence[Bundle], as_of: date) -> None:
        derivations: dict[str, Derivation] = {}
        for bundle in bundles:
            derivations.update(bundle.derivations)
        ordered = in_order(derivations)
        self.prepared = deriver(ordered, as_of)
        self.rules: list[Callable[[Ground], Outcome]] = [
            compile_tree(root(one), context(one.programme.parameters, as_of)) for one in bundles
        ]
        self.reads = [sorted(one for one in _base_facts(bundle, ordered)) for bundle in bundles]

    def unknown(self, facts: Facts, rules: Iterable[int]) -> tuple[int, ...]:
        """Which of the rules answer unknown."""
        ground = self.prepared(facts)[1]
        return tuple(i for i in rules if self.rules[i](ground).answer is Truth.UNKNOWN)

    def scores(
        self, states: Sequence[tuple[Facts, tuple[int, ...]]], taken: Collection[str], tried: Iterable[str] | None
    ) -> list[tuple[str, float]]:
        """Each fact with the mean of what its answers settle over the states; those that settle something, best first."""
        found: dict[str, float] = {}
        for facts, rules in states:
            for fact in _missing(facts, {one for i in rules for one in self.reads[i]} if tried is None else tried):
                if fact in taken:
                    continue
                choices = choices_of(spec_of(fact))
                asked = [i for i in rules if fact in self.reads[i]]
                if not choices or not asked:
                    continue
                settled = sum(
                    len(asked) - len(self.unknown(answered(facts, {fact: one.value}), asked)) for one in choices
                )
                found[fact] = found.get(fact, 0.0) + settled / len(choices) / len(states)
        ordered = sorted(found.items(), key=lambda one: (-one[1], one[0]))
        return [(fact, mean) for fact, mean in ordered if mean > 0]


_KEPT: OrderedDict[object, _Asking] = OrderedDict()
_MOST_KEPT = 32


def _asking(bundles: Sequence[Bundle], as_of: date) -> _Asking:
    key = (as_of, tuple(one.version for one in bundles))
    found = _KEPT.pop(key, None) or _Asking(bundles, as_of)
    _KEPT[key] = found
    while len(_KEPT) > _MOST_KEPT:
        _KEPT.popitem(last=False)
    return found


def open_bundles(as_of: date) -> list[Bundle]:
    """The bundles of the programmes open on a day; made anew when another library holds."""
    from iindustry.programmes.services.reading import open_rules

    library = published.library(as_of)
    found = _OPEN.get(as_of)
    if found is None or found[0] is not library:
        # Of the library and not of the programmes: a definition or a parameter changes without them.
        found = library, [published.bundle_of(one, library) for one in open_rules(as_of)]
        while len(_OPEN) >= _MOST_KEPT:
            _OPEN.pop(next(iter(_OPEN)), None)
        _OPEN[as_of] = found
    return found[1]


_OPEN: dict[date, tuple[Library, list[Bundle]]] = {}


def _base_facts(bundle: Bundle, derivations: Mapping[str, Derivation]) -> set[str]:
    """The facts that a rule reads and that somebody can say: those a definition gives are replaced by what it reads."""
    from iindustry.programmes.tree import facts_in

    found: set[str] = set()
    left = set(facts_in(root(bundle)))
    seen: set[str] = set()
    while left:
        fact = left.pop()
        if fact in seen:
            continue
        seen.add(fact)
        if fact in derivations:
            left |= inputs_of(derivations[fact])
        elif fact in vocabulary():
            found.add(fact)
    return found


def _missing(facts: Facts, names: Iterable[str]) -> list[str]:
    """Those that are not known: of the enterprise, or of one of its establishments."""
    found = []
    for fact in sorted(names):
        if spec_of(fact).of == "enterprise":
            if facts.reading(fact).value is None:
                found.append(fact)
        elif any(one.readings.get(fact, NOTHING).value is None for one in facts.sites):
            found.append(fact)
    return found


def _filled(
    readings: Mapping[str, Reading], given: Mapping[str, Reading], of: str, as_of: date
) -> Mapping[str, Reading]:
    fills = {
        fact: one for fact, one in given.items() if spec_of(fact).of == of and readings.get(fact, NOTHING).value is None
    }
    if not fills:
        return readings
    # What a fact is worked out of fills it; one that was answered itself is not worked out again.
    return {**with_derived({**readings, **fills}, of, as_of), **fills}


def _engine(spec: FactSpec, value: Plain) -> Plain:
    if spec.type == "set" and isinstance(value, str):
        return frozenset() if value == "none" else frozenset({value})
    found = engine_value(spec, value)
    if found is None:
        raise ValueError(f"a choice of {spec.name} is none of its values: {value}")
    return found
