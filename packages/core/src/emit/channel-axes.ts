/** Values as channels of samples: along which axis channels lie, and where the samples are. */
import { fail } from "../errors.ts";
import type { Facts } from "../graph/facts.ts";
import type { SamplesReading } from "../reading/index.ts";

/** A value and the axis its channels lie along: of convolutions 1, of hidden features the last, of heads that of the heads. */
export interface ChannelsOf {
  readonly value: string;
  /** Negative counts from the end. Default: what the model is read to have there. */
  readonly axis?: number;
}

export interface Axes {
  readonly channels: number;
  /** Undefined: all of it is one sample. */
  readonly samples: number | undefined;
  readonly rank: number;
}

/** Errors: BadRecipe for an axis that is none, or is that of the samples; where samples are folded into another axis. */
export const channelAxes = (
  { value, axis }: ChannelsOf,
  { name, facts, samples }: { readonly name: string; readonly facts: Facts; readonly samples: SamplesReading },
): Axes => {
  const rank = facts.rank(name) ?? 0;
  const own = samples.of(name);
  const channels = axis === undefined ? undefined : axis < 0 ? axis + rank : axis;
  const where = `value '${value}'`;
  if (samples.independent && own === undefined)
    throw fail("BadRecipe", {
      what: "channels of a value whose samples are not known apart",
      where,
      why: "they are folded into another axis, or met there",
      fix: "name a value before or after it",
    });
  if (channels === undefined)
    throw fail("BadRecipe", {
      what: "channels are asked for, and no axis is known to count them",
      where,
      fix: `name the axis: --channel-axis ${value}=k`,
    });
  if (Number.isInteger(channels) && channels >= 0 && channels < rank && channels !== own) return { channels, samples: own, rank };
  throw fail("BadRecipe", {
    what: `channel axis ${axis}`,
    where,
    why: channels === own ? "it counts the samples" : `the value has ${rank} axes`,
    fix: "name another axis, counted from 0",
  });
};
