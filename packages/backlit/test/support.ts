/** What the tests of this package share: the repository's models, photographs and conformance cases. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Explainer, load, pixelBox, preprocess, readNpy, readPreprocessor, type Tensor } from "@backlit/core";
import { readPicture } from "../src/host/pictures.ts";
import { nodeRuntime } from "../src/host/runtime/node.ts";

export const repository = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
export const bytesOf = (path: string): Uint8Array => readFileSync(repository(path));
export const jsonOf = (path: string) => JSON.parse(readFileSync(repository(path), "utf8"));
export const npyOf = (path: string): Tensor => readNpy(bytesOf(path));

const lite0 = "models/efficientnet-lite0";
export const lite0Preprocessor = () => readPreprocessor(jsonOf(`${lite0}/preprocessor_config.json`), [1, 3, 224, 224]);

export const loadLite0 = async (): Promise<Explainer> =>
  load(bytesOf(`${lite0}/model.onnx`), {
    runtime: await nodeRuntime(),
    box: pixelBox(lite0Preprocessor()),
    labels: jsonOf(`${lite0}/labels.json`),
  });

export const photo = async (file: string): Promise<Tensor> =>
  preprocess(await readPicture(repository(`data/photos/${file}`)), lite0Preprocessor()).tensor;

export const relativeError = (got: Tensor, want: Tensor): number => {
  const [a, b] = [got.data as Float32Array, want.data as Float32Array];
  if (a.length !== b.length) return Infinity;
  const sum = (f: (i: number) => number) => b.reduce((total, _, i) => total + f(i), 0);
  return Math.sqrt(sum((i) => (a[i]! - b[i]!) ** 2) / sum((i) => b[i]! ** 2));
};
