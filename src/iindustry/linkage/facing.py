"""One record's facets and blocking keys in plain Python: the twin of `facets` and `blocking` for a look-up.

A frame of one row costs milliseconds of planning; this costs microseconds. The record stands in no register, so what those
two do for the register of factories has no place here. Invariant: equal to the columns' version on every record.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from iindustry.linkage.blocking import _SHORT
from iindustry.linkage.facets import _FAMILY, _HOUSE, _LAND, _MOO, _NO_FORM, _SOI, TWINS
from iindustry.standardise.twins import twin

if TYPE_CHECKING:
    from collections.abc import Mapping

_END = r"\Z"  # the engine's $ is the end of the text; Python's also stands before a last line break
_PARTS = {
    name: re.compile(pattern.replace("$", _END))
    for name, pattern in {"house": _HOUSE, "moo": _MOO, "soi": _SOI}.items()
}
_OF_A_LAND = re.compile(_LAND)
_GAPS = re.compile(r"[ .\-]+")
_LATIN, _THAI, _LAST_DIGITS = re.compile("[A-Za-z]"), re.compile("[ก-ฮ]"), re.compile(r"(\d+)\Z")
_BEGIN = 6


def face_of(record: Mapping[str, Any]) -> dict[str, Any]:
    """What a record says that is compared, with its blocking keys, from its columns of IDENTITY (absent: not said)."""
    said = record.get
    sub = said("subdistrict_code")
    dist = said("district_code")
    form = said("form")
    raw = said("name_raw") or ""
    latin = bool(_LATIN.search(raw) and not _THAI.search(raw))  # an English name, whatever column holds it
    core = None if latin else said("core") or None
    digits = _LAST_DIGITS.search(said("en_core") or "")
    face: dict[str, Any] = {
        "jid": said("juristic_id") if said("id_state") == "valid" else None,
        "person_tag": said("person_tag"),
        "factory_id": said("factory_id"),
        "is_person": bool(said("is_person")),
        "core": core,
        "num": "" if latin else said("num") or "",
        "skel": None if latin else said("skel") or None,
        "form": None if form is None or form in _NO_FORM else _FAMILY.get(form, form),
        "any_core": core,
        "en_core": said("en_core") or None,
        "en_skel": said("en_skel") or None,
        "en_num": digits.group(1) if digits else "",
        "x": said("en_xskel" if latin else "xskel") or None,
        "land": "th" if _OF_A_LAND.search(raw) else "",
        "prov": said("province_code"),
        "dist": dist if dist is not None else sub[:4] if sub is not None else None,
        "sub": sub,
        "kind": "seat",
        "phones": sorted({one for one in said("phones") or () if one is not None}) or None,
    }
    parts = said("address_parts")
    for name, pattern in _PARTS.items():
        found = pattern.search(parts) if parts is not None else None
        face[name] = found.group(1) if found else None
    face["soi"] = _GAPS.sub("", face["soi"] or "") or None
    face["phone"] = face["phones"][0] if face["phones"] else None
    face |= {name: twin(face[text]) if face[text] is not None else None for name, text in TWINS.items()}
    face["named_b"] = _joined(face["core_b"], face["form"], face["land"])
    return face | _keys(face)


def _keys(face: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of `blocking.KEYS`. Which runs of signs are rare only a whole register knows: none here."""
    skel = face["skel_b"]
    is_long = skel is not None and len(skel) >= _SHORT
    moo = face["moo"] or ""
    return {
        "block_phone": face["phones"],
        "block_skel": _joined(skel, face["num"]),
        "block_en": face["en_core"],
        "block_en_skel": _joined(face["en_skel"], face["prov"]),
        "block_site": _joined(face["any_b"], face["prov"]),
        "block_begin": _joined(face["prov"], skel[:_BEGIN]) if is_long else None,
        "block_rare": [],
        "block_near": _joined(face["sub"], skel[:_SHORT]) if is_long else None,
        "block_address": _joined(face["sub"], face["house"], moo),
        "block_across": _joined(face["dist"], face["x"][: _SHORT + 1] if face["x"] is not None else None),
    }


def _joined(*parts: str | None) -> str | None:
    return None if None in parts else "/".join(part for part in parts if part is not None)
