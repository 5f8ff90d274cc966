/** The rows that others are compared with, as constants, and the model on them. */
import type { TreeBaseline } from "../../compiled/index.ts";
import { fail } from "../../errors.ts";
import { nodesBehind } from "../../graph/between.ts";
import type { Builder } from "../../graph/builder.ts";
import { sizeOf } from "../../graph/facts.ts";
import type { Graph } from "../../graph/graph.ts";
import type { Plan } from "../../plan/index.ts";
import type { FloatTensor } from "../../tensor/float.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { EmitOptions } from "../artefact/options.ts";
import { Reference } from "../reference.ts";
import { middleRow } from "./middle.ts";

export interface Background {
  readonly rows: number;
  readonly reference: Reference;
}

/** `references`: [M, …] in the shape of the explained value; of several values, and those that move along, laid end to end. Errors: BadRecipe, BadInput. */
export const backgroundOf = (g: Builder, plan: Plan, graph: Graph, references: EmitOptions["references"]): Background => {
  const baseline = (references === undefined ? plan.recipe.params.baseline : "references") as TreeBaseline;
  if (references !== undefined && !isTensor(references)) return ofInputs(g, graph, references);
  const moving = [...plan.explained, ...plan.along];
  const nodes = nodesBehind(graph, moving);
  if (baseline === "references" && references === undefined)
    throw fail("BadRecipe", {
      what: "no references are given",
      why: "the recipe compares with rows of the data",
      fix: "give them (--references FILE), or another baseline",
    });
  if (baseline === "thresholds") return { rows: 1, reference: new Reference(g, nodes, middleRow(g, plan)) };
  const own = (name: string) => {
    const width = sizeOf(g.facts.shapeOf(name).slice(1));
    if (width !== null) return { name, dims: g.facts.shapeOf(name).slice(1) as readonly number[], width };
    throw fail("Unsupported", { what: `rows of '${name}' have no known size`, fix: "fix it with --dim" });
  };
  const parts = moving.map(own);
  const row = (name: string, rows: number, dims: readonly number[], data: Float32Array): [string, string] => [
    name,
    g.tensor("background", { type: "float32", dims: [rows, ...dims], data }),
  ];
  if (references !== undefined) {
    const rows = references.dims[0]!;
    const total = parts.reduce((sum, { width }) => sum + width, 0);
    if (rows === 0 || references.data.length !== rows * total)
      throw fail("BadInput", {
        what: `references of ${references.dims.join("×")}`,
        why: `a row has ${total} numbers (${moving.join(", ")})`,
        fix: "give rows of them, laid end to end",
      });
    let from = 0;
    const at = parts.map(({ name, dims, width }) => {
      const data = new Float32Array(rows * width);
      for (let m = 0; m < rows; m++) data.set(references.data.subarray(m * total + from, m * total + from + width), m * width);
      from += width;
      return row(name, rows, dims, data);
    });
    return { rows, reference: new Reference(g, nodes, new Map(at)) };
  }
  const at = parts.map(({ name, dims, width }) => {
    const list = typeof baseline === "number" ? [baseline] : (baseline as readonly number[]);
    if (list.length !== 1 && list.length !== dims.at(-1))
      throw fail("BadRecipe", {
        what: `a baseline of ${list.length} numbers`,
        where: `'${name}'`,
        why: `its rows have ${dims.at(-1) ?? 1}`,
        fix: "give one number, or one for each column",
      });
    return row(
      name,
      1,
      dims,
      Float32Array.from({ length: width }, (_, k) => list[k % list.length]!),
    );
  });
  return { rows: 1, reference: new Reference(g, nodes, new Map(at)) };
};

const isTensor = (references: NonNullable<EmitOptions["references"]>): references is FloatTensor =>
  Array.isArray(references.dims);

/** Whatever the inputs hold: texts too. */
const ofInputs = (g: Builder, graph: Graph, inputs: Readonly<Record<string, Tensor>>): Background => {
  const all = Object.entries(inputs);
  const rows = all[0]?.[1].dims[0] ?? 0;
  const odd = all.find(([, { dims }]) => dims[0] !== rows);
  if (rows === 0 || odd !== undefined)
    throw fail("BadInput", {
      what: `references of ${odd?.[1].dims[0] ?? 0} rows`,
      where: odd?.[0],
      why: rows === 0 ? "one is needed at least" : `the others have ${rows}`,
      fix: "give as many rows of every input",
    });
  const nodes = nodesBehind(
    graph,
    all.map(([name]) => name),
  );
  return {
    rows,
    reference: new Reference(g, nodes, new Map(all.map(([name, tensor]) => [name, g.tensor("background", tensor)]))),
  };
};
