"""The studio's form over every rule of the catalogue: untouched it changes nothing, touched it changes what it says."""

from __future__ import annotations

import json

import pytest

from iindustry.kernel.errors import Rejected
from iindustry.programmes import checking, drafting, published
from iindustry.programmes.tree import Op
from iindustry.web import studio_form, studio_words
from tests.unit.programmes.test_drafting import RULES

GREEN = RULES["SMED-D-GREEN.yaml"]


def posted(text: str, **changes: list[str]) -> dict[str, list[str]]:
    """What a browser posts of the form as drawn; ticks one by one."""
    form = studio_form.form_of(text, thai=True)
    every = [*form.inputs, *form.bands, *form.series, *(one for line in form.lines for one in line.inputs)]
    body = {"text": [text], "drawn": [form.drawn]}
    for one in every:
        if one.kind == "ticks":
            body[f"ticks:{one.name}"] = ["1"]
            body |= {one.name: [code for code, _, on in one.choices if on]} if one.shown else {}
        else:
            body[one.name] = [one.shown]
    return body | {f"v:{path}": value for path, value in changes.items()}


def after(text: str, **changes: list[str]) -> str:
    found = studio_form.changed(text, posted(text, **changes))
    assert found.problems == ()
    return found.text


def path_of(text: str, fact: str) -> str:
    return next(row.path for row in drafting.outline(text) if row.fact == fact)


@pytest.mark.parametrize("name", sorted(RULES))
def test_an_untouched_form_changes_nothing(name: str) -> None:
    assert after(RULES[name]) == RULES[name]


@pytest.mark.parametrize("name", sorted(RULES))
def test_every_condition_stands_in_the_form_with_its_answer_to_a_missing_fact(name: str) -> None:
    form = studio_form.form_of(RULES[name], thai=True)
    asked = [line for line in form.lines if line.label is not None]
    assert len(asked) == len([row for row in drafting.outline(RULES[name]) if row.fact])
    for line in asked:
        names = {one.name.rsplit(".", 1)[1]: one for one in line.inputs}
        assert {"fact", "op", "value", "cite", "mutability", "disclose"} <= set(names)
        assert ("on_missing" in names) is (names["op"].shown != Op.KNOWN)
        assert all(sum(on for _, _, on in one.choices) == 1 for one in names.values() if one.kind == "pick")


def test_a_limit_is_typed_in_baht_and_a_day_in_the_buddhist_era() -> None:
    text = after(GREEN, **{"parameters.amount_max_satang[0].value": ["12.5 ล้าน"], "valid_to": ["30/6/2571"]})
    document = drafting.plain(text)
    assert drafting.at(document, "parameters.amount_max_satang[0].value") == 1_250_000_000
    assert document["valid_to"] == "2028-06-30"
    assert checking.check(text).faults == ()


def test_ticks_write_a_list_and_none_takes_the_entry_away() -> None:
    assert drafting.plain(after(GREEN, policy_lines=["green", "area"]))["policy_lines"] == ["green", "area"]
    body = posted(GREEN)
    del body["v:policy_lines"]
    assert "policy_lines" not in drafting.plain(studio_form.changed(GREEN, body).text)


def test_another_fact_takes_an_operator_and_a_value_that_fit_it() -> None:
    place = path_of(GREEN, "enterprise.status")
    text = after(GREEN, **{f"{place}.fact": ["enterprise.revenue_satang"]})
    condition = drafting.at(drafting.plain(text), place)
    assert (condition["op"], condition["value"]) == ("eq", 200_000_000)
    assert checking.check(text).faults == ()


@pytest.mark.parametrize("op", ["between", "in", "known", "ge"])
def test_another_operator_gives_the_value_its_shape(op: str) -> None:
    place = path_of(GREEN, "establishment.green_level")
    text = after(GREEN, **{f"{place}.op": [op]})
    condition = drafting.at(drafting.plain(text), place)
    assert condition["op"] == op
    assert [fault.code for fault in checking.check(text).faults] == []


def test_what_cannot_be_read_is_named_and_the_rest_is_kept() -> None:
    place = path_of(GREEN, "establishment.green_level")
    body = posted(GREEN, **{f"{place}.value": ["สูง"], "benefit.grace_months": ["6"]})
    found = studio_form.changed(GREEN, body)
    assert [(name, refused.code) for name, refused in found.problems] == [(f"v:{place}.value", "draft-value")]
    assert drafting.at(drafting.plain(found.text), "benefit.grace_months") == 6
    assert drafting.at(drafting.plain(found.text), f"{place}.value") == 2


def test_a_text_changed_by_hand_meanwhile_is_not_undone_by_an_untouched_form() -> None:
    body = posted(GREEN)
    by_hand = GREEN.replace("grace_months: 12", "grace_months: 3")
    assert studio_form.changed(by_hand, body).text == by_hand


def test_a_new_condition_gets_a_free_id_and_a_text_that_is_no_yaml_has_no_form() -> None:
    text = studio_form.with_condition(GREEN, "conditions.all")
    rows = [row.id for row in drafting.outline(text) if row.fact]
    assert len(rows) == len(set(rows))
    assert checking.check(text).faults == ()
    assert studio_form.form_of("a: [", thai=True).lines == ()


@pytest.mark.parametrize("drawn", ["", "{", "[]", json.dumps({"v:nothing.here": "x"})])
def test_a_form_made_up_by_a_stranger_is_refused_or_does_nothing(drawn: str) -> None:
    found = studio_form.changed(GREEN, {"text": [GREEN], "drawn": [drawn], "v:nothing.here": ["y"]})
    assert found.text == GREEN


def test_the_words_of_operators_are_complete() -> None:
    assert set(studio_words.OP_WORDS) == set(Op)


# base rates and definitions

MLR = next(one.text for one in published.seeds() if one.name == "SMED-D.MLR")


def test_a_base_rate_s_form_holds_its_days_and_values_and_untouched_changes_nothing():
    form = studio_form.form_of(MLR, thai=False)
    assert [(one.name, one.shown) for one in form.series] == [
        ("v:values[0].from", "2026-01-01"),
        ("v:values[0].value", "7.000"),
    ]
    assert (form.lines, form.bands) == ((), ())
    assert after(MLR) == MLR


def test_a_new_rate_is_added_and_typed_as_people_write_days():
    more = studio_form.with_condition(MLR, "values")
    assert checking.check(more).is_good
    text = after(more, **{"values[1].from": ["15/12/2569"], "values[1].value": ["๗.๒๕"]})
    assert checking.check(text).is_good
    assert drafting.plain(text)["values"] == [
        {"from": "2026-01-01", "value": "7.000"}, {"from": "2026-12-15", "value": "7.25"},
    ]  # fmt: skip
    assert text.startswith(MLR[: MLR.index("values:")])


def test_a_base_rate_without_a_day_takes_no_further_step():
    with pytest.raises(Rejected, match="draft-place-absent"):
        studio_form.with_condition(MLR.replace('"2026-01-01"', '"soon"'), "values")


def test_a_definition_is_written_as_text():
    size = next(one.text for one in published.seeds() if one.name == "sme_size@2562-revenue")
    assert studio_form.form_of(size, thai=True) == studio_form.Form((), (), (), is_text=True)
