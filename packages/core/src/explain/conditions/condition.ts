/** Conditions: of which channels of values inside the relevance is kept (Achtibat et al. 2023). */
import type { MaskOf } from "../../emit/index.ts";
import { fail } from "../../errors.ts";

/**
 * What is kept of the relevance at one value. Channels: those named, at all positions. Weights: a factor for each channel named, 0 for
 * others. Neurons: by channel, flat row-major positions over all axes but the samples' and the channels'. Positions: full indices without the
 * samples' axis.
 */
export type ChannelMask =
  | readonly number[]
  | { readonly channels: readonly number[]; readonly axis?: number }
  | { readonly weights: Readonly<Record<number, number>>; readonly axis?: number }
  | { readonly neurons: Readonly<Record<number, readonly number[]>>; readonly axis?: number }
  | { readonly positions: readonly (readonly number[])[]; readonly axis?: undefined };

/** By value. Several values: all of them; several channels of one: any of them. Values that are not named keep everything. */
export type Condition = Readonly<Record<string, ChannelMask>>;

/** Several conditions for every sample, a map each. */
export interface ConditionList {
  readonly list: readonly Condition[];
}

const axisOf = (mask: ChannelMask): number | undefined => ("length" in mask ? undefined : mask.axis);

const byElement = (mask: ChannelMask): boolean => "neurons" in mask || "positions" in mask;

/** The masks these conditions need: one for each value that any of them names. Errors: BadRecipe. */
export const masksOf = (conditions: readonly Condition[]): readonly MaskOf[] => {
  const named = new Map<string, ChannelMask[]>();
  for (const condition of conditions)
    for (const [value, mask] of Object.entries(condition)) {
      if (!isMask(mask))
        throw fail("BadRecipe", {
          what: `condition ${JSON.stringify(mask)}`,
          where: `value '${value}'`,
          fix: "give a list of channels, or { channels }, { weights }, { neurons } or { positions }",
        });
      named.set(value, [...(named.get(value) ?? []), mask]);
    }
  return [...named].map(([value, masks]) => {
    const axes = new Set(masks.map(axisOf).filter((axis) => axis !== undefined));
    if (axes.size > 1)
      throw fail("BadRecipe", {
        what: `channels along the axes ${[...axes].join(" and ")}`,
        where: `value '${value}'`,
        fix: "name one axis for all conditions of a run",
      });
    const [axis] = axes;
    return { value, ...(axis !== undefined && { axis }), ...(masks.some(byElement) && { positions: true }) };
  });
};

const isMask = (mask: unknown): mask is ChannelMask =>
  Array.isArray(mask) ||
  (typeof mask === "object" && mask !== null && ["channels", "weights", "neurons", "positions"].some((key) => key in mask));

/** Factors of channels by index. */
export const factorsOf = (mask: ChannelMask): readonly (readonly [channel: number, factor: number])[] => {
  if ("weights" in mask) return Object.entries(mask.weights).map(([channel, factor]) => [Number(channel), factor]);
  const channels = "length" in mask ? mask : "channels" in mask ? mask.channels : [];
  return channels.map((channel) => [channel, 1]);
};
