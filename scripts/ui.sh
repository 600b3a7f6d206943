#!/usr/bin/env bash
# Builds the page into internal/ui/dist/app, unless nothing it is made of has changed since.
set -euo pipefail
cd "$(dirname "$0")/../internal/ui"

cache=../../.cache
mkdir -p "$cache"
sum() { find "$@" -type f -print0 | sort -z | xargs -0 sha256sum | sha256sum; }

packages=$(sum package.json package-lock.json)
if [ ! -d node_modules ] || [ "$packages" != "$(cat "$cache/packages" 2>/dev/null)" ]; then
	npm ci --no-audit --no-fund
	echo "$packages" >"$cache/packages"
fi

sources=$(sum src index.html tokens.json ./*.ts package.json package-lock.json)
if [ ! -d dist/app/assets ] || [ "$sources" != "$(cat "$cache/page" 2>/dev/null)" ]; then
	npm run build
	echo "$sources" >"$cache/page"
fi
