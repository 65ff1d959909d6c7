# `make demo` and `make test` need only Python 3.11 or newer, pip, git and the package registry.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help

.PHONY: help
help:  ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 16

# The stamp file is newer than pyproject.toml, so a second run installs nothing.
$(VENV)/.installed: pyproject.toml
	$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("this needs Python 3.11 or newer; select one with: make PYTHON=python3.11 …")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip==26.3
	$(BIN)/python -m pip install --quiet --editable . --group dev
	@touch $@

.PHONY: install
install: $(VENV)/.installed  ## Create the environment in .venv

.PHONY: demo
demo: install  ## Create a project, lint it, run its flows, and lint a flow with mistakes
	@PATH="$(CURDIR)/$(BIN):$$PATH" demo/run

.PHONY: test
test: install  ## Run all checks that a change must pass
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(MAKE) --no-print-directory --jobs=2 types tests

# The two run beside each other: mypy takes one processor only.
.PHONY: types
types: install
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache --no-logo

.PHONY: tests
tests: install
	$(BIN)/pytest -n auto --dist loadfile --no-loadscope-reorder

# No process is started and no project created, so it can run after every change.
.PHONY: quick
quick: install  ## Run the linter's tests that start no process
	$(BIN)/pytest -n auto --dist worksteal -m "not process and not slow" --ignore=tests/template

.PHONY: coverage
coverage: install  ## Measure which branches of the linter the tests of "make quick" run
	$(BIN)/pytest -n auto --dist worksteal -m "not process and not slow" --ignore=tests/template --cov --cov-report=term:skip-covered

.PHONY: full-template
full-template: install  ## Run everything that the READMEs of four projects describe, with pip and with uv
	$(BIN)/pytest -m full_template tests/template

.PHONY: corpus
corpus: install  ## Check that nothing crashes and fixes break nothing, on the flows in FOLDER=…
	$(BIN)/python -m tests.corpus $(FOLDER)

# What cannot be cloned any more is left out, and the table says so.
.PHONY: score
score: install  ## Score the linter against the labels of public flows, cloned into FOLDER=…
	-$(BIN)/python -m tests.corpus.labels.checkout $(FOLDER)
	$(BIN)/python -m tests.corpus.labels $(FOLDER)

# These take long, so they do not run on every change. docs/safety.md lists what they found.
.PHONY: fuzz
fuzz: install  ## Fuzz the linter for MINUTES=…, with random bytes and changed flows, also those in FOLDER=…
	$(BIN)/python -m pip install --quiet --group fuzz
	$(BIN)/python -m tests.fuzz --minutes $(or $(MINUTES),5) $(FOLDER)

.PHONY: hostile
hostile: install  ## Run every command on random hostile repositories for MINUTES=…
	$(BIN)/python -m tests.hostile --minutes $(or $(MINUTES),5)

.PHONY: mutants
mutants: install  ## Change the rules, and count the changes that their tests notice, in mutants/
	$(BIN)/python -m pip install --quiet --group mutants
	nice $(BIN)/mutmut run
	$(BIN)/mutmut results > mutants/left.txt

# Each flow is run twice. Two flows took 12 seconds on two cores.
.PHONY: same-runs
same-runs: install  ## Compare Metaflow's runs of FLOWS=… random flows before and after safe fixes
	$(BIN)/python -m tests.corpus.same_runs 0 $(or $(FLOWS),300)

# It runs the files of the checkouts: docs/safety.md.
.PHONY: public-fixes
public-fixes: install  ## Compare people's flows and their runs before and after safe fixes, in the checkouts in FOLDER=…
	nice $(BIN)/python -m tests.corpus.public_fixes $(FOLDER)

.PHONY: references
references: install  ## Compare which names code takes from its module with symtable, on Python's files or FOLDER=…
	$(BIN)/python -m tests.corpus.references $(FOLDER)

.PHONY: lowerings
lowerings: install  ## Compare the models from libcst and ast, on Python's own files, this environment's, or FOLDER=…
	$(BIN)/python -m tests.corpus.lowerings $(FOLDER)

.PHONY: strangers
strangers: install  ## Check that code without Metaflow has no findings: Python's own, this environment's, FOLDER=…
	$(BIN)/python -m tests.corpus.strangers $(FOLDER)

.PHONY: audit
audit: install  ## Check the dependencies for known vulnerabilities on PyPI
	$(BIN)/python -m pip install --quiet --group audit
	$(BIN)/pip-audit --skip-editable --local

