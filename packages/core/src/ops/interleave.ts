/** Maps of residues put back on one grid: value m of residue r along an axis lies at m·stride + r. */
import type { Builder } from "../graph/builder.ts";

/**
 * `mapOf(residues)`: the map [N, C, l…] of one residue per axis. `sizes(axis)`: the sizes [l…] with the axes from `axis` on
 * already joined; those of run time as an int64 value. Numbers are written as such: from a shape that is computed, if of constants, the
 * runtime does not tell what maps may be added within its blocked layout. Joined innermost axis first: [.., l, s] → [.., l·s].
 */
export const interleave = (
  g: Builder,
  strides: readonly number[],
  mapOf: (residues: readonly number[]) => string,
  sizes: (axis: number) => string | readonly number[],
): string => {
  const join = (prefix: readonly number[], axis: number): string => {
    if (axis === strides.length) return mapOf(prefix);
    const parts = Array.from({ length: strides[axis]! }, (_, r) => join([...prefix, r], axis + 1));
    if (parts.length === 1) return parts[0]!;
    const apart = parts.map((part) => g.op("Unsqueeze", [part, g.ints([axis + 3])]));
    const known = sizes(axis);
    const shape = typeof known === "string" ? g.op("Concat", [g.ints([0, 0]), known], { axis: 0 }) : g.ints([0, 0, ...known]);
    return g.op("Reshape", [g.op("Concat", apart, { axis: axis + 3 }), shape]);
  };
  return join([], 0);
};
