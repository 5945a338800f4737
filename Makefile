# make demo    a month of invented mail through the real pipeline, in ./demo
# make test    all tests, on real servers
# make crash   the program killed at every step and at 200 random instants; nothing lost, nothing twice
# make setup   the command at .venv/bin/baosong
# make check   format, lint, types
# make fuzz    ten minutes of octets that nobody wrote, for every reader (SECONDS=60: one)
# make audit   are there known faults in what we depend on; status 3 where that cannot be asked
# make sbom    the list of the software's parts (CycloneDX), from the lock file, into dist/
# make bench   beside mbsync, imap_tools and imaplib, as ratios, within a minute (bench-full: the promised sizes, and all)
# make bench-judging   the time of judging a message, and of the slowest checks; bench-likeness: pictures met again
# make lock    the lock files anew, after a change of dependencies in pyproject.toml

PYTHON ?= python3
VENV   := .venv
PIP    := $(VENV)/bin/pip --disable-pip-version-check --quiet

.PHONY: demo test setup check format lock servers crash fuzz audit sbom bench bench-full bench-judging bench-likeness clean

demo: setup
	$(VENV)/bin/baosong demo demo

test: $(VENV)/.dev servers
	$(VENV)/bin/python -m pytest

crash: $(VENV)/.dev servers
	$(VENV)/bin/python -m tests.crash

setup: $(VENV)/.setup

check: $(VENV)/.dev
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy

format: $(VENV)/.dev
	$(VENV)/bin/ruff format .
	$(VENV)/bin/ruff check --fix .

# Found by its path: the finder that is the default costs every start 30 ms.
$(VENV)/.setup: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "baosong needs Python 3.11 or newer: make PYTHON=python3.11 setup")'
	test -x $(VENV)/bin/python || $(PYTHON) -m venv $(VENV)
	$(PIP) install --require-hashes -r requirements.lock
	$(PIP) install --no-deps --config-settings editable_mode=compat --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.setup requirements-dev.lock
	$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@

SECONDS ?= 600

# Guided by coverage where Atheris has a wheel for this Python and system, by mutation alone elsewhere.
fuzz: $(VENV)/.dev
	$(PIP) install --only-binary :all: atheris || echo "no Atheris here: mutation alone"
	nice -n 10 $(VENV)/bin/python -m tests.fuzz $(SECONDS)

audit: $(VENV)/.dev
	$(VENV)/bin/python .ci/audit.py

sbom: $(VENV)/.dev
	mkdir -p dist
	$(VENV)/bin/cyclonedx-py requirements --pyproject pyproject.toml --output-reproducible --validate -o dist/baosong.cdx.json requirements.lock

bench: $(VENV)/.dev servers
	$(VENV)/bin/python -m tests.bench

bench-full: $(VENV)/.dev servers
	$(VENV)/bin/python -m tests.bench --full

bench-judging: $(VENV)/.dev
	$(VENV)/bin/python -m tests.bench.judging

bench-likeness: $(VENV)/.dev
	$(VENV)/bin/python -m tests.bench.likeness

servers:
	@sh tests/servers/install.sh

lock: $(VENV)/.dev
	$(PIP) install uv
	$(VENV)/bin/uv pip compile --quiet --universal --no-strip-extras --generate-hashes --no-emit-index-url --no-header --python-version 3.11 --upgrade pyproject.toml -o requirements.lock
	$(VENV)/bin/uv pip compile --quiet --universal --no-strip-extras --generate-hashes --no-emit-index-url --no-header --python-version 3.11 --constraint requirements.lock --extra province pyproject.toml -o requirements-province.lock
	$(VENV)/bin/uv pip compile --quiet --universal --no-strip-extras --generate-hashes --no-emit-index-url --no-header --python-version 3.11 --constraint requirements.lock --group dev pyproject.toml -o requirements-dev.lock

clean:
	rm -rf $(VENV) demo build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache
