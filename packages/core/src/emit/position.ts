import type { Builder } from "../graph/builder.ts";
import type { Logits } from "./logits.ts";

/** The value where the target's position is, 0 at others: of outputs that have classes at several positions. */
export const atPosition = (g: Builder, { alongClasses, axes }: Logits, onehot: string, value: string): string =>
  axes.length <= 1
    ? value
    : g.mul(
        value,
        alongClasses(onehot, (e, axis) => g.op("Expand", [g.reduceSum(e, [axis]), g.op("Shape", [e])])),
      );
