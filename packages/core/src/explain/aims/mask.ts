/** `CLASS@mask:FILE`: the mean of a class over the positions at which a mask is not 0. */
import { fail } from "../../errors.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { TargetKind } from "./kind.ts";
import { placedAims } from "./placed.ts";

export const mask: TargetKind = {
  form: "CLASS@mask:FILE",
  read: (text) => {
    const [, words, file] = /^(.+)@mask:(.+)$/s.exec(text) ?? [];
    if (words === undefined) return undefined;
    return {
      ...(words.startsWith("top:") && { several: true as const }),
      find: async (scene) => {
        const given = scene.file(file!, "mask");
        return placedAims(scene, {
          words,
          where: `mask:${file}`,
          spot: ({ positions, count }, n) => {
            const inside = insideOf(given, { positions, count, samples: scene.samples }, n);
            const own = inside.flatMap((is, position) => (is ? [position] : []));
            if (own.length > 0) return { positions: own, found: { pixels: own.length } };
            throw fail("BadTarget", {
              what: `mask '${file}'`,
              why: "it is 0 everywhere",
              fix: "mark what is meant with any other number",
            });
          },
        });
      },
    };
  },
};

interface Area {
  readonly positions: readonly number[];
  readonly count: number;
  readonly samples: number;
}

/** By position: one mask for all samples, or one for each. Errors: BadTarget. */
const insideOf = ({ dims, data }: Tensor, { positions, count, samples }: Area, n: number): readonly boolean[] => {
  const wide = dims.filter((size) => size !== 1);
  const each =
    samples > 1 &&
    dims[0] === samples &&
    dims
      .slice(1)
      .filter((size) => size !== 1)
      .join() === positions.join();
  if (!each && wide.join() !== positions.join())
    throw fail("BadTarget", {
      what: `a mask of ${dims.join("×")}`,
      why: `the output's positions are ${positions.join("×")}`,
      fix: "give it in the size of the output",
    });
  const from = each ? n * count : 0;
  return Array.from({ length: count }, (_, i) => Number(data[from + i]) !== 0);
};
