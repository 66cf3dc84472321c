# make run     build getij and run the reference study (needs Go only)
# make test    everything that must pass, with its own set-up
GO := go
export CGO_ENABLED := 0

.PHONY: build run test check bench

build: ## bin/getij, one static binary
	$(GO) build -trimpath -o bin/getij ./cmd/getij

run: build ## the reference study: results and a report in results/reference-2024
	./bin/getij run

test: check ## formatting, static checks, all tests with race detection
	sh scripts/test-tools.sh
	CGO_ENABLED=1 GETIJ_REQUIRE_ORACLES=1 $(GO) test -race -timeout 20m ./...

check: ## formatting, vet, staticcheck, tidy modules
	@unformatted="$$($(GO) tool gofumpt -l .)"; if [ -n "$$unformatted" ]; then echo "run 'go tool gofumpt -w .' for:"; echo "$$unformatted"; exit 1; fi
	$(GO) vet ./...
	$(GO) tool staticcheck ./...
	$(GO) mod tidy -diff

bench: ## time our optimiser against HiGHS on the same year
	sh scripts/test-tools.sh
	$(GO) run ./bench
