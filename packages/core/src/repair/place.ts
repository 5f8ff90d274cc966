/** Where a repair is made, and how much of a concept there is. */
import { withAxes } from "../compile/with-axes.ts";
import { channelAxes } from "../emit/channel-axes.ts";
import type { ChannelsOf } from "../emit/index.ts";
import { fail } from "../errors.ts";
import type { Explainer } from "../explain/index.ts";
import type { Tensor } from "../tensor/tensor.ts";

/**
 * Scopes of a direction: a number for each neuron, a channel at a position; for each channel, taken out position by position; for each channel, and positions
 * that have it become what is usual, with those around them; for each channel, the same step everywhere.
 */
export const REPAIR_SCOPES = ["neurons", "positions", "patches", "channels"] as const;
export type RepairScope = (typeof REPAIR_SCOPES)[number];

/** Patches are replaced whole: the share of the clean samples in which none is. */
export const PATCHES_LEVEL = 0.99;

/** Scopes that look at each position by itself. */
export const isLocal = (scope: RepairScope): boolean => scope === "positions" || scope === "patches";

/** The axes of a value, as `repairModel` takes them; `neurons`: how many a sample has, where that is fixed. Errors: BadRecipe where it has no axis of channels, or none is known. */
export const repairPlace = (
  lit: Explainer,
  of: ChannelsOf,
): { readonly rank: number; readonly axis: number; readonly channels?: number; readonly neurons?: number } => {
  const { reading, plan, canonical } = lit.outline();
  const facts = lit.traced.ownFacts();
  if (lit.traced.graph.inputs.some(({ name }) => name === of.value)) throw noMaker(of.value);
  const [known] = withAxes([of], reading, { samples: plan.samples, carrier: canonical.carrier });
  const { channels, rank } = channelAxes(known!, { name: of.value, facts, samples: plan.samples });
  const width = facts.shapeOf(of.value)[channels];
  const sizes = facts.shapeOf(of.value).slice(1);
  const fixed = sizes.every((size) => size !== null);
  return {
    rank,
    axis: channels,
    ...(typeof width === "number" && { channels: width }),
    ...(fixed && { neurons: sizes.reduce<number>((a, b) => a * b!, 1) }),
  };
};

export const noMaker = (value: string) =>
  fail("BadRecipe", {
    what: `no node of the file makes '${value}'`,
    fix: "name a value inside the graph as the file has it; inspect lists them",
  });

/** By sample, of a value [N, …] with channels along `axis`: the largest activation of each channel over positions, all of them, or all with the channels innermost (`positions`, `patches`). */
export const conceptRows = ({ dims, data }: Tensor, axis: number, scope: RepairScope): readonly Float32Array[] => {
  const count = dims[0]!;
  const size = data.length / count;
  const row = (n: number) => Float32Array.from({ length: size }, (_, i) => Number(data[n * size + i]));
  if (scope === "neurons") return Array.from({ length: count }, (_, n) => row(n));
  const channels = dims[axis]!;
  const inner = dims.slice(axis + 1).reduce((a, b) => a * b, 1);
  if (isLocal(scope))
    return Array.from({ length: count }, (_, n) => {
      const own = new Float32Array(size);
      for (let i = 0; i < size; i++) {
        const [outer, c, within] = [Math.floor(i / (inner * channels)), Math.floor(i / inner) % channels, i % inner];
        own[(outer * inner + within) * channels + c] = Number(data[n * size + i]);
      }
      return own;
    });
  return Array.from({ length: count }, (_, n) => {
    const largest = new Float32Array(channels).fill(Number.NEGATIVE_INFINITY);
    for (let i = 0; i < size; i++) {
      const c = Math.floor(i / inner) % channels;
      largest[c] = Math.max(largest[c]!, Number(data[n * size + i]));
    }
    return largest;
  });
};
