#!/usr/bin/env bash
# Runs one step of a longer job: a line on the terminal while it works, silence if it
# succeeds, everything it said if it fails.
# usage: step.sh 2/5 "what it does" command [argument …]
set -uo pipefail

number=$1 title=$2
shift 2
log=$(mktemp)
trap 'rm -f "$log"' EXIT
printf '%s %s … ' "$number" "$title"
begin=$SECONDS
if "$@" >"$log" 2>&1; then
	printf '%ss\n' $((SECONDS - begin))
else
	code=$?
	printf 'failed\n'
	cat "$log" >&2
	exit "$code"
fi
