# `make run` and `make test` are all that a newcomer needs; both set up what is missing first.
# HOST, PORT, UNDERSIGNED_VAR, DATABASE_URL and every other setting may be given: make run PORT=8001

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run setup test check lock clean

BIN := .venv/bin
READY := .venv/.ready
READY_TO_TEST := .venv/.ready-to-test
UV := $(shell command -v uv 2>/dev/null)
EVERYTHING := .[test,bench]

# A demonstration, unless the environment, the command line or .env says otherwise.
ifneq ($(shell grep -qs '^DEMO=' .env && echo said),said)
DEMO ?= 1
export DEMO
endif

# The first Python that will do, unless PYTHON names one. Without uv it must bring its own way to make a
# virtual environment, which Debian packages apart.
NEEDS := import sys; assert sys.version_info >= (3, 11)$(if $(UV),,; import venv, ensurepip)
define choose_python
for python in $(or $(PYTHON),python3.13 python3.12 python3.11 python3); do \
	if "$$python" -c '$(NEEDS)' 2>/dev/null; then command -v "$$python"; break; fi; done
endef

# $(call install,options): with uv when it is there and able, otherwise with pip, at the locked versions.
define install
{ [ -n "$(UV)" ] && "$(UV)" pip install --quiet --python $(BIN)/python --constraint requirements.lock $(1); } \
|| { $(BIN)/python -m pip --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip >/dev/null; \
	$(BIN)/python -m pip install -qq --disable-pip-version-check --constraint requirements.lock $(1); }
endef

# $(call debian,packages,what goes without them): installed for root on Debian and Ubuntu, named for others. Nothing
# that they bring is started: runlevel 1 has no services.
define debian
{ if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	echo "Installing $(1)"; export DEBIAN_FRONTEND=noninteractive RUNLEVEL=1; \
	apt-get install -qq --yes --no-install-recommends $(1) >/dev/null 2>&1 \
	|| { apt-get update -qq; apt-get install -qq --yes --no-install-recommends $(1) >/dev/null; }; \
else false; fi; } || echo "$(2) until you run: sudo apt-get install $(1)"
endef

help:
	@sed -n 's/^\([a-z]*\):.*## /  make \1|/p' Makefile | awk -F'|' '{ printf "%-14s %s\n", $$1, $$2 }'

run: $(READY) ## start everything on this machine, with demonstration campaigns
	@$(BIN)/undersigned up

setup: $(READY) ## make .venv, with the undersigned command in it

test: $(READY_TO_TEST) ## run every test, in a real browser too
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null \
		|| $(call debian,chromium,The tests in a browser cannot run)
	@command -v pdftotext >/dev/null || $(call debian,poppler-utils,The tests that read PDFs cannot run)
	@command -v postfix >/dev/null || $(call debian,postfix,The tests through a real mail server cannot run)
	@command -v dovecot >/dev/null || $(call debian,dovecot-imapd,The tests that collect mail cannot run)
	@$(BIN)/python -m pytest -n 2 --dist loadfile

check: $(READY_TO_TEST) ## look for mistakes without running everything
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m pytest tests/house -q -m "not slow"

lock: $(READY) ## choose the newest versions that fit, and write them in requirements.lock
	@[ -n "$(UV)" ] || [ -x $(BIN)/uv ] || $(BIN)/python -m pip install -qq uv
	@echo '# The versions that `make setup` installs; `make lock` refreshes them.' > .venv/new.lock
	@"$(or $(UV),$(BIN)/uv)" pip compile pyproject.toml --quiet --extra test --extra bench --universal --python-version 3.11 \
		--upgrade --no-header --no-annotate --no-emit-index-url --no-emit-find-links >> .venv/new.lock
	@cp .venv/new.lock requirements.lock

clean: ## remove .venv and caches; what is in var stays
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache build dist
	@find src tests -name __pycache__ -prune -exec rm -rf {} +

# A .venv whose Python has been removed from the machine is made again, with all that was in it.
ifneq ($(shell test -x .venv/bin/python && echo there),there)
.PHONY: .venv/bin/python
endif

.venv/bin/python:
	@[ -n "$(PYTHON)$$($(choose_python))" ] || $(call debian,python3-venv,Nothing can be set up)
	@python=$$($(choose_python)); \
	[ -n "$$python" ] || { echo "Undersigned needs Python 3.11 or later, with its venv module." >&2; exit 1; }; \
	echo "Making .venv with $$python"; \
	$(if $(UV),"$(UV)" venv --quiet --seed --clear --python "$$python" .venv ||) "$$python" -m venv --clear .venv

$(READY): .venv/bin/python pyproject.toml requirements.lock
	@echo "Installing what Undersigned needs; the first time takes a minute"
	@$(call install,--editable .)
	@$(BIN)/python -c 'import sys; from ctypes.util import find_library as find; \
		sys.exit(not all(map(find, ["pango-1.0", "pangoft2-1.0", "harfbuzz-subset"])))' \
		|| $(call debian,libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0,Letters cannot be made into PDFs)
	@touch $@

$(READY_TO_TEST): $(READY)
	@echo "Installing what the tests need"
	@$(call install,--editable '$(EVERYTHING)')
	@touch $@
