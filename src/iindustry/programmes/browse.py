"""Finding a programme in the catalogue: by words typed as they come, by what it is, by what it is for.

Thai is written without spaces, so a query is not cut into words first: it is found where a programme's own text holds it
whole, or holds pieces of three letters and more that cover it. Text in both languages is searched whichever the page shows.
Invariant: filters only take away, words only take away and order; a list ends its order with the programme's id.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

from iindustry.programmes import describe, terms
from iindustry.programmes.facts import Words, spec_of
from iindustry.programmes.offer import offer
from iindustry.programmes.tree import facts_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date

    from iindustry.programmes.shape import Programme

MOST_LETTERS = 80
"""Letters of a query that are read."""
_PIECE = 3
_COVERED = 0.85
_NEARLY = 0.5
_LAST = 2**62
_DROPPED = dict.fromkeys(map(ord, "\u200b\u200c\u200d\ufeff\u00ad"))
_LONE_AM = re.compile("ํ([่-๋]?)า")
_TWICE = re.compile("([ัิ-ฺ็-๎])\\1+")
_WORD = re.compile(r"[\w฀-๿]+")


class State(StrEnum):
    """Where a programme stands on a day."""

    OPEN = "open"
    COMING = "coming"
    SUSPENDED = "suspended"
    CLOSED = "closed"
    ARCHIVE = "archive"


STATE_WORDS: Mapping[State, Words] = {
    State.OPEN: Words("เปิดรับอยู่", "Open now"),
    State.COMING: Words("ยังไม่เปิดรับ", "Not open yet"),
    State.SUSPENDED: Words("พักการรับชั่วคราว", "Suspended for now"),
    State.CLOSED: Words("ปิดรับแล้ว", "Closed"),
    State.ARCHIVE: Words("สินเชื่อและมาตรการจริง ตามที่มีรายงาน", "Real products, as reported"),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody looks for: empty and None ask for nothing. Money in satang."""

    text: str = ""
    kind: str = ""
    owner: str = ""
    line: str = ""
    use: str = ""
    state: str = ""
    amount_satang: int | None = None
    order: str = ""


@dataclass(frozen=True, slots=True)
class Shelf:
    """A programme in the list, where it stands, and how well it answers the words (higher is better)."""

    programme: Programme
    state: State
    score: int


@dataclass(frozen=True, slots=True)
class Found:
    """The list; `is_near` where nothing held the words and the nearest are shown instead."""

    items: tuple[Shelf, ...]
    is_near: bool = False


# What people say and no document writes, beside the code that it means.
ALIASES: Mapping[str, str] = {
    "loan_product": "เงินกู้ กู้เงิน กู้ยืม ขอกู้ แบงก์ borrow credit",
    "measure": "มาตรการรัฐ ความช่วยเหลือ ช่วยเหลือ ลดหย่อน support help",
    "guarantee": "ค้ำประกัน คนค้ำ ไม่มีหลักทรัพย์ guarantor",
    "smed": "เอสเอ็มอีแบงก์ ธนาคารเอสเอ็มอี ธพว smebank",
    "exim": "เอ็กซิมแบงก์ เอ็กซิม ธสน",
    "fund": "กองทุนประชารัฐ กองทุนเอสเอ็มอี",
    "diw": "กรอ", "dip": "กสอ ดีพร้อม diprom", "oie": "สศอ", "tisi": "สมอ", "dpim": "กพร", "ocsb": "สอน", "ieat": "กนอ",
    "machinery": "เครื่องจักร อุปกรณ์ equipment machine",
    "working_capital": "หมุนเวียน สภาพคล่อง วัตถุดิบ สต็อก cash flow",
    "expansion": "สร้างโรงงาน ขยายโรงงาน ที่ดิน factory building",
    "green_transition": "โซลาร์ โซลาร์เซลล์ พลังงานสะอาด คาร์บอน ลดโลกร้อน สิ่งแวดล้อม solar carbon energy",
    "productivity": "ลดต้นทุน ประสิทธิภาพ efficiency",
    "clean_vehicle": "รถไฟฟ้า รถอีวี ev",
    "digital": "คอมพิวเตอร์ ซอฟต์แวร์ ออนไลน์ บัญชี software online accounting",
    "export": "ขายต่างประเทศ ต่างประเทศ นำเข้า abroad",
    "training": "อบรม ที่ปรึกษา พัฒนาคน มาตรฐาน course adviser",
    "area": "ชายแดน เขตเศรษฐกิจพิเศษ ต่างจังหวัด eec border zone",
    "s_curve": "เอสเคิร์ฟ scurve new industry",
    "sme_upgrade": "เอสเอ็มอี รายย่อย สตาร์ตอัป startup small business",
    "green": "สีเขียว โรงงานสีเขียว green industry",
    "smart_gov": "ดิจิทัล digital",
}  # fmt: skip


