/** One net in two orders of axes: every metric, unit and imputer gives the same numbers. */

import { describe, expect, test } from "vitest";
import { nodeRuntime } from "../../../backlit/src/host/runtime/node.ts";
import { type Layouts, NETS } from "../../test/support/layouts.ts";
import { floats, model } from "../../test/support/run.ts";
import { load } from "../explain/index.ts";
import { encodeModelBytes } from "../onnx/index.ts";
import { restored } from "../reading/index.ts";
import type { FloatTensor } from "../tensor/float.ts";
import { imputers } from "./imputers/index.ts";
import { metrics } from "./metrics/index.ts";
import { explainingOf } from "./run/explaining.ts";
import { judgeOf } from "./run/judge.ts";

const METHOD = { method: "gradient-x-input" };
const TARGETS = [[1], [2]];

/** Scores by name; an error by its tag. */
const scores = async (
  text: string,
  x: FloatTensor,
  net: Layouts,
  metric: string,
  params: object,
): Promise<Record<string, unknown>> => {
  await using lit = await load(encodeModelBytes(model(text)), { runtime: await nodeRuntime() });
  const others = await judgeOf(lit, x);
  const size = net.x.dims.slice(2).reduce((a, b) => a * b, 1);
  const masks = floats(
    [2, 1, ...net.x.dims.slice(2)],
    Array.from({ length: 2 * size }, (_, i) => Number(i % size < size / 3)),
  );
  const judge = await judgeOf(lit, x, { targets: TARGETS, masks, seed: 3, others: { x: others.x, ids: [7, 8] } });
  const { relevance } = await lit.explain(x, { ...METHOD, target: [1, 2] });
  const explaining = explainingOf(lit, METHOD, TARGETS);
  const measured = await judge
    .measure(metrics[metric]!, params as Record<string, unknown>, { relevance: relevance as FloatTensor, explaining })
    .catch((error: { _tag?: string }) => ({ scores: {}, error: error._tag ?? String(error) }));
  return { ...measured.scores, ...("error" in measured && { error: measured.error }) };
};

const agree = async (net: Layouts, metric: string, params: object = {}): Promise<Record<string, unknown>> => {
  const one = await scores(net.first, net.x, net, metric, params);
  const other = await scores(net.last, restored(net.x, net.order), net, metric, params);
  expect(Object.keys(other)).toEqual(Object.keys(one));
  for (const [name, values] of Object.entries(one)) {
    if (typeof values === "string") expect(other[name]).toBe(values);
    else
      (values as Float64Array).forEach((value, n) => {
        const off = Math.abs(value - (other[name] as Float64Array)[n]!);
        expect(Number.isNaN(value) ? 0 : off / Math.max(1, Math.abs(value)), name).toBeLessThan(1e-5);
      });
  }
  return one;
};

/** What these nets or axes do not have: one-dimensional inputs have no superpixels, volumes no planes to fill. */
const FEW = { samples: 4, steps: "log:4", subsets: 4 };
const FLAT = ["road", "diffusion", "conv"];

describe.each(Object.entries(NETS))("%s", (name, net) => {
  const volume = name.includes("volume");

  test.each(Object.keys(metrics))("metric %s", async (metric) => {
    const { parameters } = metrics[metric]!.card;
    const params = Object.fromEntries(
      Object.entries(FEW).filter(([key, value]) => key in parameters && typeof value === typeof parameters[key]!.default),
    );
    const one = await agree(net, metric, params);
    // Superpixels are a picture's, and a volume has no plane to fill.
    const missing = (metric === "irof" && !name.includes("picture")) || (metric === "road" && volume);
    if (!missing) expect(one).not.toHaveProperty("error");
  });

  test.each(Object.keys(imputers))("imputer %s", async (imputer) => {
    const one = await agree(net, "srg", {
      imputer: imputer === "constant" ? "constant:0.3" : imputer,
      steps: "log:4",
      unit: "grid:3",
    });
    const missing = ["given", "references", "mask-token", "pad-token"].includes(imputer) || (volume && FLAT.includes(imputer));
    if (!missing) expect(one).not.toHaveProperty("error");
  });

  test.each(["auto", "pixel", "grid:2", "grid:4:2", "channel", "feature", "slic:6"])("unit %s", async (unit) => {
    const one = await agree(net, "srg", { unit, steps: "log:4" });
    if (unit !== "slic:6" || name.includes("picture")) expect(one).not.toHaveProperty("error");
  });
});
