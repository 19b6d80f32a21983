"""One record against the register, now: its keys, what a candidate's profile holds, and the sentences of an answer.

A look-up answers with candidates and never merges (LINKAGE section 4.9). Keys and levels are those of the run, so that it
weighs a pair as the run would. Invariant: a key that too many profiles share leads nowhere, here as in the run.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log2
from typing import TYPE_CHECKING

from iindustry.linkage import blocking
from iindustry.linkage.comparisons import MISSING, words_of
from iindustry.linkage.facets import COMPARED
from iindustry.linkage.outcome import Ground, Part

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import polars as pl

    from iindustry.linkage.outcome import LinkState

_UNFIT = r'["\\{}\x00]'
_JURISTIC, _FACTORY = "jid/", "factory/"
_LARGEST = 40.0  # bits, as in `priors`
MOST_KEYS = 7
MOST_CANDIDATES = 300
PART = 200_000
_WHO = frozenset({"jid", "held", "core", "skel", "phone", "sub"})
"""Beside what is compared: a record's own number, its enterprise's, and what the name guard looks at."""
SOURCE = "asked"
"""The register that the record asked about stands in, as far as scoring is concerned: none."""


@dataclass(frozen=True, slots=True)
class LookUp:
    """What is known of the enterprise that is looked for; all of it may be missing, and texts are as somebody wrote them.

    `…_code`: codes of the area table. `juristic_id`: 13 digits; a citizen id is refused.
    """

    name_th: str | None = None
    name_en: str | None = None
    juristic_id: str | None = None
    factory_id: str | None = None
    province_code: str | None = None
    district_code: str | None = None
    subdistrict_code: str | None = None
    phone: str | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """One enterprise that the record may belong to, by its most alike record.

    Units: bits. `ground`: `id` where a valid number is equal, else `model`. `parts`: what each comparison adds, and last
    what holds before any (how common matches are, and how many others bear the name). `why_th`, `why_en`: one sentence.
    """

    enterprise_id: str
    source: str
    record_key: str
    match_weight: float
    match_probability: float
    ground: Ground
    parts: tuple[Part, ...]
    why_th: str
    why_en: str


def keys_of(keyed: Mapping[str, object], *, juristic_id: str | None, factory_id: str | None) -> list[str]:
    """The keys of one record, numbers first, at most seven: what is rarest stands first in `ORDER`.

    `keyed`: the columns of `blocking.KEYS` of its one row.
    """
    numbers = [f"{prefix}{number}" for prefix, number in ((_JURISTIC, juristic_id), (_FACTORY, factory_id)) if number]
    found: list[str] = []
    for name in ORDER:
        said = keyed.get(name)
        texts = said if isinstance(said, list) else [said]
        found += [_fit(f"{blocking.KEYS.index(name)}/{text}") for text in texts if text is not None]
    return [*numbers, *found][:MOST_KEYS]


def most_of(key: str) -> int:
    """How many profiles may share a key of a look-up before it leads nowhere."""
    rule = key.partition("/")[0]
    return blocking.most_of(blocking.KEYS[int(rule)]) if rule.isdigit() else blocking.MOST


def _order() -> tuple[str, ...]:
    early = ("block_phone", "block_skel", "block_en", "block_address", "block_near", "block_begin")
    return (*(name for name in early if name in blocking.KEYS), *(name for name in blocking.KEYS if name not in early))


ORDER = _order()
"""The rules of blocking in the order in which a look-up asks them."""


def _fit(text: str) -> str:
    import re

    return re.sub(_UNFIT, "?", text)


def link_keys(state: LinkState, members: pl.DataFrame, grams: pl.DataFrame | None = None) -> pl.DataFrame:
    """enterprise_id, source, record_key, keys (a PostgreSQL array as text), facets (JSON): a row a profile of an enterprise.

    Profiles of one enterprise that say the very same, in whatever registers, are one row. Names' frequencies stand among
    the facets as `tf_<column>`. `members`: source, record_key, enterprise_id. grams: `blocking.rarest_grams` of the state's
    profiles, where they are known already.
    """
    return _rows_of(state, owners(state, members), grams_of(state) if grams is None else grams)


def link_key_parts(state: LinkState, members: pl.DataFrame, *, profiles: int = PART) -> Iterator[pl.DataFrame]:
    """The same a range of enterprises at a time, of about so many profiles: the texts of a nation are wider than its state.

    A key is left out where too many profiles of its part share it; what only the whole shares too often, reading skips.
    """
    import polars as pl

    owner = owners(state, members).sort("enterprise_id", "uid").with_row_index("place")
    owner = owner.with_columns(part=pl.col("place").first().over("enterprise_id") // profiles).drop("place")
    grams, start = grams_of(state), 0
    for size in owner.group_by("part", maintain_order=True).len()["len"]:
        yield _rows_of(state, owner.slice(start, size).drop("part"), grams)
        start += size


def grams_of(state: LinkState) -> pl.DataFrame:
    """`blocking.rarest_grams` of the profiles that are looked up."""
    import polars as pl

    return blocking.rarest_grams(state.profiles.filter(~pl.col("site_only"))["skel_b"])


def owners(state: LinkState, members: pl.DataFrame) -> pl.DataFrame:
    """uid, enterprise_id, factory_id (at most twenty) of each profile that a member record has."""
    import polars as pl

    keys = ["source", "record_key"]
    return (
        state.of_record.select(*keys, "uid", "factory_id")
        .join(members.select(*keys, "enterprise_id"), on=keys, how="inner")
        .group_by("uid")
        .agg(pl.col("enterprise_id").first(), pl.col("factory_id").drop_nulls().unique().sort().head(20))
    )


def _rows_of(state: LinkState, owner: pl.DataFrame, grams: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    from iindustry.linkage.model import FREQUENCY_COLUMNS

    own = state.profiles.join(owner, on="uid", how="inner").filter(~pl.col("site_only")).sort("uid")
    rows = blocking.keyed(own, grams).unique(["enterprise_id", *COMPARED], keep="first", maintain_order=True)
    rows = rows.with_columns(held=pl.col("jid").drop_nulls().first().over("enterprise_id"))
    for column, share in state.frequencies.items():
        if column in FREQUENCY_COLUMNS:
            rows = rows.join(share, on=column, how="left", maintain_order="left")
    kept = [_kept_keys(name, rows.schema[name]) for name in blocking.KEYS]
    numbers = [
        pl.when(pl.col("jid").is_not_null()).then(pl.concat_list(pl.lit(_JURISTIC) + pl.col("jid"))).otherwise([]),
        pl.col("factory_id").list.eval(pl.lit(_FACTORY) + pl.element()),
    ]
    rows = rows.with_columns(kept).with_columns(
        keys=pl.concat_list(*numbers, *blocking.KEYS).list.drop_nulls().list.unique(maintain_order=True)
    )
    said = [name for name in facet_columns(rows.columns) if name not in {"source", "first_key"}]
    return rows.select(
        "enterprise_id",
        "source",
        pl.col("first_key").alias("record_key"),
        pl.concat_str(
            pl.lit("{"),
            pl.when(pl.col("keys").list.len() > 0)
            .then(pl.concat_str(pl.lit('"'), pl.col("keys").list.join('","'), pl.lit('"')))
            .otherwise(pl.lit("")),
            pl.lit("}"),
        ).alias("keys"),
        pl.struct(said).struct.json_encode().alias("facets"),
    )


def facet_columns(columns: Sequence[str]) -> list[str]:
    """What of a profile's columns a look-up keeps: what comparisons read, frequencies, and what says who it is."""
    from iindustry.linkage.comparisons import compared_columns
    from iindustry.linkage.model import FREQUENCY_COLUMNS

    wanted = {*compared_columns(), *FREQUENCY_COLUMNS, *(f"tf_{name}" for name in FREQUENCY_COLUMNS)}
    return [name for name in columns if name in {*wanted, *_WHO}]


