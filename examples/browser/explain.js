/** Explains the first of the bundled digits and draws it: what a page needs, whoever brings the modules. */
import { heatmap, load, ortRuntime, planeOf, rangeOf, readNpy } from "@backlit/core";

const SIDE = 28;

const bytesOf = async (url) => {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
};

/** `ort`: the module onnxruntime-web. `model`, `images`: URLs. Resolves with the class and the map. */
export const explainDigit = async (ort, { model, images }, canvas) => {
  const runtime = ortRuntime(ort, { name: "onnxruntime-web", executionProviders: ["wasm"] });
  // Pixels lie between 0 and 1: rules for a first layer ask for that.
  const lit = await load(await bytesOf(model), { runtime, box: { low: [0], high: [1] } });

  const { data } = readNpy(await bytesOf(images));
  const x = {
    type: "float32",
    dims: [1, 1, SIDE, SIDE],
    data: Float32Array.from(data.subarray(0, SIDE * SIDE), (grey) => grey / 255),
  };
  const { relevance, target } = await lit.explain(x);
  await lit.release();

  const plane = planeOf({ ...relevance, dims: relevance.dims.slice(1) });
  const picture = heatmap(plane, rangeOf(plane));
  Object.assign(canvas, { width: picture.width, height: picture.height });
  canvas.getContext("2d").putImageData(new ImageData(new Uint8ClampedArray(picture.data), picture.width, picture.height), 0, 0);
  return { digit: target[0][0], relevance: [...relevance.data] };
};
