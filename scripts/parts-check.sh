#!/usr/bin/env bash
# Compares the converted unsafe-picture model with nsfwjs itself on TensorFlow.js, on a few
# pictures of known noise, and the rewritten OCR models with the originals. Both must answer
# the same within 0.0001. Needs make parts.
set -euo pipefail
cd "$(dirname "$0")/.."

tfjs=4.22.0
parts=$(cd "${LOAM_PARTS:-.cache/parts}" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cp scripts/parts/original.js "$work"
npm install --prefix "$work" --ignore-scripts --no-audit --no-fund --silent "nsfwjs@4.4.0" "@tensorflow/tfjs@$tfjs"
python3 -m venv "$work/python"
"$work/python/bin/python" -m pip --quiet --disable-pip-version-check download --no-deps --dest "$work" \
	--only-binary :all: --require-hashes --requirement scripts/parts/models.txt
"$work/python/bin/python" -m zipfile --extract "$work"/rapidocr_*.whl "$work/rapidocr"
"$parts/python/bin/python" scripts/parts/compare.py "$parts/models" "$work" "$work/rapidocr/rapidocr_onnxruntime/models"
