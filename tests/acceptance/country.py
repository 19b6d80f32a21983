"""The running country as its visitors meet it: sign-in, requests over HTTP, answers with what always differs taken out."""

from __future__ import annotations

import html
import json
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
from stage import environment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from stage import Stage

HERE = Path(__file__).parent
DOORS = {
    "officer_smed": "anan", "officer_exim": "kanya", "clerk_dip": "wipa", "steward": "chai", "analyst": "prasit",
    "auditor": "nida",
}  # fmt: skip
LOGINS = {
    "owner_ours": "matrix-ours", "owner_theirs": "matrix-theirs", "delegate_ours": "matrix-delegate",
    "newcomer": "matrix-newcomer", "clerk_diw": "matrix-clerk-diw", "operator": "matrix-operator",
}  # fmt: skip
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_HEADER = re.compile(r'"X-CSRFToken": "[^"]*"')
SKIPPED = {"date", "set-cookie", "content-length"}
SECONDS = 60


@dataclass
class Visitor:
    """One person at one browser. `token` is the CSRF token that the last page gave."""

    name: str
    http: httpx.Client
    token: str = ""

    def get(self, path: str) -> httpx.Response:
        """Open an address; nothing is followed."""
        return self.http.get(path)

    def post(
        self, path: str, form: Mapping[str, str] | None = None, *, files: Any = None, with_token: bool = True
    ) -> httpx.Response:
        """Press a form's button, with the token of this visitor's session unless told not to."""
        body = dict(form or {}) | ({"csrfmiddlewaretoken": self.token} if with_token else {})
        return self.http.post(path, data=body, files=files)

    def speak(self, language: str) -> None:
        """Choose the language of all that follows, as the switch in the header does."""
        self.post("/i18n/setlang/", {"language": language, "next": "/terms"})

    def take_token(self, path: str = "/terms") -> None:
        """Read a page for its CSRF token."""
        found = _TOKEN.search(self.get(path).text)
        assert found, f"{self.name} was given no token at {path}"
        self.token = found[1]


@dataclass
class Country:
    """The country, what `extras.py` put into it, and who visits it."""

    base: str
    home: Path
    made: dict[str, Any]
    visitors: dict[str, Visitor] = field(default_factory=dict)

    def stranger(self) -> Visitor:
        """A browser that nobody has signed in on."""
        visitor = Visitor("anonymous", httpx.Client(base_url=self.base, timeout=SECONDS, trust_env=False))
        visitor.take_token()
        return visitor

    def close(self) -> None:
        """End every connection."""
        for one in self.visitors.values():
            one.http.close()


def opened(stage: Stage) -> Country:
    """The country with the extra people and cases, and one signed-in visitor for each name of the matrix."""
    country = Country(stage.base, stage.home, run(stage.home, "make"))
    country.visitors["anonymous"] = country.stranger()
    for name, door in DOORS.items():
        country.visitors[name] = _entered(country, name, f"/demo/enter/{door}", {})
    for name, login in LOGINS.items():
        form = {"login": login, "password": country.made["password"]}
        country.visitors[name] = _entered(country, name, "/accounts/login/", form)
    return country


def run(home: Path, act: str, script: str = "extras.py", given: str | None = None) -> Any:
    """Run a script of this folder in the country's own environment, `given` on its input; what it printed, read as JSON."""
    within = environment(home) | {
        "IINDUSTRY_DEMO": "1", "DJANGO_SETTINGS_MODULE": "iindustry.config.settings", "PYTHONPATH": str(HERE.parent),
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, str(HERE / script), act], env=within, capture_output=True, text=True, check=False, input=given
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


def plain(answer: httpx.Response, path: str) -> tuple[int, str, dict[str, str]]:
    """Status, body and headers of an answer, less the session's token and the address asked for."""
    body = _HEADER.sub('"X-CSRFToken": ""', _TOKEN.sub('name="csrfmiddlewaretoken" value=""', answer.text))
    body = body.replace(' aria-current="page"', "")  # the menu marks the address, there or not
    for shape in (html.escape(path), path):
        body = body.replace(f'value="{shape}"', 'value="(address)"')
    headers = {name: value for name, value in answer.headers.items() if name not in SKIPPED}
    return answer.status_code, body, headers


def words_of(answer: httpx.Response) -> str:
    """The words of an answer, as a reader sees them."""
    body = answer.text.partition("<main")[2] or answer.text
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


def _entered(country: Country, name: str, path: str, form: Mapping[str, str]) -> Visitor:
    visitor = country.stranger()
    visitor.name = name
    answer = visitor.post(path, form)
    assert answer.status_code == 302, f"{name} could not sign in: {answer.status_code} {words_of(answer)[:300]}"
    visitor.take_token()
    return visitor
