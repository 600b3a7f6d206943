#!/usr/bin/env bash
# Runs every test; its last words are the test runner's. LOAM_TEST_POSTGRES names a
# database server, LOAM_TEST_SCHEMATHESIS the program that walks the API.
set -euo pipefail
cd "$(dirname "$0")/.."
export LOAM_TEST_SCHEMATHESIS="$PWD/.cache/venv/bin/schemathesis"

# What runs beside itself is watched by the race detector; pure packages have nothing to race.
# Screening reads whole sets of texts, five times as long under it, and so does SQLite, which is Go
# here: make soak watches those. The store's own code is watched on PostgreSQL, which make test starts.
raced='loam/internal/(gateway|jobs|outbound|parts|store|web)$'
mapfile -t first < <(go list ./... | grep -E "$raced")
mapfile -t rest < <(go list ./... | grep -vE "$raced")
go test -race -count=1 -timeout 20m -skip '^TestSQLite$' "${first[@]}"
go test -count=1 -timeout 20m -run '^TestSQLite$' loam/internal/store
# Pages wait for a browser more than for a processor.
exec go test -count=1 -timeout 20m -parallel "$(($(nproc) + 1))" "${rest[@]}"
