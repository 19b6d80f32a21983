"""Rules of the house that the import checker cannot see. Each says why it is a rule."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

SRC = Path(__file__).resolve().parents[2] / "src" / "iindustry"
PACKAGES = sorted(path.name for path in SRC.iterdir() if (path / "__init__.py").exists())
DOING = {"services", "models", "apps", "admin", "migrations", "tests"}
ENTRY = {"web", "api", "cli", "config", "flows", "generate"}
NETWORK = {"socket", "http.client", "urllib.request", "httpx", "requests", "aiohttp"}


def modules(package: str) -> list[Path]:
    return sorted(path for path in (SRC / package).rglob("*.py") if "migrations" not in path.parts)


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module)
    return names


def test_kernel_is_standard_library_only():
    """because everything rests on it, and it must outlive every library."""
    for path in modules("kernel"):
        foreign = {n for n in imported(path) if n.split(".")[0] not in sys.stdlib_module_names | {"iindustry"}}
        assert not foreign, f"{path.name}: {foreign}"
        assert all(n.startswith("iindustry.kernel") for n in imported(path) if n.startswith("iindustry")), path.name


def test_no_room_is_called_utils():
    """because somebody new must find the room for a change by its name."""
    bad = {"utils", "util", "common", "misc", "helpers", "manager", "managers", "base"}
    found = [str(path.relative_to(SRC)) for path in SRC.rglob("*.py") if path.stem in bad]
    assert not found


@pytest.mark.parametrize("package", [p for p in PACKAGES if p not in ENTRY | {"kernel"}])
def test_pure_modules_do_not_touch_the_database(package):
    """because a decision must be the same whoever asks, whenever, and however it is stored."""
    for path in modules(package):
        relative = path.relative_to(SRC / package)
        if relative.parts[0].removesuffix(".py") in DOING or path.stem in {"services", "rows", "queries"}:
            continue
        bad = {n for n in imported(path) if n.startswith(("django.db", "psycopg")) or n.endswith(".models")}
        assert not bad, f"{package}/{relative} imports {bad}"


def test_rows_of_a_package_are_imported_by_itself_alone():
    """because a row saved from elsewhere goes round the package's rules."""
    for path in SRC.rglob("*.py"):
        own = path.relative_to(SRC).parts[0]
        for name in imported(path):
            parts = name.split(".")
            if len(parts) >= 3 and parts[0] == "iindustry" and parts[2] == "models":
                assert parts[1] == own, f"{path.relative_to(SRC)} imports {name}"


def test_only_the_edges_open_connections():
    """because every open connection is a way out for data."""
    allowed = {"sources", "exchange", "config"}
    for path in SRC.rglob("*.py"):
        if path.relative_to(SRC).parts[0] in allowed:
            continue
        bad = imported(path) & NETWORK
        assert not bad, f"{path.relative_to(SRC)} imports {bad}"


def test_every_package_says_its_fact_and_its_invariant():
    """because the docstring is the first thing somebody new reads."""
    for package in PACKAGES:
        text = ast.get_docstring(ast.parse((SRC / package / "__init__.py").read_text(encoding="utf-8"))) or ""
        assert len(text) > 20, package
        if package not in {"web", "api", "cli"}:
            assert "Invariant" in text, package


def test_nothing_of_the_bench_or_of_the_tests_is_imported_by_the_product():
    """because development-only libraries (AGPL, GPL among them) must not reach users."""
    bad = {"hypothesis", "pytest", "playwright", "openfisca_core", "zen", "pymerkle", "stdnum", "time_machine"}
    for path in SRC.rglob("*.py"):
        assert not {n.split(".")[0] for n in imported(path)} & bad, path
