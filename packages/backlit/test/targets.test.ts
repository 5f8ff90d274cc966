/** What `--target` takes on the command line: classes, several of them, A minus B, values by name; and what it says of what there is not. */
import { readFileSync, writeFileSync } from "node:fs";
import { encodeModelBytes, parseModel, readNpy, writeNpy } from "@backlit/core";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { main } from "../src/main.ts";
import { at, backlit, ioOf, root } from "./cli.ts";

const save = (name: string, text: string) => writeFileSync(at(name), encodeModelBytes(parseModel(text)));
const held = "float[3,4] w = random(1), float[3,1] v = random(2), float[3,1] u = random(3), int64[3] s = {0,2,2}";
save("classes.onnx", `g (float[N,3] x) => (float[N,4] logits) <${held}> { logits = MatMul(x, w) }`);
save("grid.onnx", `g (float[N,3] x) => (float[N,2,2] y) <${held}> { z = MatMul(x, w) r = Reshape(z, s) y = Softmax(r) }`);
save("one.onnx", `g (float[N,3] x) => (float[N,1] y) <${held}> { z = MatMul(x, v) y = Sigmoid(z) }`);
save(
  "house.onnx",
  `g (float[N,3] x) => (float[N,1] price, float[N,1] area) <${held}> { a = MatMul(x, v) price = Exp(a) b = MatMul(x, u) area = Exp(b) }`,
);
writeFileSync(at("names.txt"), "cat\ndog\nbird\nfish\n");
writeFileSync(at("x.npy"), writeNpy({ type: "float32", dims: [2, 3], data: Float32Array.from([1, -2, 0.5, 0.3, 1, 2]) }));

const labelled = ["--labels", at("names.txt")];
const explain = (model: string, ...more: string[]) => backlit("explain", at(model), at("x.npy"), ...more);
const inColumns = async (columns: number, ...argv: string[]): Promise<string> => {
  const [out, err]: [string[], string[]] = [[], []];
  expect(await main(argv, { ...ioOf(out, err), columns })).toBe(0);
  return out.join("");
};
const json = async (model: string, ...more: string[]) => {
  const { code, out, err } = await explain(model, ...more, "--json");
  expect(code, err).toBe(0);
  return JSON.parse(out);
};

describe("what is explained", () => {
  test("A minus B at a position, and of labels", async () => {
    const grid = await json("grid.onnx", "--target", "1,0 minus 1,1");
    expect(grid.inputs[0].target).toBe("1,0");
    const named = await json("classes.onnx", ...labelled, "--target", "dog minus fish");
    expect(named.inputs[0].label).toBe("dog minus fish");
  });
  test("top:2 of one logit: both sides, the one against the other", async () => {
    const { inputs } = await json("one.onnx", "--target", "top:2", "--method", "gradient");
    for (const { maps } of inputs) {
      const [a, b] = maps as { target: number; relevance: { sum: number } }[];
      expect([a!.target, b!.target].sort()).toEqual([0, 1]);
      expect(a!.relevance.sum).toBeCloseTo(-b!.relevance.sum, 6);
    }
  });
  test("a value by the name of its output", async () => {
    const { output, inputs } = await json("house.onnx", "--target", "value:area");
    expect(output).toBe("area");
    expect(inputs[0].label).toBe("area");
    const { code } = await backlit("compile", at("house.onnx"), "-o", at("area.onnx"), "--target", "value:area");
    expect(code).toBe(0);
  });
});

describe("what there is not", () => {
  test.each<[string, number, readonly string[], RegExp]>([
    ["a class below the first", 1, ["classes.onnx", "--target", "-1"], /classes run from 0 to 3/],
    ["a class beyond the last", 1, ["classes.onnx", "--target", "4"], /classes run from 0 to 3/],
    ["more than there are", 1, ["classes.onnx", "--target", "top:5"], /the model has 4 classes/],
    ["more than two of one logit", 1, ["one.onnx", "--target", "top:3"], /the model has 2 classes/],
    ["a third class of one logit", 1, ["one.onnx", "--target", "2"], /classes run from 0 to 1/],
    ["a label without labels", 1, ["classes.onnx", "--target", "cat"], /without labels.*classes run from 0 to 3/],
    ["a label that is not there", 1, ["classes.onnx", ...labelled, "--target", "birb"], /did you mean 'bird'/],
    ["a method that asks", 1, ["classes.onnx", "--target", "4", "--method", "occlusion"], /classes run from 0 to 3/],
    ["too few indices", 1, ["grid.onnx", "--target", "cat"], /one for each axis, of 2×2/],
    ["two positions", 1, ["grid.onnx", "--target", "0,0 minus 1,1"], /two positions/],
    ["A minus B beside a seed", 1, ["classes.onnx", "--target", "1 minus 2", "--seed", "logit"], /leave the seed out/],
    ["several values", 1, ["house.onnx"], /the values price, area/],
    ["`value` of several", 1, ["house.onnx", "--target", "value"], /the values price, area/],
    ["a value that is not there", 1, ["house.onnx", "--target", "value:height"], /the values price, area/],
    ["a value of classes", 1, ["classes.onnx", "--target", "value"], /holds logits/],
  ])("%s", async (_, code, [model, ...more], words) => {
    const ran = await explain(model!, ...more);
    expect([ran.code, ran.err]).toEqual([code, expect.stringMatching(words)]);
    expect(ran.err.split("\n").filter((line) => line.startsWith("backlit"))).toHaveLength(1);
  });
});

