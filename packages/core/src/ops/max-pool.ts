/**
 * MaxPool: all to the winner of each window, the first one in row-major order on ties. No `Indices` output: each tap of the
 * window is a strided slice of x, compared with the maximum; what is left of s goes to the first tap that equals it.
 * Taps are put back on the grid by interleaving the residues modulo the stride.
 */
import type { Op, OtherRole, Site } from "./role.ts";
import { reach, type Window, windowOf } from "./window.ts";

const LOWEST = -3.4028234663852886e38;

/** All index tuples below the sizes, row-major. */
const tuples = (sizes: readonly number[]): number[][] =>
  sizes.reduce<number[][]>((all, n) => all.flatMap((t) => Array.from({ length: n }, (_, i) => [...t, i])), [[]]);

const zip = <T>(a: readonly number[], f: (n: number, i: number) => T): T[] => a.map(f);

/** x with the windows' padding, long enough for the last window. */
const padded = ({ g, node }: Site, w: Window): string => {
  const end = zip(w.input as number[], (size, i) =>
    Math.max(0, (w.output[i]! - 1) * w.strides[i]! + reach(w, i) + 1 - w.begin[i]! - size),
  );
  if ([...w.begin, ...end].every((n) => n === 0)) return node.input[0]!;
  return g.op("Pad", [node.input[0]!, g.ints([0, 0, ...w.begin, 0, 0, ...end]), g.floats(LOWEST)]);
};

/** Σ over taps, each put at o·stride + tap·dilation: maps per residue, shifted by whole strides, then interleaved. */
const interleave = ({ g }: Site, taps: ReadonlyMap<string, string>, w: Window): string => {
  const maps = new Map<string, string[]>();
  const length = zip(w.output as number[], (out, i) => out + Math.floor(reach(w, i) / w.strides[i]!));
  for (const [key, value] of taps) {
    const at = key.split(",").map((t, i) => Number(t) * w.dilations[i]!);
    const shift = zip(at, (p, i) => Math.floor(p / w.strides[i]!));
    const rest = zip(length, (n, i) => n - w.output[i]! - shift[i]!);
    const residue = zip(at, (p, i) => p % w.strides[i]!).join();
    const moved = [...shift, ...rest].some((n) => n > 0) ? g.op("Pad", [value, g.ints([0, 0, ...shift, 0, 0, ...rest])]) : value;
    maps.set(residue, [...(maps.get(residue) ?? []), moved]);
  }
  const zero = () => g.op("Mul", [g.sum(maps.values().next().value!), g.floats(0)]);
  // Innermost axis first: [.., o, s] → [.., o·s].
  const join = (prefix: readonly number[], axis: number): string => {
    if (axis === w.rank) return maps.has(prefix.join()) ? g.sum(maps.get(prefix.join())!) : zero();
    const parts = Array.from({ length: w.strides[axis]! }, (_, r) => join([...prefix, r], axis + 1));
    if (parts.length === 1) return parts[0]!;
    const stacked = g.op(
      "Concat",
      parts.map((p) => g.op("Unsqueeze", [p, g.ints([axis + 3])])),
      { axis: axis + 3 },
    );
    const sizes = zip(length, (n, i) => (i < axis ? n : n * w.strides[i]!));
    return g.op("Reshape", [stacked, g.ints([0, 0, ...sizes])]);
  };
  return join([], 0);
};

/** Cuts the padding off and fills what the windows did not reach. */
const fit = ({ g }: Site, r: string, w: Window): string => {
  const length = zip(w.output as number[], (out, i) => (out + Math.floor(reach(w, i) / w.strides[i]!)) * w.strides[i]!);
  const end = zip(w.input as number[], (size, i) => size + w.begin[i]! - length[i]!);
  if ([...w.begin, ...end].every((n) => n === 0)) return r;
  return g.op("Pad", [r, g.ints([0, 0, ...w.begin.map((n) => -n), 0, 0, ...end])]); // negative pads cut
};

export const MaxPool: Op = (node, facts) => {
  if (node.output[1]) return "its indices are used";
  const w = windowOf(node, facts);
  if ([...w.input, ...w.output].includes(null)) return "its spatial size is dynamic; give it with --dim";
  const adjoint = (site: Site, s: string): string => {
    const { g } = site;
    const x = padded(site, w);
    const axes = g.ints(zip(w.kernel, (_, i) => i + 2));
    const taps = new Map<string, string>();
    let left = s;
    const all = tuples(w.kernel);
    for (const tap of all) {
      const start = zip(tap, (t, i) => t * w.dilations[i]!);
      const stop = zip(start, (p, i) => p + (w.output[i]! - 1) * w.strides[i]! + 1);
      const cell = g.op("Slice", [x, g.ints(start), g.ints(stop), axes, g.ints(w.strides)]);
      const won = g.mul(left, g.mask(g.op("Equal", [cell, node.output[0]!])));
      taps.set(tap.join(), won);
      if (tap !== all.at(-1)) left = g.sub(left, won);
    }
    return fit(site, interleave(site, taps, w), w);
  };
  const role: OtherRole = {
    kind: "selection",
    inputs: [0],
    vjp: (site, [g]) => adjoint(site, g!),
    nonnegative: (input) => input(0),
  };
  return role;
};
