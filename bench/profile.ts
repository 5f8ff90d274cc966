/**
 * Where an artefact spends its time, from ONNX Runtime's own profile. Nodes are matched over the runs and the fastest
 * time of each counts. `blocked`: in the NCHWc layout; nodes of the walk are told by their names.
 */
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compile, encodeModelBytes, type ModelProto, type Runtime } from "@backlit/core";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { sample } from "./networks.ts";
import type { Timed } from "./recipes.ts";

interface Event {
  readonly cat: string;
  readonly name: string;
  readonly dur: number;
  readonly args: {
    readonly op_name?: string;
    readonly node_index?: string;
    readonly output_type_shape?: readonly Readonly<Record<string, readonly number[]>>[];
  };
}

export interface NodeTime {
  readonly name: string;
  readonly op: string;
  readonly part: "forward" | "walk";
  readonly blocked: boolean;
  readonly shape: string;
  readonly ms: number;
}

const SUFFIX = "_kernel_time";

const profileModel = async (model: ModelProto, runs: number): Promise<readonly NodeTime[]> => {
  const dir = await mkdtemp(join(tmpdir(), "backlit-profile-"));
  try {
    const session = await InferenceSession.create(encodeModelBytes(model), {
      enableProfiling: true,
      profileFilePrefix: join(dir, "run"),
      graphOptimizationLevel: "all",
      logSeverityLevel: 3,
      intraOpNumThreads: 1,
    });
    const feeds = Object.fromEntries(
      Object.entries(sample(model)).map(([name, t]) => [
        name,
        new Tensor(t.type as "float32", t.data as Float32Array, [...t.dims]),
      ]),
    );
    for (let run = 0; run < runs; run++) await session.run(feeds);
    session.endProfiling();
    await session.release();
    const [file] = await readdir(dir);
    return fastest(JSON.parse(await readFile(join(dir, file!), "utf8")));
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
};

const fastest = (events: readonly Event[]): NodeTime[] => {
  const nodes = new Map<string, NodeTime>();
  for (const { cat, name, dur, args } of events) {
    if (cat !== "Node" || !name.endsWith(SUFFIX) || args.node_index === undefined) continue;
    const ms = dur / 1000;
    const known = nodes.get(args.node_index);
    if (known !== undefined && known.ms <= ms) continue;
    const plain = name.slice(0, -SUFFIX.length);
    nodes.set(args.node_index, {
      name: plain,
      op: args.op_name ?? "?",
      part: plain.includes("bl:") ? "walk" : "forward",
      blocked: plain.includes("nchwc"),
      shape: Object.values(args.output_type_shape?.[0] ?? {})[0]?.join("×") ?? "",
      ms,
    });
  }
  return [...nodes.values()];
};

/** Time per kind of operator, or per node, largest first. */
export const summary = (nodes: readonly NodeTime[], perNode = false): string => {
  const groups = new Map<string, { ms: number; count: number }>();
  for (const node of nodes) {
    const key = [
      node.part.padEnd(7),
      `${node.op}${node.blocked ? " (blocked)" : ""}`,
      ...(perNode ? [node.shape, node.name] : []),
    ];
    const group = groups.get(key.join("  ")) ?? { ms: 0, count: 0 };
    groups.set(key.join("  "), { ms: group.ms + node.ms, count: group.count + 1 });
  }
  const total = nodes.reduce((sum, node) => sum + node.ms, 0);
  const line = (label: string, ms: number, count: number) =>
    `${ms.toFixed(2).padStart(9)} ms ${((100 * ms) / total).toFixed(1).padStart(5)} % ${String(count).padStart(5)}  ${label}`;
  const lines = [...groups].sort((a, b) => b[1].ms - a[1].ms).map(([label, { ms, count }]) => line(label, ms, count));
  return [line("all", total, nodes.length), ...(perNode ? lines.slice(0, 60) : lines)].join("\n");
};

/** What moves values without computing: into the blocked layout, out of it, or to another place. */
const MOVES =
  /^(Reorder|Concat|Split|Slice|Pad|Transpose|Reshape|Unsqueeze|Squeeze|Expand|Identity|Upsample|Resize|Flatten|Gather|DepthToSpace|Tile)/;
const PRODUCTS = /^(Conv|FusedConv|ConvTranspose|Gemm|FusedGemm|MatMul|FusedMatMul|Einsum)/;

/**
 * Where an artefact's time goes, in passes of the bare model: its forward pass, the products of the walk (with the forward the floor: no form of
 * the rule has fewer), one after another passes over maps that compute, and those that only move.
 */
export const floor = (bare: readonly NodeTime[], nodes: readonly NodeTime[]): string => {
  const sum = (of: readonly NodeTime[]) => of.reduce((total, { ms }) => total + ms, 0);
  const one = sum(bare);
  const forward = nodes.filter(({ part, op }) => part === "forward" && !op.startsWith("Reorder"));
  const rest = nodes.filter((node) => !forward.includes(node));
  const products = rest.filter(({ op }) => PRODUCTS.test(op));
  const moves = rest.filter(({ op }) => MOVES.test(op));
  const passes = rest.filter(({ op }) => !PRODUCTS.test(op) && !MOVES.test(op));
  const cost = (of: readonly NodeTime[]) => `${(sum(of) / one).toFixed(2)} (${of.length} nodes)`;
  const least = ((sum(forward) + sum(products)) / one).toFixed(2);
  return `all ${(sum(nodes) / one).toFixed(2)} = forward ${cost(forward)} + products ${cost(products)} [floor ${least}] + passes ${cost(passes)} + moves ${cost(moves)}`;
};

/** The profile of a recipe's artefact, or of the model alone. */
export const profile = async (model: ModelProto, runtime: Runtime, timed: Timed | undefined, runs: number) =>
  profileModel(timed === undefined ? model : (await compile(model, timed.recipe, runtime, timed.options)).model, runs);
