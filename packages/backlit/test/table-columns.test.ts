/** A model that calls its columns otherwise than the table does, and tables with a label in them. */
import { writeFileSync } from "node:fs";
import { encodeModelBytes, parseModel } from "@backlit/core";
import { describe, expect, test } from "vitest";
import { at, backlit } from "./cli.ts";

const plain =
  parseModel(`net (float[N,1] a, float[N,1] b, float[N,1] c) => (float[N,2] logits) <float[3,2] w = {1, 0, 10, 0, 100, 0}>
  { x = Concat<axis=1>(a, b, c) logits = MatMul(x, w) }`);
const { graph } = plain;

/** The inputs called `names`, listed in `order`. */
const wide = (names: readonly string[], order: readonly number[] = [0, 1, 2]): string => {
  const named = (name: string) => names["abc".indexOf(name)] ?? name;
  const input = order.map((i) => ({ ...graph.input[i]!, name: named(graph.input[i]!.name) }));
  const node = graph.node.map((one) => ({ ...one, input: one.input.map((name) => (/^[abc]$/.test(name) ? named(name) : name)) }));
  const file = at(`${names.join("-").replace(/\W/g, "")}.onnx`);
  writeFileSync(file, encodeModelBytes({ ...plain, graph: { ...graph, input, node } }));
  return file;
};
const narrow = at("narrow.onnx");
writeFileSync(
  narrow,
  encodeModelBytes(
    parseModel("net (float[N,3] x) => (float[N,2] logits) <float[3,2] w = {1, 0, 10, 0, 100, 0}> { logits = MatMul(x, w) }"),
  ),
);
const table = (name: string, text: string): string => {
  writeFileSync(at(name), text);
  return at(name);
};

/** The logit 100 c + 10 b + a reads as digits which column went where. */
const explained = async (...argv: string[]) => {
  const { code, out, err } = await backlit("explain", ...argv, "--method", "gradient-x-input", "--target", "0", "--json");
  expect(code, err).toBe(0);
  const { inputs, notices } = JSON.parse(out);
  const features: { name: string; relevance: number }[] = inputs[0].features;
  return {
    rows: inputs.length as number,
    bars: Object.fromEntries(features.map(({ name, relevance }) => [name, relevance])),
    notices: notices.join("\n") as string,
  };
};

const sizes = table("sizes.csv", "petal width (cm),Sepal.Length,species,stem\n2,1,setosa,3\n5,4,setosa,6\n");
const numbers = table("numbers.csv", "age,height,debt\n1,2,3\n");

describe("an input a column", () => {
  test("is found by its name, its signs left out; the label stands in the middle", async () => {
    const model = wide(["sepal_length", "petal_width_cm_", "stem"]);
    const { bars, rows, notices } = await explained(model, sizes, "--label", "species");
    expect([bars, rows]).toEqual([{ "Sepal.Length": 1, "petal width (cm)": 20, stem: 300 }, 2]);
    expect(notices).toContain("sepal_length = Sepal.Length, petal_width_cm_ = petal width (cm)");
    expect(notices).not.toContain("species");
  });

  test.each([
    ["f0", "f1", "f2"],
    ["Column_1", "Column_2", "Column_3"],
    ["input_9", "input_10", "input_11"],
  ])("%s, %s, %s: in order, by their numbers, under the table's names", async (...names) => {
    const { bars, notices } = await explained(wide(names, [2, 0, 1]), numbers);
    expect(bars).toEqual({ age: 1, height: 20, debt: 300 });
    expect(notices).toContain(`columns are taken in order: ${names[0]} = age, ${names[1]} = height`);
  });

  test("a table without names is taken in the model's order", async () => {
    const { bars } = await explained(wide(["p", "q", "r"]), table("bare.csv", "1,2,3\n4,5,6\n"));
    expect(bars).toEqual({ p: 1, q: 20, r: 300 });
  });

  test("other words in other places are no match", async () => {
    const { code, err } = await backlit("explain", wide(["weight", "size", "price"]), numbers);
    expect(code).toBe(1);
    expect(err).toMatch(/its columns are age, height, debt.*inputs are weight, size, price/);
  });

  test("evaluate takes them the same way", async () => {
    const data = table(
      "data.csv",
      `age,class,height,debt\n${Array.from({ length: 6 }, (_, n) => `${n},0,${n % 3},1`).join("\n")}\n`,
    );
    const { code, err } = await backlit(
      ...[
        "evaluate",
        wide(["f0", "f1", "f2"]),
        data,
        "--methods",
        "gradient,random",
        "--explain",
        "f1",
        "--metrics",
        "complexity",
        "--workers",
        "1",
        "--json",
      ],
    );
    expect(code, err).toBe(0);
    expect(err).toContain("f2 = debt");
  });
});

describe("one input", () => {
  test.each([
    ["named", "a,kind,b,c\n1,x,2,3\n", ["--label", "kind"], ["a", "b", "c"]],
    ["written otherwise", "a, Kind ,b,c\n1,x,2,3\n", ["--label", "kind"], ["a", "b", "c"]],
    ["of a usual name", "a,b,Target,c\n1,2,x,3\n", [], ["a", "b", "c"]],
    ["that alone holds words", "a,kind,b,c\n1,x,2,3\n4,y,5,6\n", [], ["a", "b", "c"]],
    ["by its number, in a table without names", "1,2,x,3\n4,5,y,6\n", ["--label", "3"], ["feature 1", "feature 2", "feature 3"]],
  ])("a label %s is left out", async (_, text, options, names) => {
    const { bars } = await explained(narrow, table("labelled.csv", text), ...options);
    expect(bars).toEqual({ [names[0]!]: 1, [names[1]!]: 20, [names[2]!]: 300 });
  });

  test("a feature that is called class stays where the model takes as many", async () => {
    const { bars, notices } = await explained(narrow, table("class.csv", "a,class,c\n1,2,3\n"));
    expect(bars).toEqual({ a: 1, class: 20, c: 300 });
    expect(notices).not.toContain("left out");
  });

  test("references lose it too", async () => {
    const rows = table("labelled.csv", "a,kind,b,c\n1,x,2,3\n");
    const { code, err } = await backlit(
      "explain",
      narrow,
      rows,
      "--label",
      "kind",
      "--references",
      rows,
      "--method",
      "kernel-shap",
    );
    expect(code, err).toBe(0);
  });

  test("a column too many names the way out", async () => {
    const { code, err } = await backlit("explain", narrow, table("more.csv", "a,id,b,c\n1,7,2,3\n"));
    expect([code, err]).toEqual([1, expect.stringMatching(/4 columns.*takes 3 features.*--label NAME/)]);
  });
});
