/** What mask inputs are fed for the conditions of a batch. */
import type { Compiled } from "../../compile/index.ts";
import { withAxes } from "../../compile/with-axes.ts";
import { channelAxes } from "../../emit/channel-axes.ts";
import type { MaskOf } from "../../emit/index.ts";
import { fail } from "../../errors.ts";
import type { FloatTensor } from "../../tensor/float.ts";
import type { Condition } from "./condition.ts";
import { channelRows, elementRows } from "./write.ts";

/** Of the compiled model; `dimsOf`: the sizes a value has in this run. `rows`: one condition for each sample, or one for all. Errors: BadRecipe. */
export const maskFeeds = async (
  { names, plan, canonical, reading }: Compiled,
  masks: readonly MaskOf[],
  rows: readonly Condition[],
  dimsOf: (value: string) => Promise<readonly number[]>,
): Promise<Record<string, FloatTensor>> => {
  const { samples } = plan;
  const known = withAxes(masks, reading, { samples, carrier: canonical.carrier });
  const feeds: Record<string, FloatTensor> = {};
  for (const mask of known) {
    const name = canonical.carrier(mask.value);
    const sizes = await dimsOf(mask.value);
    const byChannel = rows.some((condition) => condition[mask.value] !== undefined && !("positions" in condition[mask.value]!));
    const at = byChannel ? channelAxes(mask, { name, facts: canonical.facts, samples }) : undefined;
    const own = samples.of(name);
    const count = own === undefined ? 1 : sizes[own]!;
    if (rows.length !== 1 && rows.length !== count)
      throw fail("BadRecipe", {
        what: `${rows.length} conditions for ${count} samples`,
        fix: "give one condition, or one for each sample",
      });
    const all = rows.length === count ? rows : Array.from({ length: count }, () => rows[0]!);
    const dims = sizes.filter((_, axis) => axis !== own);
    // Without the samples' axis the channels' may stand one earlier.
    const axis = at && (own !== undefined && own < at.channels ? at.channels - 1 : at.channels);
    const place = { value: mask.value, dims, axis };
    feeds[names.masks![mask.value]!] = mask.positions ? placed(elementRows(all, place), own, sizes) : channelRows(all, place);
  }
  return feeds;
};

/** In the value's own order of axes: the samples' where they lie there. */
const placed = (rows: FloatTensor, own: number | undefined, sizes: readonly number[]): FloatTensor => {
  if (own === undefined || own === 0) return { ...rows, dims: sizes };
  const outer = sizes.slice(0, own).reduce((a, b) => a * b, 1);
  const inner = sizes.slice(own + 1).reduce((a, b) => a * b, 1);
  const count = sizes[own]!;
  const data = new Float32Array(rows.data.length);
  for (let n = 0; n < count; n++)
    for (let o = 0; o < outer; o++)
      data.set(rows.data.subarray((n * outer + o) * inner, (n * outer + o + 1) * inner), (o * count + n) * inner);
  return { type: "float32", dims: sizes, data };
};
