/** Translations of an input by whole positions. */
import { fail } from "../../../errors.ts";
import { layoutOf, positionsOf } from "../../../features/layout.ts";
import type { Trial } from "../../metric.ts";

export interface Shift {
  /** In positions. */
  readonly distance: number;
  /** Writes the shifted sample; the border is repeated. */
  apply(sample: Float32Array, into: Float32Array): void;
  /** Positions and where they went, those that left aside. */
  pairs(): { readonly here: readonly number[]; readonly there: readonly number[] };
}

/** 1 … `shifts` positions along each axis that is long enough, forward and back. Errors: BadRecipe where positions have no order. */
export const shiftsOf = ({ x, params, kind }: Pick<Trial, "x" | "params" | "kind">): readonly Shift[] => {
  const layout = layoutOf(x.dims, kind);
  const { sizes, before } = layout;
  const count = positionsOf(layout);
  const shifts: Shift[] = [];
  for (let distance = 1; distance <= Number(params.shifts); distance++)
    for (const [axis, size] of sizes.entries()) {
      if (kind !== "space" || distance > size - 2) continue;
      const stride = sizes.slice(axis + 1).reduce((a, b) => a * b, 1);
      for (const by of [distance, -distance]) {
        const along = (p: number) => Math.floor(p / stride) % size;
        shifts.push({
          distance,
          apply: (sample, into) => {
            for (let c = 0; c < before; c++)
              for (let p = 0; p < count; p++) {
                const from = Math.min(size - 1, Math.max(0, along(p) - by));
                into[c * count + p] = sample[c * count + p + (from - along(p)) * stride]!;
              }
          },
          pairs: () => {
            const here = Array.from({ length: count }, (_, p) => p).filter((p) => along(p) + by >= 0 && along(p) + by < size);
            return { here, there: here.map((p) => p + by * stride) };
          },
        });
      }
    }
  if (shifts.length > 0) return shifts;
  throw fail("BadRecipe", {
    what: "the input cannot be shifted",
    why: `it is ${x.dims.slice(1).join("×")}`,
    fix: "take another metric of robustness",
  });
};
