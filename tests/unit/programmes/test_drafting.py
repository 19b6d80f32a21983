"""A form edits a rule's text: what it names changes, every other byte, comment and order stays."""

from __future__ import annotations

from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iindustry.kernel.errors import Rejected
from iindustry.programmes import drafting
from iindustry.programmes.documents import read

CATALOGUE = {
    one.name: one.read_text(encoding="utf-8")
    for one in sorted(files("iindustry.programmes").joinpath("catalogue").iterdir(), key=lambda one: one.name)
    if one.name.endswith(".yaml") and "\n---" not in one.read_text(encoding="utf-8")
}
RULES = {name: text for name, text in CATALOGUE.items() if drafting.outline(text)}
BLOCK = """# a draft
schema: x   # kept
title:
  th: "ชื่อ"
  en: >-
    two
    lines
list:
  - one
  - two  # and why
conditions:
  any:
    - id: a
      fact: enterprise.status
    - some:
        id: b
        all: [{id: c, fact: establishment.eec}]
end: null
"""
VALUES = st.one_of(
    st.integers(-(10**12), 10**12),
    st.booleans(),
    st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=20),
    st.lists(st.sampled_from(["micro", "small", "ทุกขนาด", "no", "3.00", "true"]), max_size=3),
)


@pytest.mark.parametrize("name", sorted(CATALOGUE))
def test_what_is_not_named_keeps_its_value(name: str) -> None:
    text = CATALOGUE[name]
    before = drafting.plain(text)
    assert before == read(text)[0].value
    for key in before:
        rest = {other: value for other, value in before.items() if other != key}
        after = read(drafting.edited(text, key, "เปลี่ยน: [x]"))[0].value
        assert after == {**before, key: "เปลี่ยน: [x]"}
        assert read(drafting.removed(text, key))[0].value == rest


@given(place=st.data(), value=VALUES)
@settings(max_examples=100)
def test_a_value_is_read_back_as_it_was_put(place: st.DataObject, value: object) -> None:
    text = place.draw(st.sampled_from(sorted(RULES.values())))
    row = place.draw(st.sampled_from([one for one in drafting.outline(text) if one.fact]))
    key = place.draw(st.sampled_from(["value", "on_missing", "disclose", "op"]))
    changed = drafting.edited(text, f"{row.path}.{key}", value)
    assert drafting.at(read(changed)[0].value, f"{row.path}.{key}") == value
    assert drafting.removed(changed, f"{row.path}.{key}").count("\n") == text.count("\n")
    kept = [line for line in text.splitlines() if line in changed.splitlines()]
    assert len(kept) >= len(text.splitlines()) - 1


def test_block_style_comments_and_folded_text_stay() -> None:
    changed = drafting.edited(BLOCK, "title.en", "one line")
    assert changed == BLOCK.replace(">-\n    two\n    lines", '"one line"')
    assert "# and why" in drafting.added(BLOCK, "list", "three")
    assert read(drafting.added(BLOCK, "list", "three"))[0].value["list"] == ["one", "two", "three"]
    assert drafting.removed(BLOCK, "list[0]") == BLOCK.replace("  - one\n", "")
    assert drafting.at(drafting.plain(drafting.edited(BLOCK, "end", 3)), "end") == 3
    assert drafting.at(drafting.plain(drafting.edited(BLOCK, "list", [])), "list") == []
    assert drafting.plain(drafting.edited(BLOCK, "conditions.any[0].op", "eq"))["conditions"]["any"][0] == {
        "id": "a",
        "fact": "enterprise.status",
        "op": "eq",
    }


def test_the_outline_names_groups_and_conditions_in_order() -> None:
    assert [(one.path, one.depth, one.kind, one.id) for one in drafting.outline(BLOCK)] == [
        ("conditions", 0, "any", ""),
        ("conditions.any[0]", 1, "", "a"),
        ("conditions.any[1]", 1, "some", "b"),
        ("conditions.any[1].some.all[0]", 2, "", "c"),
    ]


@pytest.mark.parametrize("name", sorted(RULES))
def test_conditions_come_and_go(name: str) -> None:
    text = RULES[name]
    for row in drafting.outline(text):
        if row.kind and drafting.at(drafting.plain(text), row.list_path):
            asked = {"id": "new", "fact": "enterprise.status", "op": "eq", "value": "active", "on_missing": "ask"}
            more = drafting.added(text, row.list_path, asked)
            found = drafting.at(read(more)[0].value, row.list_path)
            assert found[-1] == asked
            assert drafting.removed(more, f"{row.list_path}[{len(found) - 1}]") == text


@pytest.mark.parametrize(
    ("act", "code"),
    [
        (lambda: drafting.edited("a: [", "a", 1), "draft-unreadable"),
        (lambda: drafting.edited("a: 1", "b.c", 1), "draft-place-absent"),
        (lambda: drafting.removed("a: 1", "b"), "draft-place-absent"),
        (lambda: drafting.removed("a: [1]", "a[0]"), "draft-last-item"),
        (lambda: drafting.added("a: 1", "a", 1), "draft-place-absent"),
    ],
)
def test_what_cannot_be_done_is_refused(act: object, code: str) -> None:
    with pytest.raises(Rejected) as refused:
        act()  # type: ignore[operator]
    assert refused.value.code == code