# The packages are built with the group `release` alone, without tests and their tools.
.PHONY: dist
dist:  ## Build the packages into dist/
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
running: install  ## Check that the graph rules report nothing on the flows of Metaflow's CHECKOUT=…
	$(BIN)/python -m tests.corpus.running $(CHECKOUT)

# The package extends the Metaflow beside it, so it gets a folder of its own.
.PHONY: outerbounds
outerbounds: install  ## Check what the linter knows of Outerbounds projects with `ob-project-utils`
	$(BIN)/python -m pip install --quiet --no-deps --upgrade --target build/outerbounds --group outerbounds
	$(BIN)/python -m tests.metaflow.outerbounds build/outerbounds

.PHONY: agree
agree: install  ## Compare Metaflow's own check and the graph rules on random flows for MINUTES=…
	$(BIN)/python -m tests.agreement --minutes $(or $(MINUTES),5)

# It imports the files of the checkouts, with stand-ins for what is not installed: docs/agreement.md.
.PHONY: agree-real
agree-real: install  ## Compare Metaflow's own check and the rules on the flows of the checkouts in FOLDER=…
	$(BIN)/python -m tests.agreement.real_flows $(FOLDER)

.PHONY: data-flow
data-flow: install  ## Compare the rules on artifacts with runs of FLOWS=… random flows
	$(BIN)/python -m tests.analysis.data_flow.compare 0 $(or $(FLOWS),2000)

# A flow takes about two seconds. OPTIONS=--record keeps what the runs did, for `make test`.
.PHONY: metaflow-runs
metaflow-runs: install  ## Compare the rules on artifacts with Metaflow's own runs of FLOWS=… random flows
	nice $(BIN)/python -m tests.analysis.data_flow.metaflow_runs 0 $$(( ($(or $(FLOWS),36) + 3) / 4 )) $(OPTIONS)

# Only the benchmarks need the other linters.
$(VENV)/.installed-bench: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --group bench
	@touch $@

.PHONY: bench
bench: $(VENV)/.installed-bench  ## Measure speed on downloaded flows or those in FOLDER=…, and write benchmarks/RESULTS.md
	$(BIN)/python -m benchmarks $(FOLDER)

.PHONY: browser
browser: install  ## Check drawings and pages in Chromium (or CHROMIUM=…), and write screenshots to .browser; needs npm
	$(BIN)/python -m pip install --quiet --group browser
	npm install --silent --no-save --prefix .browser mermaid@12.3.0
	MERMAID=.browser/node_modules/mermaid/dist/mermaid.min.js $(BIN)/pytest tests/browser

# Some messages come from Python's exceptions: use Python 3.11.
.PHONY: facts
facts: install  ## Read facts from the installed Metaflow into lint_rules/metaflow/data
	$(BIN)/python -m tools.metaflow_facts

.PHONY: python-facts
python-facts: install  ## Read what the interpreters in PYTHONS=… agree on into lint_rules/python/data
	$(BIN)/python -m tools.python_facts $(PYTHONS)

.PHONY: distribution-facts
distribution-facts: install  ## Add what known distributions require today to lint_rules/python/data
	$(BIN)/python -m tools.distribution_facts

.PHONY: library-facts
library-facts: install  ## Read what the LIBRARIES=… of the interpreter PYTHON=… return into lint_rules/python/data
	$(BIN)/python -m tools.library_facts $(PYTHON) $(LIBRARIES)

.PHONY: facts-check
facts-check: install  ## Compare all facts with the installed Metaflow
	ALL_FACTS=1 $(BIN)/pytest -n 0 tests/metaflow

.PHONY: facts-history
facts-history: install  ## Read at most RELEASES=… older releases of Metaflow, to date the changes
	$(BIN)/python -m tools.metaflow_facts.walk $(RELEASES)

.PHONY: facts-news
facts-news: install  ## Write the differences of the newest Metaflow to build/metaflow.diff
	rm -rf build/metaflow && mkdir -p build
	$(BIN)/python -m pip install --quiet --no-deps --target build/metaflow metaflow
	$(BIN)/python -m tools.metaflow_facts --check --from $(CURDIR)/build/metaflow > build/metaflow.diff || test -s build/metaflow.diff

.PHONY: docs
docs: install  ## Write the pages on rules and settings from the code
	$(BIN)/python -m lint_rules.reference.pages docs

.PHONY: clean
clean:  ## Remove everything that make created
	rm -rf $(VENV) .browser .demo build dist .pytest_cache .ruff_cache .mypy_cache
