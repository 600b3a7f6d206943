#!/usr/bin/env bash
# Builds the rivals into .cache/rivals, each at one version; what cannot be built here is said
# and skipped.
set -uo pipefail
cd "$(dirname "$0")/../.."
out=$PWD/.cache/rivals
mkdir -p "$out"

# need installs Debian packages, as root; otherwise it names the command.
need() {
	dpkg -s "$@" >/dev/null 2>&1 && return
	if [ "$(id -u)" = 0 ]; then
		apt-get install -y -q "$@" >/dev/null 2>&1 || { apt-get update -q >/dev/null && apt-get install -y -q "$@" >/dev/null; }
	else
		echo "run: sudo apt-get install $*" >&2
		return 1
	fi
}
built() { [ -e "$out/$1" ] || echo "rivals: $1 is skipped" >&2; }

[ -e "$out/go" ] || (cd scripts/rivals/go && CGO_ENABLED=0 go build -o "$out/go" .)
built go
[ -e "$out/hyperscan" ] || { need libhyperscan-dev gcc pkg-config && gcc -O3 -o "$out/hyperscan" scripts/rivals/c/hyperscan.c $(pkg-config --cflags --libs libhs); }
built hyperscan
[ -e "$out/rust" ] || { command -v cargo >/dev/null || need cargo; } && [ -e "$out/rust" ] ||
	{ cargo build -q --release --manifest-path scripts/rivals/rust/Cargo.toml --target-dir "$out/target" && cp "$out/target/release/rivals" "$out/rust"; }
built rust
[ -e "$out/c2pa" ] || { need libssl-dev pkg-config && { command -v cargo >/dev/null || need cargo; } && OPENSSL_NO_VENDOR=1 cargo build -q --release --manifest-path scripts/rivals/c2pa/Cargo.toml --target-dir "$out/target" &&
	cp "$out/target/release/rival-c2pa" "$out/c2pa"; }
built c2pa
[ -e "$out/doubleentry" ] || { { command -v cargo >/dev/null || need cargo; } && cargo build -q --release --manifest-path scripts/rivals/doubleentry/Cargo.toml --target-dir "$out/target" &&
	cp "$out/target/release/rival-doubleentry" "$out/doubleentry"; }
built doubleentry
[ -e "$out/python" ] || { python3 -m venv "$out/python" && "$out/python/bin/pip" install -q --disable-pip-version-check pyahocorasick==2.3.1 || rm -rf "$out/python"; }
built python
[ -e "$out/houbb.jar" ] || { { command -v mvn >/dev/null || need maven default-jdk-headless; } && mvn -q -B -f scripts/rivals/java/pom.xml package && cp scripts/rivals/java/target/houbb.jar "$out/"; rm -rf scripts/rivals/java/target; }
built houbb.jar
exit 0
