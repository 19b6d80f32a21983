"""One run: records, judgements and the earlier version in; clusters, queue, redirects, journal and quality out.

A run is a function of its inputs: equal input gives equal frames, whatever the threads. Of a nation every frame is
gigabytes: what is read again only later is put aside on the disk, and nothing is held past its last reader.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from iindustry.kernel.progress import silent
from iindustry.linkage.clusters import Clustering, cluster
from iindustry.linkage.outcome import Linked, LinkState

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import polars as pl

    from iindustry.kernel.progress import Progress
    from iindustry.linkage.aside import Laid, Room
    from iindustry.linkage.model import Document, Model
    from iindustry.linkage.outcome import Judgement
    from iindustry.linkage.passes import IdPass
    from iindustry.linkage.services.scoring import Engine, Looked, Scored

_PHASES = 6
_PAIRS_A_PART = 1_000_000
_KEYS = ("source", "record_key")
_TURNS = 3
_KIND = ("uid", "source", "jid", "is_person", "core", "form", "sub", "site_only")
"""Columns by which a profile's kind is told (`hidden.told_of`)."""


_OF_PASSES = (
    "uid", "source", "first_key", "jid", "person_tag", "form", "core", "skel", "phone", "sub", "site_only",
)  # fmt: skip
"""Columns of profiles that the passes by number and the hidden numbers read."""
_UNTAUGHT = ("first_key", "record_count", "core", "skel", "any_core")
_UNSCORED = (*_UNTAUGHT, "person_tag")
"""Columns of profiles that neither blocking nor a comparison reads: it is their one-byte twins that are compared."""


@dataclass(frozen=True, slots=True)
class _Given:
    """What scoring starts from. known: uid, number (juristic). apart: `deciding.numbers`. by_id: anchor, uid. hidden: uid."""

    profiles: Laid
    of_record: Laid
    uids: pl.Series
    known: pl.DataFrame
    apart: pl.DataFrame
    numbers: IdPass
    by_id: pl.DataFrame
    doubts: pl.DataFrame
    hidden: pl.Series


def link(
    records: pl.DataFrame | pl.LazyFrame,
    *,
    earlier: pl.DataFrame | None = None,
    judgements: Sequence[Judgement] = (),
    seed: int = 1,
    threads: int = 2,
    engine: Engine | None = None,
    frozen: LinkState | None = None,
    document: Document | None = None,
    progress: Progress = silent,
) -> Linked:
    """Decide which records speak of one enterprise and one establishment.

    `records`: IDENTITY rows of every delivery in force. `earlier`: members of the version in force with the juristic id
    of each enterprise (`services.earlier_members`), whose ids are kept. `seed` draws the ids of new enterprises.
    `frozen`: the state of a run whose model is taken as it is; nothing is learnt then. `document`: the model file in force
    (`services.model_in_force`); None: the shipped one. `engine`: who makes and weighs pairs; None: DuckDB here, on `threads`. Raises Conflict
    `model-of-other-normaliser` for a model learnt on names of another NORM_VERSION.
    """
    from iindustry.linkage import hidden, judged, members, queue
    from iindustry.linkage.aside import Room
    from iindustry.linkage.services import scoring

    by, room = engine or scoring.OnDuckDB(threads), Room()
    progress("link.facets", 0, _PHASES)
    given = _given(records, judgements, room)
    progress("link.learn", 1, _PHASES)
    model, of_columns, matched = _learnt(given, frozen, document, by, room)
    progress("link.score", 2, _PHASES)
    real, blind, model, looked = _weighed(given, model, of_columns, engine=by, frozen=frozen, document=document)
    progress("link.measure", 3, _PHASES)
    told = _measured(given, blind, model)
    del blind
    progress("link.cluster", 4, _PHASES)
    together, never = judged.on_profiles(judgements, given.of_record.read(*_KEYS, "uid")) if judgements else ([], [])
    marked, found = _decided(given, real, model, together=_pairs(together), never=_pairs(never))
    del real
    counts = _counts(given, looked, marked, found, model=model, matched=matched)
    held, edges = _explained(marked, given, model, of_columns, room)
    del marked
    progress("link.ids", 5, _PHASES)
    review = queue.review(
        given.profiles.read("uid", "source", "first_key", "record_count", "prov"),
        held, found, given.apart,
        doubts=[(one, other) for one, other in given.doubts.iter_rows()],
        answered=judged.answered(judgements),
    )  # fmt: skip
    del held
    made = members.members(given.of_record.read(), found, given.known, earlier, seed)
    measured, unlike = hidden.told_of(told, given.profiles.read(*_KIND), given.hidden)
    quality = members.quality(made.members, review, found, given.known, measured)
    progress("link.done", _PHASES, _PHASES)
    return Linked(
        members=made.members,
        review=review,
        redirects=made.redirects,
        journal=made.journal,
        quality=quality | {"unlike": unlike} | counts,
        report=_report(given, looked, told, model),
        state=LinkState(
            laid_profiles=given.profiles,
            laid_records=given.of_record,
            laid_edges=edges,
            model=model,
            frequencies=of_columns,
            numbered=frozen.numbered if frozen else None,
        ),
    )


