/**
 * What the runtime makes of a model, told without a clock: how many nodes are left of it, and how many of them take values into its
 * blocked layout or out of it.
 */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decodeModel, encodeModelBytes, type ModelProto } from "@backlit/core";
import { InferenceSession } from "onnxruntime-node";

interface Counts {
  readonly nodes: number;
  readonly reorders: number;
}

export const counts = async (model: ModelProto): Promise<Counts> => {
  const dir = await mkdtemp(join(tmpdir(), "backlit-counts-"));
  try {
    const path = join(dir, "optimised.onnx");
    const session = await InferenceSession.create(encodeModelBytes(model), {
      graphOptimizationLevel: "all",
      optimizedModelFilePath: path,
      logSeverityLevel: 4,
    });
    await session.release();
    const { node } = decodeModel(await readFile(path)).graph;
    return { nodes: node.length, reorders: node.filter(({ opType }) => opType.startsWith("Reorder")).length };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
};
