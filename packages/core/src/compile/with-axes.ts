/** Channel axes of values inside, as the model is read. */
import type { ChannelsOf } from "../emit/index.ts";
import { isChannel, type Reading, type SamplesReading } from "../reading/index.ts";

/** The same with the axis named, where the reading knows just one: the axis that counts channels or features, or the only one that counts no samples. */
export const withAxes = <C extends ChannelsOf>(
  asked: readonly C[],
  reading: Reading,
  { samples, carrier }: { readonly samples: SamplesReading; carrier(name: string): string },
): readonly C[] =>
  asked.map((one) => {
    if (one.axis !== undefined) return one;
    const axes = reading.axes.of(one.value) ?? [];
    const own = samples.of(carrier(one.value));
    const others = axes.flatMap((_, axis) => (axis === own ? [] : [axis]));
    const channels = others.filter((axis) => isChannel(axes[axis]!.role));
    const only = channels.length === 1 ? channels[0] : others.length === 1 ? others[0] : undefined;
    return only === undefined ? one : { ...one, axis: only };
  });
