"""One record against the register: found by number, by name with slips, explained in both languages, weighed as a run would."""

from __future__ import annotations

from itertools import pairwise

import polars as pl
import pytest
from country import make
from django.conf import settings
from django.db import transaction

from iindustry.kernel.errors import Conflict, Rejected
from iindustry.kernel.ids import thirteen_check_digit
from iindustry.linkage import blocking, comparisons, lookup, priors
from iindustry.linkage import services as linkage
from iindustry.linkage.lookup import LookUp
from iindustry.linkage.models import LinkKey
from iindustry.linkage.outcome import Ground
from iindustry.linkage.services import looking_up, scoring

pytestmark = pytest.mark.django_db
KEYS = ["source", "record_key"]


@pytest.fixture(scope="module")
def country():
    return make(250, seed=31)


@pytest.fixture(scope="module")
def linked(country):
    return linkage.link(country.records)


@pytest.fixture
def ready(linked, home, monkeypatch):
    monkeypatch.setattr(settings, "HOME", home)
    with transaction.atomic():
        linkage.record_run(linked, version="r1")
        looking_up.keep_rows(linked.state, linked.members)
        looking_up.keep_model(linked.state, version="r1")
    return linked


def official(country, linked, number=0):
    rows = country.records.filter(pl.col("source") == "dbd").sort("record_key").join(linked.members, on=KEYS)
    return rows.row(number, named=True)


def test_a_number_finds_its_enterprise_and_says_so(country, ready):
    row = official(country, ready)
    [first, *_] = linkage.look_up(LookUp(name_th=row["name_raw"], juristic_id=row["juristic_id"]))
    assert (first.enterprise_id, first.ground, first.match_probability) == (row["enterprise_id"], Ground.ID, 1.0)
    assert "เลขทะเบียนตรงกัน" in first.why_th and "registration number" in first.why_en


def test_most_names_are_found_first_without_a_number(country, ready):
    found = 0
    rows = [official(country, ready, number) for number in range(0, 120, 4)]
    for row in rows:
        asked = LookUp(name_th=row["name_raw"].replace("์", ""), province_code=row["province_code"], subdistrict_code=row["subdistrict_code"], district_code=row["district_code"])  # fmt: skip
        answers = linkage.look_up(asked, limit=5)
        found += bool(answers) and answers[0].enterprise_id == row["enterprise_id"]
        assert all(one.match_probability >= other.match_probability for one, other in pairwise(answers))
        assert len({one.enterprise_id for one in answers}) == len(answers)
        for one in answers:
            assert one.why_th and one.why_en
            assert sum(part.bits for part in one.parts) == pytest.approx(one.match_weight, abs=1e-5)
    assert found >= 0.9 * len(rows)


def test_it_weighs_a_pair_as_the_run_does(ready):
    """Raw weights of the batch scorer, whose equality with Splink another test holds, within 1e-6."""
    state = ready.state
    bare = state.profiles.filter(~pl.col("site_only")).with_columns(loose=pl.lit(value=True))
    batch = scoring.predicted(bare, state.model, state.frequencies, scoring.OnDuckDB(1))[0]
    rarest = {name: float(share[f"tf_{name}"].min()) for name, share in state.frequencies.items() if share.height}
    faces = bare
    for column, share in state.frequencies.items():
        faces = faces.join(share, on=column, how="left")
    of_uid = {row["uid"]: row for row in faces.iter_rows(named=True)}
    compared = 0
    for (left,), group in list(batch.partition_by("left", as_dict=True, maintain_order=True).items())[:60]:
        for row in group.iter_rows(named=True):
            found = looking_up.weigh(of_uid[left], of_uid[row["right"]], state.model, rarest)
            assert abs(found.match_weight - row["match_weight"]) <= 1e-6
            assert abs(found.alone_weight - row["alone_weight"]) <= 1e-6
            assert found.levels == {one.name: row[one.name] for one in comparisons.COMPARISONS}
        compared += group.height
    assert compared > 100


def test_namesakes_stand_against_each_other_as_in_a_run():
    weighed = [(4.0, 9.0, "A"), (3.5, 8.0, "B"), (1.0, 2.0, None), (2.0, 7.0, "A")]
    own = lookup.against_each_other(weighed, None, 1e-3, 500)
    pairs = pl.DataFrame({
        "left": [0] * 4, "right": [1, 2, 3, 4], "match_weight": [one[0] for one in weighed], "alone_weight": [one[1] for one in weighed],
        "source_left": ["asked"] * 4, "source_right": ["dbd"] * 4, "number_left": pl.Series([None] * 4, dtype=pl.Utf8),
        "number_right": [one[2] for one in weighed], "named_left": [True] * 4, "named_right": [True] * 4,
    })  # fmt: skip

    model = _model()
    known = pl.DataFrame({"number": [str(one) for one in range(500)]})
    whole = priors.settled(pairs, known, model)
    assert own == pytest.approx(whole["match_weight"].to_list(), abs=1e-6)


def _model():
    from iindustry.linkage.model import Model

    return Model(m={}, u={}, prior=1e-3, auto_weight=6.0, review_weight=1.0, margin=3.0)


def test_another_number_is_said_and_never_likely(country, ready):
    one, other = official(country, ready, 0), official(country, ready, 1)
    answers = linkage.look_up(
        LookUp(name_th=one["name_raw"], province_code=one["province_code"], juristic_id=other["juristic_id"])
    )
    told = next(each for each in answers if each.enterprise_id == one["enterprise_id"])
    assert told.match_probability == 0.0
    assert "เลขทะเบียนต่างกัน" in told.why_th


def test_what_cannot_be_looked_up_is_refused(ready):
    with pytest.raises(Rejected, match="look-up-empty"):
        linkage.look_up(LookUp(province_code="10"))
    with pytest.raises(Rejected, match="look-up-citizen-id"):
        linkage.look_up(LookUp(name_th="ก", juristic_id="110170020345" + thirteen_check_digit("110170020345")))
    assert linkage.look_up(LookUp(name_th="ไม่มีชื่อนี้ในทะเบียนใด")) == []


def test_before_the_first_version_nothing_can_be_looked_up(home):
    with pytest.raises(Conflict, match="look-up-not-ready"):
        linkage.look_up(LookUp(name_th="ชื่อ"))


def test_a_look_up_writes_nothing_and_asks_few_statements(country, ready, django_assert_max_num_queries):
    row = official(country, ready)
    before = LinkKey.objects.count()
    with django_assert_max_num_queries(3):
        linkage.look_up(LookUp(name_th=row["name_raw"]))
    assert LinkKey.objects.count() == before > 200


def test_rows_of_some_enterprises_are_replaced_alone(ready):
    chosen = ready.members["enterprise_id"].unique().sort().to_list()[:5]
    before = {row.pk for row in LinkKey.objects.exclude(enterprise_id__in=chosen)}
    with transaction.atomic():
        looking_up.keep_rows(ready.state, ready.members.filter(pl.col("enterprise_id").is_in(chosen)), only=chosen)
    assert {row.pk for row in LinkKey.objects.exclude(enterprise_id__in=chosen)} == before
    assert set(LinkKey.objects.filter(enterprise_id__in=chosen).values_list("enterprise_id", flat=True)) == set(chosen)


def test_every_rule_of_blocking_is_asked_in_some_order():
    assert sorted(lookup.ORDER) == sorted(blocking.KEYS)
