/** What the numbers of an output mean, and what tells it. Evidence is looked for in this order; the first that speaks decides. */
import { behind } from "../../graph/behind.ts";
import { type GraphNode, opName } from "../../graph/graph.ts";
import { RESHAPES } from "../moves.ts";
import type { Range, Values } from "./interval.ts";
import type { Link } from "./link.ts";
import { originsOf } from "./monotone.ts";
import { sideOf } from "./outlier.ts";

/** What numbers of an output may be; `--output-kind` takes these names. */
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
  /** Between which numbers it lies. */
  readonly range: Pick<Range, "low" | "high">;
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
  const side = single ? sideOf(asked, values) : undefined;
  if (side !== undefined) {
    const why = `another output is -1, outside, where it is ${side > 0 ? "large" : "small"}`;
    return { ...sure("outlier-score", why), ...(side < 0 && { turned: true }) };
  }
  if (source !== undefined && /Regressor$|^ai\.onnx\.ml\.TreeEnsemble$/.test(source))
    return sure("regression", `${source} makes it`);
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
  if (asked.range.low >= 0 && asked.range.high <= 1 + 1e-4)
    return guess("scores", "between 0 and 1, as votes are, and nothing makes a probability of it");
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

const nearest = ({ output, nodes }: KindAsked, values: Values): boolean => {
  const own = originsOf(output, values);
  const producer = back(output, values);
  return (
    nodes.some((node) => node.opType === "ArgMin" && own.get(node.input[0]!) === 1) ||
    ["ReduceL2", "CDist"].includes(producer?.opType ?? "") ||
    (producer?.opType === "Sqrt" && ["ReduceSumSquare", "ReduceSum"].includes(back(producer.input[0]!, values)?.opType ?? ""))
  );
};