def members_at(state: LinkState, weight: float) -> pl.DataFrame:
    """source, record_key, enterprise_id (a number of the cluster) where another automatic weight were in force.

    For comparing thresholds: ids are not drawn, judgements and what is held for a person are as in the run.
    """
    import polars as pl

    from iindustry.linkage import deciding, passes

    profiles, of_record, model = state.profiles, state.of_record, replace(state.model, auto_weight=weight)
    sides = profiles.select("uid", "source", "is_person", **deciding.sides())
    edges = state.edges.with_columns(rivals=pl.lit(0.0))
    for side in ("left", "right"):
        edges = edges.join(sides.rename({one: f"{one}_{side}" for one in sides.columns if one != "uid"}), left_on=side,
                           right_on="uid", how="left")  # fmt: skip
    passed = (passes.by_number(profiles, "jid"), passes.by_number(profiles, "person_tag"),
              passes.by_factory(of_record, profiles))  # fmt: skip
    found = cluster(
        profiles["uid"],
        judged=_pairs(()),
        by_id=pl.concat([one.joined for one in passed]).select(left="anchor", right="uid"),
        never=_pairs(()),
        edges=deciding.edges(deciding.weighed(edges, model)),
        numbers=deciding.numbers(profiles),
    )
    return of_record.join(found.of_profile, on="uid", how="left").select(
        "source", "record_key", enterprise_id=pl.col("root").cast(pl.Utf8)
    )


def _given(records: pl.DataFrame | pl.LazyFrame, judgements: Sequence[Judgement], room: Room) -> _Given:
    import polars as pl

    from iindustry.linkage import deciding, folding, hidden, judged, passes

    laid, of_record = folding.laid(records, judged.kept_apart(judgements), room)
    profiles = laid.read(*_OF_PASSES)
    numbers, people = passes.by_number(profiles, "jid"), passes.by_number(profiles, "person_tag")
    factories = passes.by_factory(of_record.read(), profiles)
    found = (numbers, people, factories)
    return _Given(
        profiles=laid,
        of_record=of_record,
        uids=profiles["uid"],
        known=profiles.select("uid", number="jid").drop_nulls("number"),
        apart=deciding.numbers(profiles),
        numbers=numbers,
        by_id=pl.concat([one.joined for one in found]),
        doubts=pl.concat([one.doubted for one in found]),
        hidden=hidden.sample(profiles, numbers),
    )


def _learnt(
    given: _Given, frozen: LinkState | None, document: Document | None, engine: Engine, room: Room
) -> tuple[Model, Mapping[str, pl.DataFrame], int]:
    """The model before the pairs have taught it, frequencies by column, and how many pairs an id matched."""
    from iindustry.linkage import hidden
    from iindustry.linkage.learning import frequencies, learn
    from iindustry.linkage.model import FREQUENCY_COLUMNS, check_normaliser
    from iindustry.linkage.services import scoring

    matched = hidden.pairs_to_learn(given.profiles.read("uid", "source"), given.numbers, given.hidden)
    if frozen is not None:
        check_normaliser(frozen.model)
        return frozen.model, frozen.frequencies, matched.height
    profiles = given.profiles.without(*_UNTAUGHT)
    model = learn(profiles, scoring.level_counts(profiles, matched, engine=engine), matched.height, document)
    del profiles
    # What is read back holds its own texts; made here, it would hold those of every profile.
    laid = {
        column: room.put(frequencies(given.profiles.read("jid", "prov", column), column, document))
        for column in FREQUENCY_COLUMNS
    }
    return model, {column: one.read() for column, one in laid.items()}, matched.height


