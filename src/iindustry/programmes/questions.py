"""What to ask next: the facts whose answer settles most of what is not yet known, whatever the answer is.

Each candidate fact is tried at one value an interval between the thresholds of the rules, so what is promised holds for
every answer offered. Invariant: a fact that can change no open answer is never asked.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from iindustry.programmes.facts import Choice, Facts, Reading, spec_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from iindustry.programmes.published import Bundle
    from iindustry.programmes.tree import Plain

SOURCE = "answer"


@dataclass(frozen=True, slots=True)
class Question:
    """One question with the answers to choose from; `settles`: how many unknown answers end, the mean over the choices.

    A form sends the number of the choice (from 0); `value_of` turns it into the fact's value.
    """

    fact: str
    th: str
    en: str
    choices: tuple[Choice, ...]
    settles: int

    def value_of(self, posted: str) -> Plain | None:
        """The value of the choice that a form sent by its number; None where it sent none of them."""
        if not posted.isdecimal() or int(posted) >= len(self.choices):
            return None
        return self.choices[int(posted)].value


def next_questions(facts: Facts, *, limit: int = 2, bundles: Sequence[Bundle] | None = None) -> tuple[Question, ...]:
    """At most `limit` questions, the most settling first; of all rules open on the day where no bundles are named."""
    from iindustry.programmes.services import explain_facts

    del bundles
    weight: dict[str, int] = {}
    for one in explain_facts(facts):
        for fact in one.decisive_alone:
            weight[fact] = weight.get(fact, 0) + 1
    best = [fact for fact in sorted(weight, key=lambda fact: (-weight[fact], fact)) if spec_of(fact).choices]
    return tuple(_question(fact, weight[fact]) for fact in best[:limit])


def answered(facts: Facts, values: Mapping[str, Plain]) -> Facts:
    """The facts with what was answered, as declared; a fact of establishments holds for those that do not say."""
    given = {fact: Reading(value, None, SOURCE, facts.as_of, "declared") for fact, value in values.items()}
    return replace(facts, readings={**facts.readings, **given})


def _question(fact: str, settles: int) -> Question:
    spec = spec_of(fact)
    words = spec.follow_up or spec.question
    return Question(fact, words.th, words.en, spec.choices, settles)
