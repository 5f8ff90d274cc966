/** Models beyond 2 GB through the command, each step in a process of its own: time, peak memory, and that it works at all. */
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readNpy, writeNpy } from "@backlit/core";
import { inChild } from "./child.ts";
import { largeNets, writeLarge } from "./models/large.ts";
import type { Row } from "./report.ts";

/** Where the runtime maps the weights: Node, the runtime, and next to nothing of the weights themselves. */
const MAPPED_MB = 300;

export type LargeName = keyof typeof largeNets;

/** Throws when a step fails. */
export const large = async (name: LargeName, onRow: (row: Row) => void): Promise<void> => {
  const dir = await mkdtemp(join(tmpdir(), "backlit-large-"));
  try {
    const bytes = await writeLarge(dir, largeNets[name]());
    const network = `large ${name}`;
    onRow({ network, what: "weights", unit: "MB", value: bytes / 2 ** 20 });
    const step = async (what: string, args: readonly string[], budget?: number) => {
      const { code, out, err, peak, ms } = await inChild("command", JSON.stringify(args));
      if (code !== 0) throw new Error(`${what}: ${err}`);
      onRow({ network, what: `${what}, time`, unit: "ms", value: ms });
      onRow({ network, what: `${what}, peak memory`, unit: "MB", value: peak, ...(budget !== undefined && { budget }) });
      return out;
    };
    const input = await sample(name, dir);
    const choices = name === "embedding" ? ["--explain", "embedded", "--dim", "T=8"] : [];
    const budget = name === "embedding" ? MAPPED_MB : undefined; // a dense layer's weights are repacked by the runtime
    const nodes = JSON.parse(await step("inspect", ["inspect", dir, ...choices, "--json"], budget)).nodes;
    if (nodes.some(({ op }: { op: string }) => op === "BatchNormalization")) throw new Error("the batch norm was not merged");
    const [sidecar, whole] = [join(dir, "sidecar.onnx"), join(dir, "whole.onnx")];
    await step("compile --sidecar", ["compile", dir, "-o", sidecar, "--sidecar", ...choices], budget);
    await step("compile", ["compile", dir, "-o", whole, ...choices], budget);
    for (const [what, path] of [
      ["sidecar", sidecar],
      ["artefact", whole],
      ["artefact's weights", `${whole}.data`],
    ] as const)
      onRow({ network, what: `${what}, size`, unit: "MB", value: (await stat(path)).size / 2 ** 20 });
    const relevance = join(dir, "relevance.npy");
    const explained = await step("explain", ["explain", dir, input, ...choices, "--relevance", relevance, "--json"], budget);
    const { data } = readNpy(await readFile(relevance));
    if (!(data as Float32Array).some((r) => r !== 0)) throw new Error(`no relevance: ${explained}`);
    for (const [what, path] of [
      ["forward", join(dir, "model.onnx")],
      ["sidecar", sidecar],
      ["artefact", whole],
    ] as const) {
      const { peak } = await inChild("feed", JSON.stringify([path, input]));
      onRow({ network, what: `running the ${what}, peak memory`, unit: "MB", value: peak });
    }
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
};

const sample = async (name: LargeName, dir: string): Promise<string> => {
  const path = join(dir, "input.npy");
  const tensor =
    name === "embedding"
      ? ({ type: "int64", dims: [1, 8], data: BigInt64Array.from({ length: 8 }, (_, i) => BigInt(2 * i)) } as const)
      : ({ type: "float32", dims: [1, 32_768], data: Float32Array.from({ length: 32_768 }, (_, i) => (i % 7) / 7) } as const);
  await writeFile(path, writeNpy(tensor));
  return path;
};
