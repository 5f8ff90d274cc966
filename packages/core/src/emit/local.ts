/** What a step without a linear form does with the relevance at its output. */

import type { Builder } from "../graph/builder.ts";
import { sizeOf } from "../graph/facts.ts";
import { getInt } from "../onnx/attributes.ts";
import { DataType } from "../onnx/proto.ts";
import type { Role, Site } from "../ops/index.ts";
import { finitePart, shared, unbroadcast, weighed } from "../ops/index.ts";
import type { Step } from "../plan/index.ts";
import { STABILIZER } from "../rules/index.ts";
import { type Flow, full, multiplied, multiplierOf, pair } from "./flow.ts";
import type { Known } from "./known.ts";
import { stabilized } from "./stabilize.ts";

type Flows = ReadonlyMap<number, Flow>;

/** `flows`: one per output of the node, undefined where nothing arrives. */
export const propagateLocal = (
  site: Site,
  { role, rule, inputs, sharing }: Step,
  flows: readonly (Flow | undefined)[],
  known: Pick<Known, "masked">,
): Flows => {
  const { g, node, facts } = site;
  const to = (make: (i: number) => Flow): Flows => new Map(inputs.map((i) => [i, make(i)]));
  const sameShape = (i: number) => facts.shapeOf(node.input[i]!).join() === facts.shapeOf(node.output[0]!).join();
  const r = () => multiplied(g, flows[0]!);
  const shaped = (value: string, i: number) =>
    unbroadcast(g, value, facts.shapeOf(node.output[0]!), facts.shapeOf(node.input[i]!), node.input[i]!);
  switch (rule.name) {
    case "pass": {
      // y = c·x: R = y ⊙ m = x ⊙ (c·m), over the value the layer below computed.
      const m =
        role.kind === "scale" && node.opType !== "BatchNormalization" ? multiplierOf(flows[0]!, node.output[0]!) : undefined;
      if (m !== undefined) return to((i) => pair(node.input[i]!, role.vjp(site, [m], i)));
      return to((i) => (sameShape(i) ? flows[0]! : full(shaped(r(), i))));
    }
    case "uniform":
      return to((i) => full(shaped(g.scale(r(), 1 / sharing.length), i)));
    case "signal-takes-all":
      return new Map(inputs.filter((i) => i !== rule.gate).map((i) => [i, full(shaped(r(), i))]));
    case "detach":
      return new Map();
    case "guided":
      return to((i) => full(role.vjp(site, [g.relu(r())], i)));
    case "deconv":
      return to(() => full(g.relu(r())));
    case "beta-smooth":
      return to(() => full(weighed(site, r(), g.op("Sigmoid", [g.scale(node.input[0]!, rule.beta as number)]))));
    case "rectgrad":
      return to(() => full(rectified(site, r(), rule.percentile as number)));
    case "taylor":
      return taylor(site, role, flows[0]!, known);
    default:
      return gradient(site, role, flows, inputs);
  }
};

/**
 * R where the ReLU is on and a·R ≥ τ, τ the value of a·R below which q % of the sample's layer lie: of M values in ascending order the
 * one at ⌈q/100 · (M − 1)⌉, hence the M − ⌈…⌉-th largest.
 */
const rectified = ({ g, node, facts }: Site, r: string, q: number): string => {
  const a = finitePart(g, node.output[0]!);
  const product = g.mul(a, r);
  const shape = facts.shapeOf(a);
  const rows = g.op("Reshape", [product, g.ints([0, -1])]);
  const size = sizeOf(shape.slice(1));
  const kept = size === null ? keptOf(g, rows, q) : g.ints([size - Math.ceil((q / 100) * (size - 1))]);
  const strongest = g.ops("TopK", [rows, kept], { axis: 1, largest: 1, sorted: 1 }, 2)[0]!;
  const least = g.op("Gather", [strongest, g.ints([-1])], { axis: 1 });
  const tau = g.op("Reshape", [least, g.ints([0, ...shape.slice(1).map(() => 1)])]);
  return g.mul(g.mul(r, g.above(a, 0)), g.mask(g.op("GreaterOrEqual", [product, tau])));
};

/** How many of a row are kept, where its size is known at run time. */
const keptOf = (g: Builder, rows: string, q: number): string => {
  const size = g.op("Cast", [g.op("Shape", [rows], { start: 1 })], { to: DataType.FLOAT });
  const cut = g.op("Ceil", [g.scale(g.sub(size, g.floats(1)), q / 100)]);
  return g.op("Cast", [g.sub(size, cut)], { to: DataType.INT64 });
};

/** x ⊙ Jᵀ(R ⊘ y), for a softmax y: x (R − y Σ R). Masked x may be −∞ and count as 0. */
const taylor = (site: Site, role: Role, flow: Flow, known: Pick<Known, "masked">): Flows => {
  const { g, node } = site;
  const [x, y] = [node.input[0]!, node.output[0]!];
  const own = multiplierOf(flow, y);
  const slope =
    own !== undefined
      ? role.vjp(site, [own], 0)
      : node.opType === "Softmax"
        ? g.sub(multiplied(g, flow), g.mul(finitePart(g, y), g.reduceSum(multiplied(g, flow), [getInt(node, "axis", -1)])))
        : role.vjp(site, [shared(site, multiplied(g, flow), stabilized(g, y, STABILIZER))], 0);
  return new Map([[0, known.masked.has(x) ? full(g.mul(g.mul(g.atLeast(x, LEAST), g.above(x, LEAST)), slope)) : pair(x, slope)]]);
};
const LEAST = -3.4e38;

/**
 * Jᵀ R. Nodes that only select or move values (y = x[index]) keep a pair on their output as a pair on their input, since
 * Jᵀ(y ⊙ m) = x ⊙ Jᵀm: the value is multiplied in later, or never.
 */
const gradient = (site: Site, role: Role, flows: readonly (Flow | undefined)[], inputs: readonly number[]): Flows => {
  const { g, node } = site;
  // A cast's input may be of a type that is not multiplied.
  const moves = role.kind === "structural" && !role.adds && !/^Cast/.test(node.opType);
  const copies = moves || (role.kind === "sum" && role.copies) || role.kind === "selection";
  const multipliers = flows.map((flow, k) => flow && multiplierOf(flow, node.output[k]!));
  const all = copies && flows.every((flow, k) => flow === undefined || multipliers[k] !== undefined);
  const cotangents = all ? multipliers : flows.map((flow) => flow && multiplied(g, flow));
  return new Map(
    inputs.map((i) => {
      const back = role.vjp(site, cotangents, i);
      return [i, all ? pair(node.input[i]!, back) : full(back)];
    }),
  );
};
