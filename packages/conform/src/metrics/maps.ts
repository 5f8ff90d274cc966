/** The maps an entry is about, the objects' masks, and more maps where the metric asks for them. */

import type { FloatTensor, Metric, Tensor } from "@backlit/core";
import type { Bench } from "./bench.ts";
import type { MetricExpectation } from "./case.ts";
import { precise } from "./precise.ts";
import type { Maps } from "./setting.ts";
import { fileIn, unsupported } from "./setting.ts";

/** Errors: Unsupported, NotFound, BadInput. */
export const mapsOf = async (bench: Bench, { relevance: name, params }: MetricExpectation, { card }: Metric): Promise<Maps> => {
  const { files, x, it } = bench;
  const explaining = params.explain === undefined ? undefined : bench.explaining(params.explain);
  const masks = card.needs?.includes("masks") ? (params.masks ?? it.masks?.file) : undefined;
  const maps: Maps = {
    relevance: await (name === undefined && explaining !== undefined ? explaining.maps(x, all(x)) : mapsFor(bench, name)),
    ...(masks !== undefined && { masks: await files.array(fileIn(masks)) }),
    ...(explaining && { explaining }),
  };
  if (card.needs?.includes("explain") && explaining === undefined) {
    if (typeof params.explanations !== "string") throw unsupported(`metric '${card.name}' without a method to explain with`);
    return { ...maps, given: { explanations: await files.array(fileIn(params.explanations)) } };
  }
  return precise(bench, maps, params);
};

/** By the case's name; of an entry about no map (random orders): zeros. */
export const mapsFor = async ({ files, x }: Bench, name: string | undefined): Promise<FloatTensor> =>
  name === undefined ? { ...x, data: new Float32Array(x.data.length) } : files.map(name);

const all = ({ dims }: Tensor): number[] => Array.from({ length: dims[0]! }, (_, n) => n);
