"""Asks c2pa-rs. Usage: c2pa_rs.py read ANCHORS FILE… | sign CHAIN KEY INTENT FILE OUT …

read prints, for each file, its state, the failures found, and its manifests. sign signs each
file as INTENT says: created (with a manifest of its own) or edit (with the file as parent).
"""

import json
import sys
import warnings

warnings.filterwarnings("ignore")
import c2pa  # noqa: E402

TYPES = {"jpg": "image/jpeg", "png": "image/png", "webp": "image/webp", "mp4": "video/mp4"}
SOURCE = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"


def kind(file):
    return TYPES[file.rsplit(".", 1)[1]]


def read(anchors, files):
    with open(anchors) as f:
        settings = {"version": 1, "trust": {"trust_anchors": f.read()}, "verify": {"verify_trust": True}}
    context = c2pa.Context.from_dict(settings)
    said = []
    for file in files:
        with open(file, "rb") as f:
            try:
                reader = c2pa.Reader(kind(file), f, context=context)
            except c2pa.C2paError as e:
                said.append({"state": "error", "error": str(e)})
                continue
            store = json.loads(reader.detailed_json())
        results = store.get("validation_results", {})
        failures = [r["code"] for r in results.get("activeManifest", {}).get("failure", [])]
        for delta in results.get("ingredientDeltas", []):
            failures += [r["code"] for r in delta["validationDeltas"]["failure"]]
        said.append({"state": store["validation_state"], "failures": failures, "active": store["active_manifest"], "manifests": store["manifests"]})
    json.dump(said, sys.stdout)


def sign(chain, key, intent, files):
    with open(chain, "rb") as c, open(key, "rb") as k:
        info = c2pa.C2paSignerInfo(b"es256", c.read(), k.read(), None)
    for file, out in zip(files[::2], files[1::2]):
        manifest = {"claim_generator_info": [{"name": "c2pa-rs test", "version": "1"}], "title": "signed elsewhere", "assertions": []}
        if intent == "created":
            action = {"action": "c2pa.created", "digitalSourceType": SOURCE, "softwareAgent": {"name": "model", "version": "2"}}
            uses = {"cawg.ai_training": {"use": "constrained", "constraints_info": "ask first"}}
            manifest["assertions"] = [
                {"label": "c2pa.actions.v2", "data": {"actions": [action]}},
                {"label": "cawg.training-mining", "data": {"entries": uses}},
            ]
        builder = c2pa.Builder(manifest)
        if intent == "edit":
            builder.set_intent(c2pa.C2paBuilderIntent.EDIT)
        with open(file, "rb") as i, open(out, "w+b") as o:
            builder.sign(c2pa.Signer.from_info(info), kind(file), i, o)


if sys.argv[1] == "read":
    read(sys.argv[2], sys.argv[3:])
else:
    sign(sys.argv[2], sys.argv[3], sys.argv[4], sys.argv[5:])
