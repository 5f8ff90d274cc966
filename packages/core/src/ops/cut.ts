/**
 * Slice and Pad: values cut off come back as zeros, values put on are lost, or return to where they were reflected or repeated
 * from. Plain ranges are undone by the other of the two; everything else along one axis goes back to its positions.
 */
import { getInts, getString } from "../onnx/attributes.ts";
import { fromFront } from "./axes.ts";
import { move } from "./move.ts";
import { movedAlong } from "./positions.ts";
import { amongZeros } from "./ranges.ts";
import { again, type Op, type Site } from "./role.ts";

export const Slice: Op = (node, facts) => {
  const x = node.input[0]!;
  const [from, to, alongInput, steps] = node.input.slice(1) as [string, string, string?, string?];
  const rank = facts.rank(x);
  const count = facts.shapeOf(from)[0];
  const listed = alongInput ? facts.numbers(alongInput) : Array.from({ length: count ?? 0 }, (_, i) => i);
  if (listed === undefined || typeof count !== "number") return "its axes are computed from the input";
  const axes = listed.map((axis) => fromFront(axis, rank));
  const step = steps ? facts.numbers(steps) : axes.map(() => 1);
  /** Entry k of a list of bounds. */
  const entry = (site: Site, list: string, k: number): string => {
    const known = facts.numbers(list);
    return known ? site.g.ints([known[k]!]) : site.g.op("Gather", [list, site.g.ints([k])]);
  };
  const back = (site: Site, value: string, axis: number, k: number): string => {
    const first = entry(site, from, k);
    if (step?.[k] === 1) {
      const length = facts.shapeOf(node.output[0]!)[axis] ?? null;
      return amongZeros(site, value, x, axis, { from: first, start: facts.numbers(from)?.[k], length });
    }
    return movedAlong(site, value, x, axis, (all) =>
      site.g.op("Slice", [all, first, entry(site, to, k), site.g.ints([0]), entry(site, steps!, k)]),
    );
  };
  return move(node, facts, [0], (site, [r]) => axes.reduce((value, axis, k) => back(site, value, axis, k), r!));
};

export const Pad: Op = (node, facts) => {
  const [x, widths, value, alongInput] = node.input as [string, string, string?, string?];
  const rank = facts.rank(x);
  const mode = getString(node, "mode", "constant");
  const listed = facts.numbers(widths);
  const fill = value ? facts.scalar(value) : 0;
  const nonnegative = (input: (i: number) => boolean) => input(0) && (mode !== "constant" || (fill ?? -1) >= 0);
  if (mode === "constant" && listed === undefined)
    return {
      ...move(node, facts, [0], ({ g }, [r]) =>
        g.op("Pad", [r!, g.op("Neg", [widths]), ...(alongInput ? ["", alongInput] : [])]),
      ),
      nonnegative,
    };
  if (listed === undefined) return "its widths are computed from the input";
  const axes = alongInput ? facts.numbers(alongInput)?.map((a) => fromFront(a, rank)) : Array.from({ length: rank }, (_, i) => i);
  if (axes === undefined) return "its axes are computed from the input";
  const at = (axis: number, side: number) => (axes.includes(axis) ? listed[axes.indexOf(axis) + side * axes.length]! : 0);
  const both = (of: (side: number) => readonly number[]) => [0, 1].flatMap(of);
  const all = Array.from({ length: rank }, (_, axis) => axis);
  const padded = all.filter((axis) => at(axis, 0) !== 0 || at(axis, 1) !== 0);
  const back = (site: Site, r: string): string => {
    const { g } = site;
    if (mode === "constant") return g.op("Pad", [r, g.ints(both((side) => all.map((axis) => -at(axis, side))))]);
    return padded.reduce(
      (value, axis) =>
        movedAlong(site, value, x, axis, (positions, depth) => {
          const others = Array.from({ length: depth - 1 }, () => 0);
          return g.op("Pad", [positions, g.ints(both((side) => [at(axis, side), ...others]))], { mode });
        }),
      r,
    );
  };
  return { ...move(node, facts, [0], (site, [r]) => back(site, r!)), nonnegative };
};

/** CenterCropPad: a centred cut or border along each axis, undone by the same to the size of x. */
export const CenterCropPad: Op = (node, facts) => {
  const x = node.input[0]!;
  return move(node, facts, [0], ({ g }, [r]) => {
    const axes = getInts(node, "axes");
    const sizes = axes ? g.op("Gather", [g.shape(x), g.ints(axes.map((a) => fromFront(a, facts.rank(x))))]) : g.shape(x);
    return again({ g, facts, node }, [r!, sizes]);
  });
};
