# Two commands on a fresh machine: make run, make test. Python 3.11+, make and the internet are all they need.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STORE ?= data/store
PORT ?= 8501
export PYTHONWARNINGS = default

.DEFAULT_GOAL := help
.PHONY: help run demo test check bench golden clean

help:  ## Show this help
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

$(VENV)/.runtime: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit("Glidepath needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Try: make PYTHON=python3.12") if sys.version_info < (3, 11) else None'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing what Glidepath needs (about a minute, once)"
	@PYTHONWARNINGS=ignore $(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.runtime
	@echo "Installing what the tests need (once)"
	@PYTHONWARNINGS=ignore $(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

run: $(VENV)/.runtime  ## Load the sample company and open the dashboard
	@test -f $(STORE)/manifest.json || $(BIN)/python -m costlib demo --store $(STORE)
	@echo "Opening http://localhost:$(PORT) (Ctrl+C ends it)"
	@GLIDEPATH_STORE=$(STORE) $(BIN)/streamlit run app.py --server.port $(PORT)

demo: $(VENV)/.runtime  ## Load the sample company only
	$(BIN)/python -m costlib demo --store $(STORE)

test: $(VENV)/.dev  ## Install and pass all tests, browser tests included
	$(BIN)/python -m pytest -n 2 --dist worksteal

check: $(VENV)/.dev  ## Lint, format and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(VENV)/.dev  ## Speed and memory, as ratios to a baseline in the same run
	$(BIN)/python -m bench

golden: $(VENV)/.dev  ## Write the golden files again after a change that is meant
	GOLDEN=1 $(BIN)/python -m pytest tests -k golden

clean:  ## Remove the environment and caches; the store stays
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis
