// Answers as nsfwjs does: reads pictures of 224 × 224 × 3 bytes from standard input, one
// after another, and writes a line of JSON with their probabilities for each.
const fs = require("fs");
const tf = require("@tensorflow/tfjs");
const { load } = require("nsfwjs/core");
const { MobileNetV2Model } = require("nsfwjs/models/mobilenet_v2");

(async () => {
  console.info = () => {};
  const model = await load("MobileNetV2", { modelDefinitions: [MobileNetV2Model] });
  const bytes = fs.readFileSync(0);
  const size = 224 * 224 * 3;
  for (let at = 0; at < bytes.length; at += size) {
    const pixels = tf.tensor3d(new Int32Array(bytes.subarray(at, at + size)), [224, 224, 3], "int32");
    console.log(JSON.stringify([...(await model.infer(pixels).data())]));
  }
})();
