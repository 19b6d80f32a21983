"""`demo`, `up`, `generate`: start the installation, make the demo country, write its files."""

from __future__ import annotations

import contextlib
import json
import os
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from iindustry.cli.output import AsJson, Language, pick, say, show, tell
from iindustry.cli.telling import Teller
from iindustry.config import supervisor
from iindustry.config.environment import environment
from iindustry.config.words import sentence
from iindustry.flows.phases import WorkStatus
from iindustry.kernel.clock import SystemClock
from iindustry.kernel.errors import Conflict, DomainError
from iindustry.kernel.whole import whole

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

ENTERPRISES, SEED = 3_000, 1
Port = Annotated[int, typer.Option(help="Port to serve on; the next free one if it is taken.", min=1, max=65_535)]
Host = Annotated[str, typer.Option(help="Address to listen on.")]
Enterprises = Annotated[int, typer.Option(help="How many enterprises.", min=200, max=5_000_000)]
Seed = Annotated[int, typer.Option(help="Seed: the same gives the same country.", min=0)]


@dataclass(frozen=True, slots=True)
class Asked:
    """A demo country: how many enterprises, from which seed, as it stands on which day."""

    enterprises: int
    seed: int
    as_of: date


def demo(
    enterprises: Enterprises = ENTERPRISES,
    seed: Seed = SEED,
    port: Port = supervisor.PORT,
    host: Host = supervisor.HOST,
    *,
    serve: Annotated[bool, typer.Option("--serve/--no-serve", help="Make the country, then stop.")] = True,
    as_json: AsJson = False,
) -> None:
    """Serve at once and show the demo country being made."""
    os.environ["IINDUSTRY_DEMO"] = "1"  # noqa: TID251 - this command is what sets it
    environment.cache_clear()
    asked = _same_country(enterprises, seed)
    if serve:
        _serve_demo(host, port, asked)
    else:
        show(_make_here(asked), as_json=as_json, text=pick("เสร็จสมบูรณ์", "Complete."))


def up(port: Port = supervisor.PORT, host: Host = supervisor.HOST) -> None:
    """Serve what lies in IINDUSTRY_HOME."""
    with _attached(host, port, demo=environment().is_demo) as running:
        if running is None:
            return
        url = running.start()
        _tell_port(running, port)
        say(pick(f"เปิดแล้วที่ {url}", f"Serving at {url}"))
        tell(pick("หยุดด้วย Ctrl-C", "Stop with Ctrl-C."))
        running.watch(lambda: None)


@contextlib.contextmanager
def _attached(host: str, port: int, *, demo: bool) -> Iterator[supervisor.Supervisor | None]:
    """A supervisor of ours; None, after saying where the running one serves."""
    with contextlib.ExitStack() as stack:
        try:
            running = stack.enter_context(supervisor.Supervisor(host=host, port=port, demo=demo))
        except Conflict as error:
            if error.code != "already-serving":
                raise
            say(sentence(error, Language.code))
            yield None
            return
        yield running


def _tell_port(running: supervisor.Supervisor, wanted: int) -> None:
    if running.port != wanted:
        tell(
            pick(
                f"พอร์ต {wanted} ไม่ว่างหรือไม่ได้รับอนุญาต จึงใช้ {running.port}",
                f"Port {wanted} is taken or not allowed: {running.port} is used instead.",
            )
        )


def _serve_demo(host: str, port: int, asked: Asked) -> None:
    with _attached(host, port, demo=True) as running:
        if running is None:
            return
        url = running.start()
        _tell_port(running, port)
        say(pick(f"เปิดแล้วที่ {url}", f"Serving at {url}"))
        _connect("app", url)
        work_id = _ask(asked)
        teller, told = Teller(), [False]

        def tick() -> None:
            if work_id is None or told[0]:
                return
            from iindustry.flows import services as flows

            work = flows.progress_of(work_id)
            teller.follow(work)
            if not work.is_open:
                teller.end()
                told[0] = True
                _tell_end(work, url)

        if work_id is None:
            _tell_doors(url)
        running.watch(tick)


def _make_here(asked: Asked) -> dict[str, Any]:
    """Make the country in this process, without serving."""
    with supervisor.connected("worker", makes_home=True):
        from iindustry.config import country
        from iindustry.flows import services as flows
        from iindustry.kernel.actors import SYSTEM

        latest = flows.latest_work("make_country")
        if latest is not None and latest.status is WorkStatus.DONE:
            return {**latest.result, "phases": latest.phases}
        work_id = flows.begin("make_country", SYSTEM, clock=SystemClock())
        teller = Teller()
        facts = country.make(work_id, enterprises=asked.enterprises, seed=asked.seed, as_of=asked.as_of, told=teller)
        teller.end()
        return facts | {"phases": flows.progress_of(work_id).phases}


def _connect(role: str, url: str) -> None:
    """Django in this process, beside the children: to ask for the country and read its progress."""
    os.environ["IINDUSTRY_DATABASE_ROLE"] = role  # noqa: TID251 - before the settings are read
    os.environ.setdefault("IINDUSTRY_PUBLIC_URL", url)  # noqa: TID251
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "iindustry.config.settings")  # noqa: TID251
    environment.cache_clear()
    import django

    django.setup()


def _ask(asked: Asked) -> UUID | None:
    """Ask for the country unless it stands already; the id of the work, None where nothing is to be done."""
    from iindustry.config import jobs
    from iindustry.flows import services as flows

    latest = flows.latest_work("make_country")
    if latest is not None and latest.status is WorkStatus.DONE:
        return None
    return jobs.ask_country(enterprises=asked.enterprises, seed=asked.seed, as_of=asked.as_of)


def _same_country(enterprises: int, seed: int) -> Asked:
    """What this home's country is asked to be: one home holds one country, of the day it was first asked for.

    Conflict `demo-is-another`.
    """
    marker = environment().demo_marker
    if not marker.exists():
        as_of = SystemClock().today()
        with whole(marker) as fresh:
            fresh.write_text(
                json.dumps({"enterprises": enterprises, "seed": seed, "as_of": as_of.isoformat()}), encoding="utf-8"
            )
    known = json.loads(marker.read_text(encoding="utf-8"))
    if (known["enterprises"], known["seed"]) != (enterprises, seed):
        raise Conflict("demo-is-another", enterprises=known["enterprises"], seed=known["seed"])
    return Asked(enterprises, seed, date.fromisoformat(known["as_of"]))


def _tell_end(work: Any, url: str) -> None:
    if work.status is WorkStatus.FAILED:
        error = DomainError(work.error_code, **work.error_facts)
        tell(pick("สร้างประเทศตัวอย่างไม่สำเร็จ", "The demo country could not be made."))
        tell(sentence(error, Language.code))
        return
    seconds = (work.finished_at - work.started_at).total_seconds()
    found = work.result
    tell(
        pick(
            f"เสร็จใน {seconds:.0f} วินาที: {found['records']:,} ระเบียน เป็น {found['enterprises']:,} กิจการ",
            f"Complete in {seconds:.0f} s: {found['records']:,} records became {found['enterprises']:,} enterprises.",
        )
    )
    _tell_doors(url)


def _tell_doors(url: str) -> None:
    from iindustry.accounts import services as accounts

    tell(pick(f"เลือกเป็นใครก็ได้ด้วยการกดครั้งเดียวที่ {url}", f"Be any of these with one press at {url}"))
    for door in accounts.list_doors():
        tell("  " + pick(f"{door.name_th} – {door.title_th}", f"{door.name_en} – {door.title_en}"))
    tell(pick("หยุดด้วย Ctrl-C", "Stop with Ctrl-C."))
