# The one list of commands, for people and for CI. Needs Python 3.11 or newer, and make.
PYTHON ?= python3
BIN := .venv/bin
INSTALLED := .venv/installed
PARALLEL := --numprocesses auto --dist worksteal
# Thousands of examples, which run no line that no other test runs; measuring them doubles their time.
UNMEASURED := tests/strategies/test_verdicts.py tests/strategies/test_javascript.py
UNMEASURED += tests/broken_servers/test_faithful.py
# The suite for clients, over six correct clients and 185 broken ones: ten minutes, a target of its own.
CLIENTS := tests/client_contract tests/broken_clients

.PHONY: clients demo test bench defects examples soak format lint types imports tests clean

demo: $(INSTALLED)  ## the downstream example, then a conformance run against the mock server
	PYTEST_ADDOPTS="-p no:asyncio" sh examples/demo.sh "$(CURDIR)/$(BIN)"

test: lint types imports tests  ## everything that must hold

lint: $(INSTALLED)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(INSTALLED)
	$(BIN)/mypy

imports: $(INSTALLED)
	$(BIN)/lint-imports

tests: $(INSTALLED)
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest $(PARALLEL) $(addprefix --ignore=,$(UNMEASURED) $(CLIENTS))
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report
	$(BIN)/python -m pytest $(PARALLEL) $(UNMEASURED)

bench: $(INSTALLED)  ## figures, no verdict
	$(BIN)/python benchmarks/strategies.py
	$(BIN)/python benchmarks/fake.py
	$(BIN)/python benchmarks/startup.py

defects: $(INSTALLED)  ## every planted defect: what verify finds, and what Schemathesis does
	$(BIN)/python -m tests.broken_servers.table

clients: $(INSTALLED)  ## the suite for clients: correct ones pass, each defect is found
	$(BIN)/python -m pytest $(PARALLEL) $(CLIENTS)

examples: $(INSTALLED)  ## 100,000 of each strategy instead of 2,000: takes about an hour on two cores
	APPCODE_EXAMPLES=100000 $(BIN)/python -m pytest $(PARALLEL) tests/strategies/test_verdicts.py

soak: $(INSTALLED)  ## 100,000 broken raw requests instead of 3,000
	APPCODE_SOAK=100000 $(BIN)/python -m pytest tests/transports/test_soak.py

format: $(INSTALLED)  ## rewrites
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

$(INSTALLED): pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --group dev --editable .
	touch $(INSTALLED)

clean:
	rm -rf .venv .coverage .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build dist
