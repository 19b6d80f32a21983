"""One run: records, judgements and the earlier version in; clusters, queue, redirects, journal and quality out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iindustry.kernel.progress import silent

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

    from iindustry.kernel.progress import Progress
    from iindustry.linkage.outcome import Judgement, Linked


def link(
    records: pl.DataFrame,
    *,
    earlier: pl.DataFrame | None = None,
    judgements: Sequence[Judgement] = (),
    seed: int = 1,
    threads: int = 2,
    progress: Progress = silent,
) -> Linked:
    """Decide which records speak of one enterprise and one establishment."""
    raise NotImplementedError