def _kept_keys(name: str, kind: pl.DataType) -> pl.Expr:
    """The keys of one rule as a list of texts; of those that too many profiles share, none."""
    import polars as pl

    prefix = pl.lit(f"{blocking.KEYS.index(name)}/")
    if kind == pl.List(pl.Utf8):
        return pl.col(name).fill_null([]).list.eval(prefix + pl.element()).alias(name)
    fit = (prefix + pl.col(name)).str.replace_all(_UNFIT, "?")
    crowded = pl.col(name).is_null() | (pl.len().over(name) > blocking.most_of(name))
    return pl.when(crowded).then([]).otherwise(pl.concat_list(fit)).alias(name)


def against_each_other(
    weighed: Sequence[tuple[float, float, str | None]], own: str | None, prior: float, numbered: int
) -> list[float]:
    """The weights of candidates as they stand against each other: the twin of `priors.settled` for one record, in bits.

    `weighed`: (match_weight, alone_weight, number or None) of each. A record with a number of its own is claimed by nobody
    else. Nothing is known of the register it stands in: half of its records are taken to be here.
    """
    if own:
        return [weight for weight, _, _ in weighed]
    base = log2(prior / (1 - prior)) + log2(max(numbered, 1))
    odds = [2 ** min(max(alone - base, -_LARGEST), _LARGEST) if number else None for _, alone, number in weighed]
    best: dict[str, float] = {}
    for (_, _, number), one in zip(weighed, odds, strict=True):
        if number and one is not None:
            best[number] = max(best.get(number, 0.0), one)
    whole = sum(best.values())
    return [
        round(weight if not number or one is None else log2(one) - log2(1 + max(whole - best[number], 0.0)), 6)
        for (weight, _, number), one in zip(weighed, odds, strict=True)
    ]


