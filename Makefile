# `make demo` and `make test` need only Python 3.11 or newer, pip, git and the package registry.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help

.PHONY: help
help:  ## Say what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

# The stamp is newer than what it was made from, so a second run installs nothing.
$(VENV)/.installed: pyproject.toml
	$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("this needs Python 3.11 or newer; say which with: make PYTHON=python3.11 …")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip==26.3
	$(BIN)/python -m pip install --quiet --editable . --group dev
	@touch $@

.PHONY: install
install: $(VENV)/.installed  ## Make the environment in .venv

.PHONY: demo
demo: install  ## Bake a project, lint it, run its flows, and lint a bad flow
	@PATH="$(CURDIR)/$(BIN):$$PATH" demo/run

.PHONY: test
test: install  ## Run every check that decides whether a change lands
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache --no-logo
	$(BIN)/pytest -n auto --dist loadfile

# No process is started and no project created, so it can run after every change.
.PHONY: quick
quick: install  ## Run the linter's tests that start no process
	$(BIN)/pytest -n auto --dist worksteal -m "not process and not slow" --ignore=tests/template

.PHONY: coverage
coverage: install  ## Measure which lines and branches of the linter its tests run, into .coverage
	$(BIN)/pytest -n auto --dist worksteal -m "not process" --ignore=tests/template --cov --cov-report=term:skip-covered

.PHONY: lives
lives: install  ## Let four generated projects live their whole life, on pip and on uv
	$(BIN)/pytest -m lives tests/template

.PHONY: corpus
corpus: install  ## Check that nothing crashes and fixes do no harm on the flows in FOLDER=…
	$(BIN)/python -m tests.corpus $(FOLDER)

# Some things are looked for at length, not on every change; docs/safety.md says what they found.
.PHONY: fuzz
fuzz: install  ## Fuzz the linter for MINUTES=… on bytes and changed flows, also those in FOLDER=…
	$(BIN)/python -m pip install --quiet --group fuzz
	$(BIN)/python -m tests.fuzz --minutes $(or $(MINUTES),5) $(FOLDER)

.PHONY: hostile
hostile: install  ## Run every command on hostile repositories, made at random, for MINUTES=…
	$(BIN)/python -m tests.hostile --minutes $(or $(MINUTES),5)

.PHONY: mutants
mutants: install  ## Count the changes of rules that their tests notice, into mutants/
	$(BIN)/python -m pip install --quiet --group mutants
	nice $(BIN)/mutmut run
	$(BIN)/mutmut results > mutants/left.txt

.PHONY: lowerings
lowerings: install  ## Compare what libcst and ast read: Python's own files, this environment's, or FOLDER=…
	$(BIN)/python -m tests.corpus.lowerings $(FOLDER)

.PHONY: strangers
strangers: install  ## Check that code without Metaflow is left alone: Python's own, this environment's, FOLDER=…
	$(BIN)/python -m tests.corpus.strangers $(FOLDER)

.PHONY: audit
audit: install  ## Ask PyPI for known vulnerabilities of what the linter and its tests install
	$(BIN)/python -m pip install --quiet --group audit
	$(BIN)/pip-audit --skip-editable --local

# Nothing but the group `release` is there when the packages are built, neither tests nor their tools.
.PHONY: dist
dist:  ## Build the packages in dist/
	rm -rf dist build
	$(PYTHON) -m venv build/env
	build/env/bin/python -m pip install --quiet pip==26.3
	build/env/bin/python -m pip install --quiet --only-binary :all: --no-deps --group release
	build/env/bin/python -m pip check
	build/env/bin/python -m build --no-isolation

.PHONY: try
try:  ## Check the packages in dist/, and lint a flow with the wheel
	$(PYTHON) -m venv --clear build/try
	build/try/bin/python -m pip install --quiet pip==26.3
	build/try/bin/python -m pip install --quiet --group try
	build/try/bin/twine check --strict dist/*
	build/try/bin/python -m pip install --quiet dist/*.whl
	cd build && try/bin/metaflow-lint check --isolated --exit-zero ../demo

.PHONY: running
running: install  ## Check that rules on the graph are silent on the flows of Metaflow's CHECKOUT=…
	$(BIN)/python -m tests.corpus.running $(CHECKOUT)

.PHONY: agree
agree: install  ## Compare Metaflow's own check and the rules on random flows for MINUTES=…
	$(BIN)/python -m tests.agreement --minutes $(or $(MINUTES),5)

# The linters that it is measured against are of use to nothing else.
$(VENV)/.installed-bench: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --group bench
	@touch $@

.PHONY: bench
bench: $(VENV)/.installed-bench  ## Measure speed, on fetched flows or those in FOLDER=…, into benchmarks/RESULTS.md
	$(BIN)/python -m benchmarks $(FOLDER)

.PHONY: browser
browser: install  ## Look at drawings in Chromium (taken from CHROMIUM=…), and leave pictures in .browser; needs npm
	$(BIN)/python -m pip install --quiet --group browser
	npm install --silent --no-save --prefix .browser mermaid@12.3.0
	MERMAID=.browser/node_modules/mermaid/dist/mermaid.min.js $(BIN)/pytest tests/browser

# Their messages have the words of Python's exceptions, too: read them with Python 3.11.
.PHONY: facts
facts: install  ## Read what Metaflow is and refuses from the installed Metaflow, into lint_rules/metaflow/data
	$(BIN)/python -m tools.metaflow_facts

.PHONY: facts-check
facts-check: install  ## Check that the data on Metaflow are what the installed one says, all of them
	ALL_FACTS=1 $(BIN)/pytest -n 0 tests/metaflow

.PHONY: facts-history
facts-history: install  ## Read releases of Metaflow between those that differ, RELEASES=… at most
	$(BIN)/python -m tools.metaflow_facts.walk $(RELEASES)

.PHONY: facts-news
facts-news: install  ## Write what the newest Metaflow does differently into build/metaflow.diff
	rm -rf build/metaflow && mkdir -p build
	$(BIN)/python -m pip install --quiet --no-deps --target build/metaflow metaflow
	$(BIN)/python -m tools.metaflow_facts --check --from $(CURDIR)/build/metaflow > build/metaflow.diff || test -s build/metaflow.diff

.PHONY: docs
docs: install  ## Write the pages of rules and settings anew from the code
	$(BIN)/python -m lint_rules.reference.pages docs

.PHONY: clean
clean:  ## Remove what make made
	rm -rf $(VENV) .browser .demo build dist .pytest_cache .ruff_cache .mypy_cache
