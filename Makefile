# Honrai: `make run` shows a centre at work, `make test` runs everything. See README.md.
PYTHON ?= python3
BIN := .venv/bin
MEASURED := src/honrai/kernel src/honrai/platform src/honrai/approvals src/honrai/desk/tests src/honrai/site/tests tests/isolation
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: run test check bench coverage soak fuzz wheels lock clean

run: .venv/.installed  ## install, start the database, migrate, load the demo city once, serve
	$(BIN)/honrai run

test: .venv/.installed-dev browser check  ## everything: checks, unit, architecture, conformance, journeys in a browser
	$(BIN)/python -m pytest -n 2 --dist worksteal --durations 20 $(if $(CI),-p randomly --randomly-seed=20260401)

check: .venv/.installed-dev  ## format, lint, types, import contracts, templates, migrations
	$(BIN)/python -m tests.checks

bench: .venv/.installed-dev  ## measure beside peers and print ratios
	$(BIN)/python -m benchmarks

coverage: .venv/.installed-dev  ## how much of kernel, platform and approvals, templates included, their tests run (>= 95 %)
	$(BIN)/python -m pytest -q -n 2 --dist worksteal --cov --cov-report=term:skip-covered --cov-fail-under=95 $(MEASURED)

soak: .venv/.installed-dev  ## the long kill, differential and isolation runs
	$(BIN)/python -m tests.soak

fuzz: .venv/.installed-dev  ## ten minutes of fuzzing for each reader
	$(BIN)/python -m tests.fuzz

wheels: .venv/.installed-dev  ## build both wheels into dist/
	$(BIN)/python -m pip wheel --no-deps --no-build-isolation -q -w dist . ./packaging/engines

lock: .venv/.installed-dev  ## renew the pinned and hashed lock files after a change of pyproject.toml
	$(BIN)/uv pip compile -q --universal --generate-hashes --no-emit-package honrai-engines pyproject.toml -o requirements.txt
	$(BIN)/uv pip compile -q --universal --generate-hashes --no-emit-package honrai-engines pyproject.toml --group dev -o requirements-dev.txt

browser: .venv/.installed-dev  ## Chromium and fonts for the journeys, by apt where it may
	@$(BIN)/python -m tests.browser

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/.installed: requirements.txt pyproject.toml | .venv/bin/python
	@echo "Installing what Honrai runs on (pinned, hashed); this takes a minute the first time"
	$(BIN)/python -m pip install --require-hashes -r requirements.txt
	@$(BIN)/python -c "import pathlib, site; pathlib.Path(site.getsitepackages()[0], 'honrai.pth').write_text(str(pathlib.Path('src').resolve()))"
	@printf '#!%s\nfrom honrai.site.cli import main\nraise SystemExit(main())\n' "$(CURDIR)/$(BIN)/python" > $(BIN)/honrai && chmod +x $(BIN)/honrai
	@touch $@

.venv/.installed-dev: requirements-dev.txt .venv/.installed
	@echo "Installing what the tests need"
	$(BIN)/python -m pip install --require-hashes -r requirements-dev.txt
	@touch $@

clean:  ## remove everything made here (the demo's data too)
	rm -rf .venv var dist build
