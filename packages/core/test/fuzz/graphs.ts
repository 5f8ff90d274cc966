/**
 * Random networks of everything exporters write: a row of blocks, each on values already there, from one or two inputs to one or
 * two outputs. Three forms of value flow between them: maps [N, C, H, W], sequences [N, S, D] and vectors [N, D].
 */
import fc from "fast-check";
import { parseModel } from "../../src/onnx/parse-text.ts";
import type { ModelProto } from "../../src/onnx/proto.ts";
import type { Feeds } from "../support/run.ts";
import { noise } from "../support/run.ts";
import { BLOCKS, type Form, SMOOTH } from "./blocks.ts";
import { renameValues } from "./names.ts";

export interface Case {
  readonly model: ModelProto;
  /** Inputs for a batch of so many and sequences of that length; only the first `fixed` counts where a size is fixed. */
  feeds(batch: number, length: number, seed?: number): Feeds;
  readonly output: string;
  readonly freeBatch: boolean;
  readonly smooth: boolean;
  readonly text: string;
}

/** Channels and width; side, length where it is fixed, and classes. */
export const [C, D] = [4, 6];
const [SIDE, S, CLASSES] = [6, 5, 3];

export interface Wanted {
  /** Only blocks without kinks. */
  readonly smooth?: boolean;
  /** Values get odd names. */
  readonly odd?: boolean;
  readonly most?: number;
}

/** Random initializers, fresh names, and the nodes written so far. */
export class Writer {
  readonly held: string[] = [];
  readonly nodes: string[] = [];
  readonly values: Record<Form, string[]> = { map: [], seq: [], vec: [] };
  #count = 0;
  constructor(
    readonly seed: number,
    readonly opset: number,
  ) {}

  name(): string {
    return `v${this.#count++}`;
  }
  weight(...dims: number[]): string {
    const name = `w${this.#count++}`;
    this.held.push(`float[${dims.join(",")}] ${name} = random(${this.seed + this.#count})`);
    return name;
  }
  floats(values: readonly number[], dims: readonly number[] = [values.length]): string {
    const name = `c${this.#count++}`;
    this.held.push(
      `float${dims.length ? `[${dims.join(",")}]` : ""} ${name} = {${values.map((v) => v.toPrecision(9)).join(",")}}`,
    );
    return name;
  }
  ints(...values: number[]): string {
    const name = `i${this.#count++}`;
    this.held.push(`int64[${values.length}] ${name} = {${values.join(",")}}`);
    return name;
  }
  scalar(value: number, type = "float"): string {
    const name = `s${this.#count++}`;
    this.held.push(`${type} ${name} = {${value}}`);
    return name;
  }
  /** Writes `out = nodes`, and says its name. */
  op(expression: string): string {
    const name = this.name();
    this.nodes.push(`${name} = ${expression}`);
    return name;
  }
  ops(expression: string, outputs: number): string[] {
    const names = Array.from({ length: outputs }, () => this.name());
    this.nodes.push(`${names.join(", ")} = ${expression}`);
    return names;
  }
}

const step = fc.record({ block: fc.nat(10_000), from: fc.nat(100), other: fc.nat(100) });

export const network = ({ smooth = false, odd = false, most = 8 }: Wanted = {}): fc.Arbitrary<Case> =>
  fc
    .record({
      seed: fc.integer({ min: 1, max: 1_000_000 }),
      opset: fc.constantFrom(13, 14, 17, 17, 18, 20, 21),
      inputs: fc.constantFrom<readonly Form[]>(
        ["map"],
        ["seq"],
        ["vec"],
        ["map", "vec"],
        ["seq", "seq"],
        ["vec", "vec"],
        ["map", "seq"],
      ),
      freeBatch: fc.boolean(),
      freeLength: fc.boolean(),
      steps: fc.array(step, { minLength: 1, maxLength: most }),
      ends: fc.array(fc.nat(100), { minLength: 1, maxLength: 3 }),
      head: fc.constantFrom("none", "softmax", "sigmoid", "logsoftmax", "binary", "rank1", "several", "tokens"),
      second: fc.boolean(),
      listed: fc.boolean(),
      names: odd
        ? fc.infiniteStream(fc.nat(1000)).map((stream) => Array.from({ length: 6 }, () => stream.next().value as number))
        : fc.constant([]),
    })
    .map((spec) => write(spec, smooth));

interface Spec {
  readonly seed: number;
  readonly opset: number;
  readonly inputs: readonly Form[];
  readonly freeBatch: boolean;
  readonly freeLength: boolean;
  readonly steps: readonly { block: number; from: number; other: number }[];
  readonly ends: readonly number[];
  readonly head: string;
  readonly second: boolean;
  readonly listed: boolean;
  readonly names: readonly number[];
}

