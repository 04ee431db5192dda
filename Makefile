.PHONY: demo test test-sqlite test-postgresql beside lint types clean-demo docs lock check wheel setup-demo setup-test
.DEFAULT_GOAL := demo

CITY ?= demo-city
BIN := .venv/bin
# Tests of what lives in the database of the site; BILAN_TEST_STORE=postgresql runs any others there too.
SITE := $(addprefix tests/,people registers casework plans contract web demo/entries/test_filling.py \
	faults/test_connections_lost.py faults/test_storage.py)

demo: setup-demo
	@exec $(BIN)/python -m bilan demo --city $(CITY)

# What only reads the code goes beside the tests, then the site's tests once more on PostgreSQL.
test: setup-test lint
	@$(MAKE) --no-print-directory -j 2 -O test-sqlite beside

beside:
	@$(MAKE) --no-print-directory types
	@$(MAKE) --no-print-directory docs
	@$(MAKE) --no-print-directory test-postgresql

test-sqlite:
	$(BIN)/python -m pytest -n 2 --dist loadfile -q --durations 20 $(PYTEST_ARGS)

test-postgresql:
	BILAN_TEST_STORE=postgresql $(BIN)/python -m pytest -n 2 --dist loadfile -q --durations 10 $(SITE)

setup-demo:
	@scripts/setup demo

setup-test:
	@scripts/setup test

check: lint types

lint:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types:
	$(BIN)/python -m mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python -m bilan.web.messages --check

docs:
	$(BIN)/python docs/generate.py
	$(BIN)/python -m sphinx -W -q -j 2 -b html docs docs/_build/html

wheel: setup-test
	$(BIN)/python -m build --wheel --no-isolation

clean-demo:
	rm -rf $(CITY)

lock:
	scripts/lock
