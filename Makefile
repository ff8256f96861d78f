# `make` alone says what there is to make.
.DEFAULT_GOAL := help
.PHONY: help demo test engines engines-down faults soak check lock bench screenshots clean
SHELL := /bin/bash
BIN := .venv/bin
# Node.js of the machine, or the one that embedded/install.sh put into .venv.
NPM := PATH="$(CURDIR)/$(BIN):$$PATH" npm --prefix widget run --silent
ROWS ?= 1500000
# What starts here is many programs, which would each compile the same hundred modules anew.
unexport PYTHONDONTWRITEBYTECODE

help: ## Say what there is to make
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1|/' | awk -F'|' '{printf "  make %-13s %s\n", $$1, $$2}'

demo: ## Everything from nothing to the running service with real data (PORT, STATE_DIR); Ctrl-C ends it
	@embedded/install.sh run
	@exec $(BIN)/python -m embedded demo --under-make

test: ## Every test, on real engines (TESTS=tests/unit for some of them)
	@embedded/install.sh dev
	$(BIN)/pytest -n 2 --dist loadfile $(if $(TESTS),$(TESTS),-m "not alone")
	$(if $(TESTS),,$(BIN)/pytest -m alone tests)
	$(if $(TESTS),,$(NPM) test)

# Where tests/conftest.py looks for engines first; a run that finds them up leaves them up.
engines: ## Start the engines of the tests and leave them up, so that `make test TESTS=…` begins at once
	@embedded/install.sh dev
	@$(BIN)/python -m embedded status --state-dir .local/test 2>/dev/null || $(BIN)/python -m embedded up --state-dir .local/test
	@echo "They take 2 GB of memory; \`make engines-down\` ends them."

engines-down: ## End the engines of the tests
	@$(BIN)/python -m embedded down --state-dir .local/test

faults: ## The long forms of the tests of faults: more rounds, more listings; an hour or so
	@embedded/install.sh dev
	SOAK=1 $(BIN)/pytest -n 2 --dist loadfile --durations=0 tests/faults --ignore=tests/faults/test_soak.py

soak: ## Half an hour (SOAK_SECONDS) of searches and edits on ROWS listings (1500000); figures in bench/results/soak.json
	@embedded/install.sh dev
	SOAK=1 ROWS=$(ROWS) $(BIN)/pytest tests/faults/test_soak.py

check: ## Format, lint, types and the rules of the house, of the widget too
	@embedded/install.sh dev
	@echo "Format:  ruff format --check"
	@$(BIN)/ruff format --check .
	@echo "Lint:    ruff check"
	@$(BIN)/ruff check .
	@echo "Types:   mypy --strict"
	@$(BIN)/mypy
	@echo "Rules:   lint-imports"
	@$(BIN)/lint-imports
	@echo "Words:   every phrase in every language"
	@$(BIN)/provider-directory words check
	@echo "Widget:  eslint, tsc, size"
	@$(NPM) check

lock: ## Write the lock files anew from the requirements*.in
	@embedded/lock.sh

bench: ## The benchmarks, on ROWS listings (1500000); figures in bench/results/
	@embedded/install.sh dev
	$(BIN)/python -m bench --rows $(ROWS)

screenshots: ## The pictures of docs/screenshots/, of the service with the demonstration's data
	@embedded/install.sh dev
	$(BIN)/pytest tests/browser/screenshots.py

clean: ## End what runs on the default state directory, and remove it and .venv
	@$(BIN)/python -m embedded down
	@$(BIN)/python -m embedded down --state-dir .local/test
	@$(BIN)/python -m embedded remove
	rm -rf .venv
