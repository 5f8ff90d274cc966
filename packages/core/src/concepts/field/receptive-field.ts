/** Receptive fields: of every position of a value, the smallest box of input positions from which a path leads there, whatever the weights. */
import { fail } from "../../errors.ts";
import type { Explainer } from "../../explain/index.ts";
import { SPATIAL } from "../../reading/index.ts";
import type { Field, Span } from "./span.ts";
import { fieldThrough } from "./through.ts";

export interface ReceptiveFields {
  /** Sizes of the value without the axes of samples and channels. */
  readonly positions: readonly number[];
  /** The input's axes that boxes are of. */
  readonly axes: readonly number[];
  /** By position, row-major: begin along each of them, then end along each, which is outside. */
  readonly boxes: Int32Array;
}

/**
 * Padding is not input; branches give the box around theirs; behind a Concat of rows or columns a box may be larger than the smallest; a weight of zero or a closed ReLU does not shrink it. `channelAxis`: of the
 * value; default as the model is read. Errors: BadRecipe for a value that does not depend on the input; Unsupported where sizes are free.
 */
export const receptiveFields = (lit: Explainer, value: string, channelAxis?: number): ReceptiveFields => {
  const { plan, reading } = lit.inspect({ method: "gradient", onUnsupported: "detach" });
  const [input] = plan.explained;
  const roles = reading.axes.of(input!) ?? [];
  const axes = roles.flatMap(({ role }, axis) => (SPATIAL.includes(role) || role === "token" ? [axis] : []));
  const facts = lit.traced.ownFacts();
  const sizes = facts.shapeOf(input!);
  if (axes.some((axis) => sizes[axis] === null)) throw free(input!);
  const fields = new Map<string, Field>([[input!, ownField(axes, sizes as readonly number[])]]);
  for (const node of lit.traced.graph.nodes) {
    if (node.opType === "Shape" || node.opType === "Size") continue;
    const field = fieldThrough(node, facts, fields);
    if (field !== undefined) for (const name of node.output) if (name !== "" && !fields.has(name)) fields.set(name, field);
    if (fields.has(value)) break;
  }
  const field = fields.get(value);
  if (field === undefined)
    throw fail("BadRecipe", { what: `'${value}' does not depend on '${input}'`, fix: "inspect lists the values" });
  const shape = facts.shapeOf(value);
  const samples = plan.samples.of(value);
  const channel = channelAxis ?? channelOf(reading.axes.of(value) ?? [], samples);
  const own = [...shape.keys()].filter((axis) => axis !== samples && axis !== channel);
  if (own.some((axis) => shape[axis] === null)) throw free(value);
  const positions = own.map((axis) => shape[axis]!);
  const count = positions.reduce((a, b) => a * b, 1);
  const boxes = new Int32Array(count * 2 * axes.length);
  for (let p = 0; p < count; p++) {
    let rest = p;
    const at = new Map<number, number>();
    for (let k = own.length - 1; k >= 0; k--) {
      at.set(own[k]!, rest % positions[k]!);
      rest = Math.floor(rest / positions[k]!);
    }
    for (const [k, axis] of axes.entries()) {
      const { begin, end } = spanAt(field, axis, at) ?? { begin: 0, end: 0 };
      boxes[p * 2 * axes.length + k] = begin;
      boxes[(p * 2 + 1) * axes.length + k] = end;
    }
  }
  return { positions, axes, boxes };
};

const ownField = (axes: readonly number[], sizes: readonly number[]): Field => ({
  tied: new Map(
    axes.map((axis) => [axis, { axis, spans: Array.from({ length: sizes[axis]! }, (_, p) => ({ begin: p, end: p + 1 })) }]),
  ),
  whole: new Map(),
});

const spanAt = ({ tied, whole }: Field, input: number, at: ReadonlyMap<number, number>): Span | undefined => {
  const along = tied.get(input);
  return along === undefined ? whole.get(input) : along.spans[at.get(along.axis)!];
};

const channelOf = (axes: readonly { readonly role: string }[], samples: number | undefined): number | undefined => {
  const named = axes.findIndex(({ role }, axis) => axis !== samples && (role === "channel" || role === "feature"));
  return named < 0 ? undefined : named;
};

const free = (name: string) =>
  fail("Unsupported", {
    what: "receptive fields where sizes are free",
    where: `value '${name}'`,
    fix: "name the sizes: --dim NAME=n",
  });
