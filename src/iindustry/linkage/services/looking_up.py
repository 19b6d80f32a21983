"""A look-up carried out: at most seven keyed reads in one statement, 300 candidates at most, weighed as the run would.

Levels are the run's own SQL, run by an engine that stays open in the process; nothing is written and nothing merges.
"""

from __future__ import annotations

import json
import threading
from dataclasses import asdict
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.db import connection

from iindustry.kernel.errors import Conflict, Rejected
from iindustry.kernel.ids import class_thirteen
from iindustry.linkage import blocking, comparisons, lookup, passes
from iindustry.linkage.lookup import Candidate
from iindustry.linkage.model import FREQUENCY_COLUMNS, Model
from iindustry.linkage.models import LinkModel, Redirect
from iindustry.linkage.outcome import PRIOR, Ground, Part

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import duckdb
    import polars as pl
    from django.db.backends.utils import CursorWrapper

    from iindustry.linkage.lookup import LookUp
    from iindustry.linkage.outcome import LinkState

_SQL_CANDIDATES = """
WITH asked AS (SELECT key, place FROM unnest(%s::text[]) WITH ORDINALITY AS one(key, place)),
met AS (
    SELECT asked.place, found.id FROM asked
    CROSS JOIN LATERAL (SELECT id FROM linkage_linkkey WHERE keys @> ARRAY[asked.key] LIMIT %s) AS found
),
sized AS (SELECT place, id, count(*) OVER (PARTITION BY place) AS size FROM met),
ranked AS (SELECT id, min(size) AS size FROM sized WHERE size <= %s GROUP BY id ORDER BY min(size), id LIMIT %s)
SELECT link.enterprise_id, link.source, link.record_key, link.facets::text
FROM ranked JOIN linkage_linkkey AS link ON link.id = ranked.id ORDER BY ranked.size, link.id
"""
_SQL_WEIGHED = """
WITH pairs AS (SELECT r.uid AS "right", {sides} FROM asked AS l CROSS JOIN candidates AS r),
reached AS (SELECT *, {levels} FROM pairs)
SELECT "right", {weight} AS match_weight, {alone} AS alone_weight, {names} FROM reached ORDER BY "right"
"""
_LOCAL = threading.local()
_COPY_ROWS = 100_000


def look_up(asked: LookUp, *, limit: int = 10) -> list[Candidate]:
    """Enterprises that the record may belong to, the likeliest first, one a row.

    Rejected `look-up-empty` (nothing to look by), `look-up-citizen-id`; Conflict `look-up-not-ready` before the first version.
    """
    faces, keys = faced(asked)
    if not keys:
        raise Rejected("look-up-empty", field="name_th")
    model, numbered, rarest = _model()
    found = _read(keys)
    if not found:
        return []
    weighed = weights(faces, [facets for *_, facets in found], model, rarest)
    return _answers(faces, found, weighed, model, numbered)[:limit]


def faced(asked: LookUp) -> tuple[dict[str, Any], list[str]]:
    """(facets of the record, its keys)."""
    import polars as pl

    from iindustry.linkage import facets
    from iindustry.standardise.shapes import IDENTITY
    from iindustry.standardise.single import standardised

    if asked.juristic_id and class_thirteen(asked.juristic_id)[0] == "citizen":
        raise Rejected("look-up-citizen-id", field="juristic_id")
    row = standardised({name: value for name, value in asdict(asked).items() if value}, None)  # type: ignore[arg-type]
    given = {"source": lookup.SOURCE, "record_key": ""}
    for name in ("province_code", "district_code", "subdistrict_code"):
        given[name] = getattr(asked, name) or row.get(name)  # type: ignore[assignment]
    frame = pl.DataFrame([{name: (row | given).get(name) for name in IDENTITY}], schema=IDENTITY)
    keyed = blocking.keyed(facets.facets(frame)).row(0, named=True)
    keys = lookup.keys_of(keyed, juristic_id=keyed["jid"], factory_id=keyed["factory_id"])
    return keyed, keys


