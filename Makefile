# Two commands matter: `make demo` and `make test`. `make help` lists the rest.
# Needs python3 (3.11 to 3.13) with its venv module, and make. Nothing else.

VENV := .venv
BIN := $(VENV)/bin
# Wheels only: what a source package asks for while it builds is pinned by nobody.
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
PINNED := $(PIP) --require-hashes --only-binary :all: --requirement
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate --no-emit-index-url --extra postgres --extra server --extra build
# What is handed on: make demo ARGS=--once, make test ARGS='-k tiles', make bench NAME=ledger
ARGS ?=
NAME ?= ledger http market audit incentives quota
# Many tests start processes of their own, each of which would else compile all that it imports.
unexport PYTHONDONTWRITEBYTECODE

.DELETE_ON_ERROR:
.PHONY: help setup setup-development setup-bench demo serve bench test test-postgres test-browser \
	test-faults check lock clean

help: ## list what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-18s %s\n", $$1, $$2}' Makefile

# Set-up: a stamp stands in .venv for each finished step, so that a second call does nothing.

$(VENV)/.python:
	@for python in "$(PYTHON)" python3 python3.13 python3.12 python3.11; do \
	  if "$$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' \
	    2>/dev/null; then found=$$python; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
	  echo "Python 3.11, 3.12 or 3.13 is needed and was not found; name one: make PYTHON=..." >&2; \
	  exit 1; \
	fi; \
	if ! "$$found" -c 'import venv, ensurepip' 2>/dev/null; then \
	  echo "$$found has no venv module (on Debian: apt-get install python3-venv)" >&2; exit 1; \
	fi; \
	"$$found" -m venv $(VENV)
	@touch $@

$(VENV)/.runtime: requirements/runtime.txt $(VENV)/.python
	@echo "Installing what the program needs into $(VENV) (once)"
	@$(PINNED) $<
	@touch $@

$(VENV)/.project: pyproject.toml $(VENV)/.runtime
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.development: requirements/development.txt $(VENV)/.python
	@echo "Installing what tests and checks need into $(VENV) (once)"
	@$(PINNED) $<
	@touch $@

$(VENV)/.bench: requirements/bench.txt $(VENV)/.python
	@echo "Installing what measurements are compared with into $(VENV) (once)"
	@$(PINNED) $< --no-binary django-hordak --use-pep517 # published as source alone
	@touch $@

setup: $(VENV)/.project ## build .venv with the program in it

setup-development: $(VENV)/.development setup ## the same with everything that tests and checks need

setup-bench: $(VENV)/.bench setup ## the same with what measurements are compared with

# Use

demo: setup ## seed and serve the demonstration on http://127.0.0.1:8000
	@$(BIN)/qingzhang demo $(ARGS)

serve: setup ## serve the ledger of QINGZHANG_HOME
	@$(BIN)/qingzhang serve $(ARGS)

bench: setup-bench ## measure this machine (NAME=ledger, http, market, audit, incentives or quota)
	@set -e; for name in $(NAME); do $(BIN)/qingzhang bench $$name $(ARGS); done

# Proof

test: setup-development ## run the tests on SQLite
	$(BIN)/pytest -n auto $(ARGS)

test-postgres: setup-development ## run the tests that use a database on a private PostgreSQL
	QINGZHANG_TEST_DATABASE=postgres $(BIN)/pytest -n auto -m 'database or postgres' $(ARGS)

test-browser: setup-development ## drive the system's chromium (QINGZHANG_TEST_SLOW_PAGE=6 slows its pages)
	$(BIN)/pytest -n auto -m browser $(ARGS)

test-faults: setup-development ## kill, cut off and starve processes at every call (docs/faults.md)
	$(BIN)/pytest -n auto -m faults $(ARGS)

check: setup-development ## lint, format, types, layers, and migrations against models
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m migrations check

lock: setup-development ## compile the pinned requirements again (ARGS=--upgrade for newer ones)
	$(LOCK) $(ARGS) --extra dev -o requirements/development.txt pyproject.toml
	$(LOCK) $(ARGS) -c requirements/development.txt -o requirements/runtime.txt pyproject.toml
	$(LOCK) $(ARGS) --extra bench -c requirements/development.txt -o requirements/bench.txt \
	  pyproject.toml

clean: ## remove .venv, caches and built files; ledgers under var stay
	rm -rf $(VENV) build dist .cache .hypothesis .import_linter_cache .mypy_cache .pytest_cache \
	  .ruff_cache .schemathesis
	find . -name __pycache__ -type d -not -path './var/*' -prune -exec rm -rf {} +
