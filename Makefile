# The vocabulary of the project. `make help` lists it.
#
# Everything runs under the Node that package.json brings, whatever the system has: it is first on PATH.
SHELL := /bin/bash
export PATH := $(shell scripts/with-node printenv PATH)
export NX_DAEMON := false
export NX_TUI := false
export NX_NO_CLOUD := true

.DEFAULT_GOAL := help
.PHONY: help install run test check gen gen-check breaking format migrate rotate-keys rotate-encryption-key bench simulate build images

help: ## List the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  %-21s %s\n", $$1, $$2}'

# The lockfile decides; the stamp says that it has been obeyed.
node_modules/.installed: package-lock.json
	npm ci --no-audit --no-fund --loglevel=error
	@touch $@

install: node_modules/.installed ## Install what the lockfile names

run: node_modules/.installed ## Start the whole system on an embedded Postgres (no key, no server needed)
	@exec node --import @quotemaster/observe/register services/standalone/src/main.ts

test: node_modules/.installed ## Run every test this machine can serve
	npm test --silent

check: node_modules/.installed ## Lint, types, boundaries, unused, drift: exactly what CI runs
	buf lint
	@$(MAKE) --no-print-directory gen-check breaking
	nx run-many -t lint typecheck --parallel 2 --output-style static
	tsc -p scripts
	tsc -p deploy/bench
	eslint --max-warnings 0 scripts deploy '*.config.js'
	prettier --check --log-level warn .
	knip --no-config-hints

gen: node_modules/.installed ## Write everything that is generated from proto/
	node libs/contract/codegen/generate.ts
	node services/gateway/src/write-openapi.ts
	node libs/client/codegen/generate.ts

gen-check: node_modules/.installed
	node scripts/check-generated.ts

breaking: node_modules/.installed ## Compare the contract with the newest contract-v* tag
	node scripts/check-breaking.ts

format: node_modules/.installed ## Format the code
	prettier --write --log-level warn .

migrate: node_modules/.installed ## Migrate every schema with DATABASE_ADMIN_URL
	node scripts/migrate.ts

rotate-keys: node_modules/.installed ## Rotate the keys of access tokens in QM_ACCESS_KEY_DIR
	node services/user/src/main.ts rotate-keys

rotate-encryption-key: node_modules/.installed ## Add a key to QM_ENCRYPTION_KEY_FILE and seal stored secrets anew (ARGS=--drop afterwards)
	node services/user/src/main.ts rotate-encryption-key $(ARGS)

bench: node_modules/.installed ## Measure what the system adds to a model's time; writes docs/performance.md
	node deploy/bench/main.ts
	node deploy/bench/identity.ts
	node deploy/bench/edge.ts
	node deploy/bench/abuse.ts
	node deploy/bench/orchestrators.ts --soak

simulate: node_modules/.installed ## Simulate a day of choosing among providers; writes docs/orchestration.md
	node services/ai-orchestrator/simulation/main.ts

build: node_modules/.installed ## Compile libs and services into dist/, as images do
	node scripts/build.ts

# Any image with Node 26 and npm; the version is that of package.json.
BASE_IMAGE ?= node:26-slim
SERVICES := gateway user quote ai-orchestrator
images: ## Build the image of every service (needs a Docker engine; BASE_IMAGE=...)
	deploy/images/build "$(BASE_IMAGE)" $(SERVICES)
