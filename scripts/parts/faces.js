// Answers as face-api does: reads squares of 416, 112 and 150 pixels of three bytes from
// standard input, one after another, and writes a line of JSON with what its face finder, its
// landmark network and its recogniser make of each.
const fs = require("fs");
const tf = require("@tensorflow/tfjs");
const faceapi = require("@vladmandic/face-api/dist/face-api.node-wasm.js");

(async () => {
  await tf.setBackend("cpu");
  const nets = [
    [416, faceapi.nets.tinyFaceDetector, (net, x) => net.forward(x, 416)],
    [112, faceapi.nets.faceLandmark68Net, (net, x) => net.forward(x)],
    [150, faceapi.nets.faceRecognitionNet, (net, x) => net.forward(x)],
  ];
  for (const [, net] of nets) await net.loadFromDisk("node_modules/@vladmandic/face-api/model");
  const bytes = fs.readFileSync(0);
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const [side, net, ask] = nets[i % nets.length];
    const end = at + side * side * 3;
    const pixels = tf.tensor3d(new Float32Array(bytes.subarray(at, end)), [side, side, 3]);
    console.log(JSON.stringify([...(await (await ask(net, pixels)).data())]));
    at = end;
  }
})();
