/** A tree ensemble as plain data, whichever of the three operators holds it. */

/** How a branch asks its feature; `member` is in a set. Missing values (NaN) answer as the comparison does, or yes where `missing`. */
export type Mode = "<=" | "<" | ">=" | ">" | "==" | "!=" | "member";

export interface Split {
  readonly feature: number;
  readonly mode: Mode;
  /** Compared with, as float32. */
  readonly value: number;
  /** Of `member`. */
  readonly members: readonly number[];
  /** NaN goes the way of yes. */
  readonly missing: boolean;
}

/** A split of the ensemble, by its number, and the answer that leads to the leaf. */
export interface Literal {
  readonly split: number;
  readonly yes: boolean;
}

export interface Leaf {
  readonly tree: number;
  /** From the root. */
  readonly path: readonly Literal[];
  /** What it adds to each output; outputs it says nothing of are 0. */
  readonly values: readonly number[];
}

export interface Ensemble {
  /** All different ones. */
  readonly splits: readonly Split[];
  readonly leaves: readonly Leaf[];
  readonly trees: number;
  /** Number of outputs: classes or targets. */
  readonly outputs: number;
  /** Added to the sum over trees. */
  readonly base: readonly number[];
}

/** The answer of a split to a number, as the runtime compares. */
const answers = ({ mode, value, members, missing }: Split, x: number): boolean => {
  if (Number.isNaN(x) && missing) return true;
  switch (mode) {
    case "<=":
      return x <= value;
    case "<":
      return x < value;
    case ">=":
      return x >= value;
    case ">":
      return x > value;
    case "==":
      return x === value;
    case "!=":
      return x !== value;
    case "member":
      return members.includes(x);
  }
};

/** Features that are asked at all, in order. */
export const featuresAsked = ({ splits }: Pick<Ensemble, "splits">): readonly number[] =>
  [...new Set(splits.map(({ feature }) => feature))].sort((a, b) => a - b);

/**
 * The raw outputs of one row: base and leaves, before any transform.
 * @internal Exported for its tests.
 */
export const evaluate = ({ splits, leaves, base }: Ensemble, row: ArrayLike<number>): readonly number[] => {
  const says = splits.map((split) => answers(split, Math.fround(row[split.feature]!)));
  const out = [...base];
  for (const { path, values } of leaves)
    if (path.every(({ split, yes }) => says[split] === yes)) for (const [k, v] of values.entries()) out[k]! += v;
  return out;
};
