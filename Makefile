# Two commands do all the set-up: `make run` and `make test`. Everything lives in .venv and output/.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: help run test check fix bench eval diff system clean

help: ## list the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 10

$(BIN)/kg: pyproject.toml
	$(PYTHON) scripts/check_python.py
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.dev: pyproject.toml $(BIN)/kg
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

run: $(BIN)/kg ## build the graph of corpus/ into output/ and say where to look
	$(BIN)/kg build corpus -o output

system: ## install what the tests need besides Python: a browser, fonts, independent RDF parsers
	bash scripts/install_system.sh

test: $(VENV)/.dev system ## run everything, the browser and triple-store tests included
	$(BIN)/python -m pytest

check: $(VENV)/.dev ## what CI runs: style, types, tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(MAKE) test

fix: $(VENV)/.dev ## put the code into the house style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.dev ## measure speed, memory and growth beside jieba; BENCH="--only build --reports 10000"
	$(BIN)/python scripts/bench $(BENCH)

eval: $(BIN)/kg ## score the sample corpus against its annotations
	$(BIN)/kg evaluate tests/gold

diff: $(VENV)/.dev ## facts gained and lost on the sample corpus against the last commit
	$(BIN)/python scripts/diff_facts.py

clean: ## remove what builds made
	rm -rf output/* $(VENV) build dist *.egg-info
