/**
 * What LSTM, GRU and RNN share: X [T, B, inputs] is taken apart into its time steps, each direction walks over them, and the states
 * come together as Y [T, D, B, H], Y_h and Y_c [D, B, H]. Where a sample's sequence is shorter (sequence_lens), a step beyond its end
 * keeps the state and gives zeros: products with a mask that is made like a gate, so that the mask gets no relevance.
 */

import type { Builder } from "../../graph/builder.ts";
import { minOf } from "../../numeric/extremes.ts";
import { getFloat, getString } from "../../onnx/attributes.ts";
import { DataType, type NodeProto } from "../../onnx/proto.ts";
import { stack, unstack } from "../control/stack.ts";
import type { Context, Expansion } from "../pass.ts";
import { activationsOf } from "./activation.ts";
import { Direction } from "./direction.ts";
import { isZero } from "./zero.ts";

/** The state after a step from the state before it, h first. What is undefined is zero. */
type Step = (x: string, state: readonly (string | undefined)[]) => readonly string[];

interface Cell {
  readonly gates: number;
  /** h, or h and c. */
  readonly states: 1 | 2;
  /** Activations of one direction. */
  readonly activations: readonly string[];
  step(direction: Direction, node: NodeProto): Step;
}

/** Nodes of a step, as far as limits go. */
const NODES_PER_STEP = 16;

export const recurrent =
  (cell: Cell): Expansion =>
  (node, context) => {
    const { g, facts, budget, fix } = context;
    const [x, w, r, b, lengths] = node.input as [string, string, string, string?, string?];
    if (facts.isConstant(x)) return undefined; // then so is the result
    if ([w, r, b, node.input[7]].some((name) => name && !facts.isConstant(name)))
      return "its weights are computed from the input";
    const [shape, hidden] = [facts.shape(x), facts.shape(r)?.[2]];
    if (shape === undefined || typeof hidden !== "number") return "the shape of its input is not known";
    const [steps, , inputs] = shape;
    if (typeof steps !== "number") return fix({ value: x, axis: 0, what: "the length of the sequence" });
    if (typeof inputs !== "number") return "the width of its input is not known";
    const kind = getString(node, "direction", "forward");
    const count = kind === "bidirectional" ? 2 : 1;
    const much = budget.unroll(steps, NODES_PER_STEP * count);
    if (much !== undefined) return much;
    if (steps === 0) return "its sequence is empty";
    const activations = activationsOf(node, g, count, cell.activations);
    if (typeof activations === "string") return activations;

    const xs = unstack(g, x, 0, steps);
    const masks = masksOf(lengths, steps, context);
    const walks = activations.map((own, d) => {
      const at = (name: string | undefined) => (name ? g.op("Gather", [name, g.ints(d)], { axis: 0 }) : undefined);
      const [bias, p] = [at(b), at(node.input[7])];
      const tensors = { w: at(w)!, r: at(r)!, ...(bias && { b: bias }), ...(p && { p }) };
      const direction = new Direction(g, hidden, cell.gates, inputs, tensors, own, getFloat(node, "clip"));
      const backward = kind === "reverse" || d === 1;
      const initial = node.input.slice(5, 5 + cell.states).map((name) => {
        if (!name || isZero(name, context)) return undefined;
        const state = at(name)!;
        return facts.isConstant(name) ? g.add(state, direction.zero(xs[backward ? steps - 1 : 0]!)) : state;
      });
      return walk(g, cell.step(direction, node), xs, masks, initial, backward);
    });
    const [y, ...last] = node.output;
    const together = (axis: number, value: (walked: Walk) => string): string => stack(g, walks.map(value), axis);
    return [
      y ? together(1, ({ outputs }) => stack(g, outputs, 0)) : "",
      ...last.map((name, k) => (name ? together(0, ({ state }) => state[k]!) : "")),
    ];
  };

interface Walk {
  /** h of every step, in the order of the sequence. */
  readonly outputs: readonly string[];
  readonly state: readonly string[];
}

const walk = (
  g: Builder,
  step: Step,
  xs: readonly string[],
  masks: readonly (Mask | undefined)[],
  initial: readonly (string | undefined)[],
  backward: boolean,
): Walk => {
  let state = initial;
  const outputs: string[] = [];
  const times = xs.map((_, t) => t);
  for (const t of backward ? times.reverse() : times) {
    const after = step(xs[t]!, state);
    const [mask, before] = [masks[t], state];
    state = mask === undefined ? after : after.map((value, k) => kept(g, mask, value, before[k]));
    outputs[t] = mask === undefined ? after[0]! : g.mul(mask.on, after[0]!);
  }
  return { outputs, state: state as readonly string[] };
};

/** [B, 1]: 1 where the sample's sequence has this step, and where it has not. */
interface Mask {
  readonly on: string;
  readonly off: string;
}

const kept = (g: Builder, { on, off }: Mask, after: string, before: string | undefined): string =>
  before === undefined ? g.mul(on, after) : g.add(g.mul(on, after), g.mul(off, before));

/** By step; undefined where no sequence has ended. */
const masksOf = (lengths: string | undefined, steps: number, { g, facts }: Context): readonly (Mask | undefined)[] => {
  const known = facts.numbers(lengths);
  const shortest = lengths ? (known === undefined ? 0 : minOf(known)) : steps;
  return Array.from({ length: steps }, (_, t) => {
    if (t < shortest) return undefined;
    const column = g.op("Unsqueeze", [g.op("Cast", [lengths!], { to: DataType.FLOAT }), g.ints([1])]);
    return { on: g.above(column, t), off: g.below(column, t + 1) };
  });
};
