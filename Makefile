# The one list of commands, for people and for CI. Needs Python 3.11 or newer, and make.
PYTHON ?= python3
BIN := .venv/bin
INSTALLED := .venv/installed
BROWSER_INSTALLED := .venv/browser-installed
MUTANTS_INSTALLED := .venv/mutants-installed
PARALLEL := --numprocesses auto --dist worksteal
# Thousands of examples and of runs, over lines that other tests run, too: measuring them doubles their time.
UNMEASURED := tests/broken_clients/test_correct_clients.py tests/broken_clients/test_defects.py
UNMEASURED += tests/broken_servers/test_defects.py tests/broken_servers/test_engines.py tests/broken_servers/test_faithful.py
UNMEASURED += tests/conformance/test_faithful_servers.py tests/conformance/test_secrets.py
UNMEASURED += tests/strategies/test_app_ids.py tests/strategies/test_distribution.py
UNMEASURED += tests/strategies/test_javascript.py tests/strategies/test_verdicts.py
# Clients wait for what never comes: more of them at a time than there are cores.
MANY := --numprocesses 4 --dist worksteal
# The whole suite for clients over each broken one, where `tests` runs the one test that must find it.
BLAME := tests/broken_clients/test_blame.py

.PHONY: blame browser chromium demo test bench defects examples soak mutants format lint types imports tests clean

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
	$(BIN)/coverage run -m pytest $(PARALLEL) $(addprefix --ignore=,$(UNMEASURED) $(BLAME))
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report
	$(BIN)/python -m pytest $(MANY) $(UNMEASURED)

bench: $(INSTALLED)  ## figures, no verdict
	$(BIN)/python benchmarks/judging.py
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
	rm -rf .venv .coverage .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache mutants build dist
