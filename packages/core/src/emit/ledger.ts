/**
 * The ledger: for every node on the path, relevance in, relevance out, and the difference by cause. Per group of a rule, with
 * s = gate·R ⊘ stab(D):
 *
 *   bias             c Σ s·b
 *   stabiliser       c Σ s·(stab(D) − D) where D ≠ 0
 *   no contribution  c Σ R where D = 0, and what no group took
 *
 * Outside rules: constant addends, explicit padding, what is detached, the remainder of a linearisation.
 */
import type { Builder } from "../graph/builder.ts";
import type { Facts } from "../graph/facts.ts";
import { type Role, timesValue, weighed } from "../ops/index.ts";
import type { Step } from "../plan/index.ts";
import type { Flow } from "./flow.ts";
import type { Samples } from "./samples.ts";
import type { GroupTrace } from "./share.ts";
import type { Visit } from "./walk.ts";

export const CAUSES = ["bias", "stabiliser", "no contribution", "constant addend", "padding", "detached", "remainder"] as const;
export type Cause = (typeof CAUSES)[number];
export const COLUMNS = ["in", "out", ...CAUSES] as const;

/** The operator of the row for what enters at the head: \`in\` v·z, \`out\` v·(z − b), which is the seed. */
export const HEAD_ROW = "head";

export interface LedgerRow {
  readonly node: string;
  readonly op: string;
  readonly rule: string;
}

type Cells = Partial<Record<(typeof COLUMNS)[number], string>>;

/** Collects the cells of one walk, from the output to the input. Every cell is [N, 1, 1]. */
export class LedgerWriter {
  readonly rows: LedgerRow[] = [];
  readonly #cells: Cells[] = [];
  readonly #g: Builder;
  /** [N] as a shape, and the shape [N, 1, −1] of one row a sample. */
  readonly #samples: string;
  readonly #perSample: string;
  readonly #zero: string;
  readonly #layouts: ReadonlyMap<string, Samples>;
  /** With start \`direct\`: what entered at the head, and the head's bias, which is no part of the seed. */
  readonly #entered: string[] = [];
  readonly #outside: string[] = [];

  /** `batch`: a value whose first axis is the batch. `samples`: where the samples lie in the others. */
  constructor(g: Builder, batch: string, samples: ReadonlyMap<string, Samples> = new Map()) {
    this.#g = g;
    this.#layouts = samples;
    this.#samples = g.op("Shape", [batch], { start: 0, end: 1 });
    this.#perSample = g.op("Concat", [this.#samples, g.ints([1, -1])], { axis: 0 });
    this.#zero = g.op("ConstantOfShape", [g.op("Concat", [this.#samples, g.ints([1, 1])], { axis: 0 })]);
  }

  /** Relevance enters as value ⊙ v. */
  readonly entered = (value: string, v: string): void => {
    this.#entered.push(this.#dot(value, v, value));
  };

  /** 0 for each sample, [N, 1, 1]. */
  get none(): string {
    return this.#zero;
  }

  /** Σ over each sample of what is shaped like value \`name\`, [N, 1, 1]. */
  sumOf(r: string, name: string): string {
    return this.#total(r, name);
  }

  readonly visit = ({ step, arrived, left, groups, unserved }: Visit): void => {
    const g = this.#g;
    const into = this.#sum(arrived.map((flow, k) => [step.node.output[k]!, flow]));
    const out = this.#sum([...left].map(([i, flow]) => [step.node.input[i]!, flow]));
    const cells: Cells = { in: into, out };
    if (groups.length > 0 || unserved !== 0) {
      this.#account(cells, groups, into, step);
      if (unserved !== 0) this.#put(cells, "no contribution", g.scale(into, unserved));
    }
    const cause = restOf(step, g.facts) ?? (groups.length === 0 && unserved === 0 ? causeOf(step) : undefined);
    if (cause !== undefined) {
      const known = CAUSES.flatMap((name) => cells[name] ?? []);
      this.#put(cells, cause, known.reduce(g.sub, g.sub(into, out)));
    }
    if (groups.some(({ undamped }) => undamped) && cells.bias !== undefined) {
      this.#outside.push(cells.bias);
      cells.in = g.sub(into, cells.bias);
      delete cells.bias;
    }
    this.rows.push({ node: step.node.name || step.node.output[0]!, op: step.op, rule: step.rule.name });
    this.#cells.push(cells);
  };

