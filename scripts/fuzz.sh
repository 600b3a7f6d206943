#!/usr/bin/env bash
# Runs each fuzz target for FUZZTIME; the first failure ends it, and its input stays in the
# package's testdata/fuzz as a case for ever.
set -euo pipefail
cd "$(dirname "$0")/.."
time=${FUZZTIME:-1m}
said=$(mktemp)
trap 'rm -f "$said"' EXIT

# fuzz runs one target. Go's fuzzer may call the end of its time a failure (golang/go#75804): then it
# says that alone, and no input.
fuzz() {
	go test -run '^$' -fuzz "^$1\$" -fuzztime "$time" -fuzzminimizetime 10x "$2" 2>&1 | tee "$said" && return
	grep -q '^    context deadline exceeded$' "$said" && ! grep -q 'Failing input' "$said"
}

grep -rEo --include='*_test.go' '^func Fuzz[A-Za-z0-9_]+' . | sed 's/:func / /' | while read -r file target; do
	echo "$target in $(dirname "$file")"
	fuzz "$target" "$(dirname "$file")"
done
