"""Both languages are whole, and no sign is used that the font does not have."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

WEB = Path(__file__).resolve().parents[2] / "src" / "iindustry" / "web"
PAIR = re.compile(r"""\{%\s*w\s+(?P<q1>["'])(?P<th>.*?)(?P=q1)\s+(?P<q2>["'])(?P<en>.*?)(?P=q2)""", re.DOTALL)
THAI = re.compile(r"[\u0E01-\u0E5B]")
LATIN = re.compile(r"[A-Za-z]")
# Thai, Latin-1 and the signs that IBM Plex Sans Thai carries.
ALLOWED = re.compile(
    r"[\u0000-\u00FF\u0E01-\u0E5B\u2013\u2014\u2018\u2019\u201C\u201D\u2022\u2026\u0152\u0153\u20AC\u2122]"
)
TEMPLATES = sorted((WEB / "templates").rglob("*.html"))
TABLES = sorted((WEB / "words").glob("*.yaml"))


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_each_pair_has_both_halves(template):
    text = template.read_text(encoding="utf-8")
    assert len(re.findall(r"\{%\s*w\s+[\"']", text)) == len(PAIR.findall(text)), "a pair that cannot be read"
    for pair in PAIR.finditer(text):
        th, en = pair["th"], pair["en"]
        assert th.strip(), f"empty Thai beside {en!r}"
        assert en.strip(), f"empty English beside {th!r}"
        assert not THAI.search(re.sub(r"ข้อมูลสมมติ", "", en)), f"Thai in the English half: {en!r}"
        if THAI.search(th):
            assert LATIN.search(en) or not LATIN.search(th), f"no English in {en!r}"


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_sign_outside_the_font(template):
    strange = {sign for sign in template.read_text(encoding="utf-8") if not ALLOWED.match(sign)}
    assert not strange, {f"U+{ord(sign):04X} {sign}" for sign in strange}


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_inline_script_or_style(template):
    text = template.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle=|<style|<[a-z][^>{]*\son[a-z]+=|javascript:", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)


@pytest.mark.parametrize("table", TABLES, ids=lambda path: path.name)
def test_each_refusal_says_it_in_both_languages(table):
    for code, words in yaml.safe_load(table.read_text(encoding="utf-8")).items():
        assert THAI.search(words["th"]), code
        assert LATIN.search(words["en"]) and not THAI.search(words["en"]), code
        assert words.get("status") in {400, 401, 403, 404, 405, 409, 415, 422, 429, 503, None}, code
        assert len(words["th"]) > 15 and len(words["en"]) > 15, f"{code}: too short to say what, where and what to do"


def test_every_code_that_is_raised_has_words():
    """A code without words would leave a person with a code."""
    src = WEB.parent
    raised: dict[str, str] = {}
    pattern = re.compile(r"""(?:NotFound|Denied|Conflict|Rejected)\(\s*["']([a-z0-9-]+)["']""")
    for path in src.rglob("*.py"):
        for code in pattern.findall(path.read_text(encoding="utf-8")):
            raised[code] = str(path.relative_to(src))
    known = {code for table in TABLES for code in yaml.safe_load(table.read_text(encoding="utf-8"))}
    missing = {code: where for code, where in raised.items() if code not in known}
    assert not missing
