import { describe, expect, test } from "vitest";
import { expectClose, sum } from "../../test/support/compare.ts";
import { explain, floats, model, noise, numbers, runModel } from "../../test/support/run.ts";

const text =
  "net (float[N,4] x) => (float[N,3] y) <float[4,5] v = random(1), float[5,3] w = random(2)> { z = MatMul(x, v) h = Relu(z) y = MatMul(h, w) }";
const x = noise([2, 4], 4, 4);
const epsilon = { composite: { name: "epsilon" }, seed: "logit" } as const;

describe("outputs", () => {
  test("all of the model's inputs and outputs stay, names and numbers", async () => {
    const source = `net (float[N,4] x) => (float[N,3] y, float[N,5] h, int64[2] s) <float[4,5] v = random(1), float[5,3] w = random(2)> { s = Shape(x) z = MatMul(x, v) h = Relu(z) y = MatMul(h, w) }`;
    const { compiled, out } = await explain(source, { x }, { recipe: epsilon });
    const original = model(source);
    expect(compiled.model.graph.input).toEqual(original.graph.input);
    expect(compiled.model.graph.output.slice(0, 3)).toEqual(original.graph.output);
    for (const [name, tensor] of Object.entries(await runModel(source, { x }))) expect(out[name]).toEqual(tensor);
    expect(compiled.notices.join()).toMatch(/several outputs/);
  });

  test("relevance at values inside adds up", async () => {
    const { out, relevance, compiled } = await explain(text, { x }, { recipe: epsilon, layers: ["h", "z", "y"] });
    expect(compiled.names.layers).toEqual({ h: "relevance@h", z: "relevance@z", y: "relevance@y" });
    expect(numbers(out["relevance@z"])).toEqual(numbers(out["relevance@h"])); // a ReLU passes
    const top = sum(numbers(out["relevance@y"]));
    for (const name of ["h", "z"]) expect(sum(numbers(out[`relevance@${name}`]))).toBeCloseTo(top, 3);
    expect(sum(relevance)).toBeCloseTo(top, 3);
    await expect(explain(text, { x }, { layers: ["nothing"] })).rejects.toMatchObject({ _tag: "BadRecipe" });
  });

  test("nodes of the model may be called as the artefact's own are", async () => {
    const named = text.replace("h = Relu", '["relevance"] h = Relu').replace("z = MatMul", '["bl:Mul:1"] z = MatMul');
    const { out } = await explain(named, { x }, { recipe: epsilon });
    expect(out.relevance!.dims).toEqual([2, 4]);
  });

  test("a ledger is for LRP; a value watched twice is one output; a vector knows no top:K", async () => {
    await expect(explain(text, { x }, { recipe: { method: "gradient" }, ledger: true })).rejects.toMatchObject({
      _tag: "BadRecipe",
    });
    const { compiled } = await explain(text, { x }, { recipe: epsilon, layers: ["h", "h"] });
    expect(compiled.model.graph.output.map(({ name }) => name)).toEqual(["y", "relevance", "relevance@h", "explained_target"]);
    const vector = await explain(
      text,
      { x },
      { recipe: { ...epsilon, seed: "vector" }, target: { kind: "top", k: 2 } },
      { seed: noise([2, 3], 1) },
    );
    expect(vector.out.relevance?.dims).toEqual([2, 4]);
  });

  test("an output that is the softmax of the input", async () => {
    const { relevance } = await explain(
      "net (float[N,4] x) => (float[N,4] y) { y = Softmax(x) }",
      { x },
      { recipe: epsilon, target: { kind: "index", index: [1] } },
    );
    expectClose(
      relevance,
      numbers(x).map((v, i) => (i % 4 === 1 ? v : 0)),
      1e-6,
    );
  });

  test("any value may be explained, and explained from", async () => {
    const { compiled, out, relevance } = await explain(text, { x }, { recipe: { ...epsilon, explain: "h" }, layers: [] });
    expect(compiled.names.relevance).toEqual({ h: "relevance" });
    const whole = await explain(text, { x }, { recipe: epsilon, layers: ["h"] });
    expectClose(relevance, numbers(whole.out["relevance@h"]), 1e-6);
    expect(out.relevance?.dims).toEqual([2, 5]);
    const middle = await explain(text, { x }, { recipe: { ...epsilon, output: "z" }, target: { kind: "index", index: [4] } });
    expect(numbers(middle.out.explained_target)).toEqual([4, 4]);
    await expect(explain(text, { x }, { recipe: { explain: "v" } })).rejects.toMatchObject({ _tag: "BadRecipe" });
    await expect(explain(text, { x }, { recipe: { explain: "y", output: "h" } })).rejects.toMatchObject({ _tag: "BadRecipe" });
  });

  test("several inputs: one output each; those that are named stay alone", async () => {
    const two =
      "net (float[N,3] a, float[N,3] b) => (float[N,2] y) <float[3,2] w = random(1)> { s = Add(a, b) y = MatMul(s, w) }";
    const feeds = { a: noise([1, 3], 1), b: noise([1, 3], 2) };
    const both = await explain(two, feeds, { recipe: epsilon });
    expect(both.compiled.names.relevance).toEqual({ a: "relevance:a", b: "relevance:b" });
    const one = await explain(two, feeds, { recipe: { ...epsilon, explain: ["b"] } });
    expect(one.relevance).toEqual(numbers(both.out["relevance:b"]));
    expect(one.compiled.plan.fixed).toEqual(["a"]);
  });

  test("a seed of one's own", async () => {
    const seed = floats([2, 3], [1, -2, 3, 0, 0, 1]);
    const { compiled, out } = await explain(text, { x }, { recipe: { ...epsilon, seed: "vector" }, layers: ["y"] }, { seed });
    expect(compiled.names.seedInput).toBe("seed");
    expect(numbers(out["relevance@y"])).toEqual(numbers(seed));
    expect(out.explained_target).toBeUndefined();
  });
});

