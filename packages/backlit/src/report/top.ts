/** The classes a model ranks first. */
import type { Tensor } from "@backlit/core";
import { maxOf, toFloat32 } from "@backlit/core";

export interface RankedClass {
  /** Position among the output's values; several axes are unravelled: `3,17`. */
  readonly index: number | string;
  readonly label?: string;
  /** Softmax of the logits, or what the model's own head says; absent for outputs of several axes. */
  readonly probability?: number;
  /** The model's value before a softmax or sigmoid; absent where the model gives only probabilities. */
  readonly logit?: number;
}

/** What turns logits into the output: "none" when the output is the logits. */
export type Head = "none" | "softmax" | "sigmoid";

export interface TopOptions {
  readonly head: Head;
  readonly labels?: readonly string[] | undefined;
  readonly count?: number;
}

/** Of one row of an output. One value alone is a binary model: its two classes. */
export const topClasses = (output: Tensor, row: number, { head, labels, count = 5 }: TopOptions): readonly RankedClass[] => {
  const rows = output.dims.length > 1 ? output.dims[0]! : 1;
  const all = toFloat32(output).data as Float32Array;
  const width = all.length / rows;
  const values = Array.from(all.subarray(row * width, (row + 1) * width));
  const axes = output.dims.slice(output.dims.length > 1 ? 1 : 0);
  const scored = axes.length > 1 && axes.some((n) => n !== width) ? values.map((logit) => ({ logit })) : scores(values, head);
  return scored
    .map((score, index) => ({ index, ...score, by: score.logit ?? (score as { probability: number }).probability }))
    .sort((a, b) => b.by - a.by || a.index - b.index)
    .slice(0, count)
    .map(({ by: _, index, ...score }) => ({
      index: axes.length > 1 && scored.length === width ? unravel(index, axes) : index,
      ...(labels?.[index] !== undefined && { label: labels[index] }),
      ...score,
    }));
};

const scores = (values: readonly number[], head: Head): readonly Omit<RankedClass, "index">[] => {
  if (values.length === 1) {
    const [value] = values as [number];
    const p = head === "none" ? 1 / (1 + Math.exp(-value)) : value;
    const logit = head === "none" ? [{ logit: -value }, { logit: value }] : [{}, {}];
    return [
      { probability: 1 - p, ...logit[0] },
      { probability: p, ...logit[1] },
    ];
  }
  if (head !== "none") return values.map((probability) => ({ probability }));
  const most = maxOf(values);
  const exponentials = values.map((value) => Math.exp(value - most));
  const sum = exponentials.reduce((a, b) => a + b, 0);
  return values.map((logit, i) => ({ probability: exponentials[i]! / sum, logit }));
};

const unravel = (index: number, axes: readonly number[]): string => {
  const parts: number[] = [];
  for (let axis = axes.length - 1, rest = index; axis >= 0; axis--) {
    parts.unshift(rest % axes[axis]!);
    rest = Math.floor(rest / axes[axis]!);
  }
  return parts.join(",");
};
