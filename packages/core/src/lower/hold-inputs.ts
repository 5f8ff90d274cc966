/** Inputs that only set the model up (a sample rate, a flag) held at a value: what depends on them alone is a constant then, branches included. */
import { fail } from "../errors.ts";
import { type Graph, namesOf, valuesRead } from "../graph/graph.ts";
import { namer, renamed } from "../graph/names.ts";
import { declared, type Samples } from "../graph/sizes.ts";
import { arrayOf, DataType, elementCount, type ModelProto, makeTensor, tensorType, type ValueInfoProto } from "../onnx/index.ts";
import type { Tensor } from "../tensor/tensor.ts";

export type Held = Readonly<Record<string, readonly number[]>>;

/** Numbers as the input takes them; an input of one axis may have any length. Errors: BadInput. */
export const heldTensor = (input: ValueInfoProto, values: readonly number[]): Tensor => {
  const type = tensorType(input.type?.tensorType?.elemType ?? DataType.FLOAT);
  const sizes = declared(input);
  const dims = sizes.length === 1 && sizes[0] === undefined ? [values.length] : sizes.map((size) => size ?? 1);
  if (type === "string" || elementCount(dims, input.name) !== values.length)
    throw fail("BadInput", {
      what: `${values.length} values to hold it at`,
      where: `input '${input.name}'`,
      why: `the model takes ${type} ${dims.length === 0 ? "(one number)" : dims.join("×")}`,
    });
  return { type, dims, data: arrayOf(values, type) } as Tensor;
};

/**
 * What a sample holds the inputs at that decide alone which branch is taken: single integers. Another value would take another branch,
 * which the artefact does not have.
 */
export const heldBySample = ({ inputs, nodes }: Pick<Graph, "inputs" | "nodes">, sample: Samples = {}): Held => {
  const settings = new Map(
    inputs.flatMap((input) => {
      const { type = "", data } = Object.hasOwn(sample, input.name) ? sample[input.name]! : {};
      const single = declared(input).every((size) => size === 1) && data?.length === 1 && /int|bool/.test(type);
      return single ? [[input.name, [Number(data![0])]] as const] : [];
    }),
  );
  const behind = new Map<string, ReadonlySet<string>>(inputs.map(({ name }) => [name, new Set([name])]));
  const decisive = new Set<string>();
  for (const node of nodes) {
    const condition = node.opType === "If" ? [...(behind.get(node.input[0]!) ?? [])] : [];
    if (condition.every((name) => settings.has(name))) for (const name of condition) decisive.add(name);
    const all = new Set(valuesRead(node).flatMap((name) => [...(behind.get(name) ?? [])]));
    for (const name of node.output) behind.set(name, all);
  }
  return Object.fromEntries([...settings].filter(([name]) => decisive.has(name)));
};

/** The same model reading constants in place of these inputs, which stay among its inputs. Errors: BadInput. */
export const holdInputs = (model: ModelProto, held: Held = {}): ModelProto => {
  const names = Object.keys(held);
  if (names.length === 0) return model;
  const { graph } = model;
  const free = namer(namesOf(graph));
  const constants = names.map((name) => {
    const input = graph.input.find((one) => one.name === name);
    if (input === undefined)
      throw fail("BadInput", {
        what: `the model has no input '${name}' to hold`,
        fix: `its inputs are ${graph.input.map((one) => one.name).join(", ")}`,
      });
    return [name, makeTensor(free(`${name}:held`), heldTensor(input, held[name]!))] as const;
  });
  const other = new Map(constants.map(([name, tensor]) => [name, tensor.name]));
  const node = graph.node.map((n) => renamed(n, (value) => other.get(value) ?? value));
  return { ...model, graph: { ...graph, node, initializer: [...graph.initializer, ...constants.map(([, tensor]) => tensor)] } };
};
