PYTHON ?= python3
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help setup demo test test-crash test-demo test-looks check lint bench bench-large screenshots vectors lock

help: ## show what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

setup: .venv/.installed ## .venv with the locked dependencies and .venv/bin/deskside

.venv/.installed: requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

demo: setup ## serve the demo: two brands, simulated networks, a sign-in link for each role
	$(BIN)/deskside demo

test: setup ## all tests, offline
	$(BIN)/python -m pytest -n auto --dist worksteal --durations=25

test-crash: setup ## kill -9 at random moments under load, 40 times on each database (CRASH_KILLS, CRASH_SEED)
	CRASH_KILLS=$${CRASH_KILLS:-40} $(BIN)/python -m pytest tests/crash --log-cli-level=INFO \
		--log-disable=httpx --log-disable=alembic.runtime.migration --log-disable=alembic.runtime.plugins

test-demo: setup ## the demo's first five minutes, as its guide leads through them, in Chromium
	FIRST_MINUTES=1 $(BIN)/python -m pytest tests/browser/test_first_five_minutes.py

test-looks: setup ## every page looked at whole by axe, light and dark, 380 and 1440 px (make test looks at two of these whole)
	EVERY_LOOK=1 $(BIN)/python -m pytest tests/browser/test_every_page.py

check: setup ## what CI runs: lint and a few kills, beside all tests
	$(MAKE) --jobs=2 beside test

.PHONY: beside
beside: lint
	CRASH_KILLS=3 $(BIN)/python -m pytest tests/crash

lint: setup ## style, types, import rules, knowledge
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deskside knowledge check

bench: setup ## benchmarks as a table and JSON
	$(BIN)/python -m tests.benchmarks.run

bench-large: setup ## the same at 1,000,000 orders
	$(BIN)/python -m tests.benchmarks.run --large

screenshots: setup ## every page of the demo, light and dark, 380 and 1440 px, into screenshots/ (README=1: those of the front page)
	$(BIN)/python -m tests.screenshots $(if $(README),--readme)

vectors: setup ## renew knowledge/vectors.npz after examples or answers have changed
	$(BIN)/python -m server.policies.shipped_vectors

COMPILE := uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
	--no-header

lock: ## renew requirements.lock, and of it what deploy/ installs (needs uv)
	$(COMPILE) --group dev pyproject.toml -o requirements.lock
	$(COMPILE) --no-annotate --constraint requirements.lock pyproject.toml -o deploy/runtime.lock
	$(COMPILE) --no-annotate --constraint requirements.lock --group build -o deploy/build.lock
