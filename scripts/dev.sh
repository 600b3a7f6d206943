#!/usr/bin/env bash
# Serves the demo beside Vite: the page reloads by itself, the server is built again and
# restarted when a Go file, template, catalogue or query changes.
set -euo pipefail
cd "$(dirname "$0")/.."
addr=${LOAM_ADDR:-localhost:8600}

npm --prefix internal/ui run dev &
vite=$!
server=
stop() { kill "$vite" ${server:+"$server"} 2>/dev/null || true; }
trap stop EXIT

mark=.cache/dev
mkdir -p .cache
while :; do
	touch "$mark"
	if go build -o bin/loam ./cmd/loam; then
		[ -z "$server" ] || { kill "$server" && wait "$server" || true; }
		bin/loam serve --demo --addr "$addr" &
		server=$!
	fi
	until [ -n "$(find . \( -name node_modules -o -name dist -o -name .git \) -prune -o \
		\( -name '*.go' -o -name '*.html' -o -name '*.sql' -o -name '*.json' -o -name '*.yaml' \) -newer "$mark" -print -quit)" ]; do
		sleep 0.5
	done
done
