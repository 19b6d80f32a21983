"""Words, dates and money as pages show them: `{% load words %}`."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from iindustry.kernel import money, thaidate
from iindustry.kernel.clock import BANGKOK
from iindustry.web.language import is_thai

if TYPE_CHECKING:
    from collections.abc import Callable

register = template.Library()
NOT_SAID = "—"


@register.simple_tag
def w(th: str, en: str, **facts: Any) -> SafeString:
    """The Thai or the English sentence; `{name}` in it is filled from keywords, escaped."""
    text = th if is_thai() else en
    if not facts:
        return mark_safe(text)  # noqa: S308 - a literal of our own template
    return format_html(text, **facts)


@register.filter
def thai_date(value: date | datetime | str | None) -> str:
    """`22 พ.ย. 2569` on a Thai page, `22 Nov 2026` on an English one; an instant is shown as Bangkok's day."""
    day = _day(value)
    if day is None:
        return NOT_SAID
    return thaidate.short_th(day) if is_thai() else thaidate.short_en(day)


@register.filter
def thai_moment(value: datetime | None) -> str:
    """`22 พ.ย. 2569 14:32 น.`, Bangkok time."""
    if value is None:
        return NOT_SAID
    local = value.astimezone(BANGKOK)
    if is_thai():
        return f"{thaidate.short_th(local.date())} {thaidate.time_th(local)}"
    return f"{thaidate.short_en(local.date())} {local:%H:%M}"


@register.filter
def be_year(value: int | None) -> str:
    """A C.E. year as this page's language writes it."""
    if value is None:
        return NOT_SAID
    return str(int(value) + thaidate.BE_OFFSET) if is_thai() else str(value)


@register.filter
def baht(amount_satang: int | None) -> str:
    """`1,250,000.00 บาท`."""
    if amount_satang is None:
        return NOT_SAID
    return f"{money.baht_text(int(amount_satang))} {'บาท' if is_thai() else 'baht'}"


@register.filter
def million(amount_satang: int | None) -> str:
    """Millions of baht, two decimals: for tables whose heading names the unit."""
    return NOT_SAID if amount_satang is None else money.million_text(int(amount_satang))


@register.filter
def about_million(amount_satang: int | None) -> str:
    """Millions of baht without zeros behind the point: for a sum that is told in few figures."""
    return NOT_SAID if amount_satang is None else money.million_text(int(amount_satang)).rstrip("0").rstrip(".")


@register.filter
def whole(value: float | None) -> str:
    """A count with thousands separated."""
    return NOT_SAID if value is None else f"{int(value):,}"


@register.filter
def percent(value: float | Decimal | None) -> str:
    """A share (0.984) as `98.4 %`."""
    return NOT_SAID if value is None else f"{Decimal(str(value)) * 100:.1f} %"


@register.filter
def thirteen(value: str | None) -> str:
    """A 13-digit id grouped for the eye: `0-10-5-558-19763-2`."""
    if not value or len(value) != 13:  # noqa: PLR2004 - the length of the id
        return value or NOT_SAID
    return "-".join((value[0], value[1:3], value[3], value[4:7], value[7:12], value[12]))


@register.filter
def say(pair: Any) -> str:
    """The side of anything that carries `th` and `en` (an object or a mapping) that this page reads."""
    if pair is None:
        return NOT_SAID
    key = "th" if is_thai() else "en"
    text = pair.get(key) if isinstance(pair, dict) else getattr(pair, key, None)
    if text is None and not isinstance(pair, dict):
        text = getattr(pair, f"title_{key}", None) or getattr(pair, f"name_{key}", None)
    return str(conditional_escape(text if text is not None else NOT_SAID))


@register.filter
def at_key(mapping: Any, key: Any) -> Any:
    """`mapping[key]`, or None."""
    try:
        return mapping.get(key)
    except AttributeError:
        return None


@register.filter
def field_label(name: str) -> str:
    """The label of a field of `reference.fields`, in this page's language."""
    from iindustry.reference.fields import field_of

    field = field_of(name)
    return field.th if is_thai() else field.en


