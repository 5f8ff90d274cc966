/** Where a repair is made, and how much of a concept there is. */
import { withAxes } from "../compile/with-axes.ts";
import { channelAxes } from "../emit/channel-axes.ts";
import type { ChannelsOf } from "../emit/index.ts";
import type { ChannelTable, Explainer } from "../explain/index.ts";

/** The axes of a value, as `repairModel` takes them. Errors: BadRecipe where it has no axis of channels, or none is known. */
export const repairPlace = (lit: Explainer, of: ChannelsOf): { readonly rank: number; readonly axis: number } => {
  const { reading, plan, canonical } = lit.outline();
  const facts = lit.traced.ownFacts();
  const [known] = withAxes([of], reading, { samples: plan.samples, carrier: canonical.carrier });
  const { channels, rank } = channelAxes(known!, { name: of.value, facts, samples: plan.samples });
  return { rank, axis: channels };
};

/** By sample: the largest activation of each channel over positions, from the scores of one class a sample. */
export const largestActivations = ({ dims, activation }: ChannelTable): readonly Float32Array[] => {
  const width = dims.at(-1)!;
  return Array.from({ length: dims[0]! }, (_, n) => activation.max.slice(n * width, (n + 1) * width));
};
