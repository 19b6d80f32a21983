"""From scored pairs to edges and questions: what joins by itself, what waits for a person (LINKAGE sections 4.6, 4.10).

An edge joins by itself at or above the automatic weight, unless the two say different legal forms (a company and a
partnership of one name are two legal units: of labelled real pairs, all), one name has a word more than the other, or a natural person is one side and too little speaks for it.
Namesakes are weighed against each other before (`priors`). Invariant: nothing at or above the review weight is dropped silently.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iindustry.linkage.clusters import TAG
from iindustry.linkage.comparisons import MISSING, PLACES, SAME_NAME
from iindustry.linkage.facets import FACTORIES
from iindustry.linkage.outcome import Reason
from iindustry.standardise.names import PERSON

if TYPE_CHECKING:
    import polars as pl

    from iindustry.linkage.model import Model

_CANDIDATES_A_RECORD = 5
_RIVALRY = 0.5  # bits that other candidates take: from here a pair is a question of namesakes
_FAR_BEHIND = 3.0  # bits below the review weight at which a namesake is no question any more
_ONE_WORD = 10  # signs
_NEAR = ("subdistrict", "district")
_PROVINCE = (*_NEAR, "province")


def weighed(pairs: pl.DataFrame, model: Model) -> pl.DataFrame:
    """Pairs with the ground on which they wait: column `held`, null for those that may join by themselves (`auto`).

    In: `priors.settled`. Out: the pairs at or above the review weight, and those of an equal name and form that other
    bearers of it alone keep below.
    """
    import polars as pl

    namesakes = pl.col("name").is_in(SAME_NAME) & (pl.col("form") != "other") & (pl.col("rivals") >= _RIVALRY)
    other_form = pl.col("name").is_in(SAME_NAME) & (pl.col("form") == "other") & (pl.col("rivals") < _RIVALRY)
    in_question = (pl.col("match_weight") >= model.review_weight - _FAR_BEHIND) & (
        other_form | (namesakes & (pl.col("match_weight") + pl.col("rivals") >= model.auto_weight))
    )
    kept = pairs.filter((pl.col("match_weight") >= model.review_weight) | in_question)
    unrivalled = (pl.col("match_weight") >= model.review_weight) & (pl.col("rivals") < _RIVALRY)
    reached = (pl.col("match_weight") >= model.auto_weight) | (_at_the_gate() & unrivalled)
    return kept.with_columns(
        held=pl.when(_uncertain_person()).then(pl.lit(Reason.PERSON.value))
        .when(~reached & namesakes).then(pl.lit(Reason.SAME_NAME.value))
        .when(~reached | (pl.col("form") == "other") | _longer() | _far_word()).then(pl.lit(Reason.MIDDLE_WEIGHT.value)),
    ).with_columns(auto=pl.col("held").is_null())  # fmt: skip


def sides() -> dict[str, pl.Expr]:
    """What of a profile decides beside the levels: `named` (its name has a legal form), `is_company`, `is_word`, `gate`.

    is_word: it has no name but one word of a factory's. Many firms begin with that word, and each calls a factory by it.
    gate: what stands over the factory's gate (hashed), where it is another name than the operator's.
    """
    import polars as pl

    named = pl.col("named_b").is_not_null()
    of_factory = (pl.col("source") == FACTORIES) & ~named & ~pl.col("is_person")
    return {
        "named": named,
        "is_company": is_company(),
        "gate": pl.when(pl.col("any_b") != pl.col("core_b")).then(pl.col("any_b").hash(seed=1)),
        "is_word": (of_factory & (pl.col("core_b").str.len_chars() < _ONE_WORD)).fill_null(value=False),
    }


def _far_word() -> pl.Expr:
    """Pairs of one word of a factory's name and a name in another province, with no telephone in common."""
    import polars as pl

    near = pl.any_horizontal(pl.col(name).is_in(_PROVINCE) for name in PLACES)
    return (pl.col("is_word_left") | pl.col("is_word_right")) & ~near & (pl.col("phone") != "equal")


def _longer() -> pl.Expr:
    """Pairs of which one name has a word more: a sibling, but where it is the name over the gate at the very same door."""
    import polars as pl

    return (pl.col("name") == "longer") & ~_at_the_gate()


def _at_the_gate() -> pl.Expr:
    """Pairs of a factory that names no operator and a name that goes on where its own ends, at the very same door.

    A door says little of merely alike names, for kin live together; but of a factory it is all there is, and kin would be rivals.
    """
    import polars as pl

    of_factory = _of_factory("left") | _of_factory("right")
    return ((pl.col("name") == "longer") & (pl.col("kin") == "door") & of_factory).fill_null(value=False)


def _of_factory(side: str) -> pl.Expr:
    """Whether a side has no name but one of a factory: the factory register says neither legal form nor person."""
    import polars as pl

    return (pl.col(f"source_{side}") == FACTORIES) & ~pl.col(f"named_{side}") & ~pl.col(f"is_person_{side}")


