/** Entries that compare two maps of each sample. */
import { positionMap, similarity } from "@backlit/core";
import type { Bench } from "./bench.ts";
import { isRecord, type Json, type MetricExpectation } from "./case.ts";
import type { Found } from "./found.ts";
import { mapsFor } from "./maps.ts";
import { namesOf } from "./names.ts";
import { onlyOf, unsupported } from "./setting.ts";

export const similar = (bench: Bench, { relevance, params }: MetricExpectation): Found => {
  const none = (what: string) => async () => {
    throw unsupported(`${what} of a similarity`);
  };
  const mapOf = async (name: unknown): Promise<Float64Array[]> => {
    const map = await mapsFor(bench, name === undefined ? relevance : String(name));
    return bench.look({}, map, (trial) => Array.from({ length: trial.x.dims[0]! }, (_, n) => positionMap(trial, n)));
  };
  return {
    dataset: none("dataset scalars"),
    fraction: none("fractions"),
    ties: none("ties"),
    curve: none("curves"),
    // The direction belongs to a test that expects unlike maps; the similarity itself has none.
    direction: async () => (params.use === undefined ? undefined : "lower"),
    scalar: async (name) => {
      onlyOf("channels", params.channels, ["sum"]);
      onlyOf("normalisation", params.normalisation, ["none"]);
      onlyOf("spearman", params.spearman, ["average ranks"]);
      for (const { base, map } of namesOf(name)) {
        const kind = base === "ssim" ? "ssim_gaussian" : base;
        checkWindow(kind, params);
        const [a, other] = [await mapOf(params.a), await mapOf(map === undefined ? params.b : params.a)];
        const b = map === "negated" ? other.map((of) => of.map((value) => -value)) : other;
        const found = a.map((of, n) => similarity(of, b[n]!, bench.x.dims.slice(2))[kind]);
        if (found[0] !== undefined) return found as number[];
      }
      throw unsupported(`scalar '${name}' of metric 'map-similarity'`);
    },
  };
};

const SHARED = { K1: 0.01, K2: 0.03, data_range: "max - min over both maps of the pair" };
const WINDOWS: Readonly<Record<string, Json>> = {
  ssim_gaussian: { window: "gaussian", sigma: 1.5, radius: 5, size: 11, covariance: "population", ...SHARED },
  ssim_uniform7: { window: "uniform", size: 7, covariance: "sample", ...SHARED },
};

/** The windows of `similarity` and no others. */
const checkWindow = (name: string, params: Json): void => {
  const asked = params[name];
  if (!isRecord(asked)) return;
  for (const [key, own] of Object.entries(WINDOWS[name] ?? {}))
    if (asked[key] !== undefined && asked[key] !== own && !String(asked[key]).startsWith(`${own} (`))
      throw unsupported(`${name} with ${key} ${JSON.stringify(asked[key])}`);
};
