/**
 * The ledger: for every node on the path, relevance in, relevance out, and the difference by cause. Per group of a rule, with
 * s = gate·R ⊘ stab(D):
 *
 *   bias             c Σ s·b
 *   stabiliser       c Σ s·(stab(D) − D) where D ≠ 0
 *   no contribution  c Σ R where D = 0, and what no group took
 *
 * Outside rules: constant addends, explicit padding, what is detached, the remainder of a linearisation, what a mask took.
 */
import type { Builder } from "../graph/builder.ts";
import type { Facts } from "../graph/facts.ts";
import { type Role, timesValue, weighed } from "../ops/index.ts";
import type { Step } from "../plan/index.ts";
import type { Flow } from "./flow.ts";
import type { Masked } from "./masking.ts";
import type { Layouts } from "./samples.ts";
import type { GroupTrace } from "./share.ts";
import { Totals } from "./totals.ts";
import type { Visit } from "./walk.ts";

/** Where relevance stays that does not go on, in the order of the ledger's columns. */
export const CAUSES = [
  "bias",
  "stabiliser",
  "no contribution",
  "constant addend",
  "padding",
  "detached",
  "remainder",
  "masked",
] as const;
export type Cause = (typeof CAUSES)[number];
/** The ledger's last axis: relevance that arrives, relevance that is passed on, and the loss by cause. */
export const COLUMNS = ["in", "out", ...CAUSES] as const;

/** The operator of the row for what enters at the head: `in` v·z, `out` v·(z − b), which is the seed. */
export const HEAD_ROW = "head";
/** The operator of the row for a masked value. */
export const MASK_ROW = "mask";
/** What the name of a row ends in that is the same for all samples: the sum over them. */
export const WHOLE_BATCH = " (whole batch)";

export interface LedgerRow {
  readonly node: string;
  readonly op: string;
  readonly rule: string;
}

type Cells = Partial<Record<(typeof COLUMNS)[number], string>>;

/** A ledger as it is written. */
export interface LedgerTable {
  readonly rows: readonly LedgerRow[];
  /** Is the relevance at a value known sample by sample? */
  apart(name: string): boolean;
  /** float32 [N, rows, columns] */
  finish(): string;
}

/** Collects the cells of one walk, from the output to the input. Every cell is [N, 1, 1]. */
export class LedgerWriter implements LedgerTable {
  readonly rows: LedgerRow[] = [];
  readonly #cells: Cells[] = [];
  readonly #g: Builder;
  readonly #totals: Totals;
  /** With start `direct`: what entered at the head, and the head's bias, which is no part of the seed. */
  readonly #entered: string[] = [];
  readonly #outside: string[] = [];
  #headWhole = false;

  /** `batch`: a value whose first axis is the batch. `layouts`: where the samples lie in the others. */
  constructor(g: Builder, batch: string, layouts: Layouts) {
    this.#g = g;
    this.#totals = new Totals(g, batch, layouts);
  }

  /** Is the relevance at a value known sample by sample, after the walk? */
  apart(name: string): boolean {
    return this.#totals.apart(name);
  }

  /** Relevance enters as value ⊙ v. */
  readonly entered = (value: string, v: string): void => {
    this.#headWhole ||= this.#totals.open([value], []);
    this.#entered.push(this.#dot(value, v, value));
  };

  readonly visit = ({ step, arrived, left, groups, unserved }: Visit): void => {
    const g = this.#g;
    const { node } = step;
    const outputs = node.output.filter((_, k) => arrived[k] !== undefined);
    const whole = this.#totals.open(
      outputs,
      [...left.keys()].map((i) => node.input[i]!),
    );
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
      cells.in = g.sub(into, cells.bias);
      delete cells.bias;
      this.#headWhole ||= this.#totals.open(outputs, []);
      const shares = groups.flatMap((group) =>
        group.biases.map((bias) => g.scale(this.#biasShare(group, bias, node.output[0]!), group.factor)),
      );
      this.#outside.push(g.sum(shares));
    }
    this.rows.push({ node: `${node.name || node.output[0]!}${whole ? WHOLE_BATCH : ""}`, op: step.op, rule: step.rule.name });
    this.#cells.push(cells);
  };

