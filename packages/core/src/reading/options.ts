/** What a person says of a model's axes, where the reading would say something else or cannot know. */
import { fail } from "../errors.ts";
import type { OutputKind } from "./output/kind.ts";
import type { AxisRole } from "./roles.ts";

export interface ReadingOptions {
  /** Axes of the explained input by letter, as in NHWC, NCL, NLC: N batch, C channel, H height, W width, D depth, L or T time, S token, F feature, V node. */
  readonly layout?: string;
  /** Axis of the inputs that counts samples; "none": rows depend on each other, all of them are one sample. */
  readonly batchAxis?: number | "none";
  /** The channel axis of values, by name. */
  readonly channelAxis?: Readonly<Record<string, number>>;
  /** What the numbers of the explained output mean. */
  readonly outputKind?: OutputKind;
  /** The axis of the explained value that counts classes. */
  readonly classAxis?: number;
  /** What a usual row of a table is, one number or one for each column: the reference of differences. */
  readonly mean?: number | readonly number[];
  /** How many class names come with the model. */
  readonly labels?: number;
}

const LETTERS: Readonly<Record<string, AxisRole>> = {
  N: "batch",
  B: "batch",
  C: "channel",
  H: "height",
  W: "width",
  D: "depth",
  L: "time",
  T: "time",
  S: "token",
  F: "feature",
  V: "node",
};

/** Errors: BadRecipe. */
export const rolesOfLayout = (layout: string): readonly AxisRole[] => {
  const letters = [...layout.toUpperCase()];
  const roles = letters.map((letter) => LETTERS[letter]);
  if (letters.length > 0 && new Set(letters).size === letters.length && roles.every((role) => role !== undefined)) return roles;
  throw fail("BadRecipe", {
    what: `layout '${layout}'`,
    fix: "one letter an axis, each once: N batch, C channel, H height, W width, D depth, L or T time, S token, F feature, V node, as in NHWC",
  });
};
