"""The demo country is made once, however often its making is cut short, and the same seed gives the same country."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

COMMAND = [sys.executable, "-m", "iindustry.cli.main"]
MAKE = [*COMMAND, "demo", "--no-serve", "--json", "--enterprises", "200", "--seed", "7"]
LONGEST = 300
# Lines that say a phase has ended; the next is under way when the kill comes.
CUTS = ("Making the agencies' files", "Writing records in one standard", "Linking records", "Publishing the register")


def _environ(home):
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("IINDUSTRY_", "DJANGO"))}
    return kept | {"IINDUSTRY_HOME": str(home)}


def _made(home):
    done = subprocess.run(MAKE, env=_environ(home), capture_output=True, text=True, timeout=LONGEST, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def _verified(home):
    done = subprocess.run(
        [*COMMAND, "ledger", "verify", "--json"],
        env=_environ(home),
        capture_output=True,
        text=True,
        timeout=LONGEST,
        check=False,
    )
    return json.loads(done.stdout)


def _cut_after(home, words):
    """Begin, and kill outright as soon as a phase has ended."""
    begun = subprocess.Popen(MAKE, env=_environ(home), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    for line in begun.stderr:
        if words in line:
            break
    begun.kill()
    begun.communicate()


@pytest.mark.skipif(bool(os.environ.get("DATABASE_URL")), reason="makes two countries, each in an embedded database")
def test_a_country_cut_short_again_and_again_ends_as_the_same_country(tmp_path):
    whole = _made(tmp_path / "whole")
    for words in CUTS:
        _cut_after(tmp_path / "cut", words)
    cut = _made(tmp_path / "cut")
    for key in ("version", "records", "enterprises", "establishments", "history"):
        assert cut[key] == whole[key]
    one, other = _verified(tmp_path / "whole"), _verified(tmp_path / "cut")
    assert one["ok"]
    assert other["ok"]
    assert one["leaves"] == other["leaves"]
    assert whole["history"]["left_out"] == 0

    again = _made(tmp_path / "whole")
    assert again["version"] == whole["version"]
    assert _verified(tmp_path / "whole")["leaves"] == one["leaves"]

    refused = subprocess.run(
        [*MAKE[:-1], "8"],
        env=_environ(tmp_path / "whole"),
        capture_output=True,
        text=True,
        timeout=LONGEST,
        check=False,
    )
    assert refused.returncode == 1
    assert json.loads(refused.stdout)["error"]["code"] == "demo-is-another"