describe("names", () => {
  test("what the model has already keeps its name; ours get a suffix that is recorded", async () => {
    const source = `net (float[N,4] seed) => (float[N,3] relevance) <float[4,5] target = random(1), float[5,3] ledger = random(2)> {
      explained_target = MatMul(seed, target) "relevance@bl:Mul:0" = Relu(explained_target) relevance = MatMul("relevance@bl:Mul:0", ledger) }`;
    const { compiled, out, relevance } = await explain(
      source,
      { seed: x },
      { recipe: epsilon, ledger: true, layers: ["explained_target"] },
    );
    expect(compiled.names).toMatchObject({
      relevance: { seed: "relevance_2" },
      target: "explained_target_2",
      ledger: "ledger_2",
    });
    const plain = await explain(text, { x }, { recipe: epsilon });
    expect(relevance).toEqual(plain.relevance);
    expect(numbers(out.relevance)).toEqual(numbers(plain.out.y));
    const metadata = new Map(compiled.model.metadataProps.map(({ key, value }) => [key, value]));
    expect(JSON.parse(metadata.get("backlit.names")!)).toEqual(compiled.names);
    const input = await explain(source, { seed: x }, { recipe: { ...epsilon, seed: "vector" } }, { seed: noise([2, 3], 1) });
    expect(input.compiled.names.seedInput).toBe("seed_2");
  });

  test("an artefact is not compiled again", async () => {
    const { compiled } = await explain(text, { x });
    await expect(explain(compiled.model, { x })).rejects.toMatchObject({ _tag: "BadModel" });
  });

  test("the recipe that made it lies in the metadata and replays to the same numbers", async () => {
    const first = await explain(text, { x }, { recipe: { composite: { name: "gamma" }, seed: "contrastive" } });
    const stored = first.compiled.model.metadataProps.find(({ key }) => key === "backlit.recipe")!.value;
    const { parseRecipe } = await import("../plan/index.ts");
    const { recipe, notices } = parseRecipe(stored);
    expect(notices).toEqual([]);
    const { composite: _, ...rest } = recipe;
    for (const again of [recipe, rest]) {
      const second = await explain(text, { x }, { recipe: again as never });
      expect(second.relevance).toEqual(first.relevance);
      expect(
        second.compiled.model.metadataProps
          .find(({ key }) => key === "backlit.recipe")!
          .value.replace(/"composite":"gamma",/, ""),
      ).toBe(stored.replace(/"composite":"gamma",/, ""));
    }
  });
});
