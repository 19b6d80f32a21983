"""`ledger verify`, `receipt verify`: prove the log or one receipt, offline."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from iindustry.cli.output import REFUSED, AsJson, pick, say, show
from iindustry.config.environment import environment
from iindustry.config.supervisor import connected
from iindustry.kernel.errors import Rejected

ledger_app = typer.Typer(no_args_is_help=True, help="The ledger.")
receipt_app = typer.Typer(no_args_is_help=True, help="Receipts.")
Key = Annotated[str | None, typer.Option(help="The log's public key, or the file that holds it.")]


@ledger_app.command("verify")
def verify_ledger(
    file: Annotated[
        Path | None, typer.Argument(help="An export of the ledger; the ledger itself if not given.")
    ] = None,
    *,
    key: Key = None,
    as_json: AsJson = False,
) -> None:
    """Recompute every hash and signature."""
    if file is not None and not file.is_file():
        raise Rejected("file-absent", file=file.name)
    with connected("app"):
        from iindustry.ledger import services as ledger

        report = ledger.verify_file(file, public_key=_key(key)) if file else ledger.verify(known=ledger.known_heads())
    text = pick(
        f"ตรวจ {report.leaves:,} รายการ {report.checkpoints:,} จุดรับรอง พบผิด {report.fault_count:,} จุด",
        f"{report.leaves:,} entries and {report.checkpoints:,} checkpoints verified, {report.fault_count:,} faults.",
    )
    show(report, as_json=as_json, text=text)
    if not report.ok:
        for fault in report.faults:
            say(f"  {fault}") if not as_json else None
        raise typer.Exit(REFUSED)


@receipt_app.command("verify")
def verify_receipt(
    file: Annotated[Path, typer.Argument(help="A .tlog-proof file.")], *, key: Key = None, as_json: AsJson = False
) -> None:
    """Check a receipt with the log's public key alone: no database, no network."""
    from iindustry.ledger import keys, proof

    if not file.is_file():
        raise Rejected("file-absent", file=file.name)
    public = _key(key) or keys.verifier_text(environment().paths.keys)
    report = proof.verify_receipt(file.read_text(encoding="utf-8", errors="replace"), public)
    show(report, as_json=as_json, text=pick(*proof.VERDICTS[report.verdict]))
    if not report.ok:
        raise typer.Exit(REFUSED)


def _key(text: str | None) -> str | None:
    """A key, or the content of the file of that name."""
    if text is None:
        return None
    path = Path(text)
    return path.read_text(encoding="utf-8").strip() if len(text) < 200 and path.is_file() else text  # noqa: PLR2004 - longer than any path we write
