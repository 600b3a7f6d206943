#!/usr/bin/env bash
# Rewrites what tests compare with, wherever a test has an -update flag, and the page's
# types, which come from the API description.
set -euo pipefail
cd "$(dirname "$0")/.."
mapfile -t packages < <(grep -rl --include='*_test.go' 'flag.Bool("update"' . | xargs -n 1 dirname | sort -u)
go test -count=1 "${packages[@]}" -update
LOAM_TEST_UPDATE=1 go test -count=1 ./internal/web -run TestSpec
npm --prefix internal/ui run types
(cd internal/ui && npx --no-install prettier --write src/api.gen.ts)
git diff --stat
