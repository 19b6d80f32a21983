"""A look-up carried out: at most seven keyed reads in one statement, 300 candidates at most, weighed as the run would.

Levels are those of the run's own conditions, read in plain Python; nothing is written and nothing merges.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.db import connection

from iindustry.kernel.errors import Conflict, Rejected
from iindustry.kernel.ids import class_thirteen
from iindustry.linkage import facing, lookup, passes, reaching
from iindustry.linkage.lookup import Candidate
from iindustry.linkage.model import FREQUENCY_COLUMNS, Model, bits
from iindustry.linkage.models import LinkModel, Redirect
from iindustry.linkage.outcome import PRIOR, Ground, Part

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import polars as pl
    from django.db.backends.utils import CursorWrapper

    from iindustry.linkage.lookup import LookUp
    from iindustry.linkage.outcome import LinkState

_SQL_CANDIDATES = """
WITH asked AS (SELECT key, most, place FROM unnest(%s::text[], %s::int[]) WITH ORDINALITY AS one(key, most, place)),
met AS (
    SELECT asked.place, asked.most, found.id FROM asked
    CROSS JOIN LATERAL (SELECT id FROM linkage_linkkey WHERE keys @> ARRAY[asked.key] LIMIT asked.most + 1) AS found
),
sized AS (SELECT id, most, count(*) OVER (PARTITION BY place) AS size FROM met),
ranked AS (SELECT id, min(size) AS size FROM sized WHERE size <= most GROUP BY id ORDER BY min(size), id LIMIT %s)
SELECT link.enterprise_id, link.source, link.record_key, link.facets::text
FROM ranked JOIN linkage_linkkey AS link ON link.id = ranked.id ORDER BY ranked.size, link.id
"""
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
    weighed = [weigh(faces, facets, model, rarest) for *_, facets in found]
    return _answers(faces, found, weighed, model, numbered)[:limit]


def faced(asked: LookUp) -> tuple[dict[str, Any], list[str]]:
    """(facets of the record, its keys)."""
    from iindustry.standardise.single import standardised

    if asked.juristic_id and class_thirteen(asked.juristic_id)[0] == "citizen":
        raise Rejected("look-up-citizen-id", field="juristic_id")
    row = standardised({name: value for name, value in asdict(asked).items() if value}, None)  # type: ignore[arg-type]
    codes = {
        name: getattr(asked, name) or row.get(name) for name in ("province_code", "district_code", "subdistrict_code")
    }
    face = facing.face_of(row | codes) | {"source": lookup.SOURCE}
    return face, lookup.keys_of(face, juristic_id=face["jid"], factory_id=face["factory_id"])


@dataclass(frozen=True, slots=True)
class Weighed:
    """One candidate: the level of each comparison, what each adds, the weight under the model's prior, and `alone_weight`.

    Units: bits. alone_weight: the weight with every name as rare as a name of one enterprise (`priors.settled`).
    """

    levels: Mapping[str, str]
    parts: tuple[Part, ...]
    match_weight: float
    alone_weight: float


def weigh(face: Mapping[str, Any], candidate: Mapping[str, Any], model: Model, rarest: Mapping[str, float]) -> Weighed:
    """One candidate's facets (with `tf_<column>`) against the record's, as `scoring` weighs the two in a run."""
    levels = reaching.levels_of(face, candidate)
    shares = {name: share for name in FREQUENCY_COLUMNS if (share := candidate.get(f"tf_{name}")) is not None}
    prior = bits(model.prior)
    parts = model.weight_of(levels, shares, prior)
    alone = model.weight_of(levels, rarest, prior)
    return Weighed(levels, parts[:-1], *(round(sum(part.bits for part in one), 6) for one in (parts, alone)))


def _read(keys: Sequence[str]) -> list[tuple[str, str, str, dict[str, Any]]]:
    with connection.cursor() as cursor:
        cursor.execute(_SQL_CANDIDATES, [list(keys), [lookup.most_of(key) for key in keys], lookup.MOST_CANDIDATES])
        rows = cursor.fetchall()
    return [(enterprise, source, key, json.loads(facets)) for enterprise, source, key, facets in rows]


def _model() -> tuple[Model, int, dict[str, float]]:
    """(model, numbered enterprises, least frequency by column) that the rows were made with."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT version, md5(model::text) FROM linkage_linkmodel ORDER BY version LIMIT 1")
        row = cursor.fetchone()
    if row is None:
        raise Conflict("look-up-not-ready")
    return _model_of(*row)


