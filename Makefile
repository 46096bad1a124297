# make demo    a fresh clone to a finished pair of videos, within 4 minutes on two cores
# make test    everything that must hold: ruff, mypy, pytest
# make lint    the first two of these
# make clean   what `make` made, but not your renders

PYTHON ?= python3.11
BIN := .venv/bin
CORE := .venv/.core-installed
DEV := .venv/.dev-installed
SPEC ?= scenes/dominoes.yaml
# Small enough for a first look on two slow cores; `render` alone uses the spec's own 672x384.
DEMO ?= --quality draft --size 384x216 --frames 48 --out renders/demo

.PHONY: demo test lint format install clean

demo: $(CORE)
	@$(BIN)/python -m generator.system
	$(BIN)/python -m generator render $(SPEC) $(DEMO)

test: $(DEV) lint
	@$(BIN)/python -m generator.system
	$(BIN)/python -m pytest -n 2 --dist worksteal

lint: $(DEV)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(DEV)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

install: $(DEV)

# The stamps are older than the files that say what to install exactly when something is to be done.
$(CORE): pyproject.toml requirements.lock
	@command -v $(PYTHON) >/dev/null || { echo "error: $(PYTHON) is not here, and Blender's module needs Python 3.11 (or: make PYTHON=/path/to/python3.11)" >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c requirements.lock -e .
	@touch $@

$(DEV): $(CORE)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c requirements.lock -e '.[dev]'
	@touch $@

clean:
	rm -rf .venv build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
