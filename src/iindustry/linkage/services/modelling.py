"""Model files: the one in force, a candidate that a run teaches, and its acceptance by a named officer.

A candidate stands beside its report and changes nothing until it is accepted. Invariant: the model in force is the shipped
one or one that a steward accepted, on whose hidden numbers it was no worse.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction

from iindustry.kernel.errors import Conflict, NotFound
from iindustry.kernel.ids import new_id
from iindustry.kernel.progress import silent
from iindustry.ledger import services as ledger
from iindustry.linkage import permissions
from iindustry.linkage.evaluate import no_worse
from iindustry.linkage.model import Document, candidate_of, checked, shipped

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import polars as pl

    from iindustry.kernel.actors import Actor
    from iindustry.kernel.clock import Clock
    from iindustry.kernel.home import Home
    from iindustry.kernel.progress import Progress
    from iindustry.linkage.outcome import Judgement, Linked

_NAME = re.compile(r"^(?P<stem>[a-z-]+)-(?P<number>\d+)$")
_IN_FORCE = "IN-FORCE"


@dataclass(frozen=True, slots=True)
class ModelFile:
    """One model file. may_be_accepted: hidden numbers allow it. measured: what they said of it and of the one before."""

    name: str
    sha256: str
    in_force: bool
    may_be_accepted: bool
    measured: dict[str, Any]


def model_in_force(*, home: Home) -> Document:
    """The model file that runs begin from. Raises Conflict where it was changed or fits this version no more."""
    marker = _folder(home) / _IN_FORCE
    if not marker.exists():
        return shipped()
    return _read(home, marker.read_text(encoding="utf-8").strip())


def learn_model(
    records: pl.DataFrame | pl.LazyFrame,
    *,
    home: Home,
    judgements: Sequence[Judgement] = (),
    threads: int = 2,
    progress: Progress = silent,
) -> ModelFile:
    """Write the next candidate and its report: what a run learns from `records`, and how it does on hidden numbers.

    Two runs: one with the model in force, one that begins from what the first learnt. Nothing takes effect.
    Raises Conflict `model-nothing-hidden` where no numbers could be hidden, so that nothing could be measured.
    """
    from iindustry.linkage.services.running import link

    now = model_in_force(home=home)
    first = link(records, judgements=judgements, threads=threads, document=now, progress=progress)
    assert first.state is not None  # noqa: S101 - a full run always has one
    name = _next_name(home, now["name"])
    trained_on = {key: first.quality[key] for key in ("records", "profiles", "id_pairs", "hidden_pairs")}
    candidate = candidate_of(first.state.model, now, name=name, trained_on=trained_on)
    second = link(records, judgements=judgements, threads=threads, document=candidate, progress=progress)
    measured = {"before": _measures(first) | {"model": now["name"]}, "candidate": _measures(second) | {"model": name}}
    if first.quality["f1"] is None or second.quality["f1"] is None:
        raise Conflict("model-nothing-hidden")
    allowed = no_worse(first.quality, second.quality)
    _write(_path(home, name), candidate)
    _write(_report_path(home, name), {"may_be_accepted": allowed, "measured": measured})
    return ModelFile(name, candidate["sha256"], in_force=False, may_be_accepted=allowed, measured=measured)


def accept_model(name: str, *, actor: Actor, home: Home, clock: Clock) -> ModelFile:
    """Let later runs begin from a candidate; the ledger names who accepted it.

    Denied `judging-not-yours` for others than stewards; NotFound `model-unknown`; Conflict `model-not-better` where hidden
    numbers spoke against it, `model-file-changed` where its seal is broken.
    """
    permissions.check_judges(actor)
    document = _read(home, name)
    found = _file(home, document, in_force=name)
    if not found.may_be_accepted:
        raise Conflict("model-not-better", model=name)
    with transaction.atomic():
        ledger.append("steward.acted", actor=actor, at=clock.now(), act="model.accepted", model=name)
        _write_text(_folder(home) / _IN_FORCE, name + "\n")
    return found


def list_models(*, home: Home, limit: int = 50) -> list[ModelFile]:
    """The candidates and the model in force, the newest first."""
    now = model_in_force(home=home)
    files = [json.loads(path.read_text(encoding="utf-8")) for path in _documents(home)]
    known = {document["name"]: document for document in [shipped(), *files]}
    newest = sorted(known.values(), key=lambda one: _number(one["name"]), reverse=True)[:limit]
    return [_file(home, document, in_force=now["name"]) for document in newest]


def _measures(linked: Linked) -> dict[str, Any]:
    whole: dict[str, Any] = next((row for row in linked.report["hidden"] if row["by"] == "all"), {})
    return {key: whole.get(key) for key in ("precision", "precision_95", "recall", "recall_95", "f1", "true", "found")}


def _file(home: Home, document: Document, *, in_force: str) -> ModelFile:
    path = _report_path(home, document["name"])
    report = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return ModelFile(
        name=document["name"],
        sha256=document["sha256"],
        in_force=document["name"] == in_force,
        may_be_accepted=bool(report.get("may_be_accepted")),
        measured=report.get("measured", {}),
    )


def _folder(home: Home) -> Path:
    return home.linkage / "models"


def _path(home: Home, name: str) -> Path:
    return _folder(home) / f"{name}.json"


def _report_path(home: Home, name: str) -> Path:
    return _folder(home) / f"{name}.report.json"


def _documents(home: Home) -> list[Path]:
    return sorted(path for path in _folder(home).glob("*.json") if not path.name.endswith(".report.json"))


def _read(home: Home, name: str) -> Document:
    if name == shipped()["name"]:
        return shipped()
    if not _NAME.match(name) or not _path(home, name).exists():
        raise NotFound("model-unknown", model=name)
    return checked(json.loads(_path(home, name).read_text(encoding="utf-8")))


def _number(name: str) -> int:
    found = _NAME.match(name)
    return int(found["number"]) if found else 0


def _next_name(home: Home, now: str) -> str:
    found = _NAME.match(now)
    stem = found["stem"] if found else now
    numbers = [_number(path.stem) for path in _documents(home)]
    return f"{stem}-{max([_number(now), _number(shipped()['name']), *numbers]) + 1}"


def _write(path: Path, document: dict[str, Any]) -> None:
    _write_text(path, json.dumps(document, ensure_ascii=False, indent=1) + "\n")


def _write_text(path: Path, text: str) -> None:
    """Whole or not at all: no reader takes a half-written file for a model."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{new_id()}.part")
    fresh.write_text(text, encoding="utf-8")
    fresh.rename(path)
