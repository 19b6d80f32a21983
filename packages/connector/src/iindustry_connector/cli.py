"""The commands. Each prints for people, or with `--json` one JSON object; exit 0 done, 1 refused or not good, 2 wrong use."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from iindustry_connector import wire
from iindustry_connector.client import Client, Hub
from iindustry_connector.faults import ConnectorError
from iindustry_connector.keys import Keys
from iindustry_connector.receipts import VERDICTS, verify_receipt

if TYPE_CHECKING:
    from collections.abc import Callable

app = typer.Typer(no_args_is_help=True, add_completion=False, help="A bank's side of the exchange with i-Industry.")
events_app = typer.Typer(no_args_is_help=True, help="Events to the hub, and news from it.")
app.add_typer(events_app, name="events")

_SETTINGS = "connector.json"
_HUB = "hub.json"
_REGISTRATION = "registration.json"

Folder = Annotated[Path, typer.Option("--folder", help="where keys and settings lie")]
AsJson = Annotated[bool, typer.Option("--json", help="one JSON object instead of sentences")]
CASE = "LOAN_UNDERWRITING"
HERE = Path("i-industry-connector")


@app.command()
def init(
    url: Annotated[str, typer.Option(help="the hub's address")],
    address: Annotated[str, typer.Option(help="this system's address, TH-TEST/BANK/…/loans")],
    organisation: Annotated[str, typer.Option(help="the organisation's key at the hub, such as exim")],
    folder: Folder = HERE,
    as_json: AsJson = False,
) -> None:
    """Make keys and the file of settings."""

    def act() -> dict[str, Any]:
        if (folder / _SETTINGS).exists() or (folder / "keys").exists():
            raise ConnectorError("settings-there", folder=folder)
        keys = Keys.make()
        keys.save(folder / "keys")
        settings = {"url": url.rstrip("/"), "address": address, "organisation": organisation}
        _write(folder / _SETTINGS, settings)
        return {"ok": True, "folder": str(folder), "key_id": keys.sig_id}

    _run(act, as_json, lambda done: f"Keys made in {done['folder']}. Key id: {done['key_id']}")


@app.command()
def register(
    purpose: Annotated[list[str], typer.Option(help="a purpose to ask for; may be given more than once")],
    out: Annotated[Path | None, typer.Option(help="where to write it")] = None,
    folder: Folder = HERE,
    as_json: AsJson = False,
) -> None:
    """Write the registration file: address, public keys, purposes, signed with the key it registers."""

    def act() -> dict[str, Any]:
        settings, keys = _settings(folder), Keys.load(folder / "keys")
        stated = {
            "address": settings["address"],
            "organisation": settings["organisation"],
            "purposes": sorted(set(purpose)),
            "jwks": keys.jwks(),
        }
        path = out or folder / _REGISTRATION
        _write(path, {"registration": stated, "proof": wire.registration_proof(keys, stated)})
        return {"ok": True, "file": str(path), "key_id": keys.sig_id}

    _run(act, as_json, lambda done: f"Hand {done['file']} to the office. It holds no secret.")


@app.command()
def get(  # noqa: PLR0917 - options of a command
    consent: Annotated[str, typer.Argument(help="the consent's id")],
    purpose: Annotated[str, typer.Option(help="why it is asked for")],
    field: Annotated[list[str] | None, typer.Option(help="only these fields")] = None,
    out: Annotated[Path | None, typer.Option(help="keep the verified body here")] = None,
    folder: Folder = HERE,
    as_json: AsJson = False,
) -> None:
    """Fetch a consented profile; shown only after the answer's signature and digest were verified."""

    def act() -> dict[str, Any]:
        with _client(folder) as client:
            profile = client.get_profile(consent, purpose=purpose, fields=field or ())
        if out is not None:
            out.write_bytes(profile.body)
        return {"ok": True, "entry": profile.entry, "request_id": profile.request_id, **json.loads(profile.body)}

    _run(act, as_json, _profile_text)


@events_app.command("send")
def send(
    file: Annotated[Path, typer.Argument(help="CloudEvents, one JSON object a line")],
    key: Annotated[str | None, typer.Option(help="idempotency key; the same key again never does it twice")] = None,
    purpose: Annotated[str, typer.Option(help="the purpose of the consent that the events rest on")] = CASE,
    folder: Folder = HERE,
    as_json: AsJson = False,
) -> None:
    """Send events; one result is printed for each."""

    def act() -> dict[str, Any]:
        with _client(folder) as client:
            results = client.send_events(_events(file), purpose=purpose, idempotency_key=key)
        return {"ok": all(one.is_accepted for one in results), "results": [_line(one) for one in results]}

    _run(act, as_json, _results_text)


