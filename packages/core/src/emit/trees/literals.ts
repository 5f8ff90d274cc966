/** Answers of splits to rows, as 0 and 1: one line a literal, one column a row. */
import type { Builder } from "../../graph/builder.ts";
import { maxOf } from "../../numeric/extremes.ts";
import type { Condition, Split } from "../../trees/index.ts";

const COMPARE: Readonly<Record<Exclude<Split["mode"], "member">, string>> = {
  "<=": "LessOrEqual",
  "<": "Less",
  ">=": "GreaterOrEqual",
  ">": "Greater",
  "==": "Equal",
  "!=": "Equal",
};

export interface Literals {
  /** [literals, rows]; the last line is 1: always true. */
  readonly lines: string;
  /** The lines of a condition's literals. */
  linesOf(condition: Condition): readonly number[];
  readonly always: number;
}

/** `columns`: features × rows. */
export const literalsOf = (g: Builder, columns: string, splits: readonly Split[], conditions: readonly Condition[]): Literals => {
  const used = [...new Set(conditions.flatMap(({ literals }) => literals.map(({ split }) => split)))];
  // Of one mode together, those that send NaN to yes apart.
  const kinds = new Map<string, number[]>();
  for (const split of used) {
    const { mode, missing } = splits[split]!;
    const key = `${mode} ${missing}`;
    const own = kinds.get(key);
    if (own === undefined) kinds.set(key, [split]);
    else own.push(split);
  }
  const groups = [...kinds.values()];
  const parts = groups.map((own) => answersTo(g, columns, { splits: own.map((split) => splits[split]!) }));
  const line = new Map(groups.flat().map((split, i) => [split, i]));
  const yes = parts.length === 1 ? parts[0]! : g.op("Concat", parts, { axis: 0 });
  const one = g.floats(1);
  const first = g.op("Slice", [yes, g.ints([0]), g.ints([1]), g.ints([0])]);
  return {
    lines: g.op("Concat", [yes, g.sub(one, yes), g.add(g.scale(first, 0), one)], { axis: 0 }),
    linesOf: ({ literals }) => literals.map(({ split, yes: is }) => line.get(split)! + (is ? 0 : used.length)),
    always: 2 * used.length,
  };
};

interface Asked {
  /** Of one mode. */
  readonly splits: readonly Split[];
}

/** [splits, rows] */
const answersTo = (g: Builder, columns: string, { splits }: Asked): string => {
  const { mode, missing } = splits[0]!;
  const features = Int32Array.from(splits, ({ feature }) => feature);
  const index = g.tensor("features", { type: "int32", dims: [splits.length], data: features });
  const x = g.op("Gather", [columns, index], { axis: 0 });
  const number = (data: readonly number[], dims: readonly number[]) =>
    g.tensor("thresholds", { type: "float32", dims, data: Float32Array.from(data) });
  const orMissing = (answer: string) => g.mask(missing ? g.op("Or", [answer, g.op("IsNaN", [x])]) : answer);
  if (mode === "member") {
    const most = maxOf(splits.map(({ members }) => members.length));
    const padded = splits.flatMap(({ members }) => Array.from({ length: most }, (_, k) => members[k] ?? Number.NaN));
    const set = number(padded, [splits.length, most, 1]);
    const equal = g.mask(g.op("Equal", [g.op("Unsqueeze", [x, g.ints([1])]), set]));
    return orMissing(g.op("Greater", [g.reduceSum(equal, [1], 0), g.floats(0)]));
  }
  const values = splits.map(({ value }) => value);
  const compared = g.op(COMPARE[mode], [x, number(values, [splits.length, 1])]);
  return orMissing(mode === "!=" ? g.op("Not", [compared]) : compared);
};
