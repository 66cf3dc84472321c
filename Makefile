# make run     build getij and run the reference study (needs Go only)
# make test    everything that must pass, with its own set-up
GO := go
# The same flags for every step, so that each package is compiled once; -trimpath
# makes that so for every clone.
export CGO_ENABLED := 0
export GOFLAGS := $(strip $(shell $(GO) env GOFLAGS) -trimpath)

# Tests in which goroutines meet run with race detection as well, which takes ten times as
# long: workers that share a study, a population or a folder, readers beside the laboratory.
CONCURRENT := ./internal/cohort ./internal/coordinate ./internal/population ./internal/report ./internal/result ./internal/server ./internal/street ./internal/study
MEET := ^TestResultsAreTheSameOnAny|^TestAPopulationIsTheSame|^TestOneProcessor|^TestTheNumberOfProcessors|^TestProgress|^TestARunStops|^TestAComparisonComputes|^TestThePageIsSelfContained/least|^TestAResultFolderIsRead|^TestManyReaders|^TestOneReaderLeaves/several|^TestAShortRun|^TestLabRuns|^TestAStreetTakes|^TestADownload|^TestAResultIsReplaced|^TestABrokenFolder/without_a_file|^TestASlow|^TestReadersWho|^TestServingEnds|^TestIdle|^TestHealth|^TestMetrics|^TestAFolderThatIs

# npm leaves out packages that the Node it runs on is too old for: the dashboard's
# are installed under the Node that they are run with, the package "node".
NODE := $(shell sed -n 's/^ *"node": "\(.*\)".*/\1/p' web/package.json)
WEB_PACKAGES := npm exec --yes --package=node@$(NODE) -- npm ci --no-audit --no-fund

.PHONY: build kernel run test test-go test-dashboard test-engines check lint tests races browser fuzz bench web web-check notices audit release

build: kernel ## bin/getij, one static binary
	$(GO) build -o bin/getij ./cmd/getij

kernel: ## what computes in the browser of a site's reader, which getij embeds
	GO=$(GO) $(GO) run ./scripts/kernel

run: build ## the reference study: results and a report in results/reference-2024
	./bin/getij run

# Collecting garbage is a fifth of the work of tests and checks: memory is cheaper. Tests that
# hold memory to a bound count what is alive or was taken, which this does not change.
lint tests browser: export GOGC := 400

# Three lanes at once, each one thing after the other: Go's, races, and the dashboard's; each leaves
# a part of the processors idle on its own. -O shows the lines of one thing after those of another.
# Vet is lint's: tests need not do it again.
test: build ## everything that must pass: static checks, all tests, races, the dashboard in a browser
	@[ -d ../shared/data ] || echo "The tests on files of real measurements are left out: there is no folder ../shared/data. Those on made files of the same layouts run."
	@sh scripts/test-tools.sh
	@$(MAKE) --no-print-directory -j3 -Otarget test-go test-dashboard races

test-go:
	@$(MAKE) --no-print-directory lint
	@$(MAKE) --no-print-directory tests

test-dashboard:
	@$(MAKE) --no-print-directory web-check
	@$(MAKE) --no-print-directory browser

# Tests that drive the program find it here; on their own they link one each.
PROGRAM := GETIJ_PROGRAM=$(CURDIR)/bin/getij

# The longest first, or the last would run alone; three at once, as some wait for most of their time.
tests: build ## all tests of Go
	$(PROGRAM) GETIJ_REQUIRE_ORACLES=1 $(GO) test -count=1 -vet=off -timeout 20m -p 3 ./cmd/getij ./internal/study ./internal/server ./dispatch ./internal/home ./internal/crew ./internal/bucket ./...

# It waits for the program like the others, or it would go first.
races: build ## the tests in which goroutines meet, with race detection
	$(PROGRAM) CGO_ENABLED=1 GETIJ_REQUIRE_ORACLES=1 $(GO) test -race -short -vet=off -run '$(MEET)' -timeout 20m $(CONCURRENT)

browser: build ## the dashboard in Chromium, as a reader uses it (after make web-check)
	cd web && $(PROGRAM) npm run --silent browser

check: lint ## while working: static checks, and the short tests of what changed (CONTRIBUTING.md)
	$(GO) test -short -vet=off ./...

lint: ## formatting, vet, staticcheck, tidy modules
	@unformatted="$$($(GO) tool gofumpt -l .)"; if [ -n "$$unformatted" ]; then echo "run 'go tool gofumpt -w .' for:"; echo "$$unformatted"; exit 1; fi
	$(GO) vet ./...
	GOOS=js GOARCH=wasm $(GO) vet ./web/kernel
	$(GO) tool staticcheck ./...
	$(GO) mod tidy -diff

web: ## the dashboard, from web/src to web/dist (commit both)
	cd web && $(WEB_PACKAGES) && npm run build

web-check: ## types, tests and a fresh build of the dashboard
	sh scripts/test-tools.sh
	cd web && $(WEB_PACKAGES) && npm run check && npm test && npm run build -- --outDir node_modules/.dist --emptyOutDir
	@diff -rq web/node_modules/.dist web/dist || { echo "web/dist is not what web/src builds: run 'make web' and commit"; exit 1; }

test-engines: ## a population as an array of Slurm on two nodes of this machine, and over NATS, killed (installs both; five minutes, most of them of Slurm waiting)
	GO=$(GO) sh scripts/test-engines.sh
	GO=$(GO) sh scripts/test-nats.sh

FUZZ_TIME := 3m
fuzz: ## every reader of files with bytes that nobody wrote, FUZZ_TIME each, one after the other
	FUZZ_TIME=$(FUZZ_TIME) sh scripts/fuzz.sh

bench: ## time our optimiser against HiGHS on the same year
	sh scripts/test-tools.sh
	$(GO) run ./bench

notices: ## the licences of others that are in the program, as cmd/getij/notices.txt
	cd web && $(WEB_PACKAGES)
	$(GO) run ./scripts/notices

audit: ## known weaknesses of what others made, where the databases can be reached
	sh scripts/audit.sh

release: kernel ## archives for six systems, each with licences and bill of materials, and checksums, in dist/
	$(GO) run ./scripts/release
