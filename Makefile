# Needs Python 3.11+ with venv and make, nothing else. `make help` lists the targets.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help install run test check bench bench-store bench-alerter screenshots lock kafka

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

# The stamp is newer than the lock only after a complete install, so a broken install is repeated.
$(VENV)/.installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Tocsin needs Python 3.11 or newer: make PYTHON=/path/to/python3.11 ..." >&2; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

install: $(VENV)/.installed ## the environment in .venv, every version pinned with hashes

run: install ## everything on this machine, with the five seed articles replayed
	$(BIN)/tocsin run --replay seeds

test: install ## all tests (under 15 minutes on two cores)
	$(BIN)/python -m pytest -n 2 --dist loadfile $(ARGS)

check: install ## style and types only: seconds
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports

bench-store: install ## a million events in the dashboard's store, searched (minutes)
	$(BIN)/python -m tests.bench.bench_store $(ARGS)

screenshots: install ## the pictures in README, from the seeds (needs chromium)
	$(BIN)/python -m tests.dashboard.pictures deploy/screenshots alerts-wide alerts-narrow map-wide article-wide why-not-wide

bench: install ## speed and memory of the extractor, and of a backtest, as ratios (minutes)
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/python -m tests.bench.bench_extractor $(ARGS)
	$(BIN)/python -m tests.bench.bench_backtest

bench-alerter: install ## speed of the alerter on real Kafka, as ratios (minutes; Java 17 and Maven)
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/python -m tests.bench.bench_alerter $(ARGS)

kafka: ## real Apache Kafka on 127.0.0.1:9092 (Java 17 and Maven)
	deploy/kafka/run --port 9092 --data .tocsin/kafka

lock: ## pin all dependencies together (needs uv)
	uv pip compile --universal --generate-hashes --no-emit-index-url --no-annotate --no-header --python-version 3.11 --all-extras --output-file requirements.lock pyproject.toml
