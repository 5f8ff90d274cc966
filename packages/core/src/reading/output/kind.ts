/** What the numbers of an output mean, and what tells it. Evidence is looked for in this order; the first that speaks decides. */
import { behind, wayBack } from "../../graph/behind.ts";
import { type GraphNode, opName } from "../../graph/graph.ts";
import { RESHAPES } from "../moves.ts";
import type { Link } from "./link.ts";
import type { Values } from "./range.ts";

export const OUTPUT_KINDS = [
  "probabilities",
  "log-probabilities",
  "logits",
  "one-logit",
  "scores",
  "regression",
  "distances",
  "outlier-score",
  "values",
] as const;
export type OutputKind = (typeof OUTPUT_KINDS)[number];

export interface KindReading {
  readonly kind: OutputKind;
  readonly why: string;
  /** Nothing in the file says so. */
  readonly guessed: boolean;
  /** Larger numbers mean less of what the kind names: an outlier score that is large for what is usual. */
  readonly turned?: true;
}

export interface KindAsked {
  readonly output: string;
  readonly link: Link;
  /** Number of classes along the class axis, 1 for a single value; null where it is free. */
  readonly classes: number | null;
  /** Values of a sample, all axes. */
  readonly width: number | null;
  readonly said?: OutputKind | undefined;
  readonly labels?: number | undefined;
  /** The operator of the file that gives this output, before lowering. */
  readonly source?: string | undefined;
  readonly nodes: readonly GraphNode[];
  readonly outputs: readonly string[];
}

export const kindOf = (asked: KindAsked, values: Values): KindReading => {
  const { link, said, source, classes, width, labels, output } = asked;
  const sure = (kind: OutputKind, why: string): KindReading => ({ kind, why, guessed: false });
  const guess = (kind: OutputKind, why: string): KindReading => ({ kind, why, guessed: true });
  const single = width === 1;
  if (said !== undefined) return sure(said, "said so");
  if (link.kind !== "none") {
    const made = link.kind === "mixture" ? "it is made of probabilities, and lies between 0 and 1" : `it ends in ${link.cut}`;
    return sure(link.log ? "log-probabilities" : "probabilities", made);
  }
  if (source !== undefined && /Regressor$|^ai\.onnx\.ml\.TreeEnsemble$/.test(source) && !outlier(asked, values))
    return sure("regression", `${source} makes it`);
  if (outlier(asked, values)) return { ...sure("outlier-score", "another output is its sign: inside or outside"), turned: true };
  if (nearest(asked, values)) return sure("distances", "another output is where it is smallest");
  if (source !== undefined && /Classifier$/.test(source)) return sure("scores", `${source} makes it, and no probability of it`);
  const name = output.toLowerCase();
  if (/logit/.test(name)) return sure(single ? "one-logit" : "logits", `it is called '${output}'`);
  if (/regress|^variable$/.test(name)) return sure("regression", `it is called '${output}'`);
  if (labels !== undefined && labels > 1 && (labels === classes || (single && labels === 2)))
    return sure(single ? "one-logit" : "logits", `${labels} class names go with it`);
  if (positive(output, values)) return sure("regression", "it is the result of an exponential or softplus");
  if (single) return guess("values", "one number, and nothing says whether it is a logit");
  if (classes === 1) return guess("values", "one number at each position");
  return guess("logits", "several numbers, and nothing says more");
};

const back = (value: string, { producer }: Values): GraphNode | undefined =>
  producer(
    behind(
      value,
      (name) => producer(name),
      (node) => RESHAPES.has(opName(node)),
    ),
  );

/** A rate or a size: Exp or Softplus last. */
const positive = (output: string, values: Values): boolean => ["Exp", "Softplus"].includes(back(output, values)?.opType ?? "");

const MONOTONE = new Set(["Sqrt", "Exp", "Log", "Identity", "Cast", "Reshape", "Flatten", "Squeeze", "Unsqueeze"]);

/** The value and what it is a growing function of. */
const origins = (value: string, { producer }: Values): readonly string[] =>
  wayBack(
    value,
    (name) => producer(name),
    ({ opType }) => MONOTONE.has(opType),
  );

const nearest = ({ output, nodes }: KindAsked, values: Values): boolean => {
  const own = new Set(origins(output, values));
  const producer = back(output, values);
  return (
    nodes.some((node) => node.opType === "ArgMin" && own.has(node.input[0]!)) ||
    ["ReduceL2", "CDist"].includes(producer?.opType ?? "") ||
    (producer?.opType === "Sqrt" && ["ReduceSumSquare", "ReduceSum"].includes(back(producer.input[0]!, values)?.opType ?? ""))
  );
};

/** One number a sample, and another output that is its sign, −1 or 1. */
const outlier = ({ output, width, outputs }: KindAsked, values: Values): boolean => {
  if (width !== 1) return false;
  const own = new Set(origins(output, values));
  return outputs.some((other) => other !== output && signOf(other, own, values, 12));
};

const signOf = (value: string, of: ReadonlySet<string>, values: Values, depth: number): boolean => {
  const node = values.producer(value);
  if (node === undefined || depth === 0) return false;
  if (node.opType === "Sign") return of.has(node.input[0]!) || origins(node.input[0]!, values).some((name) => of.has(name));
  if (node.opType === "Where") {
    const ends = node.input.slice(1, 3).map((name) => values.facts.scalar(name));
    return ends.includes(-1) && ends.includes(1);
  }
  return ["Cast", "Reshape", "Squeeze", "Unsqueeze", "Mul", "Add", "Sub", "Identity"].includes(node.opType)
    ? node.input.some((name) => name !== "" && !values.facts.isConstant(name) && signOf(name, of, values, depth - 1))
    : false;
};
