"""Clusters: the laws that hold for any edges."""

from __future__ import annotations

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from iindustry.linkage.clusters import Edge, Skip, cluster, components, connected
from iindustry.linkage.outcome import Ground

few = settings(max_examples=40, deadline=None)
UIDS = list(range(8))
PAIRS = st.tuples(st.sampled_from(UIDS), st.sampled_from(UIDS)).filter(lambda pair: pair[0] < pair[1])
EDGES = st.lists(
    st.builds(lambda pair, weight: Edge(*pair, weight, 0.99), PAIRS, st.sampled_from([5.0, 6.0, 7.5])), max_size=15
)
NUMBERS = st.dictionaries(st.sampled_from(UIDS), st.sampled_from(["A", "B", "C"]), max_size=5)


def pairs(rows):
    return pl.DataFrame(list(rows), schema={"left": pl.Int64, "right": pl.Int64}, orient="row")


def made(edges, numbers, never=(), by_id=(), judged=()):
    weighted = pl.DataFrame(
        [tuple(edge) for edge in edges],
        schema={"left": pl.Int64, "right": pl.Int64, "match_weight": pl.Float64, "match_probability": pl.Float64},
        orient="row",
    )
    held = pl.DataFrame(list(numbers.items()), schema={"uid": pl.Int64, "number": pl.Utf8}, orient="row")
    return cluster(
        pl.Series(UIDS), judged=pairs(judged), by_id=pairs(by_id), never=pairs(never), edges=weighted, numbers=held
    )


@few
@given(EDGES, NUMBERS, st.lists(PAIRS, max_size=4))
def test_no_cluster_holds_two_numbers_or_a_never_link(edges, numbers, never):
    found = made(edges, numbers, never)
    held = {}
    for uid, number in numbers.items():
        assert held.setdefault(found.root[uid], number) == number
    for one, other in never:
        assert found.root[one] != found.root[other]


@few
@given(EDGES, NUMBERS, st.lists(PAIRS, max_size=4), st.randoms())
def test_the_order_of_arrival_changes_nothing(edges, numbers, never, chance):
    shuffled = list(edges)
    chance.shuffle(shuffled)
    one, other = made(edges, numbers, never), made(shuffled, numbers, never)
    assert (one.root, one.ground) == (other.root, other.ground)


@few
@given(EDGES, NUMBERS)
def test_a_cluster_is_tied_by_edges_and_named_by_its_least(edges, numbers):
    found = made(edges, numbers)
    tied = components([(edge.left, edge.right) for edge in edges])
    for uid, root in found.root.items():
        assert found.root[root] == root <= uid
        assert root == uid or tied[root] == tied[uid]


@few
@given(st.lists(PAIRS, max_size=15))
def test_groups_of_a_frame_are_those_of_a_walk(rows):
    walked = components(rows)
    found = dict(connected(pairs(rows)).iter_rows())
    assert set(found) == set(walked)
    for one, root in found.items():
        assert root == min(other for other in walked if walked[other] == walked[one])


@few
@given(EDGES, st.dictionaries(st.sampled_from(UIDS), st.just("A"), max_size=3))
def test_a_calm_group_is_told_as_one_gone_through(edges, numbers):
    """A never-link far away makes nothing careful; one inside that no edge could cross changes nothing else."""
    calm = made(edges, numbers)
    walked = made(edges, numbers, never=[(0, 0)])
    assert (calm.root, calm.ground, calm.probability) == (walked.root, walked.ground, walked.probability)


def test_the_stronger_edge_wins_and_the_weaker_is_told():
    found = made([Edge(0, 2, 5.0, 0.97), Edge(1, 2, 9.0, 0.99)], {0: "A", 1: "B"})
    assert found.root[2] == found.root[1] != found.root[0]
    assert list(found.skipped.select("left", "why").iter_rows()) == [(0, Skip.TWO_IDS)]
    assert found.ground[2] is Ground.MODEL
    assert found.probability[2] == 0.99
    assert found.ground[0] is Ground.SINGLE


def test_a_judgement_comes_before_numbers_and_model():
    found = made([], {0: "A"}, judged=[(0, 1)], by_id=[(1, 2)])
    assert found.root[0] == found.root[1] == found.root[2]
    assert [found.ground[uid] for uid in (0, 1, 2)] == [Ground.JUDGEMENT, Ground.JUDGEMENT, Ground.ID]


def test_a_never_link_moves_with_its_cluster():
    found = made([Edge(0, 1, 9.0, 0.99), Edge(1, 2, 8.0, 0.99)], {}, never=[(0, 2)])
    assert found.root[0] == found.root[1] != found.root[2]
    assert found.skipped["why"].to_list() == [Skip.NEVER]


def test_a_persons_tag_stops_a_weight_and_no_judgement_and_no_equal_number():
    told = {0: "A", 1: "pt", 3: "pu", 4: "B"}
    strong = [Edge(0, 2, 9.0, 0.99), Edge(1, 2, 8.0, 0.99), Edge(1, 3, 7.0, 0.99)]
    apart = made(strong, told)
    assert apart.root == {0: 0, 1: 1, 2: 0, 3: 3, 4: 4, 5: 5, 6: 6, 7: 7}
    assert apart.skipped["why"].to_list() == [Skip.TWO_IDS, Skip.TWO_IDS]
    judged = made([*strong, Edge(0, 5, 6.0, 0.99)], told, judged=[(0, 1), (0, 4)])
    assert judged.root[0] == judged.root[1] == judged.root[2] == judged.root[5] != judged.root[3]
    assert judged.root[4] != judged.root[0]
    assert made([], told, by_id=[(1, 3)]).root[3] == 1
