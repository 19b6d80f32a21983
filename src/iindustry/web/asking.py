"""Questions that a page asks in place and what was answered: nothing is kept, answers travel in the form they came by.

A form sends the place of the choice. To read it back the same questions are worked out again from the same facts, so an
answer counts only where that very question stood on the page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from iindustry.programmes.questions import answered, next_questions

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from iindustry.programmes.facts import Choice, Facts, Words
    from iindustry.programmes.published import Bundle
    from iindustry.programmes.questions import Question

PREFIX = "q-"


@dataclass(frozen=True, slots=True)
class Given:
    """One answer: the question, the place of the choice as the form sends it, and the choice."""

    question: Question
    place: str
    choice: Choice

    @property
    def name(self) -> str:
        """The field of the form."""
        return PREFIX + self.question.fact

    @property
    def words(self) -> Words:
        """How the choice is told."""
        return self.choice.words


@dataclass(frozen=True, slots=True)
class Asked:
    """The facts with every answer laid over them, the answers, and the questions that are open."""

    facts: Facts
    given: tuple[Given, ...]
    open: tuple[Question, ...]

    @property
    def chosen(self) -> dict[str, Words]:
        """Facts that stand for a choice, with its words: their value is one of a range and is never shown as a number."""
        return {one.question.fact: one.words for one in self.given}


def asked(
    facts: Facts, posted: Mapping[str, str], *, limit: int, rounds: int = 1, bundles: Sequence[Bundle] | None = None
) -> Asked:
    """Ask at most `limit` questions at a time, `rounds` times at most, each time after what was answered before."""
    given: list[Given] = []
    left: tuple[Question, ...] = ()
    for _ in range(rounds):
        questions = next_questions(facts, limit=limit, bundles=bundles)
        new = [found for one in questions if (found := _given(one, posted.get(PREFIX + one.fact, ""))) is not None]
        told = {one.question.fact for one in new}
        left = tuple(one for one in questions if one.fact not in told)
        if not new:
            break
        given += new
        facts = answered(facts, {one.question.fact: one.choice.value for one in new})
    return Asked(facts, tuple(given), left)


def _given(question: Question, place: str) -> Given | None:
    choice = question.choice_of(place)
    return None if choice is None else Given(question, place, choice)
