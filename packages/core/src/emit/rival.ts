/** The class a target is explained against: another one along the class axis, where the target is. */
import { fail } from "../errors.ts";
import type { Builder } from "../graph/builder.ts";
import type { ResolvedRecipe } from "../plan/index.ts";
import type { Logits } from "./logits.ts";

/** The class of seed `{ contrast }`. `named`: its label already looked up. Errors: BadTarget. */
export const contrastClass = ({ seed }: Pick<ResolvedRecipe, "seed">, named: number | undefined): number | undefined => {
  if (typeof seed !== "object") return undefined;
  const index = named ?? seed.contrast;
  if (typeof index === "number") return index;
  throw fail("BadTarget", {
    what: `class '${index}' to contrast with`,
    why: "no names of classes are known here",
    fix: "give its index",
  });
};

export interface Rival {
  /** Its one-hot rows, for those of a target. */
  at(onehot: string): string;
  /** Whether it exists, bool [1]; undefined where it does. */
  readonly exists?: string;
}

/** Errors: BadTarget. */
export const rivalOf = (g: Builder, index: number, logits: Logits): Rival => {
  const { alongClasses, axes, width, reading } = logits;
  const classes = reading.twoClasses ? 2 : axes.length > 1 ? logits.classes : width;
  const refuse = (why: string) => fail("BadTarget", { what: `class ${index} to contrast with`, why });
  if (axes.length > 1 && classes === 1) throw refuse("no axis of the output is known to count classes (--class-axis says which)");
  if (index < 0 || (classes !== null && index >= classes)) throw refuse(`classes run from 0 to ${classes! - 1}`);
  // One logit: its rows are 1 for class 1 and −1 for class 0.
  if (reading.twoClasses) return { at: (onehot) => g.scale(g.mul(onehot, onehot), index === 1 ? 1 : -1) };
  let count = g.ints(classes ?? 0);
  const at = (onehot: string): string =>
    alongClasses(onehot, (e, axis) => {
      if (classes === null) count = g.op("Gather", [g.op("Shape", [e]), g.ints(axis)]);
      const own = g.op("OneHot", [g.ints([index]), count, g.floats([0, 1])], { axis: -1 }); // [1, C]
      return g.mul(g.reduceSum(e, [axis]), axis === 1 ? own : g.op("Unsqueeze", [own, g.ints([2])]));
    });
  if (classes !== null) return { at };
  at(logits.flat);
  return { at, exists: g.op("Less", [g.ints([index]), count]) };
};
