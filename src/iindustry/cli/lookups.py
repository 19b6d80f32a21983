"""`look-up` and `link-delta`: one record against the register, and a day's records into it."""

from __future__ import annotations

from typing import Annotated

import typer

from iindustry.cli.output import AsJson, pick, plain, show
from iindustry.cli.telling import Teller
from iindustry.config.environment import environment
from iindustry.config.supervisor import connected
from iindustry.kernel.clock import SystemClock


def look_up(
    name: Annotated[str, typer.Argument(help="The name, Thai or English, as it is written.")] = "",
    *,
    number: Annotated[str | None, typer.Option(help="A juristic id, 13 digits.")] = None,
    factory: Annotated[str | None, typer.Option(help="A factory number, 14 digits.")] = None,
    province: Annotated[
        str | None, typer.Option(help="A province: its two-digit code, its Thai or its English name.")
    ] = None,
    address: Annotated[str | None, typer.Option(help="The address, as it is written.")] = None,
    phone: Annotated[str | None, typer.Option(help="A telephone number.")] = None,
    limit: Annotated[int, typer.Option(help="How many answers at most.", min=1, max=50)] = 10,
    as_json: AsJson = False,
) -> None:
    """Enterprises that a record may belong to, the likeliest first, with the reason; nothing is merged."""
    from iindustry.cli import asked  # the gazetteer, which no other command reads

    said = asked.read(
        {"name_th": name, "juristic_id": number, "factory_id": factory, "province_code": province, "address": address,
         "phone": phone}
    )  # fmt: skip
    with connected("app"):
        from iindustry.linkage import services as linkage
        from iindustry.linkage.lookup import LookUp

        found = linkage.look_up(LookUp(**said), limit=limit)
    lines = [
        f"{one.enterprise_id}  {one.match_probability:.3f}  {one.source} {one.record_key}  {pick(one.why_th, one.why_en)}"
        for one in found
    ]
    text = "\n".join(lines) or pick("ไม่พบกิจการที่คล้าย", "No enterprise is like it.")
    show([plain(one) for one in found], as_json=as_json, text=text)


def link_delta(*, as_json: AsJson = False) -> None:
    """Link and publish what deliveries brought since the version in force; print counts and seconds."""
    with connected("worker"):
        from iindustry.flows import deltas

        teller = Teller()
        report = deltas.apply_deliveries(home=environment().paths, clock=SystemClock(), progress=teller)
        teller.end()
    text = pick(
        f"ทะเบียนรุ่น {report.version}: เปลี่ยน {report.changed:,} ระเบียน หายไป {report.gone:,} กระทบ {report.touched:,} กิจการ "
        f"เชื่อม {report.link_seconds:.1f} วินาที เผยแพร่ {report.publish_seconds:.1f} วินาที",
        f"Register version {report.version}: {report.changed:,} records changed, {report.gone:,} gone, "
        f"{report.touched:,} enterprises touched; linked in {report.link_seconds:.1f} s, published in "
        f"{report.publish_seconds:.1f} s.",
    )
    show(report, as_json=as_json, text=text)