def _day(value: date | datetime | str | None) -> date | None:
    if isinstance(value, datetime):
        return value.astimezone(BANGKOK).date() if value.tzinfo else value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, str) and value:
        return thaidate.parse(value)
    return None


@register.filter
def source_name(key: str) -> str:
    """A source's name for people: `dbd` is กรมพัฒนาธุรกิจการค้า. Organisations have their names from `accounts`."""
    from iindustry.accounts.organisations import ORGANISATIONS

    thai = is_thai()
    if key in ORGANISATIONS:
        one = ORGANISATIONS[key]
        return one.name_th if thai else one.name_en
    if key in NO_ORGANISATION:
        return NO_ORGANISATION[key][0 if thai else 1]
    return key


# Sources that are no organisation of the agreement.
NO_ORGANISATION = {
    "green": ("อุตสาหกรรมสีเขียว", "Green Industry"),
    "portal": ("ผู้ประกอบการแจ้งเอง", "The enterprise itself"),
    "derived": ("คำนวณจากทะเบียน", "Derived from the registers"),
    "provincial": ("สำนักงานอุตสาหกรรมจังหวัด", "Provincial offices of industry"),
    "dbd_accounts": ("งบการเงินที่นำส่งกรมพัฒนาธุรกิจการค้า", "Accounts filed with the Department of Business Development"),
    "dbd_directors": ("กรรมการในทะเบียนกรมพัฒนาธุรกิจการค้า", "Directors in the register of business development"),
    "exports": ("ประวัติการส่งออกรายตลาด", "Exports by market"),
    "orders": ("คำสั่งและค่าธรรมเนียมค้าง", "Standing orders and unpaid fees"),
    "i40": ("ผลประเมิน Thailand i4.0 Index", "Thailand i4.0 index assessments"),
}
YES_NO = {True: ("ใช่", "Yes"), False: ("ไม่ใช่", "No")}
OWED = {True: ("ค้างอยู่", "Yes"), False: ("ไม่ค้าง", "No")}
OWING = ("fee_overdue", "_arrears")  # fields that say whether something is owed
DEBTS = "arrears."  # facts of rules that say the same
BY_YEAR = "accounts.by_year"


@register.filter
def plain_value(value: Any) -> str:
    """A register value written for people by the type that `reference.fields` gives its field."""
    from iindustry.reference.fields import field_of

    field, content = field_of(value.field), value.value
    if content is None:
        return NOT_SAID
    return str(_WRITERS.get(field.type, _write_text)(field.name, content))


@register.filter
def plain_lines(value: Any) -> list[str]:
    """A register value in the lines it is read in: the filed accounts a line a year, everything else in one."""
    if value.field != BY_YEAR or not value.value:
        return [plain_value(value)]
    unit = "บาท" if is_thai() else "baht"
    return [f"{_in_words(value.field, str(one))} ({unit})" for one in value.value]


@register.filter
def is_clear(condition: Any) -> bool:
    """Whether a condition is met because the enterprise owes nothing: its label names the debt, so it is put the other way."""
    return bool(condition.answer == "yes" and condition.fact.startswith(DEBTS) and condition.value is not True)


@register.filter
def condition_label(condition: Any) -> str:
    """What a condition asks about; a debt that is not there is written as not there (a met one is never told as a debt)."""
    th, en = condition.label.th, condition.label.en
    if is_clear(condition):
        th, en = f"ไม่{th}", f"No {en[:1].lower()}{en[1:]}"
    return str(th if is_thai() else en)


@register.filter
def differing(value: Any) -> list[Any]:
    """Statements that read otherwise than the value chosen; what its own register said of an earlier day is no dispute."""
    return [one for one in value.competing if plain_value(one) != plain_value(value) and not _is_earlier(one, value)]


@register.filter
def earlier(value: Any) -> list[Any]:
    """What the register of the value chosen said of earlier days, such as the accounts of other years, newest first."""
    found = [one for one in value.competing if plain_value(one) != plain_value(value) and _is_earlier(one, value)]
    return sorted(found, key=lambda one: one.as_of, reverse=True)


