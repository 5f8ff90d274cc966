/** `CLASS@pixel:i,j`: a class at one position of the output. */
import { fail } from "../../errors.ts";
import { positionOf } from "./grid.ts";
import type { TargetKind } from "./kind.ts";
import { placedAims } from "./placed.ts";

export const pixel: TargetKind = {
  form: "CLASS@pixel:i,j",
  read: (text) => {
    const [, words, at] = /^(.+)@pixel:(.*)$/s.exec(text) ?? [];
    if (words === undefined) return undefined;
    if (!/^\d{1,9}(,\d{1,9})*$/.test(at!))
      throw fail("BadTarget", { what: `target '${text}'`, fix: "give row and column, counted from 0: CLASS@pixel:i,j" });
    const index = at!.split(",").map(Number);
    return {
      ...(words.startsWith("top:") && { several: true as const }),
      find: async (scene) =>
        placedAims(scene, {
          words,
          where: `pixel:${at}`,
          spot: (grid) => ({ positions: [positionOf(grid, index, `target '${text}'`)], found: { pixel: index } }),
        }),
    };
  },
};
