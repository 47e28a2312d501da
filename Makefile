PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/installed

.PHONY: setup demo test test-long crash-test conformance mutants mutants-full check bench interop openapi
.PHONY: requirements clean

setup: $(STAMP)

$(STAMP): pyproject.toml constraints.txt
	@echo "setting up .venv, once; it takes a minute or so"
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	$(BIN)/python -m compileall -q contracts mock_momo reference_client conformance loadtests
	@touch $(STAMP)

demo: $(STAMP)
	@$(BIN)/python -m demo

test: $(STAMP)
	$(BIN)/python -m pytest -n 2 --dist loadfile -m 'not long'

test-long: $(STAMP)
	$(BIN)/python -m pytest -n 2 -m long --timeout 1200

crash-test: $(STAMP)
	@$(BIN)/python -m tests.crash

conformance: $(STAMP)
	@$(BIN)/mock-momo drive --driver "$(BIN)/python -m momo_client.driver"

mutants: $(STAMP)
	@$(BIN)/python -m tests.mutants

mutants-full: $(STAMP)
	@$(BIN)/python -m tests.mutants --full

check: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(STAMP)
	$(BIN)/python -m bench
	$(BIN)/python -m bench.coldstart
	$(BIN)/python -m bench.stopping
	$(BIN)/python -m bench.memory

interop: $(STAMP)
	$(BIN)/python -m interop

openapi: $(STAMP)
	$(BIN)/python -m tests.contracts.renderings

requirements: $(STAMP)
	$(BIN)/python -m tests.conformance.requirement_tables

clean:
	rm -rf .venv .interop build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
