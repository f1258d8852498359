# Every target sets up what it needs; nothing has to be installed by hand.
PYTHON ?= python3
ARGS ?=
BIN := .venv/bin
SETUP := $(PYTHON) .ci/setup.py
# Where it is set, as in many containers, every start would compile the libraries anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: serve test pages conformance chaos fuzz bench bulk brute timing check format lock requirements tools picture minio

serve:
	@$(SETUP) serve
	@exec $(BIN)/nmo serve $(ARGS)

test: tools
	@browser=$$($(PYTHON) .ci/browser.py) && NMO_CHROMIUM="$$browser" $(BIN)/pytest -n 3 --dist worksteal $(ARGS)

# The journeys of the page on a phone and at a desk as well.
pages: tools
	@browser=$$($(PYTHON) .ci/browser.py) && TEST_LONG=1 NMO_CHROMIUM="$$browser" $(BIN)/pytest -n 3 tests/test_page_*.py $(ARGS)

conformance: tools
	@TEST_LONG=1 $(BIN)/pytest tests/test_conformance_product.py $(ARGS)

# Kills of writers and readers of the journal; ARGS="--kills 100 --seed 7" for a longer play.
chaos: tools
	@$(BIN)/python -m tests.chaos.journal $(ARGS)

# The server against broken and absurd requests; ARGS="--seed 7" sends others.
fuzz: tools
	@$(BIN)/python -m tests.fuzz.product $(ARGS)

# How fast it is here; ARGS=--large on much data.
bench: tools
	@$(BIN)/python -m bench $(ARGS)

# Exports of 100,000 rows and 50,000 results in batches, on the large data.
bulk: tools
	@$(BIN)/python -m bench.bulk $(ARGS)

# How many of a storm of guesses are looked at; whether the time of an answer tells who has an account.
brute: tools
	@$(BIN)/python -m tests.attack.brute $(ARGS)

timing: tools
	@$(BIN)/python -m tests.attack.timing $(ARGS)

check: tools
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/mypy --strict .ci
	$(BIN)/pyright
	$(BIN)/lint-imports
	$(BIN)/pytest -q tests/test_sdl.py
	$(BIN)/python -m tests.built_page
	$(PYTHON) .ci/lock.py --check

format: tools
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

requirements: tools
	@$(BIN)/python -m tests.requirements

lock: tools
	$(PYTHON) .ci/lock.py

# The picture of the page in the README.
picture: tools
	@browser=$$($(PYTHON) .ci/browser.py) && NMO_CHROMIUM="$$browser" $(BIN)/pytest -q tests/picture.py

minio:
	@$(PYTHON) .ci/minio.py

tools:
	@$(SETUP) test
