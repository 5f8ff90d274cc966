import { describe, expect, test } from "vitest";
import { nodeRuntime } from "../../../backlit/src/runtime/node.ts";
import { loadText } from "../../test/support/load.ts";
import { floats, ints } from "../../test/support/run.ts";

const text = `net (float[N,3] x) => (float[N,3] logits) <float[3,4] a = random(1), float[4,3] w = random(2), float[3] b = {0.1, -0.2, 0.3}> {
  z = MatMul(x, a) h = Relu(z) logits = Gemm(h, w, b) }`;
const labels = ["cat", "dog", "7"];
const x = floats([2, 3], [1, -2, 0.5, 0.3, 1, 2]);
const maps = ({ data }: { data: Float32Array }) => Array.from(data);

describe("targets", () => {
  test("a list is a map each, those of the classes alone, in one run", async () => {
    await using lit = await loadText(text, { labels });
    const both = await lit.explain(x, { target: { list: ["dog", 0] } });
    expect(both.relevance.dims).toEqual([2, 2, 3]);
    expect(both.target).toEqual([
      [1, 0],
      [1, 0],
    ]);
    const [dog, cat] = [await lit.explain(x, { target: "dog" }), await lit.explain(x, { target: 0 })];
    for (const n of [0, 1])
      for (const [k, one] of [dog, cat].entries())
        for (let i = 0; i < 3; i++)
          expect(both.relevance.data[(n * 2 + k) * 3 + i]).toBeCloseTo(one.relevance.data[n * 3 + i]!, 5);
    const method = await lit.explain(x, { target: { list: ["dog", 0] }, method: "feature-ablation" });
    expect(method.relevance.dims).toEqual([2, 2, 3]);
  });

  test("A minus B is z_A − z_B, for LRP, gradients and methods that ask", async () => {
    await using lit = await loadText(text, { labels });
    for (const method of ["lrp", "gradient", "feature-ablation", "integrated-gradients"]) {
      const of = async (target: string | number) =>
        maps((await lit.explain(x, { target, method, ...(method === "lrp" && { seed: undefined as never }) })).relevance);
      const [a, b, minus] = [await of(0), await of(1), await of("cat minus dog")];
      for (const [i, v] of minus.entries()) expect(v, method).toBeCloseTo(a[i]! - b[i]!, 4);
      expect(await of("contrast:cat|dog")).toEqual(minus);
    }
    await expect(lit.explain(x, { target: "cat minus dog", seed: "one" })).rejects.toMatchObject({ _tag: "BadTarget" });
    await expect(lit.explain(x, { target: "cat minus cat" })).rejects.toMatchObject({ _tag: "BadTarget" });
  });

  test("an exact label wins over a number; index: and label: say which is meant", async () => {
    await using lit = await loadText(text, { labels: ["1", "0", "7"] });
    expect(lit.target("0")).toEqual({ kind: "index", index: [1] });
    expect(lit.target("index:0")).toEqual({ kind: "index", index: [0] });
    expect(lit.target("label:7")).toEqual({ kind: "index", index: [2] });
    expect(lit.target("2")).toEqual({ kind: "index", index: [2] });
    expect(() => lit.target("index:cat")).toThrow(/index is a whole number/);
  });

  test("a fed class that does not exist is NaN and −1 in its row, and nothing else changes", async () => {
    await using lit = await loadText(text, { labels });
    const { chunks } = await lit.compile({ target: "input", ledger: true });
    const runtime = await nodeRuntime();
    const bytes = Buffer.concat(chunks);
    await using session = await runtime.createSession(new Uint8Array(bytes));
    const run = async (...classes: number[]) => session.run({ x, target: ints([2], classes) });
    const good = await run(1, 2);
    for (const bad of [-1, 3, 99, -3]) {
      const out = await run(1, bad);
      expect(Array.from(out.explained_target!.data as BigInt64Array)).toEqual([1n, -1n]);
      const rows = out.relevance!.data as Float32Array;
      expect(rows.slice(0, 3)).toEqual((good.relevance!.data as Float32Array).slice(0, 3));
      expect(rows.slice(3).every(Number.isNaN)).toBe(true);
      expect(out.logits!.data).toEqual(good.logits!.data);
      const ledger = out.ledger!.data as Float32Array;
      expect(ledger.slice(ledger.length / 2).every(Number.isNaN)).toBe(true);
    }
  });
});
