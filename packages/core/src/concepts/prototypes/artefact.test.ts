import { expect, test } from "vitest";
import { nodeRuntime } from "../../../../backlit/src/host/runtime/node.ts";
import { model, noise, numbers, runModel } from "../../../test/support/run.ts";
import { load } from "../../explain/index.ts";
import { encodeModelBytes } from "../../onnx/encode.ts";
import { concepts } from "../run/run.ts";
import { shares } from "../statistic.ts";
import { withPrototypes } from "./artefact.ts";
import { prototypesByClass } from "./by-class.ts";
import { judgeDecision } from "./prototypes.ts";

const net = `net (float[N,4] x) => (float[N,3] y) <float[4,6] v = random(1), float[6,3] w = random(2)>
{ z = MatMul(x, v) h = Relu(z) y = MatMul(h, w) }`;

/** Class 2 has too few samples for a percentile. */
const targets = (n: number) => (n > 0 && n % 25 === 0 ? 2 : n % 2);
const x = noise([150, 4], 5, 4);
const data = {
  ...{ name: "x", sha256: "0", count: 150, chunk: 50 },
  read: async (from: number, count: number) => ({
    x: { type: "float32" as const, dims: [count, 4], data: (x.data as Float32Array).slice(from * 4, (from + count) * 4) },
    names: Array.from({ length: count }, (_, i) => `s${from + i}`),
    targets: Array.from({ length: count }, (_, i) => [targets(from + i)]),
  }),
};

test.each(["diag", "full"] as const)("an artefact says of every decision what judging it says (%s)", async (covariance) => {
  await using lit = await load(encodeModelBytes(model(net)), { runtime: await nodeRuntime() });
  const options = { composite: "epsilon" } as const;
  const result = await concepts([lit], { model: "net", data, values: ["h"], vectors: true, options });
  const classes = prototypesByClass(result, { components: 2, covariance }).h!;
  expect(Object.keys(classes)).toEqual(["0", "1", "2"]);
  expect(classes["0"]!.mixture.weights).toHaveLength(2);
  expect(classes["2"]!.mixture.weights).toHaveLength(1);
  expect(classes["0"]!.subspace === undefined).toBe(covariance === "diag");
  const compiled = await lit.compile({ ...options, channels: ["h"], target: "input" });
  const { channels, target, targetInput } = compiled.names;
  const made = withPrototypes(compiled.model, [{ value: "h", channels: channels!.h!, target, classes }]);
  const index = Array.from({ length: 150 }, (_, n) => targets(n));
  const out = await runModel(made, {
    x,
    [targetInput!]: { type: "int64", dims: [150], data: BigInt64Array.from(index, BigInt) },
  });
  const [likelihood, ordinary] = [numbers(out["likelihood@h"]), numbers(out["ordinary@h"])];
  const { channels: tables } = await lit.explain(x, { ...options, channels: ["h"], target: index.map((c) => [c]) });
  const rows = shares(tables!.h!.relevance.sum, 6);
  for (const n of index.keys()) {
    const judged = [0, 1, 2].map((k) => judgeDecision(classes[k]!, rows.subarray(6 * n, 6 * n + 6)));
    for (const [k, { logLikelihood }] of judged.entries())
      expect(Math.abs(likelihood[3 * n + k]! - logLikelihood)).toBeLessThan(1e-5 * Math.max(1, Math.abs(logLikelihood)));
    const own = judged[index[n]!]!.percentile;
    if (own === undefined) expect(ordinary[n]).toBeNaN();
    else expect(Math.abs(ordinary[n]! - own)).toBeLessThan(100 / 30); // a rank, where the sample itself is among them
  }
});
