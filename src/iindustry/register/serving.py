"""Rows of the serving copy: list columns, search text, and `golden`, the little that records do not say themselves.

`golden` is JSON: for a field of which several records speak, the rule and the places of the records among the enterprise's
own, the one believed first ("source 0 2"); an empty text where nobody is believed and silence says nothing either; for a
derived value [value, basis]; for one gathered from many records [value, rule, place of the first, day].
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iindustry.reference.fields import FIELDS, field_of
from iindustry.register.enterprise import Rule
from iindustry.register.gathering import SETS
from iindustry.register.wide import as_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import polars as pl

    from iindustry.register.speaking import Spoken

LISTED = ("enterprise_id", "name_th", "name_en", "juristic_id", "province_code", "is_person", "establishment_count")
SITE = ("establishment_id", "enterprise_id", "factory_id", "name", "province_code")
MEMBER = (
    "source", "record_key", "enterprise_id", "establishment_id", "link_ground", "match_probability", "delivery_id",
    "observed_on", "is_person", "said",
)  # fmt: skip
_NOBODY = '"entity.juristic_id":""'


def enterprises(
    broad: pl.DataFrame,
    golden: Mapping[str, pl.DataFrame],
    derived: pl.DataFrame,
    numbered: pl.DataFrame,
    *,
    spoken: Spoken,
    yielding: pl.Series,
    untold: Mapping[str, pl.Series],
) -> pl.DataFrame:
    """Rows of `register_enterprise`: `LISTED`, search_text, golden."""
    import polars as pl

    ids = numbered.group_by("subject", maintain_order=True).agg(pl.col("enterprise_id").first())["enterprise_id"]
    yields = pl.DataFrame({"id": yielding.cast(pl.Utf8), "piece": [_NOBODY] * yielding.len()}, schema=_PIECE())
    pieces = _pieces(_of("enterprise", golden), ids, numbered["place"])
    texts = _search_text(spoken, ids)
    return (
        broad.select(*LISTED)
        .join(texts, on="enterprise_id", how="left", maintain_order="left")
        .join(_joined([pieces, yields, _untold_pieces("enterprise", untold, ids), _derived_pieces(derived)], "enterprise_id"),
              on="enterprise_id", how="left", maintain_order="left")
        .with_columns(pl.col("search_text").fill_null(""), pl.col("golden").fill_null("{}"))
    )  # fmt: skip


def establishments(
    broad: pl.DataFrame,
    golden: Mapping[str, pl.DataFrame],
    derived: pl.DataFrame,
    numbered: pl.DataFrame,
    *,
    untold: Mapping[str, pl.Series],
) -> pl.DataFrame:
    """Rows of `register_establishment`: `SITE`, golden."""
    import polars as pl

    ids = numbered.drop_nulls("site").unique("site", keep="first").sort("site")["establishment_id"]
    pieces = _pieces(_of("establishment", golden), ids, numbered["place"])
    return (
        broad.select(*SITE)
        .join(_joined([pieces, _untold_pieces("establishment", untold, ids), _derived_pieces(derived)], "establishment_id"),
              on="establishment_id", how="left", maintain_order="left")
        .with_columns(pl.col("golden").fill_null("{}"))
    )  # fmt: skip


def members(numbered: pl.DataFrame, records: pl.DataFrame) -> pl.DataFrame:
    """Rows of `register_member`: `MEMBER`."""
    import polars as pl

    return (
        numbered.join(records.drop("source", "record_key"), on="record", how="inner", maintain_order="left")
        .with_columns(pl.col("is_person").fill_null(value=False), pl.col("delivery_id").fill_null(""))
        .select(MEMBER)
    )


def _PIECE() -> dict[str, type[pl.DataType]]:  # noqa: N802 - a constant that needs Polars
    import polars as pl

    return {"id": pl.Utf8, "piece": pl.Utf8}


def _of(of: str, golden: Mapping[str, pl.DataFrame]) -> list[tuple[str, pl.DataFrame]]:
    return [(field.name, golden[field.name]) for field in FIELDS if field.of == of and field.name in golden]


def _pieces(golden: Iterable[tuple[str, pl.DataFrame]], ids: pl.Series, place: pl.Series) -> pl.DataFrame:
    """id, piece: for the fields that several records speak of, rule and places."""
    import polars as pl

    parts = [pl.DataFrame(schema=_PIECE())]
    for name, found in golden:
        if name in SETS:
            parts.append(_gathered_pieces(name, found, ids, place))
            continue
        many = found.filter((pl.col("rule") != Rule.ONLY.value) | pl.col("rivals").is_not_null())
        if many.is_empty():
            continue
        rivals = many["rivals"].fill_null([])
        flat = rivals.explode(empty_as_null=False)
        lengths = rivals.list.len()
        others = pl.DataFrame(
            {
                "row": pl.int_range(many.height, eager=True).repeat_by(lengths).explode(empty_as_null=False),
                "place": place.gather(flat),
            }
        )
        joined = others.group_by("row", maintain_order=True).agg(pl.col("place").cast(pl.Utf8).str.join(" "))
        text = many.select(
            id=ids.gather(many["subject"]),
            rule="rule",
            won=place.gather(many["record"]).cast(pl.Utf8),
            row=pl.int_range(pl.len()),
        ).join(joined, on="row", how="left", maintain_order="left")
        parts.append(
            text.select(
                "id",
                piece=pl.concat_str(
                    pl.lit(f'"{name}":"'), "rule", pl.lit(" "), "won",
                    pl.when(pl.col("place").is_not_null()).then(pl.concat_str(pl.lit(" "), "place")).otherwise(pl.lit("")),
                    pl.lit('"'),
                ),
            )
        )  # fmt: skip
    return pl.concat(parts)


def _gathered_pieces(name: str, found: pl.DataFrame, ids: pl.Series, place: pl.Series) -> pl.DataFrame:
    import polars as pl

    text = as_text(field_of(name))
    told = found.select(
        pl.struct(v=pl.concat_list(text, "rule", place.gather(found["record"]).cast(pl.Utf8), pl.col("as_of").cast(pl.Utf8)))
        .struct.json_encode().str.strip_prefix('{"v":').str.strip_suffix("}").alias("told")
    )["told"]  # fmt: skip
    return pl.DataFrame(
        {"id": ids.gather(found["subject"]), "told": told}, schema={"id": pl.Utf8, "told": pl.Utf8}
    ).select("id", piece=pl.concat_str(pl.lit(f'"{name}":'), "told"))


def _untold_pieces(of: str, untold: Mapping[str, pl.Series], ids: pl.Series) -> pl.DataFrame:
    """An empty text for each field that the subject's records leave open: no silence fills it."""
    import polars as pl

    parts = [
        pl.DataFrame({"id": ids.gather(who), "piece": [f'"{name}":""'] * who.len()}, schema=_PIECE())
        for name, who in untold.items()
        if field_of(name).of == of
    ]
    return pl.concat([pl.DataFrame(schema=_PIECE()), *parts])


