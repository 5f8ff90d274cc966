/** What a user gives, as the inputs the lowered model takes; what does not fit is said before anything runs. */
import { fail } from "../errors.ts";
import { isCache } from "../graph/caches.ts";
import type { TraceFacts } from "../graph/facts.ts";
import { toFloat32 } from "../input/index.ts";
import { type Held, heldTensor } from "../lower/hold-inputs.ts";
import { DataType, type ModelProto, tensorType, type ValueInfoProto } from "../onnx/index.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { isTrees } from "../trees/index.ts";
import { withType } from "./named-type.ts";

/** `x`: the one input, or all of them by name. Errors: BadModel, BadInput. */
export const feedsOf = (
  model: ModelProto,
  facts: TraceFacts,
  x: Tensor | Readonly<Record<string, Tensor>>,
  held: Held = {},
): Record<string, Tensor> => {
  const initializers = new Set(model.graph.initializer.map((t) => t.name));
  const inputs = model.graph.input.filter((input) => !initializers.has(input.name));
  if (inputs.length === 0)
    throw fail("BadModel", {
      what: "the model has no inputs",
      why: "its output is always the same",
      fix: "export it with its inputs",
    });
  const given: Readonly<Record<string, Tensor>> = isTensor(x) ? { [inputs[0]!.name]: x } : x;
  for (const name of Object.keys(given))
    if (!inputs.some((input) => input.name === name))
      throw fail("BadInput", {
        what: `the model has no input '${name}'`,
        fix: `its inputs are ${inputs.map((i) => i.name).join(", ")}`,
      });
  const feeds: Record<string, Tensor> = {};
  const missing = model.graph.node.some((node) => node.opType === "IsNaN" || isTrees(node));
  for (const input of inputs) {
    const own = Object.hasOwn(given, input.name) ? withType(given[input.name]!, `input '${input.name}'`) : undefined;
    const tensor =
      own ??
      (Object.hasOwn(held, input.name) ? heldTensor(input, held[input.name]!) : undefined) ??
      (isCache(input) ? emptyCache(facts.shapes.get(input.name), given) : undefined);
    if (!tensor)
      throw fail("BadInput", {
        what: `input '${input.name}' is missing`,
        fix: `the model needs all of ${inputs.map((i) => i.name).join(", ")}`,
      });
    feeds[input.name] = typed(input, tensor);
    checkInput(input.name, feeds[input.name]!, { shape: facts.shapes.get(input.name), missing });
  }
  checkFilled(feeds);
  return feeds;
};

/**
 * A batch of no samples, or inputs without a value, would run into divisions by zero in the runtime's kernels, which end the process.
 * An empty list beside a batch (a cache, regions of interest) may be what the model wants. Errors: BadInput.
 */
export const checkFilled = (feeds: Readonly<Record<string, Tensor>>, where?: string): void => {
  const all = Object.entries(feeds);
  const batched = all.some(([, { dims }]) => dims[0] !== undefined && dims[0] > 0);
  const empty = all.find(([, { dims }]) => dims[0] === 0 && (dims.length > 1 || !batched));
  const named = empty ?? (all.every(([, { dims }]) => dims.includes(0)) ? all[0] : undefined);
  if (named === undefined) return;
  const [name, { dims }] = named;
  throw fail("BadInput", {
    what: empty ? "an empty batch" : "an input without values",
    where: where ?? `input '${name}'`,
    why: `its shape is ${dims.join("×")}`,
    fix: "give at least one sample",
  });
};

/** No earlier tokens. Undefined where the model was not found to run so. */
const emptyCache = (shape: readonly (number | null)[] = [], given: Readonly<Record<string, Tensor>>): Tensor | undefined => {
  const batch = Object.values(given)[0]?.dims[0] ?? 1;
  return shape.includes(0) ? { type: "float32", dims: shape.map((size) => size ?? batch), data: new Float32Array(0) } : undefined;
};

const isTensor = (x: Tensor | Readonly<Record<string, Tensor>>): x is Tensor => Array.isArray(x.dims);

/** The tensor as the lowered model takes it: all floats are float32 there. */
const typed = ({ name, type }: ValueInfoProto, tensor: Tensor): Tensor => {
  const wanted = tensorType(type?.tensorType?.elemType ?? DataType.FLOAT);
  if (tensor.type === wanted) return tensor;
  if (wanted === "float32" && tensor.type.startsWith("float")) return toFloat32(tensor);
  throw fail("BadInput", {
    what: `a tensor of ${tensor.type}`,
    where: `input '${name}'`,
    why: `the model takes ${wanted}`,
    fix: "give the values in that type",
  });
};

interface Wanted {
  readonly shape: readonly (number | null)[] | undefined;
  /** Trees and imputers know what to do with a value that is missing. */
  readonly missing: boolean;
}

/** The shape must fit, and floats must be finite: NaN in, nonsense out. */
const checkInput = (name: string, { type, dims, data }: Tensor, { shape, missing }: Wanted): void => {
  const where = `input '${name}'`;
  const size = dims.reduce((a, b) => a * b, 1);
  if (data.length !== size)
    throw fail("BadInput", {
      what: `${data.length} values are given where ${dims.join("×")} are ${size}`,
      where,
      fix: "make dims and data agree",
    });
  if (shape && (dims.length !== shape.length || shape.some((d, i) => d !== null && d !== dims[i])))
    throw fail("BadInput", {
      what: `shape ${dims.join("×")} does not fit`,
      where,
      why: `the model takes ${shape.map((d) => d ?? "any").join("×")}`,
    });
  if (type !== "float32") return;
  const values = data as Float32Array;
  for (let i = 0; i < values.length; i++)
    if (!Number.isFinite(values[i]!) && !(missing && Number.isNaN(values[i]!))) {
      const count = values.reduce((n, v) => (Number.isFinite(v) ? n : n + 1), 0);
      throw fail("BadInput", {
        what: `${count} of ${values.length} values are ${Number.isNaN(values[i]!) ? "NaN" : "infinite"}`,
        where,
        fix: "clean the input",
      });
    }
};
