# `make` alone prints what there is.
.DEFAULT_GOAL := help
SHELL := /bin/bash
UV := $(shell command -v uv 2>/dev/null || echo .tools/bin/uv)
RUN := $(UV) run --frozen --no-sync
export UV_PROJECT_ENVIRONMENT := .venv
# Tests start hundreds of processes: compiled code is kept, or each of them compiles the whole house again.
unexport PYTHONDONTWRITEBYTECODE

help: ## show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

$(UV):
	@python3 -m venv .tools && .tools/bin/pip install --quiet --disable-pip-version-check uv

# What asks most of the database runs on both: SQLite above all, PostgreSQL again.
ON_POSTGRESQL := tests/newsroom/test_publish.py tests/newsroom/test_undo.py tests/newsroom/test_access_sessions.py tests/stories/importing tests/test_database.py \
	tests/stories/test_among.py tests/letters/test_rows.py tests/readers/test_intake.py tests/readers/test_newsletters.py tests/readers/test_resealing.py tests/support/test_books.py tests/support/test_sweep.py tests/support/test_refunds.py tests/newsroom/test_twenty_presses.py tests/newsroom/test_fuses_together.py

setup: $(UV) ## prepare the environment: interpreter, locked dependencies
	@$(UV) sync --frozen --quiet --compile-bytecode

demo: setup ## run the sample newsroom on this machine
	@$(RUN) hecto demo $(DEMO)

system: ## say (and as root, install) what tests need of the system
	@.ci/system

test: setup system ## every test, small
	@$(RUN) pytest -q -n 2 --no-loadscope-reorder -m "not soak" $(TESTS)
	@HECTO_TEST_DATABASE=postgresql $(RUN) pytest -q -n 2 --no-loadscope-reorder -m "not soak" $(TESTS) $(ON_POSTGRESQL)

soak: setup system ## every test at its stated count
	@$(RUN) pytest -q -n 2 --no-loadscope-reorder -m soak --no-header $(TESTS)

lint: setup ## style, types, import contracts
	@$(RUN) ruff check . && $(RUN) ruff format --check . && $(RUN) mypy && $(RUN) lint-imports

bench: setup ## figures against the peer
	@$(RUN) python -m bench.press --stories 1000 --json

.PHONY: help setup demo system test soak lint bench
