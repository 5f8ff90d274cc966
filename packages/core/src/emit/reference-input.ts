/** Where DeepLIFT's reference comes from: numbers in the recipe, or a further input of the artefact. */
import { fail } from "../errors.ts";
import { between } from "../graph/between.ts";
import type { Graph } from "../graph/graph.ts";
import { DataType } from "../onnx/proto.ts";
import type { Plan } from "../plan/index.ts";
import type { Ports } from "./ports.ts";
import { Reference } from "./reference.ts";

/**
 * The reference input of DeepLIFT: a number (or one a column) in the shape of the explained value, or a further input. With a number all inputs go to it
 * together, those that are not explained as well.
 */
export const referenceOf = (
  ports: Ports,
  plan: Plan,
  graph: Graph,
): { readonly reference: Reference; readonly inputs: Readonly<Record<string, string>> } => {
  const { g } = ports;
  const { baseline = 0 } = plan.recipe.params;
  const several = plan.explained.length > 1;
  const inputs: Record<string, string> = {};
  const filled = (name: string): string => {
    const row = baseline as number | readonly number[];
    checkColumns(row, name, g.facts.shapeOf(name).at(-1));
    return g.op("Expand", [g.floats(row), g.shape(name)]);
  };
  const at = plan.explained.map((name): [string, string] => {
    if (baseline !== "input") return [name, filled(name)];
    const port = ports.claim(several ? `reference:${name}` : "reference");
    inputs[name] = ports.input(port, DataType.FLOAT, g.facts.shapeOf(name));
    return [name, port];
  });
  const along = baseline === "input" ? [] : plan.along;
  const moved = along.map((name): [string, string] => [name, filled(name)]);
  const nodes = [...plan.nodes, ...between(graph, along, plan.start)];
  return { reference: new Reference(g, nodes, new Map([...at, ...moved])), inputs };
};

/** A list would otherwise be repeated along another axis. */
const checkColumns = (row: number | readonly number[], name: string, columns: number | null | undefined): void => {
  if (typeof row === "number" || columns === null || columns === row.length) return;
  throw fail("BadRecipe", {
    what: `a reference of ${row.length} numbers`,
    where: `'${name}'`,
    why: columns === undefined ? "it is one number" : `its rows have ${columns}`,
    fix: "give one number, or one for each column",
  });
};
