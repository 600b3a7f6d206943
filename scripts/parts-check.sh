#!/usr/bin/env bash
# Compares the converted unsafe-picture model with nsfwjs itself and the face models with
# face-api, both on TensorFlow.js, on a few pictures of known noise, the rewritten OCR models with
# the originals, and the voice encoder with its weights worked out step by step: all must answer
# the same within 0.0001, large numbers within 0.00001 of the largest. How far the OCR models in
# use, which calculate with bytes, are from the originals is printed. Needs make parts.
set -euo pipefail
cd "$(dirname "$0")/.."

tfjs=4.22.0
parts=$(cd "${LOAM_PARTS:-.cache/parts}" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cp scripts/parts/original.js scripts/parts/faces.js "$work"
npm install --prefix "$work" --ignore-scripts --no-audit --no-fund --silent "nsfwjs@4.4.0" "@vladmandic/face-api@1.7.15" \
	"@tensorflow/tfjs@$tfjs" "@tensorflow/tfjs-backend-wasm@$tfjs"
python3 -m venv "$work/python"
python=$work/python/bin/python
pip() { "$python" -m pip --quiet --disable-pip-version-check "$@" --only-binary :all: --require-hashes; }
pip install --requirement scripts/parts/build.txt
pip download --no-deps --dest "$work" --requirement scripts/parts/models.txt
"$python" -m zipfile --extract "$work"/rapidocr_*.whl "$work/rapidocr"
"$python" -m zipfile --extract "$work"/[Rr]esemblyzer-*.whl "$work/resemblyzer"
"$python" -B scripts/parts/lstm.py "$work/resemblyzer/resemblyzer/pretrained.pt" "$work/voice.npz"
for part in det rec; do
	model=$work/rapidocr/rapidocr_onnxruntime/models/ch_PP-OCRv4_${part}_infer.onnx
	mv "$model" "$work/$part-original.onnx"
	"$python" scripts/parts/ocr.py "$work/$part-original.onnx" "$work/$part-exact.onnx" >/dev/null
done
"$parts/python/bin/python" scripts/parts/compare.py "$parts/models" "$work"
