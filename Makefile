# Every target is what a person types; what takes more than a line is a script.
.DEFAULT_GOAL := help
.PHONY: bench-rivals-ledger help run test build bench bench-rivals bench-rivals-labels dev lint screens fonts generate ui golden fuzz soak format need parts tools train verifier

version := $(shell git describe --tags --always 2>/dev/null || echo unknown)
step := @scripts/step.sh
# One static binary: no C, no paths of the machine that built it.
go-build := CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X main.version=$(version)" -o bin/loam ./cmd/loam

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-19s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## build, fill a demo community and print its address
	$(step) 1/4 "what this machine needs" scripts/need.sh run
	$(step) 2/4 "fonts and tables" go generate ./...
	$(step) 3/4 "page" scripts/ui.sh
	$(step) 4/4 "bin/loam" $(MAKE) -s binary
	@exec bin/loam serve --demo

test: ## the whole gate: generate, page, lint, every test on both databases
	$(step) 1/6 "what this machine needs" scripts/need.sh test
	$(step) 2/6 "fonts and tables" go generate ./...
	$(step) 3/6 "page" scripts/ui.sh
	$(step) 4/6 "page: types and format" scripts/ui-check.sh
	$(step) 5/6 "tools of the gate" scripts/tools.sh
	$(step) 6/6 "lint" $(MAKE) -s lint
	@scripts/with-postgres.sh scripts/test.sh

build: generate ui binary ## leave bin/loam, one static file

verifier: ## leave bin/loam-verify, the auditor's program
	CGO_ENABLED=0 go build -trimpath -ldflags "-s -w" -o bin/loam-verify ./cmd/loam-verify

.PHONY: binary
binary:
	$(go-build)

bench: generate ## every benchmark, once
	go test -run '^$$' -bench . -benchmem ./...

bench-rivals: generate bench-rivals-labels bench-rivals-ledger ## the phrase engine, the labels and the ledger beside others over the same texts and files, in one run; needs ../shared/data
	go build -o .cache/rivals/loam ./scripts/rivals
	.cache/rivals/loam

bench-rivals-labels: ## labels and manifests beside c2pa-rs, exiftool and ffmpeg over the same files, in one run
	scripts/rivals/build.sh
	go build -o .cache/rivals/labels ./scripts/rivals/labels
	.cache/rivals/labels

bench-rivals-ledger: ## the rights ledger's appender beside bare Tessera, 1 M leaves each in turn, and the doubleentry crate
	scripts/rivals/build.sh
	go build -o .cache/rivals/ledger ./scripts/rivals/ledger
	.cache/rivals/ledger

dev: generate ui ## serve the demo and rebuild what changes; the page reloads by itself
	scripts/dev.sh

lint: ## vet, staticcheck and the rest of .golangci.yml
	go vet ./...
	.cache/bin/golangci-lint run ./...

screens: build ## pictures of every page at two widths and two themes, into screens/
	scripts/need.sh screens
	LOAM_TEST_SCREENS="$(CURDIR)/screens" go test -count=1 -timeout 30m -run '^TestScreens' ./cmd/loam

fonts: ## fetch the pinned fonts
	go generate ./internal/fonts

generate: ## fonts, tables and the dictionary: all that is made, not written
	go generate ./...

ui: ## build the page
	scripts/ui.sh

train: ## the classifier's weights anew from ../shared/data (LOAM_SHARED_DATA) and our examples; fails if they differ
	go generate ./internal/text
	go run ./internal/classify/train

golden: ## rewrite what tests compare with and the API's types; look at the diff
	scripts/golden.sh

fuzz: ## each fuzz target for a minute (FUZZTIME=10s for less)
	scripts/fuzz.sh

soak: ## the long tests: many kills, many ideas, the race detector everywhere
	scripts/need.sh test
	LOAM_TEST_SOAK=1 scripts/with-postgres.sh go test -race -count=1 -timeout 2h ./...

format: ## gofumpt and prettier
	.cache/bin/golangci-lint fmt ./...
	npm --prefix internal/ui run format

need: ## install or name what this machine lacks for the tests
	scripts/need.sh test

parts: ## the optional parts: text in pictures, unsafe pictures, voices (370 MB, into .cache/parts)
	scripts/need.sh parts
	scripts/parts.sh

tools: ## the gate's own tools, into .cache
	scripts/tools.sh
