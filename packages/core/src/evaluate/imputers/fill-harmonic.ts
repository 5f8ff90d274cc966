/** Fills what is removed from its surroundings, channel by channel; channels with the same gaps share the equations. */
import { channelMeans, planesOf } from "./channels.ts";
import { type Stencil, solveInto, systemOf } from "./harmonic.ts";
import type { Imputing } from "./imputer.ts";

/** Overwrites the values marked 1 in `removed`. A channel without a known pixel gets the sample's mean. Errors: BadRecipe. */
export const fillHarmonic = (
  name: string,
  stencil: Stencil,
  sample: Imputing,
): ((into: Float32Array, removed: Uint8Array) => void) => {
  const { channels, height, width } = planesOf(name, sample);
  const means = channelMeans(sample);
  const size = height * width;
  return (into, removed) => {
    let solved: { readonly missing: Uint8Array; readonly system: ReturnType<typeof systemOf> } | undefined;
    for (let c = 0; c < channels; c++) {
      const missing = removed.subarray(c * size, (c + 1) * size);
      const plane = into.subarray(c * size, (c + 1) * size);
      if (missing.every((gone) => gone === 1)) {
        plane.fill(means[c]!);
        continue;
      }
      const known = solved;
      if (known === undefined || missing.some((gone, p) => gone !== known.missing[p]))
        solved = { missing, system: systemOf(missing, height, width, stencil) };
      solveInto(solved!.system, plane);
    }
  };
};