describe("several classes stand side by side", () => {
  const digit = at("digit.npy");
  const { data: images } = readNpy(readFileSync(root("data/digits/images.npy")));
  const values = Float32Array.from(images.slice(0, 784) as Uint8Array, (v) => v / 255);
  writeFileSync(digit, writeNpy({ type: "float32", dims: [1, 1, 28, 28], data: values }));
  const chosen = ["--target", "3", "--target", "8"];
  const named = ["--target", "dog", "--target", "fish"];
  test("in one picture: what the model saw once, the classes beside each other", async () => {
    for (const [file, target] of [
      ["three.png", ["--target", "3"]],
      ["both.png", chosen],
    ] as const) {
      const { code, out, err } = await backlit("explain", "digits", digit, ...target, "--heatmap", at(file), "--json");
      expect(code, err).toBe(0);
      const { files, inputs } = JSON.parse(out);
      expect(files.heatmaps).toEqual([at(file)]);
      expect(inputs[0].maps?.map((map: { target: number }) => map.target)).toEqual(target.length > 2 ? [3, 8] : undefined);
    }
    const [one, both] = await Promise.all(["three.png", "both.png"].map((file) => sharp(readFileSync(at(file))).metadata()));
    expect([both!.width, both!.height > one!.height]).toEqual([one!.width, true]);
    expect((await backlit("explain", "digits", digit, ...chosen, "--heatmap", at("both.svg"))).code).toBe(0);
    const svg = readFileSync(at("both.svg"), "utf8");
    const panels = (name: string) => svg.match(new RegExp(`>${name}<`, "g"))?.length;
    expect([panels("input"), panels("relevance"), panels("relevance over the input")]).toEqual([1, 2, 2]);
  });
  test("several inputs are numbered, their classes are not", async () => {
    const { files } = await json("classes.onnx", ...labelled, ...named, "--heatmap", at("rows.svg"));
    expect(files.heatmaps).toEqual([at("rows-1.svg"), at("rows-2.svg")]);
    const svg = readFileSync(at("rows-1.svg"), "utf8");
    expect(svg.match(/<svg /g)).toHaveLength(1);
    expect(svg).toMatch(/^<svg [^>]*width="\d+" height="\d+"/);
    for (const name of ["dog (1)", "fish (3)"]) expect(svg).toContain(name);
  });
  test("on the page under one prediction, all of them marked", async () => {
    await json("classes.onnx", ...labelled, ...named, "--report", at("classes.html"));
    const page = readFileSync(at("classes.html"), "utf8");
    expect(page.match(/<section>/g)).toHaveLength(2);
    expect(page.match(/<figcaption>(dog|fish) \(\d\)<\/figcaption>/g)).toHaveLength(4);
    expect(page.match(/class="explained"/g)).toHaveLength(4);
  });
  test("in the terminal on the same lines, where there is room", async () => {
    const { out } = await explain("classes.onnx", ...labelled, ...named);
    expect(out).toMatch(/^ +dog \(1\) +fish \(3\)$/m);
    const rows = out.split("\n").filter((line) => /x\[\d\].*x\[\d\]/.test(line)); // largest first, each in its own order
    expect(rows).toHaveLength(6);
    const narrow = await inColumns(40, "explain", at("classes.onnx"), at("x.npy"), ...labelled, ...named);
    expect(narrow).toMatch(/^ +dog \(1\)$/m);
    expect(narrow).toMatch(/^ +fish \(3\)$/m);
  });
  test("top:K stays numbered", async () => {
    const { files } = await json("classes.onnx", "--target", "top:2", "--heatmap", at("top.svg"));
    expect(files.heatmaps).toEqual(["top-1-1.svg", "top-1-2.svg", "top-2-1.svg", "top-2-2.svg"].map(at));
  });
});

