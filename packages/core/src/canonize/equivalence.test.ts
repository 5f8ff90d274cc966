/** Canonization changes no number: random graphs full of BatchNormalization, biases, reshapes and identities, before and after. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { expectClose } from "../../test/support/compare.ts";
import { holds } from "../../test/support/holds.ts";
import { explain, type Feeds, noise, numbers, runModel, tracedModel } from "../../test/support/run.ts";
import { compileModel } from "../compile/index.ts";

/** A writer of one node of each kind on a value of some shape; undefined where it does not fit. */
interface Pen {
  readonly nodes: string[];
  readonly held: string[];
  seed: number;
}
type Value = { readonly name: string; readonly dims: readonly number[] };
type Step = (pen: Pen, value: Value) => Value | undefined;

const fresh = (pen: Pen, dims: readonly number[]): Value => ({ name: `v${pen.nodes.length}`, dims });
const hold = (pen: Pen, dims: readonly number[]): string => {
  const name = `c${pen.held.length}`;
  pen.held.push(`float[${dims}] ${name} = random(${pen.seed + pen.held.length})`);
  return name;
};
const holdInts = (pen: Pen, values: readonly number[]): string => {
  const name = `c${pen.held.length}`;
  pen.held.push(`int64[${values.length}] ${name} = {${values}}`);
  return name;
};
const write = (pen: Pen, dims: readonly number[], call: string): Value => {
  const value = fresh(pen, dims);
  pen.nodes.push(`${value.name} = ${call}`);
  return value;
};

const STEPS: Readonly<Record<string, Step>> = {
  norm: (pen, { name, dims }) => {
    if (dims.length < 2) return undefined;
    const c = dims[1]!;
    // The variance has to be positive: a constant of a Constant node, as old exporters write it.
    const positive = `c${pen.held.length}`;
    pen.held.push(`float[${c}] ${positive} = {${Array.from({ length: c }, (_, i) => 0.5 + i / 4)}}`);
    return write(
      pen,
      dims,
      `BatchNormalization <epsilon=0.001> (${name}, ${hold(pen, [c])}, ${hold(pen, [c])}, ${hold(pen, [c])}, ${positive})`,
    );
  },
  conv: (pen, { name, dims }) =>
    dims.length === 4 && dims[2]! > 1 && dims[3]! > 1
      ? write(pen, [dims[0]!, 4, dims[2]! - 1, dims[3]! - 1], `Conv(${name}, ${hold(pen, [4, dims[1]!, 2, 2])})`)
      : undefined,
  convPadded: (pen, { name, dims }) =>
    dims.length === 4
      ? write(
          pen,
          [dims[0]!, 6, dims[2]!, dims[3]!],
          `Conv <pads=[1,1,1,1]> (${name}, ${hold(pen, [6, dims[1]!, 3, 3])}, ${hold(pen, [6])})`,
        )
      : undefined,
  convGroups: (pen, { name, dims }) =>
    dims.length === 4 && dims[1]! % 2 === 0
      ? write(
          pen,
          [dims[0]!, 4, dims[2]!, dims[3]!],
          `Conv <group=2> (${name}, ${hold(pen, [4, dims[1]! / 2, 1, 1])}, ${hold(pen, [4])})`,
        )
      : undefined,
  deconv: (pen, { name, dims }) =>
    dims.length === 4
      ? write(
          pen,
          [dims[0]!, 4, dims[2]! + 1, dims[3]! + 1],
          `ConvTranspose(${name}, ${hold(pen, [dims[1]!, 4, 2, 2])}, ${hold(pen, [4])})`,
        )
      : undefined,
  deconvGroups: (pen, { name, dims }) =>
    dims.length === 4 && dims[1]! % 2 === 0
      ? write(pen, [dims[0]!, 6, dims[2]!, dims[3]!], `ConvTranspose <group=2> (${name}, ${hold(pen, [dims[1]!, 3, 1, 1])})`)
      : undefined,
  gemm: (pen, { name, dims }) =>
    dims.length === 2 ? write(pen, [dims[0]!, 6], `Gemm(${name}, ${hold(pen, [dims[1]!, 6])}, ${hold(pen, [6])})`) : undefined,
  gemmScaled: (pen, { name, dims }) =>
    dims.length === 2
      ? write(
          pen,
          [dims[0]!, 4],
          `Gemm <alpha=0.5, beta=3.0, transB=1> (${name}, ${hold(pen, [4, dims[1]!])}, ${hold(pen, [1, 4])})`,
        )
      : undefined,
  gemmScalarBias: (pen, { name, dims }) =>
    dims.length === 2 ? write(pen, [dims[0]!, 5], `Gemm(${name}, ${hold(pen, [dims[1]!, 5])}, ${hold(pen, [1])})`) : undefined,
  matmul: (pen, { name, dims }) =>
    dims.length === 4 ? undefined : write(pen, [...dims.slice(0, -1), 6], `MatMul(${name}, ${hold(pen, [dims.at(-1)!, 6])})`),
  addChannels: (pen, { name, dims }) =>
    write(
      pen,
      dims,
      `Add(${name}, ${hold(
        pen,
        dims.map((d, i) => (i === 1 ? d : 1)),
      )})`,
    ),
  addLast: (pen, { name, dims }) => write(pen, dims, `Add(${hold(pen, [dims.at(-1)!])}, ${name})`),
  addScalar: (pen, { name, dims }) => write(pen, dims, `Add(${name}, ${hold(pen, [1])})`),
  flatten: (pen, { name, dims }) => write(pen, [dims[0]!, dims.slice(1).reduce((a, b) => a * b, 1)], `Flatten(${name})`),
  reshape: (pen, { name, dims }) =>
    dims.length === 4
      ? write(pen, [dims[0]!, dims[1]!, dims[2]! * dims[3]!], `Reshape(${name}, ${holdInts(pen, [0, 0, -1])})`)
      : undefined,
  /** Rows become channels: what looks like a flattening and is none. */
  mix: (pen, { name, dims }) =>
    dims.length === 3
      ? write(pen, [dims[0]! * dims[1]!, dims[2]!], `Reshape(${name}, ${holdInts(pen, [-1, dims[2]!])})`)
      : undefined,
  unsqueeze: (pen, { name, dims }) =>
    dims.length <= 3 ? write(pen, [...dims, 1], `Unsqueeze(${name}, ${holdInts(pen, [dims.length])})`) : undefined,
  transpose: (pen, { name, dims }) =>
    dims.length === 3 ? write(pen, [dims[0]!, dims[2]!, dims[1]!], `Transpose <perm=[0,2,1]> (${name})`) : undefined,
  identity: (pen, { name, dims }) => write(pen, dims, `Identity(${name})`),
  dropout: (pen, { name, dims }) => write(pen, dims, `Dropout(${name})`),
  relu: (pen, { name, dims }) => write(pen, dims, `Relu(${name})`),
  silu: (pen, { name, dims }) => {
    const gate = write(pen, dims, `Sigmoid(${name})`);
    return write(pen, dims, `Mul(${name}, ${gate.name})`);
  },
  residual: (pen, { name, dims }) => {
    const other = write(pen, dims, `Tanh(${name})`);
    return write(pen, dims, `Add(${other.name}, ${name})`);
  },
};