const write = (spec: Spec, smooth: boolean): Case => {
  const g = new Writer(spec.seed, spec.opset);
  const [batch, length] = [spec.freeBatch ? "N" : "2", spec.freeLength ? "S" : String(S)];
  const shapes: Record<Form, string> = {
    map: `${batch},${C},${SIDE},${SIDE}`,
    seq: `${batch},${length},${D}`,
    vec: `${batch},${D}`,
  };
  const inputs = spec.inputs.map((form, i) => ({ form, name: `x${i}` }));
  for (const { form, name } of inputs) g.values[form].push(name);
  const pick = (form: Form, k: number): string | undefined => g.values[form][k % Math.max(1, g.values[form].length)];
  for (const { block, from, other } of spec.steps) {
    const fitting = BLOCKS.filter(
      ({ name, from: form, opset = 0 }) => g.values[form].length > 0 && opset <= g.opset && (!smooth || SMOOTH.has(name)),
    );
    const chosen = fitting[block % fitting.length]!;
    const made = chosen.write(g, pick(chosen.from, from)!, pick(chosen.from, other)!);
    for (const value of made) g.values[chosen.to ?? chosen.from].push(value);
  }
  // The ends: some values of each form, as vectors, then one dense layer for all.
  const all = (["map", "seq", "vec"] as const).flatMap((form) => g.values[form].map((value) => ({ form, value })));
  const ends = [...new Set(spec.ends.map((k) => (all.length - 1 - (k % all.length)) % all.length))].map((k) => all[k]!);
  const vectors = ends.map(({ form, value }) => {
    if (form === "vec") return value;
    if (form === "seq")
      return g.op(
        g.opset < 18 ? `ReduceMean <axes=[1], keepdims=0> (${value})` : `ReduceMean <keepdims=0> (${value}, ${g.ints(1)})`,
      );
    const pooled = g.op(`GlobalAveragePool(${value})`);
    return g.op(`Flatten(${pooled})`);
  });
  const terms = ends.map(({ form }, i) =>
    g.op(`Gemm(${vectors[i]}, ${g.weight(form === "map" ? C : D, CLASSES)}, ${g.weight(CLASSES)})`),
  );
  const logits = terms.reduce((a, b) => g.op(`Add(${a}, ${b})`));
  // A vector of fixed length is one row of classes, not a batch of single logits.
  const y = head(g, spec.head === "rank1" && !spec.freeBatch ? "binary" : spec.head, logits);
  const outputs = [`float[] y`];
  g.nodes.push(`y = ${y}`);
  if (spec.second) {
    g.nodes.push(`y2 = Mul(${all[spec.ends[0]! % all.length]!.value}, ${g.scalar(2)})`);
    outputs.push("float[] y2");
  }
  const header = `<ir_version: ${spec.listed ? 3 : 9}, opset_import: ["" : ${spec.opset}]>`;
  const typed = inputs.map(({ form, name }) => `float[${shapes[form]}] ${name}`);
  const text = `${header} net (${typed.join(", ")}) => (${outputs.join(", ")}) <${g.held.join(", ")}> {\n${g.nodes.join("\n")}\n}`;
  const parsed = parseModel(text);
  const listed = spec.listed ? withListedInitializers(parsed) : parsed;
  const renamed = renameValues(listed, spec.names);
  const given = (name: string) => renamed.name(name);
  return {
    model: renamed.model,
    output: given("y"),
    freeBatch: spec.freeBatch,
    smooth,
    text: spec.names.length ? `${text} // ${spec.names.map((k) => k)}` : text,
    feeds: (n, s, seed = 5) =>
      Object.fromEntries(
        inputs.map(({ form, name }, i) => {
          const dims = { map: [n, C, SIDE, SIDE], seq: [n, spec.freeLength ? s : S, D], vec: [n, D] }[form];
          return [given(name), noise(spec.freeBatch ? dims : [2, ...dims.slice(1)], seed + i, 3)];
        }),
      ),
  };
};

const head = (g: Writer, kind: string, logits: string): string => {
  switch (kind) {
    case "softmax":
      return `Softmax(${logits})`;
    case "logsoftmax":
      return `LogSoftmax <axis=1> (${logits})`;
    case "sigmoid":
      return `Sigmoid(${logits})`;
    case "binary":
      return `MatMul(${logits}, ${g.weight(CLASSES, 1)})`;
    case "rank1": {
      const one = g.op(`MatMul(${logits}, ${g.weight(CLASSES, 1)})`);
      return `Squeeze(${one}, ${g.ints(1)})`;
    }
    case "several": {
      const wide = g.op(`MatMul(${logits}, ${g.weight(CLASSES, 6)})`);
      return `Reshape(${wide}, ${g.ints(0, 2, 3)})`;
    }
    case "tokens":
      return `Unsqueeze(${logits}, ${g.ints(1)})`;
    default:
      return `Identity(${logits})`;
  }
};

/** As files of IR 3 have it: every initializer is an input, too. */
const withListedInitializers = (model: ModelProto): ModelProto => {
  const { graph } = model;
  const inputs = graph.initializer.map(({ name, dims, dataType }) => ({
    name,
    type: { tensorType: { elemType: dataType, shape: dims.map((value) => ({ value })) } },
  }));
  return { ...model, graph: { ...graph, input: [...graph.input, ...inputs] } };
};
