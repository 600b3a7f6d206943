#!/usr/bin/env bash
# Runs each fuzz target for FUZZTIME; the first failure ends it, and its input stays in the
# package's testdata/fuzz as a case for ever.
set -euo pipefail
cd "$(dirname "$0")/.."
time=${FUZZTIME:-1m}
grep -rEo --include='*_test.go' '^func Fuzz[A-Za-z0-9_]+' . | sed 's/:func / /' | while read -r file target; do
	echo "$target in $(dirname "$file")"
	go test -run '^$' -fuzz "^$target\$" -fuzztime "$time" -fuzzminimizetime 10x "$(dirname "$file")"
done
