# make help lists what there is.

# Stamping the version asks git, which refuses a folder that belongs to another
# user (a checkout mounted into a container, say).
export GOFLAGS += -buildvcs=false

# What make test tests, and how: make test PKG=./internal/quiz ARGS='-run Grade -v'
PKG ?= ./...
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help run test verifier bench generate lint fmt dev demo-reset build

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## Start everything, with the demonstration, at http://127.0.0.1:8080
	@deploy/need.sh $(if $(HOCSO_DATABASE_URL),,postgres) $(if $(HOCSO_REDIS_URL),,redis)
	@$(MAKE) --no-print-directory build
	@exec var/bin/hocso up --demo

test: verifier ## Run all tests
	@deploy/need.sh postgres redis chromium fonts poppler zbar
	go run ./internal/platform/testkit/testenv go test -timeout 15m $(ARGS) $(PKG)

verifier: folder = internal/platform/testkit/verifier
verifier: ## Install what verifies our credentials in tests
	@deploy/need.sh node
	@[ $(folder)/node_modules/.package-lock.json -nt $(folder)/package-lock.json ] || npm --prefix $(folder) ci --no-audit --no-fund

bench: ## Measure speed, weight and memory into var/bench.json
	@deploy/need.sh postgres redis
	@$(MAKE) --no-print-directory build
	@exec var/bin/hocso bench

generate: node_modules = views/assets/node_modules/.package-lock.json
generate: ## Write templ's Go files and the CSS anew; commit what changes
	@deploy/need.sh node
	go tool templ generate
	@[ $(node_modules) -nt views/assets/package-lock.json ] || npm --prefix views/assets install --no-save --no-audit --no-fund
	npm --prefix views/assets run build

lint: ## Check format, vet, staticcheck and who imports whom
	@unformatted=$$(gofmt -l cmd content internal migrations views) && [ -z "$$unformatted" ] || \
		{ echo "not formatted (make fmt mends it): $$unformatted"; exit 1; }
	@go tool templ fmt -fail -log-level error views || { echo "templ files were not formatted: they are now"; exit 1; }
	go vet ./...
	go tool staticcheck ./...
	go test -count=1 ./internal

fmt: ## Format Go and templ files
	gofmt -w cmd content internal migrations views
	go tool templ fmt views

dev: ## Like run, rebuilding and reloading on change, at http://127.0.0.1:7331
	@deploy/need.sh node $(if $(HOCSO_DATABASE_URL),,postgres) $(if $(HOCSO_REDIS_URL),,redis)
	@exec deploy/dev.sh

demo-reset: ## Delete what make run keeps, to start over
	@deploy/demo-reset.sh

build: ## Build var/bin/hocso
	@command -v go >/dev/null || { echo "Go is not installed: see https://go.dev/doc/install"; exit 1; }
	@[ -e var/bin/hocso ] && echo "Building…" || echo "Building (the first time takes a minute or two)…"
	@go build -o var/bin/hocso ./cmd/hocso
