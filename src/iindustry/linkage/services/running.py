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
    from iindustry.linkage import facets, hidden, judged, members, passes, queue
    from iindustry.linkage.model import FREQUENCY_COLUMNS, frequencies, learn, with_bits
    from iindustry.linkage.services import scoring

    progress("link.facets", 0, _PHASES)
    profiles, of_record = facets.profiles(facets.facets(facets.one_a_key(records)), judged.kept_apart(judgements))
    progress("link.passes", 1, _PHASES)
    numbers, people = passes.by_number(profiles, "jid"), passes.by_number(profiles, "person_tag")
    by_id = (*numbers.joined, *people.joined, *passes.by_factory(of_record, profiles))
    sample = hidden.sample(profiles, numbers)
    progress("link.learn", 2, _PHASES)
    matched = hidden.pairs_to_learn(profiles, numbers, sample)
    model = learn(profiles, scoring.level_counts(profiles, matched, threads=threads), matched.height)
    progress("link.score", 3, _PHASES)
    pairs, dropped = scoring.score(profiles, model, numbers, sample, threads=threads)
    progress("link.cluster", 4, _PHASES)
    known = facets.numbers_of(profiles)
    together, never = judged.on_profiles(judgements, of_record)
    marked, found = _decide(profiles, hidden.without(pairs), known, model, by_id=by_id, together=together, never=never)
    of_columns = {column: frequencies(profiles, column) for column in FREQUENCY_COLUMNS}
    marked = with_bits(marked, profiles, model, of_columns)
    measured = hidden.quality(
        _decide(profiles, pairs, hidden.masked(known, sample), model, by_id=hidden.left(by_id, sample))[1],
        known,
        sample,
    )
    progress("link.ids", 5, _PHASES)
    made = members.members(of_record, found, known, earlier, seed)
    review = queue.review(
        profiles, marked, found, known, doubts=(*numbers.doubted, *people.doubted), answered=judged.answered(judgements)
    )
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
            "scored_pairs": pairs.height,
            "keys_dropped": dropped,
        },
        state=LinkState(
            profiles=profiles,
            of_record=of_record,
            edges=_edges(marked, model),
            model=model,
            frequencies=of_columns,
        ),
    )


def _edges(marked: pl.DataFrame, model: Model) -> pl.DataFrame:
    """The pairs at or above the review weight, as `LinkState` describes them."""
    import polars as pl

    from iindustry.linkage.comparisons import COMPARISONS
    from iindustry.linkage.outcome import PRIOR

    names = [one.name for one in COMPARISONS]
    return (
        marked.filter(pl.col("match_weight") >= model.review_weight)
        .select(
            "left", "right", "match_weight", "match_probability", *names, *(f"bits_{name}" for name in (*names, PRIOR))
        )
        .sort("left", "right")
    )


def _decide(
    profiles: pl.DataFrame,
    pairs: pl.DataFrame,
    numbers: dict[int, str],
    model: Model,
    *,
    by_id: Sequence[tuple[int, int]],
    together: Sequence[tuple[int, int]] = (),
    never: Sequence[tuple[int, int]] = (),
) -> tuple[pl.DataFrame, Clustering]:
    """The pairs with what is held back, and the clusters that the rest makes."""
    from iindustry.linkage import deciding

    marked = deciding.weighed(deciding.with_numbers(pairs, numbers), model)
    found = cluster(
        profiles["uid"], judged=together, by_id=by_id, never=never, edges=deciding.edges(marked), numbers=numbers
    )
    return marked, found
