"""What fits, as cards: the answer of a programme with its reasons, what would change it, and the keys that order it.

Shared by the open check and the owner's list, so that both say the same of the same answer.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from iindustry.kernel.money import baht_text
from iindustry.programmes.facts import Words
from iindustry.programmes.nearest import nearest, starts, turns_on, unlocks
from iindustry.programmes.offer import EXAMPLE_SATANG, cost
from iindustry.programmes.opportunities import Opportunities, Wish, covers_sum, covers_use, group
from iindustry.programmes.shape import Kind
from iindustry.programmes.tree import Answer, facts_of_amount
from iindustry.web.programme_rows import Row, row_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from datetime import date

    from iindustry.programmes.explain import ConditionResult, Explanation
    from iindustry.programmes.facts import Facts
    from iindustry.programmes.nearest import Unlock

KEY_WORDS: Mapping[str, Words] = {
    "covers_use": Words("ตรงกับสิ่งที่จะใช้เงิน", "Covers the use"),
    "covers_sum": Words("วงเงินพอ", "Covers the sum"),
    "cost": Words("ดอกเบี้ยรวมต่ำ", "Lowest interest in all"),
    "questions_left": Words("คำถามที่เหลือน้อย", "Fewest questions left"),
    "lender_days": Words("รู้ผลเร็ว", "Answered soonest"),
    "pool_left": Words("วงเงินโครงการเหลือมาก", "Most of the pool left"),
}
"""The keys of the declared order, in words."""
_TENTH = 10


@dataclass(frozen=True, slots=True)
class Card:
    """One programme for one business. `on`: the day from which time alone makes it a yes; `keys`: what orders it, in words.

    `limit_is_open`: the limit is worked out of something that was answered by a range, so only its ceiling is told.
    """

    row: Row
    explained: Explanation
    why: tuple[ConditionResult, ...]
    on: date | None
    keys: tuple[Words, ...]
    can_apply: bool
    rests_on_answers: bool
    starts: tuple[ConditionResult, ...]
    limit_is_open: bool


@dataclass(frozen=True, slots=True)
class Groups:
    """Everything a page shows of what fits: three groups, not-now in two parts; the nearest where all is no; single acts."""

    yes: tuple[Card, ...]
    one_more: tuple[Card, ...]
    one_step: tuple[Card, ...]
    later: tuple[Card, ...]
    nearest: tuple[Card, ...]
    unlocks: tuple[Unlock, ...]

    @property
    def all(self) -> tuple[Card, ...]:
        """Every card once, group after group."""
        return self.yes + self.one_more + self.one_step + self.later

    @property
    def not_now_count(self) -> int:
        """How many do not fit now."""
        return len(self.one_step) + len(self.later)

    def card(self, programme_id: str) -> Card | None:
        """The card of one programme."""
        return next((one for one in self.all if one.row.programme.id == programme_id), None)


def ordered(
    explanations: Sequence[Explanation], keys: tuple[str, ...], wish: Wish, first: str, as_of: date
) -> Opportunities:
    """The three groups with one key put before the others; the declared order where it is none of them."""
    chosen = (first, *(key for key in keys if key != first)) if first in keys else keys
    return group(explanations, as_of, chosen, wish)


def without_invented(explanations: Iterable[Explanation], chosen: Collection[str]) -> list[Explanation]:
    """The explanations with no limit that was worked out of a range: the ceiling of the document in its place."""
    return [
        replace(one, offer=replace(one.offer, amount_max_satang=one.programme.amount_max_satang))
        if _rests_on(one, chosen)
        else one
        for one in explanations
    ]


def groups_of(found: Opportunities, facts: Facts, wish: Wish, chosen: Collection[str] = ()) -> Groups:
    """The cards of every group; `chosen` are the facts answered by a choice."""
    cards = {one.programme.id: card_of(one, facts, wish, chosen) for one in found.all}

    def of(group: Sequence[Explanation]) -> tuple[Card, ...]:
        """In their order, those for another use last."""
        found = sorted(group, key=lambda one: covers_use(one, wish.use) is False)
        return tuple(cards[one.programme.id] for one in found)

    nothing_fits = not found.yes and not found.one_more
    return Groups(
        of(found.yes), of(found.one_more), of(found.one_step), of(found.later),
        of(nearest(found.not_now)) if nothing_fits else (), unlocks(found.not_now),
    )  # fmt: skip


def card_of(one: Explanation, facts: Facts, wish: Wish, chosen: Collection[str] = ()) -> Card:
    """One card."""
    return Card(
        row_of(one.programme, one.as_of, one.offer),
        one,
        deciding(one),
        turns_on(one, facts),
        tuple(words for key in KEY_WORDS if (words := _TELL[key](one, wish)) is not None),
        one.answer is Answer.YES and one.programme.kind is Kind.LOAN_PRODUCT,
        one.answer is Answer.YES and any(condition.standing == "declared" for condition in one.conditions),
        starts(one),
        _rests_on(one, chosen),
    )


def deciding(one: Explanation) -> tuple[ConditionResult, ...]:
    """The conditions that make the answer what it is: those met for a yes, else those not met, or not known."""
    return tuple(
        condition
        for reason in one.reasons
        if reason.answer is one.answer
        for condition in reason.conditions
        if condition.answer is one.answer
    )


def _rests_on(one: Explanation, chosen: Collection[str]) -> bool:
    return any(fact in chosen for fact in facts_of_amount(one.programme.benefit.amount))


def _use(one: Explanation, wish: Wish) -> Words | None:
    found = covers_use(one, wish.use)
    if found is None:
        return None
    return Words("ตรงกับที่จะใช้เงิน", "for this use") if found else Words("ไม่ได้ให้เพื่อการนี้", "not for this use")


def _sum(one: Explanation, wish: Wish) -> Words | None:
    found = covers_sum(one, wish.amount_satang)
    if found is None:
        return None
    return Words("วงเงินพอ", "lends enough") if found else Words("วงเงินไม่พอ", "lends less than that")


def _cost(one: Explanation, wish: Wish) -> Words | None:
    if not one.offer.tenor_months or not one.offer.rates:
        return None
    amount = wish.amount_satang or EXAMPLE_SATANG
    if one.offer.amount_max_satang is not None:
        amount = min(amount, one.offer.amount_max_satang)
    months = min(wish.tenor_months or one.offer.tenor_months, one.offer.tenor_months)
    whole = cost(one.offer, amount, months)
    asked = baht_text(amount).removesuffix(".00")
    if whole is None:
        return Words("ดอกเบี้ยรวมยังบอกไม่ได้", "interest in all not known")
    text = baht_text(whole).split(".")[0]
    return Words(
        f"กู้ {asked} บาท {months} เดือน ดอกเบี้ยรวม {text} บาท",
        f"{asked} baht over {months} months: {text} baht of interest",
    )


def _questions(one: Explanation, wish: Wish) -> Words | None:
    del wish
    left = len(one.missing_facts)
    return Words(f"เหลือ {left} คำถาม", f"{left} question" + ("s" if left > 1 else "") + " left") if left else None


def _days(one: Explanation, wish: Wish) -> Words | None:
    """The lender's own median where it is told, else the days of the steps as written."""
    told = wish.lender_days.get(one.programme.id)
    if told is not None:
        return Words(f"ที่ผ่านมาครึ่งหนึ่งรู้ผลใน {told} วันทำการ", f"so far half were answered in {told} working days")
    days = one.programme.working_days
    return Words(f"ตามขั้นตอน {days} วันทำการ", f"{days} working days by its steps") if days else None


def _pool(one: Explanation, wish: Wish) -> Words | None:
    left = wish.pool_left_permille.get(one.programme.id)
    return (
        None
        if left is None
        else Words(f"วงเงินโครงการเหลือราว {left // _TENTH} %", f"about {left // _TENTH} % of the pool left")
    )


_TELL: Mapping[str, Callable[[Explanation, Wish], Words | None]] = {
    "covers_use": _use, "covers_sum": _sum, "cost": _cost, "questions_left": _questions, "lender_days": _days,
    "pool_left": _pool,
}  # fmt: skip