def weights(
    face: Mapping[str, Any], candidates: Sequence[Mapping[str, Any]], model: Model, rarest: Mapping[str, float]
) -> pl.DataFrame:
    """Right (place of the candidate), match_weight under the model's prior, alone_weight, the level of each comparison.

    `candidates`: their facets with `tf_<column>`. As `scoring` weighs the same two profiles of a run.
    """
    import polars as pl

    from iindustry.linkage.services import scoring

    columns = comparisons.compared_columns()
    shares = [f"tf_{name}" for name in FREQUENCY_COLUMNS]
    kinds = {name: pl.List(pl.Utf8) if name == "phones" else pl.Utf8 for name in columns} | dict.fromkeys(
        shares, pl.Float64
    )
    wanted = [*columns, *shares]
    left = pl.DataFrame([{name: face.get(name) for name in wanted}], schema=kinds)
    right = pl.DataFrame([{name: one.get(name) for name in wanted} for one in candidates], schema=kinds)
    opened = _engine()
    opened.register("asked", left.to_arrow())
    opened.register("candidates", right.with_row_index("uid").to_arrow())
    found = pl.from_arrow(opened.sql(_weighing(model_key(model), tuple(sorted(rarest.items())))).to_arrow_table())
    assert isinstance(found, pl.DataFrame)  # noqa: S101 - for the type checker
    return found.with_columns(
        pl.col("match_weight").round(6), *(scoring.level_name(one) for one in comparisons.COMPARISONS)
    )


def model_key(model: Model) -> str:
    """The model as one text, by which what is made of it is remembered."""
    return json.dumps(asdict(model), sort_keys=True)


@lru_cache(maxsize=4)
def _weighing(key: str, rarest: tuple[tuple[str, float], ...]) -> str:
    from iindustry.linkage.services import scoring

    model, columns = Model(**json.loads(key)), comparisons.compared_columns()
    sides = [*(f"{at}.{name} AS {name}_{at}" for name in columns for at in ("l", "r"))]
    sides += [f"{at}.tf_{name} AS tf_{name}_{at}" for name in FREQUENCY_COLUMNS for at in ("l", "r")]
    return _SQL_WEIGHED.format(
        sides=", ".join(sides),
        levels=", ".join(f'{comparisons.level_case(one)} AS "{one.name}"' for one in comparisons.COMPARISONS),
        names=", ".join(f'"{one.name}"' for one in comparisons.COMPARISONS),
        weight=scoring.weight_sql(model), alone=scoring.weight_sql(model, dict(rarest)),
    )  # fmt: skip


def _engine() -> duckdb.DuckDBPyConnection:
    """One engine a thread: opening one takes longer than a look-up."""
    from iindustry.linkage.services import scoring

    if not hasattr(_LOCAL, "engine"):
        _LOCAL.engine = scoring.connection(1)
    engine: duckdb.DuckDBPyConnection = _LOCAL.engine
    return engine


def _read(keys: Sequence[str]) -> list[tuple[str, str, str, dict[str, Any]]]:
    with connection.cursor() as cursor:
        cursor.execute(_SQL_CANDIDATES, [list(keys), blocking.MOST + 1, blocking.MOST, lookup.MOST_CANDIDATES])
        rows = cursor.fetchall()
    return [(enterprise, source, key, json.loads(facets)) for enterprise, source, key, facets in rows]


def _model() -> tuple[Model, int, dict[str, float]]:
    """(model, numbered enterprises, least frequency by column) that the rows were made with."""
    row = LinkModel.objects.order_by("version").first()
    if row is None:
        raise Conflict("look-up-not-ready")
    return Model(**row.model["model"]), int(row.model["numbered"]), dict(row.model["rarest"])


