/**
 * Where an artefact spends its time, from ONNX Runtime's own profile. Nodes are matched over the runs and the fastest
 * time of each counts. `blocked`: in the NCHWc layout; nodes of the walk are told by their names.
 */
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compile, encodeModelBytes, type ModelProto, type Recipe, type Runtime } from "@backlit/core";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { sample } from "./networks.ts";

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

/** The profile of a recipe's artefact, or of the model alone. */
export const profile = async (model: ModelProto, runtime: Runtime, recipe: Recipe | undefined, runs: number) =>
  profileModel(recipe === undefined ? model : (await compile(model, recipe, runtime)).model, runs);