interface Case {
  readonly steps: readonly string[];
  readonly seed: number;
  readonly opset: number;
  /** Every value is an output of the graph too: nothing may be renamed away. */
  readonly watched: boolean;
}
const textOf = ({ steps, seed, opset, watched }: Case): string => {
  const pen: Pen = { nodes: [], held: [], seed };
  let value: Value = { name: "x", dims: [2, 2, 3, 3] };
  const made: Value[] = [];
  for (const step of steps) {
    value = STEPS[step]!(pen, value) ?? value;
    made.push(value);
  }
  const y = write(pen, value.dims, `Neg(${value.name})`);
  const middle = made[Math.floor(made.length / 2)]!;
  const outputs = [y, ...(watched && middle.name !== "x" ? [middle] : [])].map(({ name, dims }) => `float[${dims}] ${name}`);
  return `<ir_version: 8, opset_import: ["" : ${opset}]> net (float[2,2,3,3] x) => (${outputs.join(", ")}) <${["float zero = {0}", ...pen.held].join(", ")}> { ${pen.nodes.join("\n")} }`;
};

const cases = fc.record({
  steps: fc.array(fc.constantFrom("norm", "norm", ...Object.keys(STEPS)), { minLength: 3, maxLength: 9 }),
  seed: fc.integer({ min: 0, max: 9999 }),
  opset: fc.integer({ min: 13, max: 16 }),
  watched: fc.boolean(),
});
const feeds: Feeds = { x: noise([2, 2, 3, 3], 1) };

describe.each(["merge", "merge-previous", "merge-next", "pass", "layer"])("batchnorm: %s", (batchnorm) => {
  test("outputs stay what they were", async () => {
    await holds(
      cases,
      async (it) => {
        const text = textOf(it);
        const before = await runModel(text, feeds);
        const compiled = compileModel(await tracedModel(text), { params: { batchnorm }, rules: [] });
        const after = await runModel(compiled.model, feeds);
        for (const [name, tensor] of Object.entries(before))
          expectClose(numbers(after[name]), numbers(tensor), 1e-5, `${text}\n${name}`);
        expect(numbers(after.relevance).every(Number.isFinite)).toBe(true);
      },
      40,
    );
  });
});

test("gradients are the same whether BatchNormalization is merged or not", async () => {
  await holds(
    cases,
    async (it) => {
      const text = textOf(it);
      const [merged, apart] = await Promise.all(
        ["merge", "pass"].map((batchnorm) =>
          explain(text, feeds, { recipe: { method: "gradient", params: { batchnorm } }, target: { kind: "argmax" } }),
        ),
      );
      expectClose(merged!.relevance, apart!.relevance, 2e-5, text);
    },
    30,
  );
});
