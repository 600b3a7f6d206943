#!/usr/bin/env bash
# Puts the tools of the gate into .cache, each at one version; nothing is installed outside.
set -euo pipefail
cd "$(dirname "$0")/.."

golangci=v2.15.0
schemathesis=4.32.5
# The clients of the moderation services Loam's routes stand in for.
clients="openai==3.57.0 alibabacloud_green20220302==3.6.9 tencentcloud-sdk-python-tms==3.1.157 google-api-python-client==2.202.0"
# c2pa-rs with its Python binding: judges the manifests Loam writes.
c2pa="c2pa-python==0.38.1"
# Readers that are not ours of what media and terms write.
oracles="mutagen==1.48.1 openpyxl==3.1.5 python-docx==1.2.0 python-pptx==1.0.2 http-sf==1.5.0 protego==0.7.0 PyYAML==6.0.4"

mkdir -p .cache/bin
if [ "$(cat .cache/golangci 2>/dev/null)" != "$golangci $(go env GOVERSION)" ]; then
	GOBIN="$PWD/.cache/bin" GOFLAGS= go install "github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$golangci"
	echo "$golangci $(go env GOVERSION)" >.cache/golangci
fi
if [ "$(cat .cache/schemathesis 2>/dev/null)" != "$schemathesis" ]; then
	rm -rf .cache/venv
	python3 -m venv .cache/venv
	.cache/venv/bin/pip install --quiet --disable-pip-version-check "schemathesis==$schemathesis"
	echo "$schemathesis" >.cache/schemathesis
fi
if [ "$(cat .cache/clients 2>/dev/null)" != "$clients" ]; then
	rm -rf .cache/sdk
	python3 -m venv .cache/sdk
	# shellcheck disable=SC2086 # one argument each
	.cache/sdk/bin/pip install --quiet --disable-pip-version-check $clients
	echo "$clients" >.cache/clients
fi
if [ "$(cat .cache/c2pa/version 2>/dev/null)" != "$c2pa" ]; then
	rm -rf .cache/c2pa
	python3 -m venv .cache/c2pa
	.cache/c2pa/bin/pip install --quiet --disable-pip-version-check "$c2pa"
	echo "$c2pa" >.cache/c2pa/version
fi
if [ "$(cat .cache/oracles.version 2>/dev/null)" != "$oracles" ]; then
	rm -rf .cache/oracles
	python3 -m venv .cache/oracles
	# shellcheck disable=SC2086 # one argument each
	.cache/oracles/bin/pip install --quiet --disable-pip-version-check $oracles
	echo "$oracles" >.cache/oracles.version
fi