def _answers(
    face: Mapping[str, Any], found: Sequence[tuple[str, str, str, dict[str, Any]]], weighed: pl.DataFrame, model: Model, numbered: int
) -> list[Candidate]:  # fmt: skip
    """Candidates weighed against each other, the best record of each enterprise."""
    own, mine = face.get("jid"), _face(face)
    same = {place for place, (*_, facets) in enumerate(found) if own and facets.get("jid") == own}
    by_id = {place for place in same if passes.alike(_face(found[place][3]), [mine])}
    settled = lookup.against_each_other(
        [(row["match_weight"], row["alone_weight"], found[row["right"]][3].get("jid")) for row in weighed.iter_rows(named=True)],
        own, model.prior, numbered,
    )  # fmt: skip
    names = [one.name for one in comparisons.COMPARISONS]
    answers: dict[str, Candidate] = {}
    for row, weight in zip(weighed.iter_rows(named=True), settled, strict=True):
        place = row["right"]
        enterprise, source, key, facets = found[place]
        levels = {name: row[name] for name in names}
        other = bool(own and facets.get("held") and facets["held"] != own)
        if other and by_id:
            continue
        told = model.weight_of(levels, {name: facets.get(f"tf_{name}") for name in FREQUENCY_COLUMNS}, 0.0)[:-1]
        parts = (*told, Part(PRIOR, "", round(weight - sum(part.bits for part in told), 6)))
        ground = Ground.ID if place in by_id else Ground.MODEL
        chance = 1.0 if ground is Ground.ID else 0.0 if other else lookup.chance(weight)
        th, en = lookup.sentence(parts, levels, ground, other_number=other)
        answer = Candidate(enterprise, source, key, weight, chance, ground, parts, th, en)
        best = answers.get(enterprise)
        if best is None or _rank(answer) < _rank(best):
            answers[enterprise] = answer
    return _redirected(sorted(answers.values(), key=_rank))


def _rank(one: Candidate) -> tuple[bool, float, float, str, str]:
    return one.ground is not Ground.ID, -one.match_probability, -one.match_weight, one.enterprise_id, one.record_key


def _face(facets: Mapping[str, Any]) -> passes.Face:
    return passes.Face(0, *(facets.get(name) for name in ("core", "skel", "phone", "sub")))


def _redirected(found: Sequence[Candidate]) -> list[Candidate]:
    from dataclasses import replace

    turned = dict(
        Redirect.objects.filter(old_id__in=[one.enterprise_id for one in found]).values_list("old_id", "new_id")
    )
    return [replace(one, enterprise_id=turned.get(one.enterprise_id, one.enterprise_id)) for one in found]


def keep_model(state: LinkState, *, version: str) -> None:
    """The model that look-ups weigh with, in place of the one before, inside the caller's transaction."""
    rarest = {
        column: float(share[f"tf_{column}"].min() or 1.0)  # type: ignore[arg-type]
        for column, share in state.frequencies.items()
        if share.height
    }
    LinkModel.objects.all().delete()
    kept = {"model": asdict(state.model), "numbered": state.count_numbered(), "rarest": rarest, "name": state.model.name}
    LinkModel.objects.create(version=version, model=kept)


def keep_rows(state: LinkState, members: pl.DataFrame, *, only: Sequence[str] | None = None) -> None:
    """Write the rows that look-ups read, inside the caller's transaction: all anew, or those of some enterprises.

    `members`: every member of the enterprises written. `only`: ids of enterprises whose rows are replaced, old ids too.
    """
    rows = lookup.link_keys(state, members)
    with connection.cursor() as cursor:
        if only is None:
            # The index takes new rows into a list first and sorts them in by the lump; a list left over would be read by
            # every look-up, so the last row shrinks it to nothing.
            cursor.execute("SET LOCAL gin_pending_list_limit = '1GB'")
            cursor.execute("SET LOCAL work_mem = '128MB'")
            cursor.execute("DELETE FROM linkage_linkkey")
            _copy(cursor, rows.head(-1))
            cursor.execute("SET LOCAL gin_pending_list_limit = '64kB'")
            _copy(cursor, rows.tail(1))
            cursor.execute("RESET work_mem")
            cursor.execute("RESET gin_pending_list_limit")
        else:
            cursor.execute("DELETE FROM linkage_linkkey WHERE enterprise_id = ANY(%s)", [list(only)])
            _copy(cursor, rows)


def _copy(cursor: CursorWrapper, rows: pl.DataFrame) -> None:
    with cursor.copy(f"COPY linkage_linkkey ({', '.join(rows.columns)}) FROM STDIN WITH (FORMAT csv)") as copy:
        for start in range(0, rows.height, _COPY_ROWS):
            copy.write(rows.slice(start, _COPY_ROWS).write_csv(include_header=False))
