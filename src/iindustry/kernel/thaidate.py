"""Buddhist-era years exist only in decoders (in) and on pages (out); everything between is an ISO date.

B.E. = C.E. + 543. The fiscal year 2570 runs from 1 Oct 2569 to 30 Sep 2570 (DOMAIN section 15).
"""

from __future__ import annotations

import re
from datetime import date, datetime

from iindustry.kernel.clock import BANGKOK

BE_OFFSET = 543
_BE_FROM = 2400
_OCTOBER = 10
_SHORT_YEAR_PIVOT = 2500

MONTHS_TH = ("มกราคม", "กุมภาพันธ์", "มีนาคม", "เมษายน", "พฤษภาคม", "มิถุนายน",
             "กรกฎาคม", "สิงหาคม", "กันยายน", "ตุลาคม", "พฤศจิกายน", "ธันวาคม")  # fmt: skip
MONTHS_TH_SHORT = ("ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.", "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค.")
MONTHS_EN = ("January", "February", "March", "April", "May", "June",
             "July", "August", "September", "October", "November", "December")  # fmt: skip
MONTHS_EN_SHORT = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MONTH_NUMBERS = {
    name.lower().replace(".", ""): number
    for names in (MONTHS_TH, MONTHS_TH_SHORT, MONTHS_EN, MONTHS_EN_SHORT)
    for number, name in enumerate(names, 1)
}
_NAMED_MONTH = re.compile(r"(\d{1,2})[ -]*([ก-๙A-Za-z.]+?)\.?[ -]*(?:พ\.? ?ศ\.?|ค\.? ?ศ\.?)?[ ]*(\d{4})")
_THAI_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")


def short_th(day: date) -> str:
    """`22 พ.ย. 2569`."""
    return f"{day.day} {MONTHS_TH_SHORT[day.month - 1]} {day.year + BE_OFFSET}"


def short_en(day: date) -> str:
    """`22 Nov 2026`."""
    return f"{day.day} {MONTHS_EN_SHORT[day.month - 1]} {day.year}"


def time_th(at: datetime) -> str:
    """`14:32 น.`, Bangkok time."""
    return f"{at.astimezone(BANGKOK):%H:%M} น."


def fiscal_year_be(day: date) -> int:
    """The Buddhist-era fiscal year a day falls in."""
    return day.year + BE_OFFSET + (1 if day.month >= _OCTOBER else 0)


def parse(text: str) -> date | None:
    """A day as registers write it, in digits or with the month's name.

    `14/1/2559`, `23-02-2567`, `2569-07-25T00:00:00`, `25560115`, `20130115`, `14 ม.ค. 2559`, `14 มกราคม พ.ศ. 2559`, `14 Jan 2016`.

    A year above 2400 is Buddhist. Two-digit years are refused, never guessed. None where the text is no possible day.
    """
    cleaned = text.strip().translate(_THAI_DIGITS)
    if match := re.fullmatch(r"(\d{1,2})[/\-. ](\d{1,2})[/\-. ](\d{4})", cleaned):
        d, m, y = (int(part) for part in match.groups())
    elif (match := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?", cleaned)) or (
        match := re.fullmatch(r"(\d{4})(\d{2})(\d{2})", cleaned)
    ):
        y, m, d = (int(part) for part in match.groups())
    elif (match := _NAMED_MONTH.fullmatch(cleaned)) and (
        month := _MONTH_NUMBERS.get(match[2].lower().replace(".", ""))
    ):
        d, m, y = int(match[1]), month, int(match[3])
    else:
        return None
    try:
        return date(y - BE_OFFSET if y > _BE_FROM else y, m, d)
    except ValueError:
        return None


def licence_year(text: str) -> int | None:
    """A licence's year in C.E.: `38` and `2538` are 1995, `15` (of `/15ชบ`) is 1972. Trap T5 of DOMAIN section 4."""
    cleaned = text.strip().translate(_THAI_DIGITS)
    if not cleaned.isdigit() or len(cleaned) not in {2, 4}:
        return None
    year = int(cleaned)
    if len(cleaned) == 2:  # noqa: PLR2004 - old factory numbers write 25yy
        return _SHORT_YEAR_PIVOT + year - BE_OFFSET
    return year - BE_OFFSET if year > _BE_FROM else year