  readonly masked = ({ value, before, after, dropped }: Masked): void => {
    const whole = this.#totals.open([value, ...dropped.keys()], [value]);
    const into = this.#sum([[value, before], ...dropped]);
    const out = this.#sum([[value, after]]);
    this.rows.push({ node: `${value}${whole ? WHOLE_BATCH : ""}`, op: MASK_ROW, rule: dropped.size > 0 ? "only" : "mask" });
    this.#cells.push({ in: into, out, masked: this.#g.sub(into, out) });
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

  #total = (r: string, name: string): string => this.#totals.of(r, name);

  #put(cells: Cells, cause: Cause, amount: string): void {
    cells[cause] = cells[cause] === undefined ? amount : this.#g.add(cells[cause], amount);
  }

  /** Σ a ⊙ b. Not a matrix product, which would be one thread's work. */
  #dot = (a: string, b: string, name: string): string => this.#total(this.#g.mul(a, b), name);

  /** Σ s·b, the bias along the channels, or one for all, or in the shape of the output. */
  #biasShare({ shape, channelAxis }: GroupTrace, bias: GroupTrace["biases"][number], name: string): string {
    const g = this.#g;
    const { s } = bias;
    const sizes = bias.shape.filter((d) => d !== 1);
    if (sizes.length === 0) return g.mul(this.#total(s, name), g.op("Reshape", [bias.value, g.ints([1, 1, 1])]));
    if (sizes.length > 1 || bias.shape.at(-1) === 1) return this.#total(g.mul(s, bias.value), name);
    if (!this.#totals.inRows(name)) {
      const alongChannels = g.op("Reshape", [bias.value, g.ints([-1, ...shape.slice(channelAxis + 1).map(() => 1)])]);
      return this.#total(g.mul(s, alongChannels), name);
    }
    const positions = shape.flatMap((_, axis) => (axis > channelAxis ? [axis] : []));
    const perChannel = positions.length === 0 ? s : g.reduceSum(s, positions, 0);
    const rows = this.#totals.rowsOf(perChannel, g.ints(sizes as number[]));
    return g.op("MatMul", [g.reduceSum(rows, [1]), g.op("Reshape", [bias.value, g.ints([-1, 1])])]);
  }

  #sum(flows: readonly (readonly [name: string, flow: Flow | undefined])[]): string {
    const g = this.#g;
    const parts = flows.flatMap(([name, flow]) => {
      if (flow === undefined) return [];
      const pairs = [...flow.pairs].map(([value, m]) => this.#total(timesValue(g, value, m), name));
      return flow.full === undefined ? pairs : [...pairs, this.#total(flow.full, name)];
    });
    return parts.length === 0 ? this.#totals.zero : g.sum(parts);
  }

  /** float32 [N, rows, columns]. Cells are mostly empty: a row without one takes the zero that stands before them. */
  finish(): string {
    const g = this.#g;
    if (this.#entered.length > 0) {
      // What stood at the head, and what of it is the head's own bias: the seed is the rest.
      const into = g.sum(this.#entered);
      const bias = this.#outside.length > 0 ? g.sum(this.#outside) : undefined;
      const [next] = this.rows;
      const node = `${next?.node.replace(WHOLE_BATCH, "") ?? ""}${this.#headWhole ? WHOLE_BATCH : ""}`;
      this.rows.unshift({ node, op: HEAD_ROW, rule: "direct" });
      this.#cells.unshift({ in: into, out: bias === undefined ? into : g.sub(into, bias), ...(bias !== undefined && { bias }) });
    }
    const columns = COLUMNS.map((column) => {
      const present = this.#cells.flatMap((cells) => cells[column] ?? []);
      let at = 0;
      const rows = this.#cells.map((cells) => (cells[column] === undefined ? 0 : ++at));
      return g.op("Gather", [g.op("Concat", [this.#totals.zero, ...present], { axis: 1 }), g.ints(rows)], { axis: 1 });
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
  if (role.kind === "structural" && role.adds && rule.name === "follow") return "remainder"; // values that were added up are handed all of it, each
  if (role.kind === "softmax" || (role.kind === "activation" && rule.name !== "pass")) return "remainder";
  if ((role.kind === "shift" || node.opType === "BatchNormalization") && rule.name !== "pass") return "constant addend";
  if (role.kind === "normalization") return "bias";
  if (["norm", "epsilon"].includes(rule.name) || role.kind === "bilinear") return "stabiliser";
  return undefined;
};
