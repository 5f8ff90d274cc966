/** Cells of an input that pairs are made of: of a picture a coarse grid, of a text its tokens, of a row its values. */
import { fail } from "../../errors.ts";
import type { Arrangement } from "../../reading/index.ts";

export interface Cells {
  /** Cells along each axis of positions, `[7, 7]`. */
  readonly sizes: readonly number[];
  /** By value of a sample, arranged: the cell it belongs to, counted row by row. */
  readonly of: Uint32Array;
  readonly count: number;
}

const MOST = 32;
const USUAL = 7;

/** Cells along each side: one number for all, or one for each of height and width. */
export type PairGrid = number | readonly number[];

/** `dims`: of a sample as it is arranged. Errors: BadRecipe for a grid that does not fit. */
export const cellsOf = (dims: readonly number[], { kind }: Pick<Arrangement, "kind">, grid?: PairGrid): Cells => {
  // Channels come before positions, features behind tokens.
  const axes = kind === "space" ? [...dims.keys()].slice(1) : kind === "tokens" ? [0] : [...dims.keys()];
  const cut = kind === "space";
  const asked = [grid ?? USUAL].flat();
  if (asked.length === 0 || !asked.every((cells) => Number.isInteger(cells) && cells >= 1 && cells <= MOST))
    throw fail("BadRecipe", {
      what: `a grid of ${asked.join(",")}`,
      why: `a side has 1 to ${MOST} cells`,
      fix: `give H,W or one number for both sides, at most ${MOST},${MOST} (default: ${USUAL},${USUAL})`,
    });
  if (grid !== undefined && !cut)
    throw fail("BadRecipe", { what: `a grid of ${asked.join(",")}`, why: "what is compared is no picture", fix: "leave it out" });
  if (asked.length > 1 && asked.length !== axes.length)
    throw fail("BadRecipe", {
      what: `a grid of ${asked.join(",")}`,
      why: `the input has ${axes.length} ${axes.length === 1 ? "axis" : "axes"} of positions`,
      fix: "give one number for all, or one for each",
    });
  const sizes = axes.map((axis, k) => (cut ? Math.min(asked[k] ?? asked[0]!, dims[axis]!) : dims[axis]!));
  const count = sizes.reduce((a, b) => a * b, 1);
  if (count > MOST * MOST)
    throw fail("BadRecipe", {
      what: `${count} cells, and as many squared in pairs`,
      why: `at most ${MOST * MOST} are made`,
      fix: cut ? "give a smaller grid" : "explain a shorter input",
    });
  const width = dims.reduce((a, b) => a * b, 1);
  const of = new Uint32Array(width);
  for (let i = 0; i < width; i++) {
    let [rest, cell, stride] = [i, 0, 1];
    for (let axis = dims.length - 1; axis >= 0; axis--) {
      const at = rest % dims[axis]!;
      rest = Math.floor(rest / dims[axis]!);
      const k = axes.indexOf(axis);
      if (k < 0) continue;
      cell += Math.floor((at * sizes[k]!) / dims[axis]!) * stride;
      stride *= sizes[k]!;
    }
    of[i] = cell;
  }
  return { sizes, of, count };
};
