# Everything starts here: `make site` builds the site, `make test` runs every test. Both set up what they need.
.DEFAULT_GOAL := help
.PHONY: help site serve check test packages lint mutants thorough pages parity parity-defaults browsers bench bench-tests bench-browser bench-search bench-transformer weights clean
ifeq ($(OS),Windows_NT)
BIN := .venv/Scripts
PYTHON ?= python
else
BIN := .venv/bin
PYTHON ?= python3
endif
RUN := $(BIN)/python
INSTALL := $(RUN) -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable
FORMS := $(filter-out %/config.yml,$(wildcard .github/ISSUE_TEMPLATE/*.yml))

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

site: .venv/.site ## set up, check, build the site into build/site
	@$(RUN) -m generator site

serve: .venv/.site ## show the site in a browser and follow every edit
	@$(RUN) -m generator serve

check: .venv/.site ## say what is wrong with terms and demos
	@$(RUN) -m generator check

# Tests start our programs hundreds of times, and copy them too: compiled once, with a hash of each source in its bytecode.
test: .venv/.test ## set up and run the tests: of demos and generator all, of the site one page of each kind
	@$(RUN) -m compileall -q --invalidation-mode checked-hash generator demos
	@$(RUN) -m pytest -n 2 --rerun-show-tracebacks -m "not pages and not parity and not browsers"

packages: .venv/.test ## get what the tests need, and run none
	@echo "what the tests need is in .venv"

lint: .venv/.lint ## style, types, spelling, and the workflows and forms in .github
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy
	@$(BIN)/codespell --dictionary - --dictionary generator/words/misspelled.txt
	@$(BIN)/zizmor --quiet --offline --persona pedantic .github
	@$(BIN)/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml
	@$(BIN)/check-jsonschema --builtin-schema vendor.dependabot .github/dependabot.yml
	@$(BIN)/check-jsonschema --builtin-schema vendor.github-issue-config .github/ISSUE_TEMPLATE/config.yml
	@$(BIN)/check-jsonschema --builtin-schema vendor.github-issue-forms $(FORMS)

mutants: .venv/.test ## plant bugs in the demos and see that tests catch each
	@$(RUN) -m tests.mutants

parity: .venv/.test ## demos at all ends of their sliders, one by one and together: the same figures in the browser as here
	@$(RUN) -m pytest -m parity tests/site tests/generator/lessons

parity-defaults: .venv/.test ## of those, the demos at their defaults: what CI runs on macOS and Windows
	@$(RUN) -m pytest -m defaults tests/site

thorough: .venv/.test ## make pages and make parity, shared out over two cores
	@$(RUN) -m pytest -n 2 -m "pages or parity" tests/site tests/generator/lessons

pages: .venv/.test ## every page of the site: links, screens of all widths, live demos; and the whole site built anew
	@$(RUN) -m pytest -m pages tests/site

browsers: export TERMLAB_REQUIRE_BROWSER := 1
browsers: .venv/.browsers ## the same walk through three pages in Firefox and in WebKit
	@$(RUN) -m pytest -m browsers tests/browsers

bench: .venv/.site ## seconds and memory for 100, 1,000 and 10,000 made-up terms
	@$(RUN) -m bench.scale

bench-tests: .venv/.test ## what one more lesson costs in every stage of CI, and what all would take at 250
	@$(RUN) -m bench.tests

bench-browser: .venv/.test site ## how long a reader waits: click to chart, slider to redrawn chart
	@$(RUN) -m bench.browser

bench-search: .venv/.test ## what the search box finds first for made queries, how large it is, how long it takes
	@$(RUN) -m bench.search

bench-transformer: .venv/.test ## training, memory and writing: tiny_gpt beside transformers, with the same weights
	@$(RUN) -m bench.transformer

weights: .venv/.test ## train the small language model that comes with the demos anew, on one core
	@$(RUN) -m demos.data.weights

clean: ## remove what was built; keeps .venv
	rm -rf build .cache

# `make` may be stopped at any moment, and the next one goes on: .venv counts as made only when .venv/.made is there,
# which is written last, and is made anew otherwise. What is somebody else's stays: a link, and a .venv in which this
# project was installed by hand.
.venv/.made:
	@found=`$(PYTHON) -c $(VERSION) 2>&1` && case "$$found" in [0-9]*) ;; *) false ;; esac || { echo $(NONE) >&2; exit 1; }; \
	$(PYTHON) -c $(IS_NEW_ENOUGH) || { echo $(TOO_OLD) >&2; exit 1; }; \
	$(PYTHON) -c "import venv, ensurepip" 2>/dev/null || { echo $(NO_PIP) >&2; exit 1; }
	@test -h .venv || $(RUN) -I -c $(IS_INSTALLED) 2>/dev/null || { \
	test ! -e .venv || echo "the last setup was not finished, so .venv is made anew"; $(PYTHON) -c $(MAKE_VENV); }
	@touch $@

NEEDED := Termlab needs Python 3.11.5 or newer
ANOTHER := install a newer one, or name one that is there, as in: make PYTHON=python3.13 $(or $(firstword $(MAKECMDGOALS)),site)
VERSION := "import sys; print('.'.join(map(str, sys.version_info[:3])))"
IS_NEW_ENOUGH := "import sys; sys.exit(sys.version_info < (3, 11, 5))"
IS_INSTALLED := "from importlib.metadata import version; version('termlab')"
# python -m venv --clear .venv, which one Ctrl-C ends without a word of Python's own
MAKE_VENV := "import runpy, signal, sys; signal.signal(signal.SIGINT, signal.SIG_DFL); sys.argv[1:] = ['--clear', '.venv']; runpy.run_module('venv', run_name='__main__')"
NONE := "$(NEEDED), and there is no program $(PYTHON) that runs here: $(ANOTHER)"
TOO_OLD := "$(NEEDED), and $(PYTHON) is Python $$found: $(ANOTHER)"
NO_PIP := "$(NEEDED) with venv and pip, and $(PYTHON) lacks one of them: on Debian and Ubuntu, install the package python3-venv"

# Installs again only when pyproject.toml or the pins change.
.venv/.site: pyproject.toml constraints.txt | .venv/.made
	@echo "setting up (a minute or two the first time)"
	@$(INSTALL) .
	@touch $@

.venv/.test: .venv/.site
	@echo "getting what the tests need (a few minutes the first time; PyTorch is large)"
	@$(INSTALL) '.[test,torch]'
	@touch $@

.venv/.browsers: .venv/.test
	@$(INSTALL) '.[browsers]'
	@touch $@

.venv/.lint: .venv/.site
	@$(INSTALL) '.[lint]'
	@touch $@
