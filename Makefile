# The two commands of the README are `make demo` and `make test`; everything they need they install themselves.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
WORKERS ?= 2
# Stories of one deployment, told in their order, with the machine to themselves.
ALONE := tests/journeys tests/cli/test_operations.py tests/cli/test_lake.py tests/cli/test_serve.py
DEB_PACKAGES := chromium fonts-noto-core

.PHONY: setup demo serve test check bench kill-tests words clean

# Everything the product needs to run, and its home; tests and tools come on top with `$(VENV)/dev`.
setup: $(VENV)/product words
	@$(BIN)/amana setup

# These two make the home themselves.
demo: $(VENV)/product words
	@$(BIN)/amana demo

serve: $(VENV)/product words
	@$(BIN)/amana serve

test: $(VENV)/dev words
	@deploy/browser.sh $(DEB_PACKAGES)
	@deploy/sdk.sh $(VENV)
	$(BIN)/pytest -n $(WORKERS) --dist loadgroup $(ALONE:%=--ignore=%)
	$(BIN)/pytest -n0 $(ALONE)
	@deploy/other-postgres.sh $(BIN)/pytest

# Static checks only: under a minute.
check: $(VENV)/dev
	$(BIN)/ruff check src tests $(wildcard bench)
	$(BIN)/ruff format --check src tests $(wildcard bench)
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/dev
	$(BIN)/python -m bench

# Ends the processes of a running deployment with kill -9, or fills its disk (as root, where it may mount one), and looks
# for what is lost, doubled or left behind; fifty times under load, most of them while events or answers are carried over.
kill-tests: $(VENV)/dev words
	KILL_ROUNDS=$${KILL_ROUNDS:-50} $(BIN)/pytest -n0 -m kills -o log_cli=true --log-cli-level=INFO tests

# Arabic and English words of every room, compiled beside their sources, and the fonts of the pages.
words: $(VENV)/product
	@$(BIN)/python deploy/words.py
	@$(BIN)/python -m amana.web.build

$(VENV)/made:
	@deploy/python.sh $(PYTHON) $(VENV)

$(VENV)/product: requirements.txt pyproject.toml $(VENV)/made
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/dev: requirements-dev.txt $(VENV)/product
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .import_linter_cache