def _derived_pieces(derived: pl.DataFrame) -> pl.DataFrame:
    """Derived values are codes, numbers and truth values: no sign of theirs needs escaping."""
    import polars as pl

    return derived.select(
        pl.col("subject").alias("id"),
        piece=pl.format('"{}":["{}","{}"]', "field", "value", pl.col("basis").fill_null("")),
    )


def _joined(parts: list[pl.DataFrame], key: str) -> pl.DataFrame:
    import polars as pl

    return (
        pl.concat(parts).sort("id", "piece").group_by("id", maintain_order=True).agg(pl.col("piece").str.join(","))
        .select(pl.col("id").alias(key), golden=pl.concat_str(pl.lit("{"), "piece", pl.lit("}")))
    )  # fmt: skip


def _search_text(spoken: Spoken, ids: pl.Series) -> pl.DataFrame:
    """Every spelling of a name without its legal form, the operator's and the registers' of record first."""
    import polars as pl

    order = next(field.sources for field in FIELDS if field.name == "entity.name_th")
    rank = {source: place for place, source in enumerate(order)}
    parts = [
        found.select(
            "subject",
            pl.col(column).alias("text"),
            pl.lit(rank.get(source, len(rank)) + step, dtype=pl.Int32).alias("rank"),
        ).filter(pl.col("text") != "")
        for source, found in spoken.by_source.items()
        for step, column in ((0, "core"), (100, "en_core"), (200, "site_core"))
    ]
    joined = (
        pl.concat(parts)
        .group_by("subject", "text")
        .agg(pl.col("rank").min())
        .sort("subject", "rank", "text")
        .group_by("subject", maintain_order=True)
        .agg(search_text=pl.col("text").str.join("\n"))
    )
    return joined.select(ids.gather(joined["subject"]).alias("enterprise_id"), "search_text")