def state_of(one: Programme, today: date) -> State:
    """Where a programme stands; a card is of the archive whatever its dates."""
    if one.is_archive:
        return State.ARCHIVE
    if one.suspension is not None:
        return State.SUSPENDED
    if today < one.valid_from:
        return State.COMING
    return State.OPEN if one.is_open(today) else State.CLOSED


def browse(programmes: Iterable[Programme], wanted: Wanted, *, today: date) -> Found:
    """The programmes that answer what is wanted, in its order; the nearest by words where none does."""
    passed = [one for one in programmes if all(passes(one, wanted, today) for passes in FILTERS.values())]
    tokens = tokens_of(wanted.text)
    if not tokens:
        return Found(_ordered(((one, 0) for one in passed), wanted, today))
    scored = [(one, *_score(one, tokens)) for one in passed]
    exact = [(one, score) for one, score, covered in scored if covered >= _COVERED]
    near = [(one, score) for one, score, covered in scored if covered >= _NEARLY]
    return Found(_ordered(exact or near, wanted, today), is_near=bool(near) and not exact)


FILTERS: Mapping[str, Callable[[Programme, Wanted, date], bool]] = {
    "kind": lambda one, wanted, _day: not wanted.kind or one.kind == wanted.kind,
    "owner": lambda one, wanted, _day: not wanted.owner or one.owner == wanted.owner,
    "line": lambda one, wanted, _day: not wanted.line or wanted.line in one.policy_lines,
    "use": lambda one, wanted, _day: not wanted.use or wanted.use in one.benefit.use_of_funds,
    "state": lambda one, wanted, day: not wanted.state or state_of(one, day) == wanted.state,
    "amount": lambda one, wanted, _day: wanted.amount_satang is None or _lends(one, wanted.amount_satang),
}
"""One test a filter. An unknown use or limit does not pass: the list answers what is written, and the page says so."""


def _first_rate(one: Programme, day: date) -> int:
    rate = offer(one, day).rate_of(1)
    return _LAST if rate is None or rate.thousandths is None else rate.thousandths


ORDERS: Mapping[str, tuple[Words, Callable[[Programme, date], int]]] = {
    "limit": (Words("วงเงินสูงก่อน", "Highest limit first"), lambda one, _day: -(one.amount_max_satang or 0)),
    "rate": (Words("ดอกเบี้ยปีแรกต่ำก่อน", "Lowest first-year rate first"), _first_rate),
    "days": (Words("ใช้เวลาน้อยก่อน", "Fewest working days first"), lambda one, _day: one.working_days or _LAST),
    "closing": (
        Words("ปิดรับเร็วก่อน", "Closing soonest first"),
        lambda one, day: one.valid_to.toordinal() if one.valid_to is not None and one.valid_to >= day else _LAST,
    ),
}
"""Orders beside the first, which is: by the words, then open before closed, then by id."""


def tokens_of(text: str) -> tuple[str, ...]:
    """The pieces of a query as they are looked for: Thai and Latin apart, folded, at most eighty letters."""
    return tuple(_WORD.findall(_apart(folded(text[:MOST_LETTERS]))))


