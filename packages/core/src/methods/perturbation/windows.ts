/** Windows that slide over the positions of an input: along each axis from 0 in steps of the stride until the end is covered. */
import { fail } from "../../errors.ts";
import type { Layout } from "../../features/index.ts";

/** From inclusive, to exclusive, by axis; the last ones are cut at the border. */
export interface Window {
  readonly from: readonly number[];
  readonly to: readonly number[];
}

/** Errors: BadRecipe. */
export const windowsOf = ({ sizes, kind }: Layout, window: string, stride: string): readonly Window[] => {
  const sides = sidesOf("window", window, sizes, (size) => (kind === "space" ? Math.ceil(size / 8) : 1));
  const steps = sidesOf("stride", stride, sizes, (_, axis) => Math.max(1, Math.floor(sides[axis]! / 2)));
  const starts = sizes.map((size, axis) =>
    Array.from({ length: Math.max(0, Math.ceil((size - sides[axis]!) / steps[axis]!)) + 1 }, (_, i) => i * steps[axis]!),
  );
  return starts
    .reduce<number[][]>((corners, axis) => corners.flatMap((corner) => axis.map((start) => [...corner, start])), [[]])
    .map((from) => ({ from, to: from.map((start, axis) => Math.min(sizes[axis]!, start + sides[axis]!)) }));
};

const sidesOf = (
  name: string,
  text: string,
  sizes: readonly number[],
  auto: (size: number, axis: number) => number,
): readonly number[] => {
  if (text === "auto") return sizes.map(auto);
  const sides = text.split("x").map(Number);
  if (sides.every((side) => Number.isInteger(side) && side >= 1) && (sides.length === 1 || sides.length === sizes.length))
    return sizes.map((_, axis) => sides[axis] ?? sides[0]!);
  throw fail("BadRecipe", {
    what: `${name} '${text}'`,
    why: `it slides over ${sizes.join(" × ")} positions`,
    fix: sizes.length > 1 ? "give auto, one whole number, or one for each axis as in 16x8" : "give auto or a whole number",
  });
};