@lru_cache(maxsize=2)
def _model_of(version: str, digest: str) -> tuple[Model, int, dict[str, float]]:
    del digest  # part of what is remembered by: another model under one name is another model
    kept = LinkModel.objects.get(version=version).model
    return Model(**kept["model"]), int(kept["numbered"]), dict(kept["rarest"])


def _answers(
    face: Mapping[str, Any],
    found: Sequence[tuple[str, str, str, dict[str, Any]]],
    weighed: Sequence[Weighed],
    model: Model,
    numbered: int,
) -> list[Candidate]:
    """Candidates weighed against each other, the best record of each enterprise."""
    own, mine = face.get("jid"), _face(face)
    same = {place for place, (*_, facets) in enumerate(found) if own and facets.get("jid") == own}
    by_id = {place for place in same if passes.alike(_face(found[place][3]), [mine])}
    against = lookup.against_each_other(
        [(one.match_weight, one.alone_weight, row[3].get("jid")) for one, row in zip(weighed, found, strict=True)],
        own,
        model.prior,
        numbered,
    )
    answers: dict[str, Candidate] = {}
    for place, (one, weight, (enterprise, source, key, facets)) in enumerate(zip(weighed, against, found, strict=True)):
        other = bool(own and facets.get("held") and facets["held"] != own)
        if other and by_id:
            continue
        parts = (*one.parts, Part(PRIOR, "", round(weight - sum(part.bits for part in one.parts), 6)))
        ground = Ground.ID if place in by_id else Ground.MODEL
        chance = 1.0 if ground is Ground.ID else 0.0 if other else lookup.chance(weight)
        th, en = lookup.sentence(parts, one.levels, ground, other_number=other)
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
    kept = {
        "model": asdict(state.model),
        "numbered": state.count_numbered(),
        "rarest": rarest,
        "name": state.model.name,
    }
    LinkModel.objects.create(version=version, model=kept)


def keep_rows(
    state: LinkState, members: pl.DataFrame, *, only: Sequence[str] | None = None, grams: pl.DataFrame | None = None
) -> None:
    """Write the rows that look-ups read, inside the caller's transaction: all anew, or those of some enterprises.

    `members`: every member of the enterprises written. `only`: ids of enterprises whose rows are replaced, old ids too.
    grams: as of `lookup.link_keys`.
    """
    rows = lookup.link_keys(state, members, grams)
    if only is None:
        keep_made([rows])
        return
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM linkage_linkkey WHERE enterprise_id = ANY(%s)", [list(only)])
        _copy(cursor, rows)


def keep_made(parts: Iterable[pl.DataFrame]) -> None:
    """Write all rows anew, made already (`lookup.link_key_parts`). An empty table is filled first and indexed after."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM linkage_linkkey LIMIT 1)")
        if cursor.fetchone()[0]:
            _exchange(cursor, parts)
        else:
            cursor.execute("SET LOCAL maintenance_work_mem = '1GB'")
            cursor.execute("SELECT linkage_shed_key_index()")
            for rows in parts:
                _copy(cursor, rows)
            cursor.execute("SELECT linkage_build_key_index()")
        cursor.execute("ANALYZE linkage_linkkey")


def _exchange(cursor: CursorWrapper, parts: Iterable[pl.DataFrame]) -> None:
    """All rows in place of those that are there, which look-ups read until the transaction ends.

    The index takes new rows into a list first and sorts them in by the lump; a list left over would be read by every
    look-up, so the last rows shrink it to nothing.
    """
    cursor.execute("SET LOCAL gin_pending_list_limit = '1GB'")
    cursor.execute("SET LOCAL work_mem = '128MB'")
    cursor.execute("DELETE FROM linkage_linkkey")
    last = []
    for rows in parts:
        _copy(cursor, rows.head(-1))
        last.append(rows.tail(1))
    cursor.execute("SET LOCAL gin_pending_list_limit = '64kB'")
    for rows in last:
        _copy(cursor, rows)
    cursor.execute("RESET work_mem")
    cursor.execute("RESET gin_pending_list_limit")


def _copy(cursor: CursorWrapper, rows: pl.DataFrame) -> None:
    with cursor.copy(f"COPY linkage_linkkey ({', '.join(rows.columns)}) FROM STDIN WITH (FORMAT csv)") as copy:
        for start in range(0, rows.height, _COPY_ROWS):
            copy.write(rows.slice(start, _COPY_ROWS).write_csv(include_header=False))
