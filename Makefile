# Every command a developer or an operator types; `make` alone lists them.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
# The suite starts hundreds of processes; none of them is to compile everything anew.
unexport PYTHONDONTWRITEBYTECODE
.PHONY: help run quick test soak lint bench lock clean setup

PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input --require-hashes
# More processes gain nothing: the tests start databases, browsers and workers beside themselves.
JOBS ?= $(shell n=$$(nproc); echo $$(( n > 4 ? 4 : n )))
PYTEST := $(BIN)/python -m pytest
# A file stays on one process: the long ones begin first, so that none is left alone at the end.
LONG_FIRST := $(addprefix tests/,browser workers journeys integration house unit)

help:  ## list the commands
	@sed -nE 's/^([a-z]+):[^#]*## (.*)/\1\t\2/p' $(MAKEFILE_LIST) | expand -t 10

# The stamps lie inside the environment, so deleting it forgets them, and a newer lock makes them stale.
$(BIN)/python:
	@command -v $(PYTHON) >/dev/null || { echo "CPython 3.11 is needed: $(PYTHON) is not on PATH (set PYTHON=...)" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "The venv module is needed (Debian: apt-get install python3-venv)" >&2; exit 1; }

$(VENV)/.run.stamp: requirements.txt | $(BIN)/python
	@echo "Installing the locked requirements into $(VENV) ..."
	@$(INSTALL) -r requirements.txt
	@touch $@

$(VENV)/.dev.stamp: requirements-dev.txt | $(BIN)/python
	@echo "Installing the locked requirements for development into $(VENV) ..."
	@$(INSTALL) -r requirements-dev.txt
	@touch $@

run: $(VENV)/.run.stamp  ## serve the whole system with demonstration data at http://127.0.0.1:$PORT (5000)
	@exec $(BIN)/python -m grants.launcher

setup: $(VENV)/.dev.stamp  ## install or start what the tests need (browser, virus scanner, PostgreSQL, RabbitMQ)
	@$(BIN)/python -m tests.support.machine

quick: $(VENV)/.dev.stamp  ## unit and house tests, the inner loop
	@$(PYTEST) -q -n $(JOBS) --dist loadfile --db sqlite tests/unit tests/house

test: setup  ## the whole suite on both databases and both brokers; SHOTS=1 keeps a picture of every page in build/
	@$(PYTEST) -q -n $(JOBS) --dist loadfile --no-loadscope-reorder --db sqlite --db postgresql --durations 15 $(LONG_FIRST)

soak: setup  ## the long matrix of faults and load
	@$(PYTEST) -q -m "soak or not soak" --db sqlite --db postgresql tests/workers tests/journeys \
		tests/browser/test_round_hlw.py tests/browser/test_round_sbc.py tests/browser/test_production_pair.py \
		tests/integration/demo tests/integration/applications/test_concurrent_edits.py

lint: $(VENV)/.dev.stamp  ## format check, ruff, mypy, import contracts
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

bench: setup  ## the benchmarks, one table at the end
	@$(BIN)/python -m benchmarks

lock: $(VENV)/.dev.stamp  ## compile requirements*.in into the hash-locked files (maintainers)
	@$(BIN)/uv pip compile --quiet --generate-hashes --no-emit-index-url --python-version 3.11 requirements.in -o requirements.txt
	@$(BIN)/uv pip compile --quiet --generate-hashes --no-emit-index-url --python-version 3.11 requirements-dev.in -o requirements-dev.txt

clean:  ## remove the environment, caches and test artefacts; never var/
	rm -rf $(VENV) build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
