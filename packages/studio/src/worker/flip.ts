/** Pixel-flipping of the last explanation: which units go first, what stands in for them, and how the score falls. */
import {
  depreprocess,
  fail,
  fillingOf,
  fromPixels,
  judgeOf,
  type Measured,
  type Metric,
  metrics,
  orderOf,
  type Preprocessor,
  restored,
  type Trial,
  unitScores,
  unitsOf,
} from "@backlit/core";
import { type ExplainedRow, type ExplainResult, type OpenModel, rowOf, usualImputers } from "@backlit/workbench";
import { type FlipOrder, type Flipped, USUAL } from "../shown/flipped.ts";
import { explained } from "./explained.ts";
import type { FlipAsk } from "./messages.ts";

/** In the order of the map, in the opposite one, and at random. Errors: those of explaining; BadInput for a map of zeros, BadRecipe, Runtime. */
export const flip = async (asked: FlipAsk, progress: (text: string) => void): Promise<Flipped> => {
  const { lit, result } = await explained(asked, progress);
  const [row, value] = [result.rows[0]!, result.explained[0]!];
  const [{ relevances, target }] = row.maps as [(typeof row.maps)[number]];
  const map = relevances[value]!;
  if (map.data.every((one) => one === 0 || Number.isNaN(one)))
    throw fail("BadInput", {
      what: "there is no map",
      why: "no part of it has relevance, so none comes first",
      fix: "choose another class or method",
    });
  const imputer = asked.imputer === USUAL ? await usualFilling(lit, result) : asked.imputer;
  const judge = await judgeOf(lit, feedsOf(row), {
    target: asked.target ?? target.target ?? target.index,
    meter: counting(progress),
  });
  const { preprocessor } = result;
  let drawn: Drawn | undefined;
  const playing: Metric = {
    ...metrics.srg!,
    measure: async (trial) => {
      const measured = await metrics.srg!.measure(trial);
      drawn = drawnOf(trial, measured);
      return measured;
    },
  };
  const measured = await judge.measure(playing, { imputer }, { relevance: { ...map, dims: [1, ...map.dims] } });
  const { all, ...rest } = drawn!;
  const filled = preprocessor && judge.arrangement.kind === "space" && pictured(restored(all, judge.arrangement), preprocessor);
  return { ...rest, imputer, ...curvesOf(measured), probable: target.probability !== undefined, ...(filled && { filled }) };
};

/** Of a table's many rows the one. */
const feedsOf = ({ sample, index }: ExplainedRow) => (index === undefined ? sample.feeds : rowOf(sample.feeds, index));

/** As `evaluate` has it: a text's mask or padding, a table's usual row; one row alone is no usual one. */
const usualFilling = async (lit: OpenModel, { rows, explained }: ExplainResult): Promise<string> => {
  const data = {
    count: rows.length > 1 ? rows.length : 0,
    chunk: 1,
    read: async (from: number) => ({ x: feedsOf(rows[from]!), names: [] }),
  };
  const [usual = "zero"] = await usualImputers(lit, { data, explained, asked: {}, note: () => {} });
  return usual;
};

const curvesOf = ({ scores, curves }: Measured): Pick<Flipped, "shares" | "curves" | "scores"> => {
  const values = (name: FlipOrder) => Array.from(curves![name]!.values[0]!);
  const [srg, mrg, lrg] = ["srg", "mrg", "lrg"].map((name) => scores[name]![0]!) as [number, number, number];
  return {
    shares: Array.from(curves!.mif!.at[0]!),
    curves: { mif: values("mif"), lif: values("lif"), random: values("random") },
    scores: { srg, mrg, lrg },
  };
};

type Drawn = Pick<Flipped, "units" | "counts" | "places" | "size"> & { readonly all: Trial["x"] };

/** The metric's own orders again; of the random ones its first. */
const drawnOf = (trial: Trial, { curves }: Measured): Drawn => {
  const [units] = unitsOf(trial, String(trial.params.unit)) as [ReturnType<typeof unitsOf>[number]];
  const scores = unitScores(trial, 0, units, "mean");
  const { count, ofPosition, sizes } = units;
  const orders: Readonly<Record<FlipOrder, Uint32Array>> = {
    mif: orderOf(scores, "morf"),
    lif: orderOf(scores, "lerf"),
    random: trial.random.stream(trial.ids[0]!, 0, 2).permutation(count),
  };
  const placed = (order: Uint32Array): Uint32Array => {
    const places = new Uint32Array(count);
    order.forEach((unit, place) => {
      places[unit] = place;
    });
    return ofPosition!.map((unit) => places[unit]!);
  };
  const [height, width] = trial.kind === "space" ? trial.x.dims.slice(-2) : [];
  return {
    units: count,
    counts: countsAt(curves!.mif!.at[0]!, orders.mif, sizes),
    ...(ofPosition && { places: { mif: placed(orders.mif), lif: placed(orders.lif), random: placed(orders.random) } }),
    ...(height !== undefined && width !== undefined && ofPosition?.length === width * height && { size: { width, height } }),
    all: { ...trial.x, data: filledOf(trial) },
  };
};

/** After how many units so large a share of the positions is gone. */
const countsAt = (shares: Float64Array, order: Uint32Array, sizes: Float64Array): readonly number[] => {
  const whole = sizes.reduce((sum, size) => sum + size, 0);
  let [gone, count] = [0, 0];
  return Array.from(shares, (share) => {
    while (count < order.length && gone + 0.5 * sizes[order[count]!]! < share * whole) gone += sizes[order[count++]!]!;
    return count;
  });
};

const filledOf = (trial: Trial): Float32Array => {
  const filling = fillingOf(trial, String(trial.params.imputer), 0, 0);
  if (filling.kind === "snapshot") return filling.values.slice();
  const all = trial.x.data.slice();
  filling.fill(all, new Uint8Array(all.length).fill(1));
  return all;
};

const pictured = (x: Trial["x"], preprocessor: Preprocessor) => {
  try {
    return fromPixels(depreprocess(x, preprocessor));
  } catch {
    return undefined; // what is no picture is not drawn
  }
};

const counting = (progress: (text: string) => void) => {
  let [done, all] = [0, 0];
  return {
    starts: (rows: number) => {
      all += rows;
    },
    ran: (rows: number) => {
      done += rows;
      progress(`asking the model without parts of the input: ${done} of ${all}`);
    },
    announce: () => {},
    again: () => {},
  };
};