  #account(cells: Cells, groups: readonly GroupTrace[], into: string, { node, role }: Step): void {
    const g = this.#g;
    const name = node.output[0]!;
    for (const group of groups) {
      const { factor, s, epsilon, denominator, sign, includesEpsilon, biases, canBeEmpty, gated } = group;
      for (const bias of biases) this.#put(cells, "bias", g.scale(this.#biasShare(group, bias, name), factor));
      const signed = sign === "negative" ? -epsilon : epsilon;
      const took =
        sign === "any"
          ? g.sub(
              gated === undefined ? into : this.#total(gated, name),
              this.#total(weighed({ g, facts: g.facts, node }, s, finite(g, denominator, role)), name),
            )
          : g.scale(this.#total(s, name), signed);
      let empty: string | undefined;
      if (canBeEmpty) {
        const idle = g.mask(g.op("Equal", [denominator, g.floats(includesEpsilon ? signed : 0)]));
        empty = g.scale(this.#dot(s, idle, name), signed);
        this.#put(cells, "no contribution", g.scale(empty, factor));
      }
      this.#put(cells, "stabiliser", g.scale(empty === undefined ? took : g.sub(took, empty), factor));
    }
    // What no gate let through: outputs that are exactly zero.
    const gates = groups.flatMap(({ gated, factor }) => (gated === undefined ? [] : [g.scale(this.#total(gated, name), factor)]));
    if (gates.length > 0) this.#put(cells, "no contribution", g.sub(into, g.sum(gates)));
  }

  /** Σ over a sample of what is shaped like value `name`, in two steps: the large one over rows, which the runtime spreads over its threads. */
  #total(r: string, name: string): string {
    const g = this.#g;
    const shape = g.facts.shapeOf(name);
    const split = this.#split(name);
    if (split !== undefined) return this.#rowsOf(g.reduceSum(g.op("Reshape", [r, split]), [0, 2], 0));
    const rows = shape.length > 2 ? g.reduceSum(r, shape.map((_, i) => i).slice(2), 0) : r;
    return g.reduceSum(this.#rowsOf(rows), [-1]);
  }

  /** The shape [outer, N, inner] of a value whose samples do not come first. */
  #split(name: string): string | undefined {
    const g = this.#g;
    const { outer, inner } = this.#layouts.get(name) ?? { outer: 1, inner: null };
    if (outer === 1 || (outer === null && inner === null)) return undefined;
    const [before, after] = outer === null ? [-1, inner!] : [outer, -1];
    return g.op("Concat", [g.ints([before]), this.#samples, g.ints([after])], { axis: 0 });
  }

  #put(cells: Cells, cause: Cause, amount: string): void {
    cells[cause] = cells[cause] === undefined ? amount : this.#g.add(cells[cause], amount);
  }

  #rowsOf = (value: string): string => this.#g.op("Reshape", [value, this.#perSample]); // [N, 1, n]

  /** Σ a ⊙ b. Not a matrix product, which would be one thread's work. */
  #dot = (a: string, b: string, name: string): string => this.#total(this.#g.mul(a, b), name);

  /** Σ of rows of `size` values, each row times the weights [size, 1]. A sample may have several rows: its tokens. */
  #weighted(a: string, size: string, weights: string): string {
    const g = this.#g;
    const rows = g.op("Reshape", [a, g.op("Concat", [this.#samples, g.ints([-1]), size], { axis: 0 })]);
    return g.op("MatMul", [g.reduceSum(rows, [1]), weights]);
  }

  /** Σ s·b, the bias along the channels, or one for all, or in the shape of the output. */
  #biasShare({ shape, channelAxis }: GroupTrace, bias: GroupTrace["biases"][number], name: string): string {
    const g = this.#g;
    const { s } = bias;
    const sizes = bias.shape.filter((d) => d !== 1);
    if (sizes.length === 0) return g.mul(this.#total(s, name), g.op("Reshape", [bias.value, g.ints([1, 1, 1])]));
    if (sizes.length > 1 || bias.shape.at(-1) === 1) return this.#total(g.mul(s, bias.value), name);
    if (this.#split(name) !== undefined) {
      const alongChannels = g.op("Reshape", [bias.value, g.ints([-1, ...shape.slice(channelAxis + 1).map(() => 1)])]);
      return this.#total(g.mul(s, alongChannels), name);
    }
    const positions = shape.flatMap((_, axis) => (axis > channelAxis ? [axis] : []));
    const perChannel = positions.length === 0 ? s : g.reduceSum(s, positions, 0);
    return this.#weighted(perChannel, g.ints(sizes as number[]), g.op("Reshape", [bias.value, g.ints([-1, 1])]));
  }

  #sum(flows: readonly (readonly [name: string, flow: Flow | undefined])[]): string {
    const g = this.#g;
    const parts = flows.flatMap(([name, flow]) => {
      if (flow === undefined) return [];
      const pairs = [...flow.pairs].map(([value, m]) => this.#total(timesValue(g, value, m), name));
      return flow.full === undefined ? pairs : [...pairs, this.#total(flow.full, name)];
    });
    return parts.length === 0 ? this.#zero : g.sum(parts);
  }

  /** float32 [N, rows, columns]. Cells are mostly empty: a row without one takes the zero that stands before them. */
  finish(): string {
    const g = this.#g;
    if (this.#entered.length > 0) {
      // What stood at the head, and what of it is the head's own bias: the seed is the rest.
      const into = g.sum(this.#entered);
      const bias = this.#outside.length > 0 ? g.sum(this.#outside) : undefined;
      this.rows.unshift({ node: this.rows[0]?.node ?? "", op: HEAD_ROW, rule: "direct" });
      this.#cells.unshift({ in: into, out: bias === undefined ? into : g.sub(into, bias), ...(bias !== undefined && { bias }) });
    }
    const columns = COLUMNS.map((column) => {
      const present = this.#cells.flatMap((cells) => cells[column] ?? []);
      let at = 0;
      const rows = this.#cells.map((cells) => (cells[column] === undefined ? 0 : ++at));
      return g.op("Gather", [g.op("Concat", [this.#zero, ...present], { axis: 1 }), g.ints(rows)], { axis: 1 });
    });
    return g.op("Concat", columns, { axis: 2 });
  }
}

/** Masked scores are −∞: they have no share, and 0 · ∞ is no number. */
const finite = (g: Builder, denominator: string, role: Role): string =>
  role.kind === "sum" ? g.op("Max", [denominator, g.floats(-3e38)]) : denominator;

const TAKES_CONSTANTS: ReadonlyMap<string, readonly number[] | undefined> = new Map([
  ...["Concat", "Max", "Min", "Sum", "Mean"].map((op) => [op, undefined] as const),
  ["Where", [1, 2]],
  ["ScatterElements", [0, 2]],
  ["ScatterND", [0, 2]],
]);
/** Who else has a share in the relevance of a node: inputs that are held fixed, and constants. */
const restOf = ({ node, role, inputs }: Step, facts: Facts): Cause | undefined => {
  if (inputs.length < role.inputs.length) return "detached";
  const values = TAKES_CONSTANTS.get(node.opType) ?? node.input.keys();
  const takes = TAKES_CONSTANTS.has(node.opType) && [...values].some((i) => facts.isConstant(node.input[i]!));
  return takes ? "constant addend" : undefined;
};

/** What explains a difference at a step that no rule with groups handled. */
const causeOf = ({ node, role, rule, inputs }: Step): Cause | undefined => {
  if (inputs.length === 0 || rule.name === "detach") return "detached";
  if (node.opType === "Pad") return "padding";
  if (role.kind === "softmax" || (role.kind === "activation" && rule.name !== "pass")) return "remainder";
  if ((role.kind === "shift" || node.opType === "BatchNormalization") && rule.name !== "pass") return "constant addend";
  if (role.kind === "normalization") return "bias";
  if (["norm", "epsilon"].includes(rule.name) || role.kind === "bilinear") return "stabiliser";
  return undefined;
};
