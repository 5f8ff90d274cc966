/** Entries about an imputer itself: the stand-ins of every sample, or one sample with more and more positions of it removed. */
import { fillingOf, orderOf, type Trial, unitScores, unitsOf } from "@backlit/core";
import type { Bench } from "./bench.ts";
import type { MetricExpectation } from "./case.ts";
import type { Found, Numbers } from "./found.ts";
import { imputerSetting } from "./imputers.ts";
import { mapsFor } from "./maps.ts";
import { orderNamed } from "./params.ts";
import { numberOf, onlyOf, unsupported } from "./setting.ts";
import { unitSetting } from "./units.ts";

export const imputed = (bench: Bench, { relevance, params }: MetricExpectation): Found => {
  const none = (what: string) => async () => {
    throw unsupported(`${what} of an imputer`);
  };
  return {
    scalar: none("scalars"),
    dataset: none("dataset scalars"),
    fraction: none("fractions"),
    ties: none("ties"),
    direction: none("a direction"),
    curve: async (name) => {
      if (name !== "image") throw unsupported(`curve '${name}' of an imputer`);
      onlyOf("off_image_neighbours", params.off_image_neighbours, ["dropped from both sides"]);
      onlyOf("weights", JSON.stringify(params.weights ?? ROAD_WEIGHTS), [JSON.stringify(ROAD_WEIGHTS)]);
      const imputer = await imputerSetting(params, bench.reading);
      const units = await unitSetting(params.unit ?? "pixel", bench.reading);
      const given = { ...imputer.given, ...units.given };
      const words = { ...imputer.params, ...units.params };
      const map = await mapsFor(bench, relevance);
      return bench.look(given, map, (trial) =>
        params.masked_pixels === undefined
          ? snapshots(trial, String(words.imputer), Number(words.repeats ?? 1))
          : masked(trial, String(words.imputer), String(words.unit), params),
      );
    },
  };
};

const ROAD_WEIGHTS = { edge: "1/6", diagonal: "1/12" };

/** [B, …], or [draws, B, …]. */
const snapshots = (trial: Trial, imputer: string, repeats: number): Numbers => {
  const { dims, data } = trial.x;
  const images = new Float64Array(repeats * data.length);
  const width = data.length / dims[0]!;
  for (let j = 0; j < repeats; j++)
    for (let n = 0; n < dims[0]!; n++) {
      const filling = fillingOf(trial, imputer, n, j);
      if (filling.kind !== "snapshot") throw unsupported(`imputer '${imputer}' without masked_pixels`);
      images.set(filling.values, j * data.length + n * width);
    }
  return { dims: repeats > 1 ? [repeats, ...dims] : dims, data: images };
};

/** One sample, as many of its positions removed as the list says: [list, …]. */
const masked = (
  trial: Trial,
  imputer: string,
  unit: string,
  { sample, order, masked_pixels: counts }: MetricExpectation["params"],
): Numbers => {
  if (!Array.isArray(counts)) throw unsupported(`masked_pixels ${JSON.stringify(counts)}`);
  const { dims, data } = trial.x;
  const n = sample === undefined ? 0 : numberOf("sample", sample);
  const width = data.length / dims[0]!;
  const own = data.subarray(n * width, (n + 1) * width);
  const { values, from, ...units } = unitsOf(trial, unit)[n]!;
  const named = orderNamed(order ?? "morf");
  if (named === "random") throw unsupported("an imputer along a random order");
  const sequence = orderOf(unitScores(trial, n, { values, from, ...units }, "sum"), named);
  const images = counts.map((count: number) => {
    const image = Float32Array.from(own);
    const removed = new Uint8Array(width);
    for (const u of sequence.subarray(0, count)) for (let i = from[u]!; i < from[u + 1]!; i++) removed[values[i]!] = 1;
    const filling = fillingOf(trial, imputer, n, 0);
    if (filling.kind === "mask") filling.fill(image, removed);
    else for (let v = 0; v < width; v++) if (removed[v] === 1) image[v] = filling.values[v]!;
    return image;
  });
  const all = new Float64Array(counts.length * width);
  for (const [k, image] of images.entries()) all.set(image, k * width);
  return { dims: [counts.length, ...dims.slice(1)], data: all };
};