def _weighed(
    given: _Given,
    model: Model,
    of_columns: Mapping[str, pl.DataFrame],
    *,
    engine: Engine,
    frozen: LinkState | None,
    document: Document | None,
) -> tuple[pl.DataFrame, pl.DataFrame, Model, Looked]:
    """The pairs of the run, those of the run that does not see the hidden numbers, the model, what blocking made."""
    from iindustry.linkage import hidden

    scored = _scored(given, model, of_columns, engine)
    pairs, model = (scored.pairs, model) if frozen else _taught(scored, model, document)
    scored = replace(scored, pairs=scored.pairs.clear())
    real, blind = _settled(pairs, scored, given, model, frozen)
    del pairs
    if frozen is None:
        model = _calibrated(model, real, hidden.witnesses(blind, given.known, given.hidden), document)
    return real, blind, model, scored.looked


def _scored(given: _Given, model: Model, of_columns: Mapping[str, pl.DataFrame], engine: Engine) -> Scored:
    from iindustry.linkage import hidden
    from iindustry.linkage.services import scoring

    return scoring.score(
        given.profiles.without(*_UNSCORED),
        model,
        of_columns,
        doubted=given.numbers.doubted["uid"],
        hidden=given.hidden,
        asked=hidden.true_pairs(given.known, given.hidden),
        engine=engine,
    )


def _taught(scored: Scored, model: Model, document: Document | None) -> tuple[pl.DataFrame, Model]:
    """Where firms have their sites, and how common matches are, by turns: the pairs weighed anew, and the model."""
    from iindustry.linkage import hidden, priors
    from iindustry.linkage.learning import reweighed, taught

    pairs = scored.pairs
    for _ in range(_TURNS):
        real = hidden.without(pairs)
        model = priors.learnt(real, scored.sides, model)
        better = taught(priors.settled(real, scored.sides, model), model, document)
        pairs, model = reweighed(pairs, model, better), better
    return pairs, priors.learnt(hidden.without(pairs), scored.sides, model)


