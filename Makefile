# The only commands a developer must know: up, test, check, sim, bench.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
PY := .venv/bin/python
export GUIYAN_HOME ?= $(CURDIR)/.state

.PHONY: up test check fix sim bench wheel lock prepare chromium clean

up: prepare  ## run the product with the demonstration company
	exec .venv/bin/guiyan up --demo

# The browser driver keeps an event loop in the thread of its tests, so each browser suite has a process of its own.
BROWSER_SUITES := tests/browser tests/browser_story tests/ledger/test_verifier_page.py

test: prepare chromium  ## the whole suite, browser tests included
	$(PY) -m pytest -n 2 --dist loadfile $(addprefix --ignore=,$(BROWSER_SUITES))
	for suite in $(BROWSER_SUITES); do $(PY) -m pytest $$suite || exit 1; done

check: prepare  ## style, types, layers, templates
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	$(PY) -m guiyan.ui.lint

fix: prepare  ## mend what the style checker can mend
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

sim: prepare  ## play every scenario; packs and logs go to .state/sim
	for name in $$(.venv/bin/guiyan scenario list | cut -f1); do \
		.venv/bin/guiyan scenario run $$name --out $(GUIYAN_HOME)/sim/$$name || exit 1; done

bench: prepare  ## measure, each figure as a ratio in one run
	for file in bench/*.py; do $(PY) $$file || exit 1; done

wheel: prepare  ## dist/guiyan-*.whl, with front-end files inside
	$(PY) -m build --wheel --no-isolation

lock:  ## compile the hashed requirements anew
	.venv/bin/pip install -q uv
	.venv/bin/uv pip compile -q --generate-hashes --no-emit-index-url --no-header --python-version 3.11 requirements.in -o requirements.txt
	.venv/bin/uv pip compile -q --generate-hashes --no-emit-index-url --no-header --python-version 3.11 requirements-dev.in -o requirements-dev.txt

prepare: .venv/.ready
	@$(PY) -m guiyan.ui.assets
	@$(PY) -m guiyan.platform.catalogs

.venv/.ready: requirements.txt requirements-dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Guiyan needs Python 3.11 or newer"; exit 1; }
	@.venv/bin/python -c '' 2>/dev/null || $(PYTHON) -m venv --clear .venv 2>/dev/null || { rm -rf .venv; apt-get update -qq && apt-get install -y -qq python3-venv && $(PYTHON) -m venv .venv; } \
		|| { echo "Python's venv module is missing: install the package python3-venv"; exit 1; }
	$(PY) -m pip install -q --disable-pip-version-check --require-hashes -r requirements.txt -r requirements-dev.txt
	$(PY) -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

chromium:  ## Debian's browser for the browser tests, installed when we may
	@command -v chromium >/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get update -qq && apt-get install -y -qq chromium; } \
		|| echo "chromium is not here and may not be installed: browser tests will be named as not run"

clean:
	rm -rf .venv .state build dist node_modules src/guiyan/ui/static/vendor
