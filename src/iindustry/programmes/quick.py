"""The check anyone can make: five answers, no id, nothing looked up, nothing kept; then at most two more questions.

Invariant: the answers become facts of one imagined enterprise with one establishment; what was not asked is unknown,
but for what `facts.yaml` marks as taken for granted, which the result lists.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from iindustry.programmes import wording
from iindustry.programmes.facts import Facts, FactSpec, Reading, Site, Words, engine_value, spec_of, vocabulary
from iindustry.programmes.terms import USES
from iindustry.reference import areas, zones

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from iindustry.programmes.tree import Plain

_LEADING_VOWEL = re.compile("([เแโใไ])(.)")
SOURCE = "answer"
MORE = 2
"""Questions that may follow the five."""
OTHER_MAKER, SERVICE = "other_maker", "service"
PURPOSES: Mapping[str, Words] = {key: USES[key] for key in (
    "machinery", "working_capital", "expansion", "green_transition", "digital", "export", "training",
)}  # fmt: skip
# fact -> which of the five answers it was made of: what to change where it is not met
ANSWER_OF: Mapping[str, int] = {
    "enterprise.sector": 1, "establishment.s_curve_group": 1, "enterprise.province": 2, "establishment.province": 2,
    "establishment.eec": 2, "establishment.sez": 2, "establishment.corridor": 2, "enterprise.worker_count": 3,
    "establishment.worker_count": 3, "enterprise.size_class_by_workers": 3, "enterprise.revenue_satang": 4,
    "enterprise.size_class": 4,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class QuickAnswers:
    """The five answers; None is not said. Money in satang."""

    activity: str
    province_code: str
    worker_count: int | None
    revenue_satang: int | None
    use: str | None


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
    readings = {**_readings(enterprise, as_of), **_taken_for_granted(as_of)}
    return Facts(as_of, readings, (Site("", "", _readings(site, as_of)),))


def granted() -> tuple[tuple[Words, Words], ...]:
    """The facts that the check takes for granted: the label of each and what it is taken to be."""
    found = []
    for spec in _granted():
        value = engine_value(spec, spec.check_value)
        is_none = value is not None and not value
        found.append(
            (spec.label, wording.NOTHING_HELD if is_none or value is None else wording.value_words(spec, value))
        )
    return tuple(found)


def _granted() -> tuple[FactSpec, ...]:
    return tuple(spec for spec in vocabulary().values() if spec.check_value is not None)


def _border_provinces() -> frozenset[str]:
    return frozenset(code[:2] for phase in (1, 2) for code in zones.sez_subdistricts(phase))


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
        for spec in _granted()
    }


def province_choices(*, in_thai: bool = True) -> list[tuple[str, Words]]:
    """The 77 provinces in the order of the language: Thai leading vowels sort after their consonant."""
    found = [(one.code, Words(one.th, one.en)) for one in areas.PROVINCES]
    return sorted(found, key=lambda one: _LEADING_VOWEL.sub(r"\2\1", one[1].th) if in_thai else one[1].en)
