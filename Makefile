# The commands of ace_partners; `make` alone lists them. Plain Makefile, also for the old make of macOS.

PORT ?= 8000
WORKERS ?= 2

# Homebrew's libraries are not where Python looks, and macOS drops the variable on its way through sh.
ifeq ($(shell uname),Darwin)
PYTHON_RUN = DYLD_FALLBACK_LIBRARY_PATH=/opt/homebrew/lib:/usr/local/lib .venv/bin/python
else
PYTHON_RUN = .venv/bin/python
endif
MANAGE = $(PYTHON_RUN) manage.py

# Settings as on a real server, for the linters that load them; nothing is read from or written to a database.
AS_IN_PRODUCTION = DEBUG=false ACE_DEMO=false DATABASE_URL=sqlite:///:memory: \
	ALLOWED_HOSTS=ace.example.org SITE_URL=https://ace.example.org \
	SECRET_KEY=for-the-linters-only-0123456789-abcdefghijklmnopqrstuvwxyz
PAGES = $(shell find . -path ./.venv -prune -o -path ./static -prune -o -path '*/templates/*.html' -print)

.DEFAULT_GOAL := help

.PHONY: help
help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' Makefile

.PHONY: demo
demo: export SITE_URL = http://127.0.0.1:$(PORT)
demo: ## everything, then the demo on http://127.0.0.1:8000 (PORT=8123 for another port)
	@deploy/setup.sh runtime
	@$(MANAGE) migrate --verbosity 0
	@$(MANAGE) createcachetable
	@$(MANAGE) load_reference
	@$(MANAGE) load_network
	@$(MANAGE) load_demo
	@$(MANAGE) demo_accounts
	@# --noreload: one process, so that stopping make stops the server.
	@$(MANAGE) runserver --noreload 127.0.0.1:$(PORT)

.PHONY: test
test: ## linters, then all tests on SQLite, on PostgreSQL and in Chromium; ends with what was skipped
	@deploy/setup.sh test
	@$(PYTHON_RUN) deploy/run_tests.py --workers $(WORKERS)

.PHONY: coverage
coverage: ## tests on SQLite with the lines and branches they miss
	@deploy/setup.sh test
	@DATABASE_URL=sqlite:///:memory: $(PYTHON_RUN) -m pytest -q -n $(WORKERS) -m "not browser and not postgres" \
		--cov --cov-report=term-missing:skip-covered

LINTERS = lint-code lint-format lint-tags lint-pages lint-imports lint-types lint-migrations lint-deploy
.PHONY: lint $(LINTERS)
lint: ready-for-lint ## all linters (`make -k lint` goes on after the first complaint)
	@$(MAKE) --no-print-directory $(LINTERS)
.PHONY: ready-for-lint
ready-for-lint:
	@deploy/setup.sh test
lint-code:
	$(PYTHON_RUN) -m ruff check .
lint-format:
	$(PYTHON_RUN) -m ruff format --check --output-format concise .
lint-tags:
	@echo "djade --check (templates)"
	@.venv/bin/djade --check --target-version 5.2 $(PAGES)
lint-pages:
	$(PYTHON_RUN) -m djlint --lint --quiet templates
lint-imports:
	.venv/bin/lint-imports --no-logo
lint-types:
	@echo "mypy"
	@$(AS_IN_PRODUCTION) $(PYTHON_RUN) -m mypy
lint-migrations:
	@echo "manage.py makemigrations --check"
	@$(AS_IN_PRODUCTION) $(MANAGE) makemigrations --check --dry-run
lint-deploy:
	@echo "manage.py check --deploy"
	@$(AS_IN_PRODUCTION) $(MANAGE) check --deploy --fail-level WARNING

.PHONY: format
format: ## put Python and template tags in their form
	@deploy/setup.sh test
	@$(PYTHON_RUN) -m ruff check --fix --quiet . ; $(PYTHON_RUN) -m ruff format --quiet .
	@.venv/bin/djade --target-version 5.2 $(PAGES)

.PHONY: css
css: ## build static/css/site.css from static/src (needs npm)
	cd static/src && npm ci && npm run build

.PHONY: messages
messages: ## collect the catalogues, fill the English one, compile both (needs gettext)
	@deploy/setup.sh test
	@$(MANAGE) makemessages --locale fr --locale en --no-obsolete --no-location --ignore 'static/*' --ignore 'var/*'
	@$(PYTHON_RUN) deploy/fill_english.py
	@$(MANAGE) compilemessages --locale fr --locale en --ignore '.venv'
