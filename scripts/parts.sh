#!/usr/bin/env bash
# Installs the optional picture parts: text in pictures, unsafe pictures and faces. They go into
# .cache/parts, or where LOAM_PARTS says; nothing is installed outside. Every download is
# pinned by its hash, and so is every model that is made of one.
set -euo pipefail
cd "$(dirname "$0")/.."

parts=${LOAM_PARTS:-.cache/parts}
nsfwjs=4.4.0
nsfwjs_sum=585cd178f3b994337c4d10a87b080d342fc52f8b9bf0085c4d1f345a3a1c5382
faceapi=1.7.15
faceapi_sum=0d77fffeef362ef9c0939cf6c567f3a2e8e177f114fa257a3270cbd2e509b031

sums=$PWD/internal/parts/models.txt
has() { # has NAME: whether all models whose names begin so are there and are what was pinned
	[ -d "$parts/models" ] && (cd "$parts/models" && grep "  $1" "$sums" | sha256sum --check --status 2>/dev/null)
}
unpack() { # unpack PACKAGE VERSION FILE SUM: a package of npm into the folder FILE of $work
	(cd "$work" && npm pack --ignore-scripts --silent "$1@$2" >/dev/null)
	echo "$4  $work/$3-$2.tgz" | sha256sum --check --quiet
	mkdir "$work/$3"
	tar --extract --gzip --file "$work/$3-$2.tgz" --directory "$work/$3" --strip-components 1
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

if ! has ""; then
	python3 -m venv "$work/python"
	python=$work/python/bin/python
	pip "$python" install --requirement scripts/parts/build.txt
	mkdir -p "$work/models" "$parts/models"
	if ! has ocr-; then
		pip "$python" download --no-deps --dest "$work" --requirement scripts/parts/models.txt
		"$python" -m zipfile --extract "$work"/rapidocr_*.whl "$work/rapidocr"
		ocr=$work/rapidocr/rapidocr_onnxruntime/models
		for part in det rec; do
			"$python" scripts/parts/ocr.py "$ocr/ch_PP-OCRv4_${part}_infer.onnx" "$work/models/ocr-$part.onnx" scripts/parts/ranges.json ocr-$part
		done
	fi
	if ! has unsafe; then
		unpack nsfwjs "$nsfwjs" nsfwjs "$nsfwjs_sum"
		"$python" scripts/parts/unsafe.py "$work/nsfwjs" "$work/models/unsafe.onnx"
	fi
	if ! has face-; then
		unpack @vladmandic/face-api "$faceapi" vladmandic-face-api "$faceapi_sum"
		"$python" scripts/parts/faces.py "$work/vladmandic-face-api" "$work/models"
	fi
	(cd "$work/models" && sha256sum --check --quiet --ignore-missing "$sums")
	mv "$work/models"/* "$parts/models"
	has ""
fi
echo "picture parts in $parts"