@lru_cache(maxsize=4096)
def folded(text: str) -> str:
    """One spelling for what looks alike: NFC, lower case, `ํา` as `ำ`, doubled marks once, Thai digits as 0–9."""
    plain = unicodedata.normalize("NFC", text).casefold().translate(_DROPPED)
    plain = _TWICE.sub(r"\1", _LONE_AM.sub(r"\1ำ", plain))
    return plain.translate({0x0E50 + digit: 0x30 + digit for digit in range(10)})


def _apart(text: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[฀-๿])|(?<=[฀-๿])(?=[a-z0-9])", " ", text)


def _lends(one: Programme, amount_satang: int) -> bool:
    limit = one.amount_max_satang
    return limit is not None and limit >= amount_satang


def _ordered(found: Iterable[tuple[Programme, int]], wanted: Wanted, today: date) -> tuple[Shelf, ...]:
    items = [Shelf(one, state_of(one, today), score) for one, score in found]
    rank = {state: place for place, state in enumerate(State)}

    def key(item: Shelf) -> tuple[int, int, int, int, str]:
        by = ORDERS.get(wanted.order)
        chosen = by[1](item.programme, today) if by else 0
        still = 0 if item.programme.is_open(today) else 1
        return chosen, rank[item.state] if by is None else 0, -item.score, still, item.programme.id

    return tuple(sorted(items, key=key))


def _score(one: Programme, tokens: tuple[str, ...]) -> tuple[int, float]:
    """How well, and how much of the worst token is found."""
    fields = fields_of(one)
    scores, covered = 0, 1.0
    for token in tokens:
        best = max((weight for weight, text in fields if _holds(text, token)), default=0)
        if best:
            scores += 10 * best
            continue
        pieces = [(cover(token, text.replace(" ", "")), weight) for weight, text in fields]
        scores += max(int(5 * share * weight) for share, weight in pieces)
        covered = min(covered, max(share for share, _ in pieces))
    return scores, covered


def _holds(text: str, token: str) -> bool:
    """A Latin word from its beginning, so that `eec` is no part of another; Thai wherever it stands."""
    if token.isascii():
        return f" {token}" in text or (len(token) > _PIECE and token in text)
    return token in text or token in text.replace(" ", "")


def cover(token: str, text: str) -> float:
    """The share of a token's letters that pieces of three and more letters of a text cover, longest first from the left."""
    if token.isascii() or len(token) < _PIECE:
        return 0.0
    at, covered = 0, 0
    while at <= len(token) - _PIECE:
        end = at + _PIECE
        if token[at:end] not in text:
            at += 1
            continue
        while end < len(token) and token[at : end + 1] in text:
            end += 1
        covered += end - at
        at = end
    return covered / len(token)


def fields_of(one: Programme) -> tuple[tuple[int, str], ...]:
    """What is searched, folded, with its weight: name and id, summary, then what it is, for whom and on what terms."""
    card, benefit = one.card, one.benefit
    both = [describe.OWNER_WORDS[one.owner], describe.KIND_WORDS[one.kind.value]]
    both += [describe.LINE_WORDS[line] for line in one.policy_lines] + [terms.USES[use] for use in benefit.use_of_funds]
    both += [spec_of(fact).label for fact in sorted(facts_in(one.conditions))] if one.conditions is not None else []
    both += [card.who, card.rate, card.limit, card.security] if card is not None else []
    both += [benefit.gives] if benefit.gives is not None else []
    said = [ALIASES.get(code, "") for code in (one.owner, one.kind.value, *one.policy_lines, *benefit.use_of_funds)]
    return (
        (4, _line(one.id, one.id.replace("-", " "), one.id.replace("-", ""), one.title.th, one.title.en)),
        (2, _line(one.summary.th, one.summary.en)),
        (1, _line(*(text for words in both for text in (words.th, words.en)), *said)),
    )


def _line(*texts: str) -> str:
    return " " + " ".join(_WORD.findall(_apart(folded(" ".join(texts)))))
