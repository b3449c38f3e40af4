# Emporium's commands. `make help` lists them.

SHELL := /bin/bash
SWIFT_SCRATCH ?= .build
PORT ?= 8080

.PHONY: help setup run test bench bench-big fuzz seed format lint schema strings data

help: ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: ## install the system libraries that the program needs
	@dev/setup

run: setup ## build for release and serve on http://127.0.0.1:8080
	swift build -c release --product emporium --scratch-path $(SWIFT_SCRATCH)
	$(SWIFT_SCRATCH)/release/emporium serve --port $(PORT)

test: setup ## install what the tests need, start PostgreSQL, run everything
	@dev/setup --tests
	dev/test

bench: setup ## build for release and print the benchmark table
	@dev/setup --bench
	dev/bench/run

bench-big: setup ## measure an index of 800,000 projects; needs 15 GB in /bench-big
	@dev/setup --bench
	dev/bench/run-big

fuzz: ## fuzz the parsers of what strangers send, each for SECONDS (60)
	FUZZ_SECONDS=$(or $(SECONDS),60) dev/fuzz/run

seed: ## fill the default data folder with made-up projects
	swift build --product emporium --scratch-path $(SWIFT_SCRATCH)
	$(SWIFT_SCRATCH)/debug/emporium seed

format: ## lay out the code
	swift format --in-place --recursive --parallel Sources Tests dev Package.swift

lint: ## say where the code is not laid out
	swift format lint --strict --recursive --parallel Sources Tests dev Package.swift

schema: ## write the schema files anew, from the migrations
	SCHEMA_UPDATE=1 dev/with-postgres swift test --scratch-path $(SWIFT_SCRATCH) --filter SchemaTests

strings: ## write what the sources say to people into the catalogs of translations
	@dev/strings

data: ## refresh the committed lists of identifiers from PyPA's packages
	@python=$$(dev/python-env data dev/data-requirements.txt) && "$$python" dev/data.py
