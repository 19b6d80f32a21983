# Two commands are all that most people need: `make demo` and `make test`. Both set themselves up.
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
TEST_STAMP := $(VENV)/.installed-for-tests
# Where the public extracts of real registers lie, when they are there; tests that need them say so when they are not.
REAL_DATA := $(if $(IINDUSTRY_REAL_DATA),$(IINDUSTRY_REAL_DATA),$(realpath ../shared/data))
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
DEMO_OPTIONS ?=
NATION_OPTIONS ?=
# Tests have a home of their own, and connect as the owner because they make and drop their database.
TEST_ENV := IINDUSTRY_HOME='$(CURDIR)/.cache/test-home' IINDUSTRY_DATABASE_ROLE=owner IINDUSTRY_DEMO=1 IINDUSTRY_REAL_DATA='$(REAL_DATA)'

.PHONY: help demo setup test-setup browser check format test story real bench nation proof clean

help: ## what can be made
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

demo: setup ## make the demo country and serve it (DEMO_OPTIONS="--enterprises 500 --port 9000")
	@exec $(BIN)/i-industry demo $(DEMO_OPTIONS)

setup: $(STAMP) ## what the platform needs to run

test-setup: $(TEST_STAMP) browser ## what checks and tests need besides

check: $(TEST_STAMP) ## format, lint, types, imports
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(TEST_STAMP) ## let ruff put the layout right
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

test: test-setup check ## everything, the story included
	$(TEST_ENV) $(BIN)/python -m pytest

story: test-setup ## play the story in a browser, check each step, renew the pictures
	mkdir -p docs/pictures && $(TEST_ENV) STORY_PICTURES=1 $(BIN)/python -m pytest -s tests/story

real: $(TEST_STAMP) ## the public extracts of real registers, end to end: time, memory, every pair accounted for
	@test -n '$(REAL_DATA)' || { echo 'The real registers are not here. Name their folder: IINDUSTRY_REAL_DATA=... make real'; exit 1; }
	$(TEST_ENV) $(BIN)/python -m pytest -q -m real tests/real

bench: $(TEST_STAMP) ## measure ingest, linkage, a day's delta, the worth of linking, rules and pages; each prints a table, figures go to bench/results
	@for one in ingest linkage delta labels worth rules pages; do IINDUSTRY_REAL_DATA='$(REAL_DATA)' $(BIN)/python bench/$$one.py || exit 1; done

nation: $(STAMP) ## 3.2 million enterprises from made to explored; minutes and GiB a step (NATION_OPTIONS="--enterprises 100000")
	$(BIN)/python bench/nation.py $(NATION_OPTIONS)

proof: test-setup ## the long form of the proofs: every point instead of a sample
	$(TEST_ENV) IINDUSTRY_PROOF=1 $(BIN)/python -m pytest

clean: ## take away what was built here; installations (IINDUSTRY_HOME) stay
	rm -rf $(VENV) .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { echo 'Python 3.11 or newer is needed. On Debian: apt-get install python3 python3-venv'; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo 'Python lacks its venv module. On Debian: apt-get install python3-venv'; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(STAMP): $(VENV)/bin/python requirements.lock requirements.in pyproject.toml packages/connector/pyproject.toml
	@echo 'Installing what the platform needs into $(VENV): about a minute, once'
	$(PIP) install --require-hashes -r requirements.lock
	$(PIP) install --no-deps -e . -e packages/connector
	@$(BIN)/python -m compileall -q src packages
	@touch $@

$(TEST_STAMP): $(STAMP) requirements-dev.lock
	$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@

browser:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo 'Installing chromium, in which the story is played'; \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends chromium >/dev/null; \
	  else \
	    echo 'The story is played in Chromium, which is not here. On Debian: apt-get install chromium'; exit 1; \
	  fi; }
