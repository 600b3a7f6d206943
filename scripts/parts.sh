#!/usr/bin/env bash
# Installs the optional parts: text in pictures, unsafe pictures, faces, voices in sounds. They go into
# .cache/parts, or where LOAM_PARTS says; nothing is installed outside. Every download is
# pinned by its hash, and so is every model that is made of one. What is there already stays.
set -euo pipefail
cd "$(dirname "$0")/.."

parts=${LOAM_PARTS:-.cache/parts}
nsfwjs=4.4.0
nsfwjs_sum=585cd178f3b994337c4d10a87b080d342fc52f8b9bf0085c4d1f345a3a1c5382
faceapi=1.7.15
faceapi_sum=0d77fffeef362ef9c0939cf6c567f3a2e8e177f114fa257a3270cbd2e509b031

sums=$PWD/internal/parts/models.txt
have() { # have MODEL …: whether models are there and are what was pinned
	local name
	for name; do
		[ -f "$parts/models/$name" ] && (cd "$parts/models" && grep -F "  $name" "$sums" | sha256sum --check --status) || return 1
	done
}
made() { # made MODEL …: puts what was made in its place, if it is what was pinned
	local name
	for name; do
		(cd "$work/models" && grep -F "  $name" "$sums" | sha256sum --check --quiet)
	done
	mkdir -p "$parts/models"
	for name; do mv "$work/models/$name" "$parts/models/$name"; done
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

ocr=(ocr-det.onnx ocr-rec.onnx)
faces=(face-find.onnx face-align.onnx face-print.onnx)
if have "${ocr[@]}" "${faces[@]}" unsafe.onnx voice.onnx; then
	echo "parts in $parts"
	exit
fi
mkdir "$work/models"
python3 -m venv "$work/python"
python=$work/python/bin/python
pip "$python" install --requirement scripts/parts/build.txt
wheel() { # wheel PACKAGE: unpacks one of the wheels that models are made of
	grep "^$1==" scripts/parts/models.txt >"$work/$1.txt"
	pip "$python" download --no-deps --dest "$work/$1.wheel" --requirement "$work/$1.txt"
	"$python" -m zipfile --extract "$work/$1.wheel"/*.whl "$work/$1"
}

if ! have "${ocr[@]}"; then
	wheel rapidocr-onnxruntime
	from=$work/rapidocr-onnxruntime/rapidocr_onnxruntime/models
	for part in det rec; do
		"$python" scripts/parts/ocr.py "$from/ch_PP-OCRv4_${part}_infer.onnx" "$work/models/ocr-$part.onnx" scripts/parts/ranges.json ocr-$part
	done
	made "${ocr[@]}"
fi
if ! have unsafe.onnx; then
	unpack nsfwjs "$nsfwjs" nsfwjs "$nsfwjs_sum"
	"$python" scripts/parts/unsafe.py "$work/nsfwjs" "$work/models/unsafe.onnx"
	made unsafe.onnx
fi
if ! have "${faces[@]}"; then
	unpack @vladmandic/face-api "$faceapi" vladmandic-face-api "$faceapi_sum"
	"$python" scripts/parts/faces.py "$work/vladmandic-face-api" "$work/models"
	made "${faces[@]}"
fi
if ! have voice.onnx; then
	wheel resemblyzer
	"$python" scripts/parts/voice.py "$work/resemblyzer/resemblyzer/pretrained.pt" "$work/models/voice.onnx"
	made voice.onnx
fi
echo "parts in $parts"
