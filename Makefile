# make run     build getij and run the reference study (needs Go only)
# make test    everything that must pass, with its own set-up
GO := go
export CGO_ENABLED := 0

# npm leaves out packages that the Node it runs on is too old for: the dashboard's
# are installed under the Node that they are run with, the package "node".
NODE := $(shell sed -n 's/^ *"node": "\(.*\)".*/\1/p' web/package.json)
WEB_PACKAGES := npm exec --yes --package=node@$(NODE) -- npm ci --no-audit --no-fund

.PHONY: build run test check bench web web-check

build: ## bin/getij, one static binary
	$(GO) build -trimpath -o bin/getij ./cmd/getij

run: build ## the reference study: results and a report in results/reference-2024
	./bin/getij run

test: check web-check ## formatting, static checks, all tests with race detection, the dashboard in a browser
	@[ -d ../shared/data ] || echo "The tests on files of real measurements are left out: there is no folder ../shared/data. Those on made files of the same layouts run."
	CGO_ENABLED=1 GETIJ_REQUIRE_ORACLES=1 $(GO) test -race -timeout 20m ./...
	cd web && npm run --silent browser

check: ## formatting, vet, staticcheck, tidy modules, types on every system
	sh scripts/test-tools.sh
	@unformatted="$$($(GO) tool gofumpt -l .)"; if [ -n "$$unformatted" ]; then echo "run 'go tool gofumpt -w .' for:"; echo "$$unformatted"; exit 1; fi
	$(GO) vet ./...
	$(GO) tool staticcheck ./...
	$(GO) mod tidy -diff
	$(GO) test -run TestEveryPackageBuildsOnEverySystem .

web: ## the dashboard, from web/src to web/dist (commit both)
	cd web && $(WEB_PACKAGES) && npm run build

web-check: ## types, tests and a fresh build of the dashboard
	sh scripts/test-tools.sh
	cd web && $(WEB_PACKAGES) && npm run check && npm test && npm run build
	@if [ -n "$$(git status --porcelain web/dist)" ]; then echo "web/dist is not what web/src builds: run 'make web' and commit"; git status --short web/dist; exit 1; fi

bench: ## time our optimiser against HiGHS on the same year
	sh scripts/test-tools.sh
	$(GO) run ./bench
