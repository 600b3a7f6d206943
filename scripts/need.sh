#!/usr/bin/env bash
# Makes sure that this machine has what a target needs beside Go and Node. As root what is
# missing is installed through apt; anybody else is told the one command that does it.
# usage: need.sh run|test|screens|parts
set -euo pipefail

target=$1

# older HAVE WANT: whether version HAVE comes before WANT.
older() { [ "$1" != "$2" ] && [ "$(printf '%s\n' "$1" "$2" | sort -V | head -n 1)" = "$1" ]; }

# Go and Node come from their makers: Debian's are older than what Loam is written for.
go=$(go env GOVERSION 2>/dev/null || true)
go=${go#go}
if [ -z "$go" ] || older "$go" 1.26; then
	echo "Go 1.26 or newer is needed (found: ${go:-none}); see https://go.dev/dl/" >&2
	exit 1
fi
node=$(node --version 2>/dev/null || true)
node=${node#v}
if [ -z "$node" ] || older "$node" 20.19; then
	echo "Node 20.19 or newer is needed (found: ${node:-none}); see https://nodejs.org/en/download" >&2
	exit 1
fi

missing=()
need() { # need PACKAGE test …: the package is missing unless the test holds
	local package=$1
	shift
	"$@" >/dev/null 2>&1 || missing+=("$package")
}
any() { # any PROGRAM …: whether one of them is there
	local p
	for p in "$@"; do command -v "$p" && return; done
	return 1
}
if [ "$target" = test ] || [ "$target" = screens ]; then
	need chromium any chromium chromium-browser google-chrome
fi
if [ "$target" = test ]; then
	need postgresql compgen -G '/usr/lib/postgresql/*/bin/initdb'
	need libimage-exiftool-perl any exiftool
	need ffmpeg any ffmpeg
	need espeak-ng any espeak-ng
	need libchromaprint-tools any fpcalc
	need webp any webpmux
	need libheif-examples any heif-enc
	need libavif-bin any avifenc
	need qpdf any qpdf
	need poppler-utils any pdfinfo
	need libxml2-utils any xmllint
	need libreoffice-writer-nogui any soffice
	need libreoffice-calc-nogui compgen -G '/usr/lib/libreoffice/program/libsclo.so'
	need libreoffice-impress-nogui compgen -G '/usr/lib/libreoffice/program/libsdlo.so'
	need gcc any gcc
	need libc6-dev test -e /usr/include/stdlib.h
fi
if [ "$target" = test ] || [ "$target" = parts ]; then
	need python3 any python3
	need python3-venv python3 -c 'import ensurepip'
fi
if [ "$target" = screens ]; then
	need fontconfig any fc-list
	need fonts-noto-cjk bash -c 'fc-list :lang=zh | grep -q .'
fi

[ ${#missing[@]} -gt 0 ] || exit 0
install="apt-get install --yes --no-install-recommends ${missing[*]}"
if [ "$(id -u)" != 0 ]; then
	echo "missing: ${missing[*]}; install with: sudo $install" >&2
	exit 1
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update
$install