def numbers(profiles: pl.DataFrame) -> pl.DataFrame:
    """uid, number: what no cluster holds two of by a weight: a juristic id, or the tag of a citizen id.

    A company and its owner's shop bear one name at one door, and a record that says neither form nor number would tie them
    together. A company that gives its director's citizen id is no person: there the tag tells nothing apart.
    """
    import polars as pl

    own_tag = pl.when(pl.col("form").is_null() | (pl.col("form") == PERSON)).then(pl.lit(TAG) + pl.col("person_tag"))
    return profiles.select("uid", number=pl.coalesce("jid", own_tag)).drop_nulls("number")


def is_company() -> pl.Expr:
    """Whether a profile is a juristic person's: a number, or a legal form. A shop is its owner's, with a sign over it."""
    import polars as pl

    formed = pl.col("form").is_not_null() & ~pl.col("form").is_in(["shop", "person"])
    return ~pl.col("is_person") & (pl.col("jid").is_not_null() | formed)


def _uncertain_person() -> pl.Expr:
    """Pairs with a natural person that no weight joins: a person and a company; two names with too little beside them.

    Enough is: the very name in one province, or a name that sounds alike in one district, or an equal telephone with
    either, or the very name with one name over the gates of two factories. A record that says neither form nor number may be a person's without its title.
    """
    import polars as pl

    person = pl.col("is_person_left") | pl.col("is_person_right")
    company = pl.col("is_company_left") | pl.col("is_company_right")
    same, alike = pl.col("name").is_in(SAME_NAME), pl.col("name").is_in(["skeleton", "site"])
    place = pl.coalesce(pl.when(pl.col(name) != MISSING).then(name) for name in PLACES)
    called = pl.col("phone") == "equal"
    near = place.is_in(_NEAR).fill_null(value=False)
    kin = (pl.col("name") == "near_10") & (pl.col("kin") == "door")
    gate = (pl.col("gate_left") == pl.col("gate_right")).fill_null(value=False)
    here = place.is_in(_PROVINCE).fill_null(value=False)
    enough = kin | (same & (here | called | gate)) | (alike & (near | called))
    return person & (company | ~enough)


def edges(marked: pl.DataFrame) -> pl.DataFrame:
    """The pairs that join by themselves: left, right, match_weight, match_probability."""
    return marked.filter("auto").select("left", "right", "match_weight", "match_probability")


def undecided(marked: pl.DataFrame, of_profile: pl.DataFrame, numbers: pl.DataFrame) -> pl.DataFrame:
    """The held pairs that nothing has settled: their sides are two clusters, and not of two different numbers.

    `of_profile`: uid, root. `numbers`: uid, number. Adds `root_left`, `root_right`.
    """
    import polars as pl

    held = marked.filter(~pl.col("auto"))
    asked = pl.concat([held.select(uid=side) for side in ("left", "right")]).unique()
    roots = of_profile.select("uid", "root").join(asked, on="uid", how="semi")
    of_root = (
        of_profile.join(roots.select("root").unique(), on="root", how="semi")
        .join(numbers, on="uid", how="inner")
        .sort("uid")
        .unique("root", keep="first", maintain_order=True)
    )
    told = roots.join(of_root.select("root", "number"), on="root", how="left")
    both = held
    for side in ("left", "right"):
        renamed = told.rename({"uid": side, "root": f"root_{side}", "number": f"cluster_number_{side}"})
        both = both.join(renamed, on=side, how="left")
    apart = pl.col("root_left") != pl.col("root_right")
    settled = (pl.col("cluster_number_left") != pl.col("cluster_number_right")).fill_null(value=False)
    return both.filter(apart & ~settled).drop("cluster_number_left", "cluster_number_right")


def questions(marked: pl.DataFrame, of_profile: pl.DataFrame, numbers: pl.DataFrame) -> pl.DataFrame:
    """The undecided pairs worth a person's time: one a pair of clusters (its best edge), five at most a profile."""
    import polars as pl

    low, high = pl.min_horizontal("root_left", "root_right"), pl.max_horizontal("root_left", "root_right")
    ranked = (
        undecided(marked, of_profile, numbers)
        .with_columns(low=low, high=high)
        .sort("match_weight", "left", "right", descending=[True, False, False])
        .unique(["low", "high"], keep="first", maintain_order=True)
    )
    place = [pl.int_range(pl.len()).over(side).alias(f"place_{side}") for side in ("left", "right")]
    return (
        ranked.with_columns(place)
        .filter((pl.col("place_left") < _CANDIDATES_A_RECORD) & (pl.col("place_right") < _CANDIDATES_A_RECORD))
        .drop("low", "high", "place_left", "place_right")
        .sort("left", "right")
    )