@events_app.command("list")
def list_news(
    after: Annotated[str | None, typer.Option(help="the id of the last message known")] = None,
    purpose: Annotated[str, typer.Option(help="a purpose this system is registered for")] = CASE,
    folder: Folder = HERE,
    as_json: AsJson = False,
) -> None:
    """Read what happened that concerns this bank."""

    def act() -> dict[str, Any]:
        with _client(folder) as client:
            return {"ok": True, "events": client.list_news(after=after, purpose=purpose)}

    _run(
        act,
        as_json,
        lambda done: "\n".join(f"{one['time']}  {one['type']}  {one['subject']}" for one in done["events"]),
    )


@app.command()
def verify(
    file: Annotated[Path, typer.Argument(help="a .tlog-proof file", exists=True, dir_okay=False)],
    key: Annotated[str | None, typer.Option(help="the log's public key, or the file that holds it")] = None,
    entry: Annotated[str | None, typer.Option(help="the I-Industry-Entry of the answer it must belong to")] = None,
    folder: Folder = HERE,
    as_json: AsJson = False,
) -> None:
    """Check a receipt offline."""

    def act() -> dict[str, Any]:
        report = verify_receipt(
            file.read_text(encoding="utf-8", errors="replace"), _ledger_key(folder, key), entry=entry
        )
        th, en = VERDICTS[report.verdict]
        return {"ok": report.is_good, "verdict": report.verdict, "th": th, "en": en, "index": report.index,
                "size": report.size, "leaf": report.leaf}  # fmt: skip

    _run(act, as_json, lambda done: f"{done['th']}\n{done['en']}")


def main() -> None:
    """The command `i-industry-connector`."""
    app()


def _run(act: Callable[[], dict[str, Any]], as_json: bool, text: Callable[[dict[str, Any]], str]) -> None:
    try:
        done = act()
    except ConnectorError as error:
        typer.echo(_dump(error.as_json()) if as_json else f"{error.th}\n{error.en}\n[{error.code}]", err=not as_json)
        raise typer.Exit(1) from error
    typer.echo(_dump(done) if as_json else text(done))
    if not done["ok"]:
        raise typer.Exit(1)


def _client(folder: Path) -> Client:
    """A client with the hub pinned: its keys are noted at the first call and compared ever after."""
    settings, keys = _settings(folder), Keys.load(folder / "keys")
    client = Client(base_url=settings["url"], address=settings["address"], keys=keys)
    stated, pinned = client.hub.as_json(), folder / _HUB
    if not pinned.exists():
        _write(pinned, stated)
    elif json.loads(pinned.read_text(encoding="utf-8")) != stated:
        client.close()
        raise ConnectorError("hub-key-changed")
    return client


def _ledger_key(folder: Path, given: str | None) -> str:
    if given is not None:
        path = Path(given)
        return path.read_text(encoding="ascii") if path.is_file() else given
    if not (folder / _HUB).exists():
        raise ConnectorError("key-needed")
    hub = Hub(**json.loads((folder / _HUB).read_text(encoding="utf-8")))
    if hub.ledger_key is None:
        raise ConnectorError("key-needed")
    return hub.ledger_key


def _settings(folder: Path) -> dict[str, str]:
    path = folder / _SETTINGS
    if not path.exists():
        raise ConnectorError("settings-missing", folder=folder)
    loaded: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return loaded


def _events(file: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    if not file.is_file():
        raise ConnectorError("file-wrong", file=file, line=0)
    for place, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            one = json.loads(line)
        except ValueError as error:
            raise ConnectorError("file-wrong", file=file, line=place) from error
        if not isinstance(one, dict):
            raise ConnectorError("file-wrong", file=file, line=place)
        found.append(one)
    if not found:
        raise ConnectorError("file-wrong", file=file, line=1)
    return found


def _line(one: Any) -> dict[str, Any]:
    return {"id": one.event_id, "accepted": one.is_accepted, "code": one.code, "th": one.th, "en": one.en,
            "entry": one.entry}  # fmt: skip


def _profile_text(done: dict[str, Any]) -> str:
    lines = [f"consent {done['consent_id']}  register {done['register_version']}  entry {done['entry']}"]
    for name, values in sorted(done["fields"].items()):
        lines += [
            f"  {name} = {one['value']}  ({one['source']}, {one['as_of']})"
            for one in (values if isinstance(values, list) else [values])
        ]
    lines += [f"  {one['field']}: {one['why']}" for one in done["missing"]]
    return "\n".join(lines)


def _results_text(done: dict[str, Any]) -> str:
    return "\n".join(
        f"{one['id']}  accepted  {one['entry']}"
        if one["accepted"]
        else f"{one['id']}  {one['code']}  {one['th']}  {one['en']}"
        for one in done["results"]
    )


def _dump(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)


def _write(path: Path, value: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_text(_dump(value) + "\n", encoding="utf-8")
    fresh.replace(path)
