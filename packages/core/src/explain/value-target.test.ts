/** Numbers that are no classes, by name. */
import { describe, expect, test } from "vitest";
import { loadText } from "../../test/support/load.ts";
import { floats } from "../../test/support/run.ts";

const held = "float[3,1] v = random(1), float[3,1] u = random(2), float[3,3] w = random(3)";
const two = `net (float[N,3] x) => (float[N,1] price, float[N,1] area) <${held}> { a = MatMul(x, v) price = Exp(a) b = MatMul(x, u) area = Exp(b) }`;
const columns = `net (float[N,3] x) => (float[N,3] y) <${held}> { a = MatMul(x, w) y = Exp(a) }`;
const x = floats([2, 3], [1, -2, 0.5, 0.3, 1, 2]);
const METHODS = ["lrp", "gradient", "feature-ablation"];

describe("values by name", () => {
  test("of several outputs one is named: that output is explained", async () => {
    await using lit = await loadText(two);
    for (const method of METHODS) {
      const named = await lit.explain(x, { target: "value:area", method, batch: 1 });
      const output = await lit.explain(x, { output: "area", method, batch: 1 });
      expect(named.relevance, method).toEqual(output.relevance);
      expect(named.output).toEqual(output.output);
      await expect(lit.explain(x, { target: "value", method })).rejects.toThrow(/the values price, area.*value:NAME/);
      await expect(lit.explain(x, { method }), method).rejects.toThrow(/the values price, area.*value:NAME/);
      await expect(lit.explain(x, { target: "value:height", method })).rejects.toThrow(/value:height.*price, area/);
    }
    expect(lit.inspect({ target: "value:area" }).plan.output).toBe("area");
    expect((await lit.compile({ target: "value:area" })).plan.output).toBe("area");
    await expect(lit.compile()).rejects.toThrow(/the values price, area/);
    expect((await lit.explain(x, { target: "value", output: "price" })).output).toEqual(
      (await lit.explain(x, { output: "price" })).output,
    );
    await expect(lit.explain(x, { target: { list: ["value:price", "value:area"] } })).rejects.toThrow(
      /one run explains one output/,
    );
  });

  test("of several columns one is named, by its label or its place", async () => {
    await using lit = await loadText(columns, { labels: ["width", "height", "depth"], reading: { outputKind: "regression" } });
    for (const method of METHODS) {
      const height = await lit.explain(x, { target: "value:height", method, batch: 1 });
      expect(height.target).toEqual([[1], [1]]);
      expect(height.relevance).toEqual((await lit.explain(x, { target: 1, method, batch: 1 })).relevance);
      expect((await lit.explain(x, { target: "value:2", method })).target).toEqual([[2], [2]]);
      await expect(lit.explain(x, { method })).rejects.toThrow(/the values width, height, depth/);
      await expect(lit.explain(x, { target: "value", method })).rejects.toThrow(/the values width, height, depth/);
      await expect(lit.explain(x, { target: "value:3", method })).rejects.toMatchObject({ _tag: "BadTarget" });
    }
    const both = await lit.explain(x, { target: { list: ["value:depth", "value:width"] } });
    expect(both.target).toEqual([
      [2, 0],
      [2, 0],
    ]);
  });

  test("a single value needs no name; classes are no values", async () => {
    await using lit = await loadText(columns.replace("[N,3] y", "[N,1] y").replace("x, w", "x, v"));
    const named = await lit.explain(x, { target: "value" });
    expect(named.relevance).toEqual((await lit.explain(x)).relevance);
    expect(named.relevance).toEqual((await lit.explain(x, { target: "value:y" })).relevance);
    await using unknown = await loadText(
      columns.replace("[N,3] y", "[N,1] y").replace("a = MatMul(x, w) y = Exp(a)", "y = MatMul(x, v)"),
    );
    expect((await unknown.explain(x, { target: "value" })).relevance).toEqual((await unknown.explain(x)).relevance);
    await using classes = await loadText(columns.replace("Exp(a)", "Softmax(a)"));
    await expect(classes.explain(x, { target: "value" })).rejects.toThrow(/output 'y' holds probabilities.*--output-kind/);
  });

  test("a class that is called so is that class", async () => {
    await using lit = await loadText(columns.replace("Exp(a)", "Softmax(a)"), { labels: ["price", "value", "value:area"] });
    expect((await lit.explain(x, { target: "value" })).target).toEqual([[1], [1]]);
    expect((await lit.explain(x, { target: "value:area" })).target).toEqual([[2], [2]]);
  });
});