def _settled(
    pairs: pl.DataFrame, scored: Scored, given: _Given, model: Model, frozen: LinkState | None
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The pairs of the run, and those of the run that does not see the hidden numbers."""
    from iindustry.linkage import hidden, priors

    numbered = frozen.numbered if frozen else None
    real = priors.settled(hidden.without(pairs), scored.sides, model, numbered)
    masked = hidden.masked(scored.sides, given.hidden)
    return real, priors.settled(hidden.masked_pairs(pairs, given.hidden), masked, model, numbered)


def _calibrated(model: Model, settled: pl.DataFrame, witnesses: pl.DataFrame, document: Document | None) -> Model:
    from iindustry.linkage.model import bits, shipped
    from iindustry.linkage.thresholds import automatic

    given = (document or shipped())["thresholds"]
    least, usual, most = (
        bits(given[name]) for name in ("least_auto_probability", "auto_probability", "most_auto_probability")
    )
    weight = automatic(settled, witnesses, least=least, given=usual, most=most)
    return replace(model, auto_weight=weight)


def _decided(
    given: _Given, pairs: pl.DataFrame, model: Model, *, together: pl.DataFrame, never: pl.DataFrame
) -> tuple[pl.DataFrame, Clustering]:
    """The pairs with what is held back, and the clusters that the rest makes."""
    from iindustry.linkage import deciding

    marked = deciding.weighed(pairs, model)
    found = cluster(
        given.uids,
        judged=together,
        by_id=given.by_id.select(left="anchor", right="uid"),
        never=never,
        edges=deciding.edges(marked),
        numbers=given.apart,
    )
    return marked, found


def _explained(
    marked: pl.DataFrame, given: _Given, model: Model, of_columns: Mapping[str, pl.DataFrame], room: Room
) -> tuple[pl.DataFrame, Laid]:
    """The pairs that are held, and the edges as `LinkState` describes them: with levels as texts and what each adds."""
    import polars as pl

    from iindustry.linkage.comparisons import COMPARISONS
    from iindustry.linkage.model import FREQUENCY_COLUMNS, with_bits
    from iindustry.linkage.outcome import PRIOR
    from iindustry.linkage.services.scoring import as_text

    names = [one.name for one in COMPARISONS]
    told = marked.select("left", "right", "match_weight", "match_probability", "held", "auto", *names)
    texts = given.profiles.read("uid", *FREQUENCY_COLUMNS)
    shape = [f"bits_{name}" for name in (*names, PRIOR)]
    held, edges = [], []
    for part in told.sort("left", "right").iter_slices(_PAIRS_A_PART) if told.height else [told]:
        lefts = texts.join(part.select(uid="left").unique(), on="uid", how="semi")
        known = with_bits(part, lefts, model, of_columns)
        held.append(known.filter(~pl.col("auto")).with_columns(as_text()))
        above = known.filter(pl.col("match_weight") >= model.review_weight).with_columns(as_text())
        edges.append(room.put(above.select("left", "right", "match_weight", "match_probability", *names, *shape)))
    return pl.concat(held), room.joined(edges)


def _measured(given: _Given, blind: pl.DataFrame, model: Model) -> pl.DataFrame:
    """`hidden.labelled` pairs: linked without the hidden numbers and judgements, beside the truth."""
    import polars as pl

    from iindustry.linkage import hidden

    seen = given.by_id.filter(~pl.col("uid").is_in(given.hidden.implode()))
    without = replace(given, by_id=seen, apart=hidden.masked(given.apart, given.hidden).drop_nulls("number"))
    _, found = _decided(without, blind, model, together=_pairs(()), never=_pairs(()))
    return hidden.labelled(found.of_profile, given.known, given.hidden)


def _counts(
    given: _Given, looked: Looked, marked: pl.DataFrame, found: Clustering, *, model: Model, matched: int
) -> dict[str, float | int | None]:
    """Counts of the run. review_pairs: every pair that waits, shown or not: at or above the review weight, held, undecided.

    between_thresholds: every pair between the two weights, decided otherwise or not. largest_set: profiles of the largest
    cluster.
    """
    import polars as pl

    from iindustry.linkage import deciding

    weight = pl.col("match_weight")
    waiting = deciding.undecided(marked, found.of_profile, given.apart).filter(weight >= model.review_weight)
    between = marked.filter((weight >= model.review_weight) & (weight < model.auto_weight))
    return {
        "review_pairs": waiting.height,
        "between_thresholds": between.height,
        "largest_set": int(found.of_profile.group_by("root").len()["len"].max() or 0),  # type: ignore[arg-type]
        "profiles": len(given.uids),
        "id_pairs": matched,
        "scored_pairs": looked.pairs,
        "keys_dropped": looked.dropped,
        "blocking_ceiling": looked.ceiling,
        "auto_weight": model.auto_weight,
        "review_weight": model.review_weight,
    }


def _report(given: _Given, looked: Looked, told: pl.DataFrame, model: Model) -> dict[str, Any]:
    """hidden: quality by source pair, region, form and size; rules: pairs by blocking rule; what the run learnt.

    meaning: in words, what the measured quality is of and why another measure gives other figures.
    """
    from iindustry.linkage import hidden
    from iindustry.linkage.outcome import MEASURED_WORDS

    return {
        "meaning": dict(zip(("th", "en"), MEASURED_WORDS, strict=True)),
        "hidden": hidden.report(told, given.profiles.read("uid", "source", "prov", "form")),
        "rules": looked.rules.to_dicts(),
        "ceiling": looked.ceiling,
        "model": {"name": model.name, "auto_weight": model.auto_weight, "review_weight": model.review_weight,
                  "prior": model.prior, "coverage": dict(model.coverage), "shifts": dict(model.shifts)},
    }  # fmt: skip


def _pairs(rows: Sequence[tuple[int, int]]) -> pl.DataFrame:
    import polars as pl

    return pl.DataFrame(rows, schema={"left": pl.Int64, "right": pl.Int64}, orient="row")
