/** Whole models as ONNX Runtime's own optimiser saves them: lowered, they compute what the originals do. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { InferenceSession } from "onnxruntime-node";
import { afterAll, describe, test } from "vitest";
import { sameForward } from "../../../test/support/lowered.ts";
import { type Feeds, ints, noise } from "../../../test/support/run.ts";
import { decodeModel } from "../../onnx/decode.ts";
import type { ModelProto, ValueInfoProto } from "../../onnx/proto.ts";
import type { Tensor } from "../../tensor/tensor.ts";

const root = fileURLToPath(new URL("../../../../../", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "backlit-optimised-"));
afterAll(() => rmSync(folder, { recursive: true }));

const optimised = async (path: string): Promise<ModelProto> => {
  const saved = join(folder, "optimised.onnx");
  const session = await InferenceSession.create(join(root, path), {
    graphOptimizationLevel: "extended",
    optimizedModelFilePath: saved,
    logSeverityLevel: 3,
  });
  await session.release();
  return decodeModel(readFileSync(saved), path);
};

/** Free sizes: one picture of 224², two texts of 16 tokens. */
const feed = ({ type }: ValueInfoProto, i: number): Tensor => {
  const { elemType, shape } = type!.tensorType!;
  const dims = shape!.map(({ value }, axis) => value ?? (axis === 0 ? 2 : shape!.length === 4 ? 224 : 16));
  const count = dims.reduce((a, b) => a * b, 1);
  if (elemType === 1) return noise(dims, i + 1, 4);
  return ints(
    dims,
    Array.from({ length: count }, (_, k) => (i === 0 ? (k * 7) % 50 : 1)),
  );
};
const feedsOf = (m: ModelProto): Feeds => Object.fromEntries(m.graph.input.map((input, i) => [input.name, feed(input, i)]));

const PATHS = [
  ...["text-sentiment", "efficientnet-lite0", "digits"].map((name) => `models/${name}`),
  ...["bert", "gpt2", "llama", "mixer", "swin", "tv-vit", "tv-vit-dynamo18"].map((name) => `conformance/transformer/${name}`),
  ...["efficientnet_swish", "mobilenet_v4", "repvgg", "resnet_basic-dynamo18", "tv_squeezenet"].map(
    (name) => `conformance/zoo/${name}`,
  ),
];

describe("optimised models", () => {
  test.each(PATHS)("%s", async (path) => {
    const m = await optimised(`${path}/model.onnx`);
    await sameForward(m, feedsOf(m), 1e-4);
  });
});
