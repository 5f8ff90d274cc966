/** Simple Taylor decomposition: its roots, and what it adds up to. */

import { describe, expect, test } from "vitest";
import { nodeRuntime } from "../../../../backlit/src/host/runtime/node.ts";
import { expectClose, sum } from "../../../test/support/compare.ts";
import { floats, model, noise, numbers } from "../../../test/support/run.ts";
import { type ExplainOptions, load } from "../../explain/index.ts";
import { encodeModelBytes } from "../../onnx/index.ts";

const open = async (text: string) => load(encodeModelBytes(model(text)), { runtime: await nodeRuntime() });
const W = [0.5, -1, 2];
const PLANE = `net (float[N,3] x) => (float[N,1] y) <float[3,1] w = {${W}}, float[1] b = {-1}> { a = MatMul(x, w) y = Add(a, b) }`;
const DEEP = `net (float[N,4] x) => (float[N,2] y) <float[4,8] w = random(1), float[8] b = random(4), float[8,2] v = random(2)>
  { a = MatMul(x, w) c = Add(a, b) h = Tanh(c) y = MatMul(h, v) }`;
const taylor = (params: Record<string, unknown>, rest: ExplainOptions = {}): ExplainOptions => ({
  method: "simple-taylor",
  target: 1,
  params,
  ...rest,
});

describe("on a plane w·x + b the expansion is exact", () => {
  const x = floats([2, 3], [1, 0.5, 2, 2, -1, 0]);
  const f = [0.5 - 0.5 + 4 - 1, 1 + 1 - 1];
  const norm = sum(W.map((w) => w * w));

  test("at the root on the line to the baseline", async () => {
    await using lit = await open(PLANE);
    const { relevance, details, notices } = await lit.explain(x, taylor({ root: "baseline" }));
    for (const [n, fx] of f.entries()) {
      const t = fx / (fx + 1); // f falls from f(x) to −1 on the way to 0
      const own = W.map((w, i) => w * t * numbers(x)[n * 3 + i]!);
      expectClose(numbers(relevance).slice(n * 3, n * 3 + 3), own, 1e-5);
      expect(sum(numbers(relevance).slice(n * 3, n * 3 + 3))).toBeCloseTo(fx, 5);
      expect(details!["f(root)"]![n]).toBeCloseTo(0, 5);
      expect(details!.distance![n]).toBeCloseTo(t * Math.hypot(...numbers(x).slice(n * 3, n * 3 + 3)), 5);
    }
    expect(details!.found).toEqual([1, 1]);
    expect(notices.join()).not.toMatch(/no root/);
  });

  test("at the nearest root, down the gradient: that is the w² rule", async () => {
    await using lit = await open(PLANE);
    const { relevance, details } = await lit.explain(x, taylor({ root: "gradient", rounds: 2 }));
    for (const [n, fx] of f.entries()) {
      expectClose(
        numbers(relevance).slice(n * 3, n * 3 + 3),
        W.map((w) => (w * w * fx) / norm),
        1e-5,
      );
      expect(details!.distance![n]).toBeCloseTo(Math.abs(fx) / Math.sqrt(norm), 5);
    }
  });

  test("where there is none, the least |f| is taken and said", async () => {
    await using lit = await open(PLANE);
    const { details, notices } = await lit.explain(x, taylor({ root: "baseline", baseline: "5" }));
    expect(details!.found).toEqual([0, 0]); // f(5, 5, 5) = 6.5
    expect(details!["f(root)"]![0]).toBeCloseTo(f[0]!, 5);
    expect(details!.distance).toEqual([0, 0]);
    expect(notices.join()).toMatch(/sample 1 has no root where it was sought: expanded at f = 1\.00/);
  });
});

test("to the nearest reference of another class", async () => {
  await using lit = await open(`net (float[N,2] x) => (float[N,2] y) <float[2,2] w = {1,0,0,1}> { y = MatMul(x, w) }`);
  const x = floats([1, 2], [1, 3]); // class 1
  const references = floats([4, 2], [0, 4, 5, -1, 3, 1, 1, 2]); // classes 1, 0, 0, 1
  const { details, relevance } = await lit.explain(
    x,
    taylor({ root: "nearest" }, { references, params: { root: "nearest", output: "log-odds" } }),
  );
  // Of two classes log-odds are y₁ − y₀: 2 at x, −2 at (3, 1), so the root is halfway, at (2, 2).
  expect(details!.distance![0]).toBeCloseTo(Math.SQRT2, 5);
  expectClose(numbers(relevance), [1, 1], 1e-5);
  await expect(lit.explain(x, taylor({ root: "nearest" }))).rejects.toMatchObject({ _tag: "BadInput" });
  await expect(lit.explain(x, taylor({ root: "nearest" }, { references: floats([1, 2], [0, 4]) }))).rejects.toMatchObject({
    _tag: "BadInput",
    message: expect.stringMatching(/all 1 to class 1/),
  });
});

test("a curved score: the first change of sign is found to float precision, whatever the batch size", async () => {
  await using lit = await open(DEEP);
  const x = noise([6, 4], 5, 4);
  // Between classes the log-odds change sign on every line.
  const params = { root: "nearest", rounds: 6, output: "log-odds" };
  const run = (batch: number) => lit.explain(x, { method: "simple-taylor", params, batch, references: noise([20, 4], 11, 6) });
  const [one, many] = [await run(1), await run(64)];
  expect(one.details!.found).toEqual(new Array(6).fill(1));
  for (const f of one.details!["f(root)"]!) expect(Math.abs(f)).toBeLessThan(2e-6);
  for (const [i, v] of numbers(many.relevance).entries()) expect(Math.abs(v - numbers(one.relevance)[i]!)).toBeLessThan(1e-5);
  // Newton steps find roots for all of them that are near.
  const { details } = await lit.explain(x, taylor({ root: "gradient", rounds: 30, output: "log-odds" }));
  expect(sum(details!.found!)).toBeGreaterThan(3);
});
