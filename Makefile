# The one list of commands, for people and for CI. Needs Python 3.11 or newer, and make.
PYTHON ?= python3
BIN := .venv/bin
INSTALLED := .venv/installed
BROWSER_INSTALLED := .venv/browser-installed
MUTANTS_INSTALLED := .venv/mutants-installed
PARALLEL := --numprocesses auto --dist worksteal
# Some tests wait for others: one more at a time than there are cores.
export PYTEST_XDIST_AUTO_NUM_WORKERS ?= $(shell $(PYTHON) -c "import os; print((os.cpu_count() or 1) + 1)")
# What `quick` and `versions` run: tests of values, and the code that README and docs show.
QUICK := $(wildcard tests/checks/test_*.py tests/fake/test_*.py)
# The longest, and one that needs the vendor's SDK.
QUICK := $(filter-out tests/checks/test_hostile_input.py tests/fake/test_signing.py,$(QUICK))
QUICK += tests/strategies/test_arguments.py tests/strategies/test_boundaries.py tests/strategies/test_error_scenarios.py
QUICK += tests/test_clauses.py tests/test_schema_store.py tests/test_schema_values.py tests/test_schemas.py
QUICK += tests/test_json_schema.py tests/test_redaction.py tests/test_docs.py tests/test_readme.py
QUICK += tests/test_versions.py
# What `proof` runs: thousands of examples and of runs, over lines that other tests run, too.
PROOF := tests/broken_clients/test_correct_clients.py tests/broken_clients/test_defects.py
PROOF += tests/broken_servers/test_defects.py tests/broken_servers/test_engines.py tests/broken_servers/test_faithful.py
PROOF += tests/conformance/test_faithful_servers.py tests/conformance/test_secrets.py
PROOF += tests/openapi/test_schemathesis.py
PROOF += tests/strategies/test_app_ids.py tests/strategies/test_distribution.py
PROOF += tests/strategies/test_javascript.py tests/strategies/test_verdicts.py
# Few examples run as many lines; `proof` runs these with all of them.
IN_FULL := $(addprefix tests/strategies/test_,app_codes.py failing_examples.py list_queries.py quality.py records.py round_trips.py shrinking.py)
# Whole runs and searches over lines that other tests run, too: coverage would only double their time.
UNTRACED := tests/checks/test_hostile_input.py tests/client_contract/test_session_report.py
UNTRACED += $(addprefix tests/conformance/test_,budget.py pytest_breaking_off.py replay.py secrets_cut.py)
UNTRACED += tests/fake/test_going_back.py tests/plugin/test_ecosystem.py tests/plugin/test_hypothesis.py
UNTRACED += tests/reporting/test_document.py tests/reporting/test_html.py
UNTRACED += $(addprefix tests/strategies/test_,failing_examples.py records.py round_trips.py shrinking.py)
UNTRACED += tests/test_install.py tests/test_replay_command.py tests/test_verify_ending.py tests/transports/test_soak.py
# Tests start hundreds of processes: where this is set, each would compile the package anew.
unexport PYTHONDONTWRITEBYTECODE
# Clients wait for what never comes: more of them at a time than there are cores.
MANY := --numprocesses 4 --dist worksteal
# The whole suite for clients over each broken one, where `proof` runs the one test that must find it.
BLAME := tests/broken_clients/test_blame.py

.PHONY: quick test proof versions demo browser chromium blame bench defects examples soak mutants
.PHONY: format lint types imports tests clean

demo: $(INSTALLED)  ## the downstream example, then a conformance run against the mock server
	PYTEST_ADDOPTS="-p no:asyncio" sh examples/demo.sh "$(CURDIR)/$(BIN)"

quick: lint imports  ## after each edit: no socket where a call will do
	APPCODE_WIRES=handle $(BIN)/python -m pytest $(PARALLEL) $(QUICK)

test: lint types imports tests  ## before each commit: every behaviour once

proof: $(INSTALLED)  ## every planted defect, every faithful server, every correct client, thousands of examples
	APPCODE_IN_FULL=1 $(BIN)/python -m pytest $(MANY) $(PROOF) $(IN_FULL)

versions: $(INSTALLED)  ## the wheel and the tests of `quick` on each Python there is, and with the lowest dependencies
	$(BIN)/python -m tests.versions $(QUICK)

lint: $(INSTALLED)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(INSTALLED)
	$(BIN)/mypy

imports: $(INSTALLED)
	$(BIN)/lint-imports

tests: $(INSTALLED)
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest $(PARALLEL) $(addprefix --ignore=,$(PROOF) $(BLAME) $(UNTRACED))
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report
	$(BIN)/python -m pytest $(PARALLEL) $(UNTRACED)

bench: $(INSTALLED)  ## figures, no verdict
	$(BIN)/python benchmarks/judging.py
	$(BIN)/python benchmarks/redaction.py
	$(BIN)/python benchmarks/verify.py
	$(BIN)/python benchmarks/strategies.py
	$(BIN)/python benchmarks/fake.py
	$(BIN)/python benchmarks/startup.py

defects: $(INSTALLED)  ## every planted defect: what verify finds, what Schemathesis does, and what the suite for clients
	$(BIN)/python -m tests.broken_servers.table
	$(BIN)/python -m tests.broken_clients.table

blame: $(INSTALLED)  ## no test of the suite for clients fails for a defect of something else: ten minutes
	$(BIN)/python -m pytest $(MANY) $(BLAME)

browser: $(BROWSER_INSTALLED) chromium  ## the HTML report, opened in a headless Chromium
	$(BIN)/python -m pytest tests/browser

# Whichever is there, or Debian's; another one is named by APPCODE_BROWSER.
chromium:
	test -n "$$APPCODE_BROWSER" || command -v chromium || command -v google-chrome || \
	  { apt-get update --quiet=2 && \
	    DEBIAN_FRONTEND=noninteractive apt-get install --quiet=2 --yes --no-install-recommends chromium fonts-dejavu-core; }

examples: $(INSTALLED)  ## 100,000 of each strategy instead of 2,000: takes about an hour on two cores
	APPCODE_EXAMPLES=100000 $(BIN)/python -m pytest $(PARALLEL) tests/strategies/test_verdicts.py

soak: $(INSTALLED)  ## 100,000 broken raw requests instead of 3,000
	APPCODE_SOAK=100000 $(BIN)/python -m pytest tests/transports/test_soak.py

# Always the same fifth of them, those whose number ends in 3 or 8; mutants/ has what became of each.
mutants: $(MUTANTS_INSTALLED)  ## changes checks/ and fake/ one place at a time; lists what no test of values notices
	rm -rf mutants
	$(BIN)/mutmut run "*3" "*8"
	$(BIN)/mutmut results | grep -v "not checked"

format: $(INSTALLED)  ## rewrites
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

$(INSTALLED): pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --group dev --editable .
	touch $(INSTALLED)

$(BROWSER_INSTALLED): $(INSTALLED)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --group browser
	touch $(BROWSER_INSTALLED)

$(MUTANTS_INSTALLED): $(INSTALLED)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --group mutants
	touch $(MUTANTS_INSTALLED)

clean:
	rm -rf .venv .venv-versions .coverage .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build dist mutants
