import { describe, expect, test } from "vitest";
import { nodeRuntime } from "../../../backlit/src/host/runtime/node.ts";
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
      const of = async (target: string | number) => maps((await lit.explain(x, { target, method, batch: 1 })).relevance); // rows found by trying differ, and sums with them
      const [a, b, minus] = [await of(0), await of(1), await of("cat minus dog")];
      for (const [i, v] of minus.entries()) expect(v, method).toBeCloseTo(a[i]! - b[i]!, 4);
      expect(await of("contrast:cat|dog")).toEqual(minus);
    }
    await expect(lit.explain(x, { target: "cat minus dog", seed: "one" })).rejects.toMatchObject({ _tag: "BadTarget" });
    await expect(lit.explain(x, { target: "cat minus cat" })).rejects.toMatchObject({ _tag: "BadTarget" });
  });

  describe("A minus B is the derivative of its score, and methods that ask read that score", () => {
    const held = "float[3,4] w = random(1), float[3,4] u = random(2), int64[3] s = {0,2,2}";
    test.each<[string, string, string, string, (y: readonly number[]) => number]>([
      [
        "a mean of softmaxes",
        "N,4",
        "p = MatMul(x, w) q = Softmax(p) r = MatMul(x, u) t = Softmax(r) y = Mean(q, t)",
        "1 minus 3",
        (y) => Math.log(y[1]!) - Math.log(y[3]!),
      ],
      [
        "its logarithm",
        "N,4",
        "p = MatMul(x, w) q = Softmax(p) r = MatMul(x, u) t = Softmax(r) m = Mean(q, t) y = Log(m)",
        "1 minus 3",
        (y) => y[1]! - y[3]!,
      ],
      [
        "classes at positions",
        "N,2,2",
        "z = MatMul(x, w) h = Tanh(z) r = Reshape(h, s) y = Softmax(r)",
        "1,0 minus 1,1",
        (y) => Math.log(y[2]!) - Math.log(y[3]!),
      ],
      [
        "B at A's position",
        "N,2,2",
        "z = MatMul(x, w) h = Tanh(z) r = Reshape(h, s) y = Softmax(r)",
        "1,0 minus 1",
        (y) => Math.log(y[2]!) - Math.log(y[3]!),
      ],
      [
        "distances",
        "N,4",
        "d = MatMul(x, w) a = Mul(d, d) y = Sqrt(a) k = ArgMin <axis=1, keepdims=0> (a)",
        "1 minus 3",
        (y) => y[3]! - y[1]!,
      ],
    ])("%s", async (name, dims, nodes, target, score) => {
      const more = name === "distances" ? ", int64[N] k" : "";
      await using lit = await loadText(`net (float[N,3] x) => (float[${dims}] y${more}) <${held}> { ${nodes} }`);
      const one = [0.7, -1.2, 0.4];
      const at = async (v: readonly number[]) => {
        const { output } = await lit.explain(floats([1, 3], v), { target: dims === "N,4" ? 0 : "0,0", method: "gradient" });
        return score(Array.from(output.data as Float32Array));
      };
      const { relevance } = await lit.explain(floats([1, 3], one), { target, method: "gradient" });
      const ablated = await lit.explain(floats([1, 3], one), { target, method: "feature-ablation", batch: 1 });
      for (const i of [0, 1, 2]) {
        const [up, down] = [await at(one.with(i, one[i]! + 1e-2)), await at(one.with(i, one[i]! - 1e-2))];
        expect(relevance.data[i], `slope ${i}`).toBeCloseTo((up - down) / 2e-2, 2);
        expect(ablated.relevance.data[i], `without ${i}`).toBeCloseTo((await at(one)) - (await at(one.with(i, 0))), 4);
      }
      const product = await lit.explain(floats([1, 3], one), { target, method: "gradient-x-input" });
      const lrp = await lit.explain(floats([1, 3], one), { target, composite: "epsilon", start: "direct" });
      if (name === "a mean of softmaxes")
        for (const i of [0, 1, 2]) expect(lrp.relevance.data[i]).toBeCloseTo(product.relevance.data[i]!, 4);
    });

    test("with a score of p it is p_A − p_B", async () => {
      await using lit = await loadText(`net (float[N,3] x) => (float[N,4] y) <${held}> { z = MatMul(x, w) y = Softmax(z) }`);
      for (const method of ["gradient", "deeplift", "feature-ablation"]) {
        const of = async (target: string | number) =>
          maps((await lit.explain(x, { target, method, score: "probability", batch: 1 })).relevance);
        const [a, b, minus] = [await of(1), await of(3), await of("1 minus 3")];
        for (const [i, v] of minus.entries()) expect(v, method).toBeCloseTo(a[i]! - b[i]!, 5);
      }
    });

    test.each<[string, string, string]>([
      ["a sigmoid", "y = Sigmoid(z)", "t = Concat <axis=1> (zero, z) y = Softmax(t)"],
      [
        "a mean of sigmoids",
        "p = Sigmoid(z) h = Mul(z, two) q = Sigmoid(h) y = Mean(p, q)",
        "h = Mul(z, two) t = Concat <axis=1> (zero, z) u = Concat <axis=1> (zero, h) p = Softmax(t) q = Softmax(u) y = Mean(p, q)",
      ],
    ])("of one probability it is p_A − p_B, too: %s", async (_, one, two) => {
      const held = "float[3,1] w = random(1), float[1] none = {0}, float[1] two = {2}";
      const open = (nodes: string, width: number) =>
        loadText(`net (float[N,3] x) => (float[N,${width}] y) <${held}> { z = MatMul(x, w) zero = Mul(z, none) ${nodes} }`, {
          labels: ["no", "yes"],
        });
      await using single = await open(one, 1);
      await using double = await open(two, 2);
      for (const target of ["yes minus no", "no minus yes"])
        for (const method of ["lrp", "gradient", "deeplift", "feature-ablation", "integrated-gradients"]) {
          const [a, b] = await Promise.all(
            [single, double].map((lit) => lit.explain(x, { target, method, score: "probability", batch: 1 })),
          );
          for (const [i, v] of maps(b!.relevance).entries())
            expect(a!.relevance.data[i], `${method} ${target}`).toBeCloseTo(v, 5);
          expect(maps(b!.relevance).some((v) => Math.abs(v) > 0.01)).toBe(true);
          if (method === "deeplift")
            for (const [n, { score, reference }] of b!.difference!.entries()) {
              expect(a!.difference![n]!.score).toBeCloseTo(score, 5);
              expect(a!.difference![n]!.reference).toBeCloseTo(reference, 5);
              const total = maps(b!.relevance)
                .slice(3 * n, 3 * n + 3)
                .reduce((sum, v) => sum + v, 0);
              expect(total).toBeCloseTo(score - reference, 5);
            }
        }
    });

    test("two positions, and outputs whose classes nobody knows, are refused", async () => {
      const grid = `net (float[N,3] x) => (float[N,2,2] y) <${held}> { z = MatMul(x, w) r = Reshape(z, s) y = Softmax(r) }`;
      await using lit = await loadText(grid);
      for (const method of ["lrp", "feature-ablation"]) {
        await expect(lit.explain(x, { target: "0,0 minus 1,1", method })).rejects.toThrow(/two positions/);
        await expect(lit.explain(x, { target: "0,0 minus 0,2", method })).rejects.toThrow(/run from 0 to 1/);
        await expect(lit.explain(x, { target: "0,0 minus 2", method })).rejects.toThrow(/run from 0 to 1/);
      }
      await using unknown = await loadText(grid.replace("y = Softmax(r)", "y = Identity(r)"));
      for (const method of ["lrp", "feature-ablation"])
        await expect(unknown.explain(x, { target: "0,0 minus 1", method })).rejects.toThrow(/count classes.*--class-axis/);
    });
  });

  test("several classes stand behind the samples, and one of them too, from every method", async () => {
    const text = `net (float[2,N,3] x) => (float[N,3] y) <float[3,3] w = random(1)> { z = MatMul(x, w) y = ReduceMean <axes=[0], keepdims=0> (z) }`;
    await using lit = await loadText(text, { reading: { batchAxis: 1 } });
    const long = floats([2, 2, 3], [1, -2, 0.5, 0.3, 1, 2, 0.1, 0.4, -1, 2, 0, -0.6]);
    for (const [target, k] of [
      ["top:2", 2],
      ["top:1", 1],
      [{ list: [1] }, 1],
    ] as const) {
      const compiled = await lit.explain(long, { target, method: "gradient-x-input" });
      const asking = await lit.explain(long, { target, method: "integrated-gradients", batch: 1 });
      expect(compiled.relevance.dims).toEqual([2, 2, k, 3]);
      expect(asking.relevance.dims).toEqual([2, 2, k, 3]);
      for (const [i, v] of compiled.relevance.data.entries()) expect(asking.relevance.data[i]).toBeCloseTo(v, 5);
      const lrp = await lit.explain(long, { target, composite: "epsilon", seed: "logit", ledger: true });
      for (const [n, ledger] of lrp.ledger!.entries())
        expect(Math.abs(ledger.rest), `ledger ${n}`).toBeLessThanOrEqual(ledger.tolerance);
    }
  });

  test("a class that turns out not to exist is an error where a person asks", async () => {
    const free =
      "net (float[N,T,4] x) => (float[N,T] y) <float[4,1] w = random(1), int64[1] last = {-1}> { z = MatMul(x, w) y = Squeeze(z, last) }";
    await using lit = await loadText(free);
    const two = floats([1, 2, 4], [1, 2, 3, 4, -1, 2, 0, 1]);
    for (const target of [2, "top:3", { list: [0, 2] }, [2]])
      await expect(lit.explain(two, { target, method: "gradient" }), JSON.stringify(target)).rejects.toMatchObject({
        _tag: "BadTarget",
        message: expect.stringMatching(/2 values here/),
      });
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

test("seed direction takes v itself: e_t − e_s is t minus s, z notwithstanding", async () => {
  await using lit = await loadText(text, { labels });
  const seedVector = floats([2, 3], [1, -1, 0, 1, -1, 0]);
  const fed = await lit.explain(x, { seed: "direction", seedVector });
  expect(fed.target).toEqual([[-2], [-2]]);
  const want = await lit.explain(x, { target: "cat minus dog" });
  for (const [i, v] of maps(fed.relevance).entries()) expect(v).toBeCloseTo(want.relevance.data[i]!, 6);
  await expect(lit.explain(x, { seed: "direction" })).rejects.toMatchObject({ _tag: "BadInput" });
});
