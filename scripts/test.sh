#!/usr/bin/env bash
# Runs every test; its last words are the test runner's. LOAM_TEST_POSTGRES names a
# database server, LOAM_TEST_SCHEMATHESIS the program that walks the API.
set -euo pipefail
cd "$(dirname "$0")/.."
export LOAM_TEST_SCHEMATHESIS="$PWD/.cache/venv/bin/schemathesis"
exec go test -count=1 -timeout 20m "$@" ./...
