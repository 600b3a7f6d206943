#!/bin/sh
# Asks Meta's PDQ (PyPI pdqhash, bindings of its C++) for the hashes of the pictures that
# internal/media's test draws, and compares them with testdata/pdq.txt. With --write it
# writes that file.
set -eu
cd "$(dirname "$0")/.."
venv=.cache/pdq
[ -x "$venv/bin/python" ] || python3 -m venv "$venv"
"$venv/bin/python" -c 'import pdqhash, PIL' 2>/dev/null || "$venv/bin/pip" -q install pdqhash==0.2.8 numpy==2.4.6 pillow==13.0.0
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
LOAM_PDQ_DIR=$dir go test -count=1 -run '^TestPDQIsMetas$' ./internal/media >/dev/null
"$venv/bin/python" - "$dir" >"$dir/pdq.txt" <<'PY'
import pathlib, sys
import numpy, pdqhash
from PIL import Image
def text(bits):
    return "%064x" % int("".join(str(int(b)) for b in bits), 2)
for file in sorted(pathlib.Path(sys.argv[1]).glob("*.png")):
    pixels = numpy.asarray(Image.open(file).convert("RGB"))
    hashes, quality = pdqhash.compute_dihedral(pixels)
    print(file.stem, text(hashes[0]), text(hashes[5]), quality)
PY
if [ "${1:-}" = --write ]; then
	mkdir -p internal/media/testdata
	cp "$dir/pdq.txt" internal/media/testdata/pdq.txt
else
	diff "$dir/pdq.txt" internal/media/testdata/pdq.txt && echo "the same as Meta's"
fi