def chance(weight: float) -> float:
    """The chance that a weight stands for, to six places."""
    return round(1 / (1 + 2 ** -max(weight, -_LARGEST)), 6)


def sentence(
    parts: Sequence[Part], levels: Mapping[str, str], ground: Ground, *, other_number: bool
) -> tuple[str, str]:
    """Why a candidate is named, in Thai and English: the number where it is equal, else what speaks most for and against."""
    if ground is Ground.ID:
        return (
            "เลขทะเบียนตรงกัน และชื่อหรือที่ตั้งไม่ขัดกัน",
            "The registration number is equal, and name or place does not speak against it",
        )
    words = {one: (name, level) for one, (name, level, _) in zip(_names(), words_of(levels), strict=True)}
    spoken = [part for part in parts if part.comparison in words and part.level != MISSING and abs(part.bits) >= 1]
    best = sorted((part for part in spoken if part.bits > 0), key=lambda part: -part.bits)[:2]
    worst = sorted((part for part in spoken if part.bits < 0), key=lambda part: part.bits)[:1]
    th = " · ".join(words[part.comparison][1][0] for part in best) or "ไม่มีข้อมูลใดตรงกันชัดเจน"
    en = ", ".join(words[part.comparison][1][1] for part in best) or "nothing agrees clearly"
    if worst:
        th += f" แต่{words[worst[0].comparison][0][0]}: {words[worst[0].comparison][1][0]}"
        en += f"; but {words[worst[0].comparison][0][1].lower()}: {words[worst[0].comparison][1][1]}"
    if other_number:
        th += " · เลขทะเบียนต่างกัน จึงเป็นคนละนิติบุคคลเว้นแต่เลขพิมพ์ผิด"
        en += "; its registration number is another, so it is another legal person unless a digit is mistyped"
    return th, en[:1].upper() + en[1:]


def _names() -> list[str]:
    from iindustry.linkage.comparisons import COMPARISONS

    return [one.name for one in COMPARISONS]
