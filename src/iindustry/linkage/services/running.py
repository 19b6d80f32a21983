"""One run: records, judgements and the earlier version in; clusters, queue, redirects, journal and quality out.

A run is a function of its inputs: equal input gives equal frames, whatever the threads.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iindustry.kernel.progress import silent
from iindustry.linkage.clusters import Clustering, cluster
from iindustry.linkage.outcome import Linked, LinkState

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

    from iindustry.kernel.progress import Progress
    from iindustry.linkage.model import Model
    from iindustry.linkage.outcome import Judgement

_PHASES = 6


def link(
    records: pl.DataFrame,
    *,
    earlier: pl.DataFrame | None = None,
    judgements: Sequence[Judgement] = (),
    seed: int = 1,
    threads: int = 2,
    progress: Progress = silent,
) -> Linked:
    """Decide which records speak of one enterprise and one establishment.

    `records`: STANDARD rows of every delivery in force. `earlier`: members of the version in force with the juristic id
    of each enterprise (`services.earlier_members`), whose ids are kept. `seed` draws the ids of new enterprises.
    """
    import polars as pl

    from iindustry.linkage import facets, hidden, judged, members, passes, priors, queue
    from iindustry.linkage.model import FREQUENCY_COLUMNS, frequencies, learn, with_bits
    from iindustry.linkage.services import scoring

    progress("link.facets", 0, _PHASES)
    profiles, of_record = facets.profiles(facets.facets(facets.one_a_key(records)), judged.kept_apart(judgements))
    progress("link.passes", 1, _PHASES)
    numbers, people = passes.by_number(profiles, "jid"), passes.by_number(profiles, "person_tag")
    by_id = pl.concat([numbers.joined, people.joined, passes.by_factory(of_record, profiles)])
    sample = hidden.sample(profiles, numbers)
    progress("link.learn", 2, _PHASES)
    matched = hidden.pairs_to_learn(profiles, numbers, sample)
    model = learn(profiles, scoring.level_counts(profiles, matched, threads=threads), matched.height)
    of_columns = {column: frequencies(profiles, column) for column in FREQUENCY_COLUMNS}
    progress("link.score", 3, _PHASES)
    scored = scoring.score(profiles, model, of_columns, doubted=numbers.doubted["uid"], hidden=sample, threads=threads)
    real = hidden.without(scored.pairs)
    model = priors.learnt(real, scored.sides, model)
    progress("link.cluster", 4, _PHASES)
    known = profiles.select("uid", number="jid").drop_nulls("number")
    together, never = judged.on_profiles(judgements, of_record)
    marked, found = _decide(profiles, priors.settled(real, scored.sides, model), known, model, by_id=by_id,
                            together=_pairs(together), never=_pairs(never))  # fmt: skip
    marked = with_bits(marked, profiles, model, of_columns)
    blind = priors.settled(hidden.masked_pairs(scored.pairs, sample), hidden.masked(scored.sides, sample), model)
    seen = by_id.filter(~pl.col("uid").is_in(sample.implode()))
    _, blind_found = _decide(profiles, blind, hidden.masked(known, sample).drop_nulls("number"), model, by_id=seen)
    told = hidden.labelled(blind_found.of_profile, known, sample)
    measured = hidden.quality(told)
    progress("link.ids", 5, _PHASES)
    made = members.members(of_record, found, known, earlier, seed)
    doubts = [tuple(row) for row in pl.concat([numbers.doubted, people.doubted]).iter_rows()]
    review = queue.review(profiles, marked, found, known, doubts=doubts, answered=judged.answered(judgements))
    progress("link.done", _PHASES, _PHASES)
    return Linked(
        members=made.members,
        review=review,
        redirects=made.redirects,
        journal=made.journal,
        quality=members.quality(made.members, review, found, known, measured)
        | {
            "profiles": profiles.height,
            "id_pairs": matched.height,
            "scored_pairs": scored.pairs.height,
            "keys_dropped": scored.dropped,
        },
        state=LinkState(
            profiles=profiles,
            of_record=of_record,
            edges=_edges(marked, model),
            model=model,
            frequencies=of_columns,
        ),
    )


def _pairs(rows: Sequence[tuple[int, int]]) -> pl.DataFrame:
    import polars as pl

    return pl.DataFrame(rows, schema={"left": pl.Int64, "right": pl.Int64}, orient="row")


def _edges(marked: pl.DataFrame, model: Model) -> pl.DataFrame:
    """The pairs at or above the review weight, as `LinkState` describes them."""
    import polars as pl

    from iindustry.linkage.comparisons import COMPARISONS
    from iindustry.linkage.outcome import PRIOR

    names = [one.name for one in COMPARISONS]
    bits = [f"bits_{name}" for name in (*names, PRIOR)]
    return (
        marked.filter(pl.col("match_weight") >= model.review_weight)
        .select("left", "right", "match_weight", "match_probability", *names, *bits)
        .sort("left", "right")
    )


def _decide(
    profiles: pl.DataFrame,
    pairs: pl.DataFrame,
    numbers: pl.DataFrame,
    model: Model,
    *,
    by_id: pl.DataFrame,
    together: pl.DataFrame | None = None,
    never: pl.DataFrame | None = None,
) -> tuple[pl.DataFrame, Clustering]:
    """The pairs with what is held back, and the clusters that the rest makes."""
    from iindustry.linkage import deciding

    none = _pairs(())
    marked = deciding.weighed(pairs, model)
    found = cluster(
        profiles["uid"],
        judged=none if together is None else together,
        by_id=by_id.select(left="anchor", right="uid"),
        never=none if never is None else never,
        edges=deciding.edges(marked),
        numbers=numbers,
    )
    return marked, found
