"""The four agreements between a factory's new and old number, each a finding by itself (DOMAIN section 2.4).

Issuer, area, licence year and type are said by both numbers. A disagreement is never a rejection: five of 5,313 real
rows disagree about the type and two about the year (T25, T26). Estate numbers carry no province (T32).
"""

from __future__ import annotations

import polars as pl

from iindustry.reference import areas
from iindustry.sources.decoders import Fault

_ISSUER = {"จ": "2", "ก": "5", "อ": "6", "ข": "9", "ศ": "0", "ส": "0"}
_OLD = r"^([ก-ฮ])?[123]-(\d{1,3})(?:\((\d+)\))?-\d+/(\d{2})([ก-ฮ]{2,3})?$"
_ESTATE = r"^น\.(\d{1,3})(?:\((\d+)\))?-\d+/(\d{4})-[ก-ฮ]{3}\.$"


def factory_numbers() -> tuple[Fault, ...]:
    """Faults over the decoded columns `factory_id`, `old_factory_id`, `factory_type`."""
    new, old = pl.col("factory_id"), pl.col("old_factory_id")
    is_common, is_estate = old.str.contains(_OLD), old.str.contains(_ESTATE)
    year = pl.coalesce("25" + old.str.extract(_OLD, 4), old.str.extract(_ESTATE, 3))
    kind = pl.coalesce(old.str.extract(_OLD, 2), old.str.extract(_ESTATE, 1)).str.zfill(3)
    item = pl.coalesce(old.str.extract(_OLD, 3), old.str.extract(_ESTATE, 2), pl.lit("0")).str.zfill(2)
    prefix = old.str.extract(_OLD, 1)
    issuer = (
        pl.when(is_common & prefix.is_null())
        .then(pl.lit("1"))
        .when(is_common)
        .then(prefix.replace_strict(_ISSUER, default=None))
    )
    said = {one.abbreviation: one.code for one in areas.PROVINCES} | {"กท": "10", "กทม": "10"}
    area = old.str.extract(_OLD, 5).replace_strict(said, default=None)
    is_provincial = new.str.slice(0, 1).is_in(["0", "1", "2", "4", "5", "6"])
    is_old_issuer = issuer.is_in(["1", "2", "9", "0"])  # 5 and 6 took over licences of 1 and 2
    wrong_issuer = is_old_issuer & new.str.slice(0, 1).is_in(["0", "1", "2", "9"]) & (new.str.slice(0, 1) != issuer)
    return (
        Fault("issuer-differs", wrong_issuer | (is_estate & ~new.str.slice(0, 1).is_in(["7", "8"]))),
        Fault("area-differs", is_provincial & (new.str.slice(2, 2) != area)),
        Fault("year-differs", new.str.slice(9, 4) != year),
        Fault("type-differs", pl.col("factory_type") != kind + item),
    )
