# The two commands of the README, and what they stand on. Nothing else has to be installed by hand.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
export FORSAMLINGSHUS_PORT = $(PORT)
export FLASK_APP = wsgi
export PYTHONDONTWRITEBYTECODE =

.PHONY: run test test-without-browser test-in-browser test-on-postgresql check corpora format lock clean

run: $(VENV)/.packed ## set up, migrate, load the demo into an empty database, serve on http://127.0.0.1:$(PORT)
	@$(BIN)/flask demo start
	@exec $(BIN)/gunicorn --config deploy/gunicorn.conf.py wsgi:app

# Two parts at once, for most of the browser's time is waiting; each prints when it is done.
test: $(VENV)/.dev ## the whole suite, real browser included
	@scripts/install-programs.sh
	@$(MAKE) --no-print-directory --jobs 2 --output-sync=target --keep-going test-without-browser test-in-browser test-on-postgresql

test-without-browser: $(VENV)/.dev
	$(BIN)/python -m pytest -q --ignore tests/browser --ignore tests/corpora

test-in-browser: $(VENV)/.dev
	$(BIN)/python -m pytest -q tests/browser

# What speaks SQL: all that is read and written, races, and every route once. The whole suite runs so too, by hand.
ON_POSTGRESQL := $(wildcard tests/*/test_actions.py tests/*/test_queries.py tests/*/test_races.py) tests/records \
  tests/kernel/test_db.py tests/slides/test_jobs.py tests/contracts/test_matrix.py

test-on-postgresql: $(VENV)/.dev
	$(BIN)/python -m pytest -q --postgresql $(ON_POSTGRESQL)

check: $(VENV)/.dev ## format, lint, types, import contracts, templates, sizes
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint templates --lint --quiet
	$(BIN)/python scripts/sizes.py
	$(BIN)/python scripts/translations.py

corpora: $(VENV)/.dev ## the attack data of the folder that CORPORA names, through the real forms (FULL=1: all its decks)
	@test -d "$(CORPORA)" || { echo "make corpora: name a folder of test data, as in: make corpora CORPORA=../shared/corpora"; exit 2; }
	@scripts/install-programs.sh
	CORPORA="$(abspath $(CORPORA))" $(BIN)/python -m pytest -q $(if $(FULL),--full) tests/corpora

format: $(VENV)/.dev ## put code into the house style
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock: $(VENV)/.dev ## resolve the dependencies anew (a maintainer's task)
	$(BIN)/uv pip compile -q pyproject.toml --generate-hashes --no-emit-index-url --no-header --upgrade -o requirements.lock
	$(BIN)/uv pip compile -q pyproject.toml --extra scale --generate-hashes --no-emit-index-url --no-header -c requirements.lock -o requirements-scale.lock
	$(BIN)/uv pip compile -q pyproject.toml --extra scale --group dev --group e2e --group bench --generate-hashes --no-emit-index-url --no-header -c requirements-scale.lock -o requirements-dev.lock

$(VENV)/bin/uv:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv

$(VENV)/.runtime: requirements.lock | $(VENV)/bin/uv
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock
	@touch $@

# A packed copy older than its file would be served in its place, so they are packed again whenever a file changes.
STATIC := $(shell find static -type f ! -name '*.br' ! -name '*.gz')
$(VENV)/.packed: $(STATIC) $(VENV)/.runtime
	$(BIN)/python -m whitenoise.compress --quiet static
	@touch $@

# What the roles web, live and jobs need beside: the drivers of PostgreSQL and Redis, and gevent.
$(VENV)/.scale: requirements-scale.lock $(VENV)/.packed
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements-scale.lock
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.packed
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements-dev.lock
	@touch $@

clean: ## remove the environment and every local instance
	rm -rf $(VENV) var .pytest_cache .mypy_cache .ruff_cache .hypothesis
