/**
 * Repair by projection (P-ClArC; Anders et al. 2022; reactive: Bareeva et al. 2024): at a value h, in every sample and at every position,
 * h′ = h + v (z̄ − vᵀ a) / (vᵀ v), a the largest activation of each channel over positions. Afterwards vᵀ a′ = z̄: of the concept there is
 * as much as in clean samples. Nodes of the file's own operators; no weight is changed.
 */
import { fail } from "../errors.ts";
import { attr } from "../onnx/attributes.ts";
import { DataType, type ModelProto, type NodeProto } from "../onnx/proto.ts";
import { floatTensor, intTensor } from "../onnx/tensors.ts";
import type { ConceptDirection } from "./direction.ts";

export interface RepairAt {
  readonly value: string;
  /** Of the value: axes, and which of them counts channels; the first counts samples. */
  readonly rank: number;
  readonly axis: number;
  readonly direction: ConceptDirection;
  /** Only samples in which there is more of the concept than in 95 % of the clean ones. Default false: all. */
  readonly reactive?: boolean;
}

/** Where a repaired model says what was done. */
export const REPAIR_KEY = "backlit_repair";

/** The repaired model; inputs, outputs and weights are the file's. Errors: BadRecipe for a value that no node of the file makes; Unsupported. */
export const repairModel = (model: ModelProto, { value, rank, axis, direction, reactive = false }: RepairAt): ModelProto => {
  const { graph } = model;
  const maker = graph.node.findIndex(({ output }) => output.includes(value));
  if (maker < 0)
    throw fail("BadRecipe", {
      what: `no node of the file makes '${value}'`,
      fix: "name a value inside the graph as the file has it; inspect lists them",
    });
  if (!(axis >= 1 && axis < rank))
    throw fail("Unsupported", {
      what: `channels along axis ${axis} of ${rank}`,
      where: `value '${value}'`,
      why: "the first axis has to count samples",
    });
  const { vector, clean, threshold } = direction;
  const taken = new Set([
    ...graph.node.flatMap(({ output, name }) => [...output, name]),
    ...[...graph.initializer, ...graph.input].map(({ name }) => name),
  ]);
  const name = (hint: string): string => {
    let free = `${value}:${hint}`;
    while (taken.has(free)) free = `${free}_`;
    taken.add(free);
    return free;
  };
  const nodes: NodeProto[] = [];
  const op = (
    opType: string,
    input: readonly string[],
    attribute: NodeProto["attribute"] = [],
    output = name(opType),
  ): string => {
    nodes.push({ opType, domain: "", name: name(`repair ${opType}`), input, output: [output], attribute });
    return output;
  };
  const floats = (hint: string, dims: readonly number[], data: readonly number[]) =>
    floatTensor(name(hint), dims, Float32Array.from(data));
  const size = vector.reduce((sum, v) => sum + v * v, 0);
  const width = vector.length;
  const along = floats("direction", [width, 1], vector);
  const back = floats(
    "step",
    [1, width],
    vector.map((v) => v / size),
  );
  const mean = floats("clean", [], [clean]);
  const limit = floats("threshold", [], [threshold]);
  const shape = intTensor(
    name("shape"),
    [rank],
    Array.from({ length: rank }, (_, at) => (at === 0 ? 0 : at === axis ? -1 : 1)),
  );

  const before = name("before");
  const others = Array.from({ length: rank }, (_, at) => at).filter((at) => at !== 0 && at !== axis);
  const perm = [0, axis, ...others];
  const moved = axis === 1 ? before : op("Transpose", [before], [attr.ints("perm", perm)]);
  const largest = rank === 2 ? moved : op("Flatten", [op("GlobalMaxPool", [moved])], [attr.int("axis", 1)]);
  const amount = op("MatMul", [largest, along.name]);
  const missing = op("Sub", [mean.name, amount]);
  const added = reactive
    ? op("Mul", [missing, op("Cast", [op("Greater", [amount, limit.name])], [attr.int("to", DataType.FLOAT)])])
    : missing;
  const step = op("Reshape", [op("MatMul", [added, back.name]), shape.name]);
  op("Add", [before, step], [], value);

  const renamed = (node: NodeProto): NodeProto => ({ ...node, output: node.output.map((own) => (own === value ? before : own)) });
  const node = graph.node.flatMap((own, i) => (i === maker ? [renamed(own), ...nodes] : [own]));
  const initializer = [...graph.initializer, along, back, mean, shape, ...(reactive ? [limit] : [])];
  const { method, separated } = direction;
  const said = JSON.stringify({ value, axis, method, clean, ...(reactive && { threshold }), separated });
  return {
    ...model,
    graph: { ...graph, node, initializer },
    metadataProps: [...model.metadataProps, { key: REPAIR_KEY, value: said }],
  };
};
