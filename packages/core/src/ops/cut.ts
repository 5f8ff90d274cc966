/**
 * Slice and Pad: values cut off come back as zeros, values put on are lost, or return to where they were reflected or repeated
 * from. Plain ranges are undone by the other of the two; everything else along one axis is a matrix (axis-matrix.ts).
 */
import { getInts, getString } from "../onnx/attributes.ts";
import { alongAxis } from "./axis-matrix.ts";
import { move } from "./move.ts";
import { again, type Op, type Site } from "./role.ts";
import { sizesOf } from "./sizes.ts";

export const Slice: Op = (node, facts) => {
  const x = node.input[0]!;
  const [from, to, alongInput, steps] = node.input.slice(1) as [string, string, string?, string?];
  const rank = facts.rank(x);
  const count = facts.shapeOf(from)[0];
  const listed = alongInput ? facts.numbers(alongInput) : Array.from({ length: count ?? 0 }, (_, i) => i);
  if (listed === undefined || typeof count !== "number") return "its axes are computed from the input";
  const axes = listed.map((axis) => (axis < 0 ? axis + rank : axis));
  const step = steps ? facts.numbers(steps) : axes.map(() => 1);
  /** Entry k of a list of bounds. */
  const entry = (site: Site, list: string, k: number): string => {
    const known = facts.numbers(list);
    return known ? site.g.ints([known[k]!]) : site.g.op("Gather", [list, site.g.ints([k])]);
  };
  const back = (site: Site, value: string, axis: number, k: number): string => {
    if (step?.[k] === 1) return padToSize(site, value, x, axis, entry(site, from, k), facts.numbers(from)?.[k]);
    return alongAxis(site, value, x, axis, (eye, at) => {
      const bounds = [entry(site, from, k), entry(site, to, k), site.g.ints([at]), entry(site, steps!, k)];
      return site.g.op("Slice", [eye, ...bounds]);
    });
  };
  return move(node, facts, [0], (site, [r]) => axes.reduce((value, axis, k) => back(site, value, axis, k), r!));
};

/** Zeros around a range of x that starts at `from` (negative: from the end), as wide as x was. */
const padToSize = (site: Site, value: string, x: string, axis: number, from: string, known: number | undefined): string => {
  const { g, facts, node } = site;
  const rank = facts.rank(x);
  const [size, length] = [facts.shapeOf(x)[axis], facts.shapeOf(node.output[0]!)[axis]];
  if (typeof size === "number" && typeof length === "number" && known !== undefined) {
    const start = Math.min(Math.max(known < 0 ? known + size : known, 0), size);
    return padAxis(site, value, rank, axis, start, size - start - length);
  }
  const n = sizesOf(g, x, axis, axis + 1);
  const wrapped =
    known === undefined ? g.add(from, g.mul(n, g.op("Cast", [g.op("Less", [from, g.ints([0])])], { to: 7 }))) : undefined;
  const counted = wrapped ?? (known! < 0 ? g.add(from, n) : from);
  const start = g.op("Min", [g.op("Max", [counted, g.ints([0])]), n]);
  const rest = g.sub(g.sub(n, start), g.op("Shape", [value], { start: axis, end: axis + 1 }));
  const nothing = (count: number) => (count === 0 ? [] : [g.ints(Array.from({ length: count }, () => 0))]);
  const widths = [...nothing(axis), start, ...nothing(rank - 1), rest, ...nothing(rank - 1 - axis)];
  return g.op("Pad", [value, g.op("Concat", widths, { axis: 0 })]);
};

export const padAxis = ({ g }: Site, value: string, rank: number, axis: number, before: number, after: number): string => {
  if (before === 0 && after === 0) return value;
  const pads = Array.from({ length: 2 * rank }, (_, i) => (i === axis ? before : i === rank + axis ? after : 0));
  return g.op("Pad", [value, g.ints(pads)]);
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
  const axes = alongInput
    ? facts.numbers(alongInput)?.map((a) => (a < 0 ? a + rank : a))
    : Array.from({ length: rank }, (_, i) => i);
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
        alongAxis(site, value, x, axis, (eye, along) =>
          g.op("Pad", [eye, g.ints(both((side) => [0, 1].map((a) => (a === along ? at(axis, side) : 0))))], { mode }),
        ),
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
    const sizes = axes ? g.op("Gather", [g.shape(x), g.ints(axes.map((a) => (a < 0 ? a + facts.rank(x) : a)))]) : g.shape(x);
    return again({ g, facts, node }, [r!, sizes]);
  });
};