describe("evaluate", () => {
  const evaluate = (model: string, ...more: string[]) =>
    backlit("evaluate", at(model), at("x.npy"), "--methods", "gradient-x-input", "--workers", "1", "--json", ...more);
  const rows = ["--metrics", "faithfulness-estimate", "--score", "logit", "--imputer", "zero"];
  test.each<[string, string, readonly string[], unknown]>([
    ["an index", "classes.onnx", ["--target", "2"], { target: [2] }],
    ["index: and label:", "classes.onnx", [...labelled, "--target", "label:dog"], { target: [1] }],
    ["a label", "classes.onnx", [...labelled, "--target", "bird"], { target: [2] }],
    ["A minus B", "classes.onnx", [...labelled, "--target", "dog minus fish"], { target: [1], against: [3] }],
    ["a value", "house.onnx", ["--target", "value:area"], { target: [0] }],
  ])("%s for all samples, and the score is its own", async (_, model, target, sample) => {
    const { code, out, err } = await evaluate(model, ...rows, ...target);
    expect(code, err).toBe(0);
    const { samples, tables } = JSON.parse(out);
    for (const one of samples) expect(one).toMatchObject(sample as object);
    if (model === "classes.onnx") for (const value of tables[0].values[0]) expect(value).toBeCloseTo(1, 5);
  });
  test.each<[string, readonly string[], RegExp]>([
    ["several classes", ["classes.onnx", "--target", "top:2"], /judged by one score/],
    ["a fed class", ["classes.onnx", "--target", "input"], /judged by one score/],
    ["a class that does not exist", ["classes.onnx", "--target", "7"], /classes run from 0 to 3/],
    ["a label that does not exist", ["classes.onnx", ...labelled, "--target", "birb"], /did you mean 'bird'/],
    ["one of several values", ["house.onnx", "--target", "value"], /the values price, area/],
  ])("%s is refused", async (_, [model, ...more], words) => {
    const { code, err } = await evaluate(model!, ...more);
    expect(code).toBeGreaterThan(0);
    expect(err).toMatch(words);
  });
});

test("layers of which samples and heads share an axis are cut by both, for one class and for several", async () => {
  const more = "float[4,4] a = random(4), float[2,2] b = random(5), float[12,3] c = random(6)";
  const ints = "int64[2] pairs = {-1,2}, int64[2] flat = {-1,12}, int64[3] steps = {3,-1,2}, int64[3] whole = {3,-1,4}";
  const net = (name: string, nodes: string) =>
    save(
      name,
      `g (float[N,3,4] x) => (float[N,3] y) <${more}, ${ints}> { h = MatMul(x, a) r = Relu(h) ${nodes} y = MatMul(v, c) }`,
    );
  net("heads.onnx", "f = Reshape(r, pairs) q = MatMul(f, b) v = Reshape(q, flat)");
  // Time first: heads stand behind the samples of the second axis.
  net(
    "time.onnx",
    "t = Transpose <perm=[1,0,2]> (r) f = Reshape(t, steps) q = MatMul(f, b) s = Reshape(q, whole) u = Transpose <perm=[1,0,2]> (s) v = Reshape(u, flat)",
  );
  const rows = Array.from({ length: 24 }, (_, i) => Math.sin(1 + i * i));
  const npy = (name: string, values: readonly number[]) =>
    writeFileSync(at(name), writeNpy({ type: "float32", dims: [values.length / 12, 3, 4], data: Float32Array.from(values) }));
  npy("both.npy", rows);
  npy("first.npy", rows.slice(0, 12));
  npy("second.npy", rows.slice(12));
  const layers = async (model: string, file: string, ...targets: string[]) => {
    const chosen = targets.flatMap((target) => ["--target", target]);
    const ran = await backlit("explain", at(model), at(file), ...chosen, "--composite", "epsilon", "--layer", "f", "--json");
    expect(ran.code, ran.err).toBe(0);
    const { inputs } = JSON.parse(ran.out) as { inputs: { layers: object; maps?: { layers: object }[] }[] };
    return inputs.map((input) => (input.maps ?? [input]).map((map) => (map as { layers: { f: unknown } }).layers.f));
  };
  for (const [model, dims] of [
    ["heads.onnx", [6, 2]],
    ["time.onnx", [3, 2, 2]],
  ] as const) {
    const alone = await Promise.all(
      ["first.npy", "second.npy"].map((file) => Promise.all(["0", "2"].map((t) => layers(model, file, t)))),
    );
    const want = alone.map((classes) => classes.map((of) => of[0]![0] as Record<string, number>));
    const together = await layers(model, "both.npy", "0", "2");
    const single = await layers(model, "both.npy", "2");
    for (const [n, classes] of want.entries())
      for (const [k, one] of classes.entries())
        for (const got of [together[n]![k], ...(k === 1 ? [single[n]![0]] : [])] as Record<string, number>[]) {
          expect(got.dims).toEqual(dims);
          for (const key of ["sum", "min", "max"]) expect(got[key], `${model} ${n} ${k} ${key}`).toBeCloseTo(one[key]!, 5);
        }
  }
});
