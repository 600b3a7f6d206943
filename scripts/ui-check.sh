#!/usr/bin/env bash
# Types, format, and that the page's types of the API are those of its description.
set -euo pipefail
cd "$(dirname "$0")/../internal/ui"
npm run check
new=../../.cache/api.gen.ts
npx --no-install openapi-typescript ../web/testdata/openapi.yaml -o "$new"
npx --no-install prettier --write --config .prettierrc.json --ignore-path /dev/null "$new"
cmp "$new" src/api.gen.ts || {
	echo "src/api.gen.ts is not what the API description says: make golden" >&2
	exit 1
}
