# Two commands on a machine that has Python 3.11 and make: `make demo` and `make test`.
# PORT, DATA_DIR and DATABASE_URL are read from the environment or the command line.

PYTHON ?= $(firstword $(foreach name,python3.11 python3.12 python3,$(shell command -v $(name) 2>/dev/null)))
PY := .venv/bin/python
WORKERS ?= 2
TESTS ?=
FUZZ = SECONDS="$(SECONDS)" SEED="$(SEED)" ROUND="$(ROUND)" $(PY) -m pytest -q -p no:randomly tests/fuzz/long.py

.DEFAULT_GOAL := help
.PHONY: help python demo environment test test-postgres matrix check faults fuzz lock mutants touched drill screenshots bench clean

help: ## Show this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/\1|\2/' | awk -F'|' '{printf "  make %-14s %s\n", $$1, $$2}'

python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 is needed: install python3.11 and try again."; exit 1; }

demo: python ## Everything from nothing to a running site: http://localhost:8000 (PORT, DATA_DIR, DATABASE_URL)
	@$(PYTHON) -m portal.make.demo

environment: python ## Environment and packages for tests and checks
	@$(PYTHON) -m portal.make.environment --dev

test: environment ## All tests on SQLite; TESTS=path runs a part
	@env -u DATABASE_URL -u DATA_DIR $(PY) -m pytest -n $(WORKERS) $(TESTS)

test-postgres: environment ## The same on a PostgreSQL that is started for it
	@$(PY) -m portal.make.postgres $(PY) -m pytest -n $(WORKERS) $(TESTS)

matrix: environment ## Every cell of the permission matrix, none left out (tests/test_permission_matrix.py)
	@env -u DATABASE_URL -u DATA_DIR MATRIX=full $(PY) -m pytest -n $(WORKERS) tests/test_permission_matrix.py

check: environment ## Lint, format, types, fences, templates, translations, migrations, deploy check
	@$(PY) -m portal.make.check

lock: environment ## Write the locks from pyproject.toml; UPGRADE=1 takes the newest versions
	@$(PY) -m portal.make.lock $(if $(UPGRADE),--upgrade)

mutants: environment ## Plant a fault for every rule and see each caught; ONLY=words, WORKERS=2
	@env -u DATABASE_URL -u DATA_DIR ONLY="$(ONLY)" WORKERS="$(WORKERS)" $(PY) -m portal.make.mutants

touched: environment ## Which test runs which line: asked first by make mutants
	@env -u DATABASE_URL -u DATA_DIR $(PY) -m pytest -n $(WORKERS) -q --ignore=tests/browser --ignore=tests/fuzz --cov --cov-config=pyproject.toml --cov-context=test --cov-report= --junitxml=build/touched.xml

bench: environment ## What pages cost beside plain Django and Wagtail; SCALES=1,10,100 DB=both|sqlite|postgres
	@env -u DATABASE_URL -u DATA_DIR $(PY) -m portal.make.bench

drill: environment ## Lose the machine and bring it back from its copies; RUNS=10 DB=both|sqlite|postgres
	@env -u DATABASE_URL -u DATA_DIR RUNS="$(RUNS)" DB="$(DB)" $(PY) -m portal.make.drill

fuzz: environment ## Odd input for every form and address; SECONDS=600 SEED=n ROUND=0 DB=both|sqlite|postgres
	@case "$(DB)" in postgres) ;; *) env -u DATABASE_URL -u DATA_DIR $(FUZZ) ;; esac
	@case "$(DB)" in sqlite) ;; *) env -u DATA_DIR $(PY) -m portal.make.postgres env $(FUZZ) ;; esac

faults: environment ## The running portal with one fault after the other; DB=sqlite|postgres, ONLY=name, KILLS=n
	@DB="$(DB)" ONLY="$(ONLY)" KILLS="$(KILLS)" $(PY) -m portal.make.faults

screenshots: environment ## Pictures of the main pages into docs/screenshots (needs Chromium)
	@$(PY) -m pytest -q -p no:randomly tests/browser/shoot.py

clean: ## Remove everything that was made, except DATA_DIR
	@rm -rf .venv build static_root .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
