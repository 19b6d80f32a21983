"""`explain`, `evaluate`: what programmes answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from iindustry.cli.output import AsJson, pick, plain, show
from iindustry.cli.registers import find
from iindustry.config.environment import environment
from iindustry.config.supervisor import connected
from iindustry.kernel.clock import SystemClock
from iindustry.kernel.errors import Conflict
from iindustry.kernel.home import current_version

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from iindustry.programmes.explain import Explanation

ANSWERS: Mapping[str, tuple[str, str]] = {
    "yes": ("ได้", "yes"),
    "no": ("ไม่ได้", "no"),
    "unknown": ("ยังไม่ทราบ", "unknown"),
}
"""What an answer is called in a terminal, Thai and English, in the order in which counts are told."""


def explain(
    enterprise_id: Annotated[str, typer.Argument(help="ENT-…, a juristic id or a factory id.")],
    programme: Annotated[str | None, typer.Argument(help="One programme; all open ones if not given.")] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """An enterprise's eligibility with reasons: yes, no with gap, or unknown with the datum that settles it."""
    with connected("app"):
        from iindustry.programmes import services as programmes

        found = programmes.explain(find(enterprise_id), as_of=SystemClock().today(), programme=programme)
    show([_document(one) for one in found], as_json=as_json, text="\n".join(_text(one) for one in found))


def evaluate(*, as_json: AsJson = False) -> None:
    """Every programme on the whole register."""
    import time

    started = time.perf_counter()
    home = environment().paths
    if current_version(home) is None:
        raise Conflict("register-empty")
    with connected("worker"):
        from iindustry.flows import services as flows

        report = flows.evaluate(home=home, as_of=_today())
    facts = {**plain(report), "seconds": round(time.perf_counter() - started, 2), "peak_mib": flows.peak_mib()}
    lines = [
        f"{one['id']}: " + "  ".join(f"{pick(*words)} {one[answer]:,}" for answer, words in ANSWERS.items())
        for one in facts["programmes"]
    ]
    show(facts, as_json=as_json, text="\n".join(lines))


def _today() -> date:
    return SystemClock().today()


def _document(one: Explanation) -> dict[str, Any]:
    """An explanation as JSON; of the programme, what names it."""
    facts: dict[str, Any] = plain(one)
    facts["programme"] = {
        "id": one.programme.id, "version": one.programme.version, "owner": one.programme.owner,
        "title_th": one.programme.title_th, "title_en": one.programme.title_en,
    }  # fmt: skip
    return facts


def _text(one: Explanation) -> str:
    head = f"{one.programme.id}  {pick(*ANSWERS[one.answer.value])}  " + pick(
        one.programme.title_th, one.programme.title_en
    )
    lines = [head]
    for condition in one.conditions:
        gap = condition.gap_words
        said = pick(condition.label.th, condition.label.en)
        more = f" – {pick(gap.th, gap.en)}" if gap else ""
        lines.append(f"  {pick(*ANSWERS[condition.answer.value]):8}{said}{more}")
    return "\n".join(lines)
