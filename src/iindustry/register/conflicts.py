"""Where two registers cannot both be up to date: findings for the owners of both (trap T38).

One register says that a juristic person has ended or been struck off; another says that its factory is licensed. Neither
is corrected: both owners are told. Pure; works on the wide frames of a version.
Invariant: a finding rests on two values that were said, never on one that is missing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

CLOSED_BUT_LICENSED = "closed-but-licensed"
STRUCK_OFF_BUT_LICENSED = "struck-off-but-licensed"

WORDS: Mapping[str, tuple[str, str]] = {
    CLOSED_BUT_LICENSED: (
        "นิติบุคคลเลิกแล้ว แต่โรงงานยังอยู่ในทะเบียนโรงงาน",
        "The juristic person is dissolved, but its factory is still in the factory register",
    ),
    STRUCK_OFF_BUT_LICENSED: (
        "นิติบุคคลร้างหรือถูกพักสถานะ แต่โรงงานยังอยู่ในทะเบียนโรงงาน",
        "The juristic person is struck off or suspended, but its factory is still in the factory register",
    ),
}
_OF_STATUS = {"closed": CLOSED_BUT_LICENSED, "suspended": STRUCK_OFF_BUT_LICENSED}

OWNERS: Mapping[str, tuple[str, str]] = {
    CLOSED_BUT_LICENSED: ("dbd", "diw"),
    STRUCK_OFF_BUT_LICENSED: ("dbd", "diw"),
}
"""Code to the sources whose owners are told."""


def of_version(enterprises: pl.DataFrame, establishments: pl.DataFrame) -> pl.DataFrame:
    """Conflicts of a version: enterprise_id, establishment_id, code, ordered by them.

    In: wide frames with `enterprise_id`, `entity__status`; `enterprise_id`, `establishment_id`, `factory__factory_id`,
    `factory__factory_class`. A factory of the register is one with an id and a class, which only that register says.
    """
    import polars as pl

    ended = enterprises.select(
        "enterprise_id", code=pl.col("entity__status").replace_strict(_OF_STATUS, default=None, return_dtype=pl.Utf8)
    ).drop_nulls("code")
    licensed = establishments.drop_nulls(["factory__factory_id", "factory__factory_class"])
    return (
        licensed.join(ended, on="enterprise_id", how="inner")
        .select("enterprise_id", "establishment_id", "code")
        .sort("enterprise_id", "establishment_id", "code")
    )
