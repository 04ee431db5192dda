.PHONY: demo test clean-demo docs lock check wheel setup-demo setup-test
.DEFAULT_GOAL := demo

CITY ?= demo-city
BIN := .venv/bin

demo: setup-demo
	@exec $(BIN)/python -m bilan demo --city $(CITY)

test: setup-test check docs
	$(BIN)/python -m pytest -n 3 --dist loadfile -q --durations 20 $(PYTEST_ARGS)

setup-demo:
	@scripts/setup demo

setup-test:
	@scripts/setup test

check:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
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
