"""A delta carried out: the state of the version in force, a few records, and what becomes of the part they touch."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from iindustry.kernel.errors import Conflict
from iindustry.kernel.home import current_version
from iindustry.kernel.progress import silent

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

    from iindustry.kernel.home import Home
    from iindustry.kernel.progress import Progress
    from iindustry.linkage.delta import Change, Folded
    from iindustry.linkage.outcome import Judgement, LinkState

_KEYS = ["source", "record_key"]
_PHASES = 5
_MOST_ROUNDS = 4
_SQL_PAIRS = """
WITH pairs AS (
    SELECT wanted.left_uid, wanted.right_uid, {sides} FROM wanted
    JOIN given AS l ON l.uid = wanted.left_uid JOIN given AS r ON r.uid = wanted.right_uid
), reached AS (SELECT *, {levels} FROM pairs)
SELECT left_uid AS "left", right_uid AS "right", {weight} AS match_weight, {alone} AS alone_weight, {names} FROM reached
WHERE match_weight >= {least} OR "name" BETWEEN 0 AND {same}
"""


def link_delta(
    new: pl.DataFrame,
    *,
    gone: pl.DataFrame | None = None,
    home: Home,
    judgements: Sequence[Judgement] = (),
    judged_before: pl.DataFrame | None = None,
    seed: int = 1,
    threads: int = 2,
    progress: Progress = silent,
) -> Change:
    """What some records new, changed (`new`: every IDENTITY row in force of their keys) or gone (keys) change.

    `judged_before`: keys of records that some answer or act spoke of since the last full run, in force or not: their part
    is decided again. Conflict `delta-needs-a-run`: the version in force kept no state, or another normaliser made it.
    """
    import polars as pl

    from iindustry.linkage import delta, facets, judged
    from iindustry.linkage.services.recording import earlier_members, load_state
    from iindustry.standardise.names import NORM_VERSION

    progress("link.facets", 0, _PHASES)
    version = current_version(home)
    state = load_state(home=home, version=version) if version else None
    if state is None or state.model.norm_version != NORM_VERSION:
        raise Conflict("delta-needs-a-run")
    earlier = earlier_members(home)
    assert earlier is not None  # noqa: S101 - there is a version
    gone = _no_keys() if gone is None else gone.select(_KEYS)
    faces = delta.with_base_phones(facets.facets(facets.one_a_key(new)), state.profiles)
    apart = judged.kept_apart(judgements)
    spoken = pl.concat(
        [apart.select(_KEYS), *([judged_before.select(_KEYS)] if judged_before is not None else [])]
    ).unique()
    fresh_keys = pl.concat([faces.select(_KEYS), gone])
    spoken = spoken.join(fresh_keys, on=_KEYS, how="anti")
    known = pl.concat([faces, delta.faces_of(spoken, state).select(faces.columns)])
    again = delta.faces_of(delta.beside(known, gone, state), state)
    whole = pl.concat([known, again.select(faces.columns)])
    folded = delta.folded(whole, gone, apart, state)
    progress("link.score", 1, _PHASES)
    part = _Part(state, folded, earlier, threads)
    chosen = part.closed(pl.concat([folded.fresh, folded.removed["uid"]]).unique())
    progress("link.cluster", 2, _PHASES)
    change = replace(_decided(part, chosen, judgements, changed=fresh_keys, gone=gone, seed=seed), base=version)
    progress("link.done", _PHASES, _PHASES)
    return change


class _Part:
    """The country as it would be, and the part of it that has to be decided."""

    def __init__(self, state: LinkState, folded: Folded, earlier: pl.DataFrame, threads: int) -> None:
        import polars as pl

        from iindustry.linkage import blocking, delta

        self.state, self.folded, self.earlier, self.threads = state, folded, earlier, threads
        self.model, self.frequencies = state.model, state.frequencies
        everybody = pl.concat([folded.profiles, folded.removed.select(folded.profiles.columns)])
        self.everybody = everybody
        self.grams = blocking.rarest_grams(everybody["skel_b"])
        self.keys = _listed(blocking.keyed(everybody, self.grams).select("uid", *blocking.KEYS))
        both = pl.concat([state.of_record, folded.of_record.select(state.of_record.columns)]).unique()
        owners = both.join(earlier.select(*_KEYS, "enterprise_id"), on=_KEYS, how="inner").select(
            "uid", "enterprise_id"
        )
        self.ties = delta.ties(everybody, both, state.edges, owners.unique())

    def closed(self, seeds: pl.Series) -> pl.Series:
        """The seeds with all that their coming or going may change: neighbours by score, then every tie, until none is new."""
        import polars as pl

        from iindustry.linkage import delta

        near = self._near(seeds, everybody=True)
        return delta.closed(pl.concat([seeds, near]).unique(), self.ties)

    def _near(self, seeds: pl.Series, *, everybody: bool) -> pl.Series:
        """Profiles whose own weights a seed may change: kept pairs, and records that a numbered seed lays claim to."""
        import polars as pl

        from iindustry.linkage import deciding

        pairs = self.scored(seeds, everybody=everybody)
        kept = deciding.weighed(self.settled(pairs), self.model)
        is_seed = {side: pl.col(side).is_in(seeds.implode()) for side in ("left", "right")}
        claims = pl.concat(
            pairs.filter(is_seed[one] & pl.col(f"number_{one}").is_not_null() & pl.col(f"number_{other}").is_null())
            .select(uid=other)
            for one, other in (("left", "right"), ("right", "left"))
        )  # fmt: skip
        sides = pl.concat([kept.select(uid="left"), kept.select(uid="right"), claims])
        return sides["uid"].unique()

    def scored(self, chosen: pl.Series, *, everybody: bool = False) -> pl.DataFrame:
        """Pairs of which one side at least is chosen, as `scoring.score` gives them. `everybody`: with those that went."""
        import polars as pl

        from iindustry.linkage import blocking

        profiles = self.everybody if everybody else self.folded.profiles
        keys = self.keys.join(profiles.select("uid"), on="uid", how="semi")
        wanted = pl.DataFrame({"uid": chosen})
        own = keys.join(wanted, on="uid", how="semi")
        met = keys.join(own.select("key").unique(), on="key", how="semi")
        sizes = met.group_by("key").len().filter(pl.col("len") <= blocking.MOST)
        pairs = own.join(sizes, on="key", how="semi").join(met, on="key", how="inner", suffix="_right")
        pairs = (
            pairs.filter(pl.col("uid") != pl.col("uid_right"))
            .select(left_uid=pl.min_horizontal("uid", "uid_right"), right_uid=pl.max_horizontal("uid", "uid_right"))
            .unique()
        )
        return self._weighed(pairs, profiles)

    def _weighed(self, pairs: pl.DataFrame, profiles: pl.DataFrame) -> pl.DataFrame:
        import polars as pl

        from iindustry.linkage import comparisons, deciding, model, passes, priors
        from iindustry.linkage.services import scoring

        uids = pl.concat([pairs.select(uid="left_uid"), pairs.select(uid="right_uid")]).unique()
        bare = profiles.join(uids, on="uid", how="semi").filter(~pl.col("site_only"))
        numbered = profiles.join(bare.select("jid").drop_nulls().unique(), on="jid", how="semi")
        doubted = passes.by_number(numbered, "jid").doubted.select("uid")
        sides = bare.join(doubted.with_columns(doubted=pl.lit(value=True)), on="uid", how="left").select(
            "uid", "source", "is_person", number=pl.when(pl.col("doubted").is_null()).then("jid"), **deciding.sides()
        )  # fmt: skip
        columns = comparisons.compared_columns()
        given = bare.select("uid", *sorted({*columns, *model.FREQUENCY_COLUMNS}))
        for column, share in self.frequencies.items():
            given = given.join(share, on=column, how="left")
        shares = [f"tf_{column}" for column in model.FREQUENCY_COLUMNS]
        rarest = {
            column: float(share[f"tf_{column}"].min() or 1.0)  # type: ignore[arg-type]
            for column, share in self.frequencies.items()
            if share.height
        }
        numbers = {
            side: sides.select(pl.col("uid").alias(f"{side}_uid"), pl.col("number").alias(side))
            for side in ("left", "right")
        }
        open_pairs = (
            pairs.join(numbers["left"], on="left_uid", how="inner")
            .join(numbers["right"], on="right_uid", how="inner")
            .filter(pl.col("left").is_null() | pl.col("right").is_null())
        )
        sql = _SQL_PAIRS.format(
            sides=", ".join(f"{at}.{name} AS {name}_{at}" for name in (*columns, *shares) for at in ("l", "r")),
            levels=", ".join(f'{comparisons.level_case(one)} AS "{one.name}"' for one in comparisons.COMPARISONS),
            names=", ".join(f'"{one.name}"' for one in comparisons.COMPARISONS),
            weight=scoring.weight_sql(self.model), alone=scoring.weight_sql(self.model, rarest),
            least=self.model.review_weight - priors.MOST_BITS, same=len(comparisons.SAME_NAME) - 1,
        )  # fmt: skip
        with scoring.connection(self.threads) as opened:
            opened.register("wanted", open_pairs.select("left_uid", "right_uid").to_arrow())
            opened.register("given", given.select("uid", *columns, *shares).to_arrow())
            found = pl.from_arrow(opened.sql(sql).to_arrow_table())
        assert isinstance(found, pl.DataFrame)  # noqa: S101 - for the type checker
        made = found.with_columns(
            pl.col("match_weight").round(6), *(scoring.level_name(one) for one in comparisons.COMPARISONS)
        ).sort("left", "right")
        for side in ("left", "right"):
            renamed = sides.rename({name: f"{name}_{side}" for name in sides.columns if name != "uid"} | {"uid": side})
            made = made.join(renamed, on=side, how="left", maintain_order="left")
        return made

    def settled(self, pairs: pl.DataFrame) -> pl.DataFrame:
        """The pairs as they stand against each other, with as many numbered enterprises as the last full run knew."""
        from iindustry.linkage import priors

        return priors.settled(pairs, self.state.profiles, self.model, self.state.numbered)


def _listed(keys: pl.DataFrame) -> pl.DataFrame:
    """uid, key (64-bit) of every key that a profile has."""
    import polars as pl

    from iindustry.linkage import blocking

    listed = []
    for rule, name in enumerate(blocking.KEYS):
        one = keys.select("uid", key=name).drop_nulls("key")
        if keys.schema[name] == pl.List(pl.Utf8):
            one = one.explode("key").unique()
        listed.append(one.select("uid", pl.concat_str(pl.lit(f"{rule}/"), "key").hash(seed=1).alias("key")))
    return pl.concat(listed)


def _decided(
    part: _Part,
    chosen: pl.Series,
    judgements: Sequence[Judgement],
    *,
    changed: pl.DataFrame,
    gone: pl.DataFrame,
    seed: int,
) -> Change:
    """Cluster, name and question the chosen profiles anew, in the order in which a run of the whole would number them."""
    import polars as pl

    from iindustry.linkage import deciding, delta, judged, passes, queue
    from iindustry.linkage.clusters import cluster
    from iindustry.linkage.members import counts, members
    from iindustry.linkage.model import with_bits
    from iindustry.linkage.services import scoring
    from iindustry.linkage.services.recording import review_of

    folded = part.folded
    own = folded.profiles.join(pl.DataFrame({"uid": chosen}), on="uid", how="semi")
    ranked = delta.ranked(own, folded.of_record)
    rank = ranked.select("uid", "lasting")
    records = (
        folded.of_record.rename({"uid": "lasting"}).join(rank, on="lasting", how="inner").drop("lasting").sort(_KEYS)
    )
    pairs = _inside(part.settled(_claimed_inside(part.scored(chosen), chosen)), rank)
    numbers, people = passes.by_number(ranked, "jid"), passes.by_number(ranked, "person_tag")
    found_by = (numbers, people, passes.by_factory(records, ranked))
    by_id = pl.concat([one.joined for one in found_by])
    known, held_apart = ranked.select("uid", number="jid").drop_nulls("number"), deciding.numbers(ranked)
    together, never = judged.on_profiles(judgements, records)
    marked = deciding.weighed(pairs, part.model)
    found = cluster(
        ranked["uid"], judged=_pairs(together), by_id=by_id.select(left="anchor", right="uid"), never=_pairs(never),
        edges=deciding.edges(marked), numbers=held_apart,
    )  # fmt: skip
    marked = with_bits(marked, ranked, part.model, part.frequencies).with_columns(scoring.as_text())
    before = _before(part.earlier, records, gone)
    made = members(records, found, known, before, seed)
    review = queue.review(
        ranked, marked, found, held_apart,
        doubts=[tuple(row) for row in pl.concat([one.doubted for one in found_by]).iter_rows()],
        answered=judged.answered(judgements),
    )  # fmt: skip
    touched = delta.touched(before, made.members, changed)
    columns = made.members.columns
    rest = part.earlier.join(before.select("enterprise_id").unique(), on="enterprise_id", how="anti").select(columns)
    return delta.Change(
        members=made.members.filter(pl.col("enterprise_id").is_in(touched.implode())),
        touched=touched,
        gone=gone,
        review_added=review,
        review_gone=review_of(pl.concat([records.select(_KEYS), gone]).unique()),
        redirects=made.redirects,
        journal=made.journal,
        quality=counts(pl.concat([rest, made.members])),
        state=_state(part, marked, rank),
        grams=part.grams,
    )


def _claimed_inside(pairs: pl.DataFrame, chosen: pl.Series) -> pl.DataFrame:
    """Without the claims on records outside: not all that stands against those is known here, and nothing of it changed."""
    import polars as pl

    inside = {side: pl.col(side).is_in(chosen.implode()) for side in ("left", "right")}
    bare = {side: pl.col(f"number_{side}").is_null() for side in ("left", "right")}
    return pairs.filter((~bare["left"] | inside["left"]) & (~bare["right"] | inside["right"]))


def _inside(pairs: pl.DataFrame, rank: pl.DataFrame) -> pl.DataFrame:
    """The pairs with both sides in the part, by rank, the lesser first: as a run of the whole would have them."""
    import polars as pl

    for side in ("left", "right"):
        pairs = pairs.join(
            rank.select(pl.col("lasting").alias(side), pl.col("uid").alias(f"_{side}")), on=side, how="inner"
        )
    swap = pl.col("_left") > pl.col("_right")
    names = sorted(name.removesuffix("_left") for name in pairs.columns if name.endswith("_left") and name != "_left")
    turned = [
        pl.when(swap).then(pl.col(f"{name}_{other}")).otherwise(pl.col(f"{name}_{side}")).alias(f"{name}_{side}")
        for name in names
        for side, other in (("left", "right"), ("right", "left"))
    ]
    return (
        pairs.with_columns(
            *turned, left=pl.min_horizontal("_left", "_right"), right=pl.max_horizontal("_left", "_right")
        )
        .drop("_left", "_right")
        .sort("left", "right")
    )


def _before(earlier: pl.DataFrame, records: pl.DataFrame, gone: pl.DataFrame) -> pl.DataFrame:
    """The earlier rows of every enterprise that had one of these records, or one that is gone."""
    import polars as pl

    keys = pl.concat([records.select(_KEYS), gone]).unique()
    held = earlier.join(keys, on=_KEYS, how="semi").select("enterprise_id").unique()
    return earlier.join(held, on="enterprise_id", how="semi")


def _state(part: _Part, marked: pl.DataFrame, rank: pl.DataFrame) -> LinkState:
    """The state of the whole after it: edges outside the part as they were, inside it as they are now."""
    import polars as pl

    from iindustry.linkage.aside import Held

    state, folded = part.state, part.folded
    inside = marked.filter(pl.col("match_weight") >= part.model.review_weight)
    back = rank.rename({"lasting": "to"})
    for side in ("left", "right"):
        inside = inside.join(back.rename({"uid": side}), on=side, how="left").drop(side).rename({"to": side})
    low, high = pl.min_horizontal("left", "right"), pl.max_horizontal("left", "right")
    inside = inside.with_columns(left=low, right=high)
    leaves = pl.concat([rank.select(uid="lasting"), folded.removed.select("uid")])
    outside = state.edges
    for side in ("left", "right"):
        outside = outside.join(leaves.rename({"uid": side}), on=side, how="anti")
    edges = pl.concat([outside, inside.select(outside.columns)]).sort("left", "right")
    return replace(
        state, laid_profiles=Held(folded.profiles), laid_records=Held(folded.of_record), laid_edges=Held(edges)
    )


def _pairs(rows: Sequence[tuple[int, int]]) -> pl.DataFrame:
    import polars as pl

    return pl.DataFrame(rows, schema={"left": pl.Int64, "right": pl.Int64}, orient="row")


def _no_keys() -> pl.DataFrame:
    import polars as pl

    return pl.DataFrame(schema=dict.fromkeys(_KEYS, pl.Utf8))
