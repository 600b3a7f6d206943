#!/usr/bin/env bash
# Installs the optional picture parts: text in pictures and unsafe pictures. They go into
# .cache/parts, or where LOAM_PARTS says; nothing is installed outside. Every download is
# pinned by its hash, and so is every model that is made of one.
set -euo pipefail
cd "$(dirname "$0")/.."

parts=${LOAM_PARTS:-.cache/parts}
nsfwjs=4.4.0
nsfwjs_sum=585cd178f3b994337c4d10a87b080d342fc52f8b9bf0085c4d1f345a3a1c5382

sums=$PWD/internal/parts/models.txt
complete() { # complete FOLDER: whether every model is there and is what was pinned
	[ -d "$1" ] && (cd "$1" && sha256sum --check --status "$sums")
}
pip() { # pip PYTHON …: pip of a virtual environment, wheels only, each with its hash
	local python=$1
	shift
	"$python" -m pip --quiet --disable-pip-version-check "$@" --only-binary :all: --require-hashes
}

if ! python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
	echo "Python 3.11 or newer is needed (found: $(python3 --version)); set LOAM_PARTS to a folder made on a machine that has it" >&2
	exit 1
fi
mkdir -p "$parts"
parts=$(cd "$parts" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

wanted=$(sha256sum <scripts/parts/run.txt)
if [ "$(cat "$parts/python.sum" 2>/dev/null)" != "$wanted" ]; then
	rm -rf "$parts/python" "$parts/python.sum"
	python3 -m venv "$parts/python"
	pip "$parts/python/bin/python" install --requirement scripts/parts/run.txt
	echo "$wanted" >"$parts/python.sum"
fi

if ! complete "$parts/models"; then
	python3 -m venv "$work/python"
	python=$work/python/bin/python
	pip "$python" install --requirement scripts/parts/build.txt
	pip "$python" download --no-deps --dest "$work" --requirement scripts/parts/models.txt
	"$python" -m zipfile --extract "$work"/rapidocr_*.whl "$work/rapidocr"
	(cd "$work" && npm pack --ignore-scripts --silent "nsfwjs@$nsfwjs" >/dev/null)
	echo "$nsfwjs_sum  $work/nsfwjs-$nsfwjs.tgz" | sha256sum --check --quiet
	tar --extract --gzip --file "$work/nsfwjs-$nsfwjs.tgz" --directory "$work"

	mkdir "$work/models"
	ocr=$work/rapidocr/rapidocr_onnxruntime/models
	for part in det rec; do
		"$python" scripts/parts/ocr.py "$ocr/ch_PP-OCRv4_${part}_infer.onnx" "$work/models/ocr-$part.onnx" scripts/parts/ranges.json ocr-$part
	done
	"$python" scripts/parts/unsafe.py "$work/package" "$work/models/unsafe.onnx"
	(cd "$work/models" && sha256sum --check --quiet "$sums")
	rm -rf "$parts/models"
	mv "$work/models" "$parts/models"
fi
echo "picture parts in $parts"
