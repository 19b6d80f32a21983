"""The library of a day and a moment; a bundle that is made again from its documents; what a new text may and may not upset."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iindustry.kernel.errors import NotFound, Rejected
from iindustry.programmes import facts, lifecycle, published
from iindustry.programmes.keeping import Edition, Kept
from iindustry.programmes.shape import Suspension

RULES = [one for one in published.library().programmes.values() if not one.is_archive]
SEED = next(one for one in published.seeds() if one.name == "SMED-D-GREEN")


def at(day):
    return datetime(2026, 11, day, tzinfo=UTC)


@pytest.mark.parametrize("one", RULES, ids=lambda one: one.id)
def test_a_bundle_is_made_again_from_its_documents(one):
    bundle = published.bundle_of(one)
    again = published.load([text for _, text in reversed(bundle.documents)])
    assert published.bundle_of(again.programmes[one.id], within=again) == replace(
        bundle, programme=again.programmes[one.id]
    )
    assert bundle.facts >= {"enterprise.establishment_count"}


def test_a_fact_that_a_bundle_does_not_read_changes_no_bundle(monkeypatch):
    one = RULES[0]
    before = published.bundle_of(one)
    unread = next(
        spec for spec in facts.vocabulary().values() if spec.name not in before.facts and not spec.derived_from
    )
    changed = {**facts.vocabulary(), unread.name: replace(unread, shelf_life_days=1)}
    facts.vocabulary_version.cache_clear()
    monkeypatch.setattr(facts, "vocabulary", lambda: changed)
    after = published.bundle_of(one).version
    facts.vocabulary_version.cache_clear()
    assert after == before.version


def test_the_order_of_the_keys_of_a_ladder_is_no_part_of_its_meaning():
    text = next(one.text for one in published.seeds() if one.name.startswith("sme_size"))
    turned = text.replace("micro: 5, small: 50, medium: 200", "medium: 200, small: 50, micro: 5")
    assert turned != text
    one, other = (published.load([each]).shelf.definitions["sme_size@2562-revenue"] for each in (text, turned))
    assert (one.version, one.gives) == (other.version, other.gives)


def test_definitions_that_read_each_other_in_a_circle_are_refused():
    text = """\
schema: i-industry/definition/1
definition: NAME@1
valid_from: "2026-01-01"
gives: {FACT: {map: {on: OTHER, table: {"a": b}}}}
"""
    one = text.replace("NAME", "one").replace("FACT", "enterprise.size_class").replace("OTHER", "enterprise.sector")
    two = text.replace("NAME", "two").replace("FACT", "enterprise.sector").replace("OTHER", "enterprise.size_class")
    library = published.load([one, two])
    with pytest.raises(Rejected, match="rule-circle"):
        published.in_order(library.derivations)


def test_pieces_of_a_file_keep_their_comments():
    assert published.pieces("# first\na: 1\n---\n# second\nb: 2 # b\n--- # third\n# nothing\n") == [
        "# first\na: 1\n",
        "# second\nb: 2 # b\n",
    ]


def test_what_is_suspended_was_not_so_before_and_is_not_after():
    one = Suspension("X", "why", at(10), at(20))
    assert [one.holds(moment) for moment in (at(9), at(10), at(19), at(20), None)] == [False, True, True, False, False]
    assert Suspension("X", "why", at(10)).holds(None)


def test_an_absent_programme_is_absent_everywhere():
    for act in (published.find, published.text_of, published.editions_of):
        with pytest.raises(NotFound, match="programme-absent"):
            act("NOTHING")


# Days: what is left of what stood, when something new takes its days

DAYS = st.one_of(st.none(), st.dates(date(2026, 1, 1), date(2026, 1, 20)))


def edition(start, end, **more):
    return replace(SEED, valid_from=start, valid_to=end, known_from=at(1), **more)


def ordered(start, end):
    return (start, end) if start is None or end is None or start <= end else (end, start)


def days_of(pieces):
    every = [date(2026, 1, day) for day in range(1, 26)]
    return {day for day in every for start, end in pieces if (start or day) <= day <= (end or day)}


@given(DAYS, DAYS, DAYS, DAYS)
def test_nothing_is_left_under_the_new_days_and_nothing_but_what_came_after_is_lost(a, b, c, d):
    old, new = edition(*ordered(a, b)), edition(*ordered(c, d))
    left = days_of(lifecycle.left_of(old, new))
    before, taken = days_of([(old.valid_from, old.valid_to)]), days_of([(new.valid_from, new.valid_to)])
    assert not left & taken
    began_earlier = (old.valid_from or date.min) <= (new.valid_from or date.min)
    if not before & taken:
        assert left == before
    elif began_earlier:
        assert left == {day for day in before if day < min(taken)}
    else:
        assert left == before - taken


@given(DAYS, DAYS, st.dates(date(2026, 1, 1), date(2026, 1, 25)))
def test_after_its_last_day_nothing_is_left(a, b, last):
    old = edition(*ordered(a, b))
    left = days_of(lifecycle.until(old, last))
    assert left == {day for day in days_of([(old.valid_from, old.valid_to)]) if day <= last}


def test_a_day_without_an_edition_gets_what_ended_last_and_else_what_begins_first():
    key = (SEED.schema, SEED.name)
    first = edition(date(2026, 2, 1), date(2026, 2, 28), version="sha256:1")
    second = edition(date(2026, 4, 1), date(2026, 4, 30), version="sha256:2")
    kept = Kept(1, MappingProxyType({key: at(1)}), (first, second), ())

    def chosen(day):
        return next(one for one in published.chosen_of(kept, day, None) if (one.schema, one.name) == key).version

    found = [chosen(date(2026, month, 15)) for month in (1, 2, 3, 4, 5)]
    assert found == ["sha256:1", "sha256:1", "sha256:1", "sha256:2", "sha256:2"]
    assert isinstance(first, Edition)