def _is_earlier(one: Any, value: Any) -> bool:
    return bool(one.source == value.source and one.as_of < value.as_of)


@register.filter
def agreeing(value: Any) -> str:
    """The names of the other registers that say the same, each once; empty where none does."""
    said = [one for one in value.competing if one.source != value.source and plain_value(one) == plain_value(value)]
    names = [source_name(one.source) for one in said]
    return " · ".join(dict.fromkeys(names))


def _write_text(field: str, content: Any) -> str:
    return thirteen(str(content)) if field == "entity.juristic_id" else str(content)


def _write_code(field: str, content: Any) -> str:
    from iindustry.programmes.facts import vocabulary
    from iindustry.reference.fields import field_of

    spec = vocabulary().get(field_of(field).fact or "")
    words = spec.code_words.get(str(content)) if spec else None
    if words is not None:
        return words.th if is_thai() else words.en
    return _area_name(field, str(content)) or _classified(field, str(content)) or _in_words(field, str(content))


def _in_words(field: str, element: str) -> str:
    """A code or an element of a set in words, where `reference.fields` has any."""
    from iindustry.reference.fields import words_of

    words = words_of(field, element)
    return element if words is None else words[0 if is_thai() else 1]


def _classified(field: str, code: str) -> str | None:
    """A code of a classification with its words: what the business makes, what kind of factory it is."""
    from iindustry.reference import activities, factory_types

    finders = {"entity.tsic": activities.activity, "factory.factory_type": factory_types.factory_type}
    found = finders[field](code) if field in finders else None
    return None if found is None else f"{found.th if is_thai() else found.en} ({code})"


def _area_name(field: str, code: str) -> str | None:
    from iindustry.reference import areas

    finders = {
        "entity.province": areas.province, "factory.province": areas.province, "factory.district": areas.district,
        "factory.subdistrict": areas.subdistrict, "entity.seat": areas.subdistrict,
    }  # fmt: skip
    area = finders[field](code) if field in finders else None
    if area is None:
        return None
    return f"{area.th if is_thai() else area.en} ({code})"


def _write_int(field: str, content: Any) -> str:
    if field.endswith("_year"):
        return be_year(content)
    th, en = UNITS.get(field.rsplit(".", 1)[-1], ("{0}", "{0}"))
    return (th if is_thai() else en).format(f"{int(content):,}")


# The unit that follows (or the word that leads) a whole number, by the last part of the field's name.
UNITS = {
    "worker_count": ("{0} คน", "{0} workers"),
    "establishment_count": ("{0} แห่ง", "{0} sites"),
    "age_months": ("{0} เดือน", "{0} months"),
    "green_level": ("ระดับ {0}", "level {0}"),
    "open_orders": ("{0} คำสั่ง", "{0} orders"),
    "unpaid_fees": ("{0} รายการ", "{0} fees"),
    "director_count": ("{0} คน", "{0} directors"),
    "months_reported_12m": ("{0} เดือน", "{0} months"),
}


def _write_money(field: str, content: Any) -> str:  # noqa: ARG001 - one shape for all writers
    return baht(content)


def _write_date(field: str, content: Any) -> str:  # noqa: ARG001
    return thai_date(content)


def _write_bool(field: str, content: Any) -> str:
    words = OWED if field.endswith(OWING) else YES_NO
    return words[bool(content)][0 if is_thai() else 1]


def _write_decimal(field: str, content: Any) -> str:
    if field == "factory.capacity_use_12m":
        return percent(content)
    number = f"{Decimal(str(content)):,.2f}".removesuffix(".00")
    return f"{number} {'แรงม้า' if is_thai() else 'hp'}" if field.endswith(".horsepower") else number


def _write_set(field: str, content: Any) -> str:
    none = "ไม่มี" if is_thai() else "none"
    return ", ".join(_in_words(field, str(one)) for one in content) or none


_WRITERS: dict[str, Callable[[str, Any], str]] = {
    "code": _write_code,
    "int": _write_int,
    "money": _write_money,
    "date": _write_date,
    "bool": _write_bool,
    "decimal": _write_decimal,
    "set": _write_set,
}
