"""The check anyone can make: five answers, no id, nothing looked up, nothing kept; then at most two more questions.

Invariant: the answers become facts of one imagined enterprise with one establishment; what was not asked is unknown,
but for what `facts.yaml` marks as taken for granted, which the result lists.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from iindustry.programmes.facts import Facts, FactSpec, Reading, Site, Words, engine_value, spec_of, vocabulary
from iindustry.programmes.terms import USES
from iindustry.reference import areas, zones

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from iindustry.programmes.opportunities import Opportunities
    from iindustry.programmes.tree import Plain

_LEADING_VOWEL = re.compile("([เแโใไ])(.)")
SOURCE = "answer"
MORE = 2
OTHER_MAKER, SERVICE = "other_maker", "service"
PURPOSES: Mapping[str, Words] = {key: USES[key] for key in (
    "machinery", "working_capital", "expansion", "green_transition", "digital", "export", "training",
)}  # fmt: skip


@dataclass(frozen=True, slots=True)
class QuickAnswers:
    """The five answers, and those to the questions asked after; None is not said. Money in satang."""

    activity: str
    province_code: str
    worker_count: int | None
    revenue_satang: int | None
    use: str | None
    more: Mapping[str, str | int | bool] = field(default_factory=dict)


def activities() -> dict[str, Words]:
    """What one may make: the target industries, other making, services and trade."""
    groups = {key: words for key, words in spec_of("establishment.s_curve_group").code_words.items() if key != "none"}
    return {
        **groups,
        OTHER_MAKER: Words("ผลิตสินค้าอื่น", "Makes something else"),
        SERVICE: Words("บริการหรือค้าขาย", "Services or trade"),
    }


def facts_of_answers(answers: QuickAnswers, as_of: date) -> Facts:
    """The facts of the imagined enterprise."""
    enterprise: dict[str, object | None] = {
        "enterprise.sector": "service_trade" if answers.activity == SERVICE else "manufacturing",
        "enterprise.province": answers.province_code,
        "enterprise.worker_count": answers.worker_count,
        "enterprise.revenue_satang": answers.revenue_satang,
        "enterprise.establishment_count": 1,
    }
    site: dict[str, object | None] = {
        "establishment.province": answers.province_code,
        "establishment.eec": zones.in_eec(answers.province_code),
        "establishment.sez": None if answers.province_code in _border_provinces() else False,
        "establishment.corridor": zones.corridor(answers.province_code),
        "establishment.s_curve_group": "none" if answers.activity in {OTHER_MAKER, SERVICE} else answers.activity,
        "establishment.worker_count": answers.worker_count,
    }
    for fact, value in answers.more.items():
        (site if spec_of(fact).of == "establishment" else enterprise)[fact] = _chosen(fact, value)
    readings = {**_readings(enterprise, as_of), **_taken_for_granted(as_of)}
    return Facts(as_of, readings, (Site("", "", _readings(site, as_of)),))


def follow_ups(found: Opportunities, answered: Mapping[str, object]) -> tuple[FactSpec, ...]:
    """At most two questions whose answers settle most of what is unknown."""
    weight: dict[str, int] = {}
    for one in found.one_more:
        for needed in one.needed_for_yes:
            for fact in needed:
                if fact in vocabulary() and spec_of(fact).choices and fact not in answered:
                    weight[fact] = weight.get(fact, 0) + (12 // len(needed))
    best = sorted(weight, key=lambda fact: (-weight[fact], fact))
    return tuple(spec_of(fact) for fact in best[: max(0, MORE - len(answered))])


def chosen_answers(posted: Mapping[str, str]) -> dict[str, str | int | bool]:
    """The answers to follow-up questions among what a form sent; what is no offered choice is left out. At most two."""
    found: dict[str, str | int | bool] = {}
    for fact in sorted(posted):
        choices = spec_of(fact).choices if fact in vocabulary() else ()
        chosen = next((one.value for one in choices if str(one.value) == posted[fact]), None)
        if chosen is not None and len(found) < MORE:
            found[fact] = chosen
    return found


def granted() -> tuple[FactSpec, ...]:
    """The facts that the check takes for granted."""
    return tuple(spec for spec in vocabulary().values() if spec.check_value is not None)


def _border_provinces() -> frozenset[str]:
    return frozenset(code[:2] for phase in (1, 2) for code in zones.sez_subdistricts(phase))


def _chosen(fact: str, value: str | int | bool) -> object:
    spec = spec_of(fact)
    if spec.type == "set":
        return frozenset() if value == "none" else frozenset({str(value)})
    return value


def _readings(values: Mapping[str, object | None], as_of: date) -> dict[str, Reading]:
    found: dict[str, Reading] = {}
    for fact, value in values.items():
        plain: Plain | None = engine_value(spec_of(fact), value)
        if plain is not None:
            found[fact] = Reading(plain, None, SOURCE, as_of, "declared")
    return found


def _taken_for_granted(as_of: date) -> dict[str, Reading]:
    return {
        spec.name: Reading(engine_value(spec, spec.check_value), None, "assumed", as_of, "declared")
        for spec in granted()
    }


def province_choices(*, in_thai: bool = True) -> list[tuple[str, Words]]:
    """The 77 provinces in the order of the language: Thai leading vowels sort after their consonant."""
    found = [(one.code, Words(one.th, one.en)) for one in areas.PROVINCES]
    return sorted(found, key=lambda one: _LEADING_VOWEL.sub(r"\2\1", one[1].th) if in_thai else one[1].en)
