"""One record in standard form, for a look-up: plain Python, the twin of `records.standard_of` on one row.

Invariant: the keys are the columns of IDENTITY; nothing here reads a file or a table but the gazetteer.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypedDict

from iindustry.kernel import ids
from iindustry.standardise import addresses, english, names, phones
from iindustry.standardise.places import Place, place_of
from iindustry.standardise.words import LEGAL_KIND_OF_DIGIT, LEGAL_KIND_OF_FORM

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    Value = str | int | bool | date | list[str] | None

_THAI = re.compile("[ก-ฮ]")
_LATIN = re.compile("[A-Za-z]")
_NO_NAME = names.Name(None, None, None, None, None, None, None, None)
_NO_ENGLISH = english.EnglishName(None, None, None)


class Said(TypedDict, total=False):
    """What is known of the record that is looked for; all texts as somebody wrote them."""

    name_th: str | None
    name_en: str | None
    site_name: str | None
    juristic_id: str | None
    factory_id: str | None
    old_factory_id: str | None
    address: str | None
    subdistrict: str | None
    district: str | None
    province: str | None
    province_code: str | None
    district_code: str | None
    subdistrict_code: str | None
    postcode: str | None
    phone: str | None
    registered_on: date | None
    tsic: str | None


def standardised(said: Said, tag: Callable[[str], str] | None) -> dict[str, Value]:
    """IDENTITY of one record. `tag` makes the keyed tag of a citizen id; without it one is dropped."""
    name, site = _apart(said.get("name_th")), _apart(said.get("site_name"))
    latin = said.get("name_en") or (said.get("name_th") if _is_latin(said.get("name_th")) else None)
    other = english.normalise(latin) if latin else _NO_ENGLISH
    is_thai = bool(_THAI.search(said.get("name_th") or ""))
    juristic_id, state, person_tag = _number(said.get("juristic_id"), tag)
    written = addresses.read(address) if (address := said.get("address")) else None
    place = _place(said, written)
    numbers = phones.numbers(said.get("phone"))
    factory = said.get("factory_id")
    return {
        "source": None, "record_key": None, "delivery_id": None, "observed_on": None, "row": None,
        "juristic_id": juristic_id, "id_state": state, "person_tag": person_tag,
        "is_person": name.form == names.PERSON or person_tag is not None,
        "factory_id": ids.factory_id(factory) if factory else None, "factory_id_raw": factory,
        "old_factory_id": said.get("old_factory_id"),
        "name_raw": said.get("name_th"), "core": name.core, "core_alt": name.core_alt, "num": name.num, "skel": name.skel,
        "xskel": name.xskel if is_thai else other.en_xskel, "form": name.form, "branch": name.branch,
        "repaired": name.repaired,
        "name_en_raw": said.get("name_en"), "en_core": other.en_core, "en_skel": other.en_skel, "en_xskel": other.en_xskel,
        "site_name_raw": said.get("site_name"), "site_core": site.core, "site_core_alt": site.core_alt,
        "site_num": site.num, "site_skel": site.skel, "site_xskel": site.xskel, "site_form": site.form,
        "address_raw": said.get("address"), "address_parts": written.address_parts if written else None,
        "house_no": written.house_no if written else None, "moo": written.moo if written else None,
        "province_code": place.province_code, "district_code": place.district_code,
        "subdistrict_code": place.subdistrict_code, "subdistrict_codes": list(place.subdistrict_codes) or None,
        "postcode": said.get("postcode") or (written.postcode if written else None), "phones": numbers or None,
        "legal_kind": _legal_kind(juristic_id, name.form), "registered_on": said.get("registered_on"),
        "tsic": said.get("tsic"),
    }  # fmt: skip


def _apart(text: str | None) -> names.Name:
    return names.normalise(text) if text else _NO_NAME


def _is_latin(text: str | None) -> bool:
    return bool(text and _LATIN.search(text) and not _THAI.search(text))


def _number(text: str | None, tag: Callable[[str], str] | None) -> tuple[str | None, str, str | None]:
    """Juristic id, its state, the tag of a citizen id."""
    if not text:
        return None, "none", None
    kind, number = ids.class_thirteen(text)
    match kind:
        case "juristic":
            return number, "valid", None
        case "citizen":
            return None, "none", tag(number) if tag else None
        case _:
            return (number if re.fullmatch("0[0-9]{12}", number) else None), "invalid", None


def _place(said: Said, written: addresses.Address | None) -> Place:
    """By codes, else by the written address where the named areas do not say more or otherwise."""
    code = said.get("subdistrict_code") or said.get("district_code") or said.get("province_code")
    if code:
        whole = (code,) if len(code) == len("100101") else ()
        return Place(code[:2], code[:4] if len(code) > len("10") else None, whole[0] if whole else None, whole)
    named = place_of(said.get("subdistrict"), said.get("district"), said.get("province"))
    if written is None:
        return named
    place = written.place
    is_better = not place.subdistrict_codes and bool(named.subdistrict_codes)
    differs = None not in (place.province_code, named.province_code) and place.province_code != named.province_code
    return named if is_better or place.province_code is None or differs else place


def _legal_kind(juristic_id: str | None, form: str | None) -> str | None:
    of_number = LEGAL_KIND_OF_DIGIT.get(juristic_id[3]) if juristic_id else None
    return of_number or LEGAL_KIND_OF_FORM.get(form or "")
