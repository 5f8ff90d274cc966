import { copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { decodeModel, encodeModelBytes, parseModel, readNpy, readNpz, writeNpy } from "@backlit/core";
import { describe, expect, test } from "vitest";
import { nodeRuntime } from "../src/host/runtime/node.ts";
import { at, backlit, root, scratch } from "./cli.ts";

const cat = root("data/photos/cat.jpg");
const dam = root("data/photos/dam.jpg");
const digit = at("digit.npy");
const digits = at("digits.npy");
{
  const { data } = readNpy(readFileSync(root("data/digits/images.npy")));
  const rows = (n: number) => Float32Array.from(data.slice(0, n * 784) as Uint8Array, (v) => v / 255);
  writeFileSync(digit, writeNpy({ type: "float32", dims: [1, 28, 28], data: rows(1) }));
  writeFileSync(digits, writeNpy({ type: "float32", dims: [11, 1, 28, 28], data: rows(11) }));
}
const labels = Array.from(readNpy(readFileSync(root("data/digits/labels.npy"))).data as BigInt64Array, Number);
const json = async (...argv: string[]) => {
  const { code, out, err } = await backlit(...argv, "--json");
  expect(err.replace(/^note: .*\n/gm, "")).toBe("");
  expect(code).toBe(0);
  return JSON.parse(out);
};

describe("explain", () => {
  test("finds the cat, says what it explained, and writes the heatmap", async () => {
    const { code, out, err } = await backlit("explain", "efficientnet-lite0", cat, "--heatmap", at("cat.png"), "--ledger");
    expect(code).toBe(0);
    expect(out).toMatch(/tiger cat \(282\) +38\.\d % █+.* ◂ explained/);
    expect(out).toMatch(
      /a seed of [\d.]+ out of [\d.]+ for and against: 0\.\d % of that reached the input\n +the head's own bias, -[\d.]+, is no part of it\n +the rest: bias \d/,
    );
    expect(out).toMatch(/recipe {3}gamma-bottleneck, seed log-odds/);
    expect(err).toBe(
      "note: output 'logits': logits (it is called 'logits'); classes along axis 1\nnote: auto took gamma-bottleneck with seed log-odds: the model has depthwise convolutions\n",
    );
    expect(readFileSync(at("cat.png")).subarray(0, 4).toString("latin1")).toBe("\x89PNG");
  });

  test("a batch of rows: one entry each, the numbers those of single runs", async () => {
    const document = await json("explain", "digits", digits, "--relevance", at("batch.npy"));
    expect(document.inputs.map((input: { target: number }) => input.target)).toEqual(labels.slice(0, 11));
    expect(document.inputs[10]).toMatchObject({ file: digits, row: 10, label: String(labels[10]) });
    await json("explain", "digits", digit, "--relevance", at("one.npy"));
    const [batch, one] = [readNpy(readFileSync(at("batch.npy"))), readNpy(readFileSync(at("one.npy")))];
    expect(batch.dims).toEqual([11, 1, 28, 28]);
    const first = (batch.data as Float32Array).subarray(0, 784);
    const most = Math.max(...(one.data as Float32Array).map(Math.abs));
    expect(first.every((v, i) => Math.abs(v - (one.data as Float32Array)[i]!) < 1e-5 * most)).toBe(true);
  });

  test("several inputs, classes and layers: numbered pictures, named arrays", async () => {
    const document = await json(
      ...["explain", "digits", digit, digit, "--target", "top:2", "--layer", "/3/Conv_output_0"],
      ...["--heatmap", at("h.png"), "--relevance", at("r.npz")],
    );
    expect(document.files.heatmaps).toEqual(["h-1-1.png", "h-1-2.png", "h-2-1.png", "h-2-2.png"].map(at));
    expect(document.files.heatmaps.every(existsSync)).toBe(true);
    expect(document.inputs[0].maps.map((map: { target: number }) => map.target)).toEqual(
      document.inputs[0].top.slice(0, 2).map(({ index }: { index: number }) => index),
    );
    const arrays = readNpz(readFileSync(at("r.npz")));
    expect([...arrays].map(([name, { dims }]) => [name, dims])).toEqual([
      ["relevance", [2, 2, 1, 28, 28]],
      ["relevance@/3/Conv_output_0", [2, 2, 16, 10, 10]],
      ["explained_target", [2, 2]],
    ]);
    const { sum } = document.inputs[0].maps[1].relevance;
    const second = (arrays.get("relevance")!.data as Float32Array).subarray(784, 1568);
    expect(second.reduce((a, b) => a + b, 0)).toBeCloseTo(sum, 5);
  });

  test("a recipe replays to the same bytes: the written one, and the artefact's", async () => {
    const choices = ["--composite", "epsilon-gamma-box", "--param", "gamma=0.5", "--seed", "contrastive:8"];
    const { recipe, hash } = await json("explain", "digits", digit, ...choices, "--relevance", at("a.npy"));
    writeFileSync(at("recipe.json"), JSON.stringify(recipe));
    const again = await json("explain", "digits", digit, "--recipe", at("recipe.json"), "--relevance", at("b.npy"));
    expect(again.hash).toBe(hash);
    expect(readFileSync(at("b.npy"))).toEqual(readFileSync(at("a.npy")));
    await json("compile", "digits", ...choices, "-o", at("artefact.onnx"));
    const stored = decodeModel(readFileSync(at("artefact.onnx"))).metadataProps.find(({ key }) => key === "backlit.recipe");
    writeFileSync(at("stored.json"), stored!.value);
    expect((await json("explain", "digits", digit, "--recipe", at("stored.json"))).hash).toBe(hash);
  });

  test("a conformance expectation is a recipe", async () => {
    const folder = root("conformance/real/lite0-photos");
    const { expected } = JSON.parse(readFileSync(`${folder}/case.json`, "utf8"));
    const one = expected.find((e: { method: string }) => e.method === "lrp");
    writeFileSync(at("expectation.json"), JSON.stringify({ ...one, targets: [282] }));
    const document = await json("explain", "efficientnet-lite0", cat, "--recipe", at("expectation.json"), "--target", "tabby");
    expect(document.inputs[0]).toMatchObject({ target: 281, label: "tabby" });
    expect(document.recipe.composite).toBe(one.composite.name);
  });

  test("labels by their longer names, the ledger with every node, strict", async () => {
    const document = await json("explain", "efficientnet-lite0", dam, "--target", "dike", "--ledger", "--strict");
    const [{ label, seed, arrived, ledger }] = document.inputs;
    expect(label).toBe("dam");
    const lost = Object.values(ledger.lost as Record<string, number>).reduce((a, b) => a + b, 0);
    expect(Math.abs(seed - arrived - lost)).toBeLessThan(ledger.tolerance);
    expect(ledger.entries[0].out).toBe(seed); // what enters at the head, its bias aside
    expect(ledger.keepers).toHaveLength(3);
  });

  test("--terminal draws half blocks, two pixels a character", async () => {
    const { out } = await backlit("explain", "digits", digit, "--terminal");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: escape codes are what is looked for
    expect(out.match(/^ {2}(\x1b\[38;2;[\d;]+48;2;[\d;]+m▀){28}\x1b\[0m$/gm)).toHaveLength(14);
  });

  test("--quiet prints nothing", async () => {
    expect(await backlit("explain", "digits", digit, "--quiet")).toEqual({ code: 0, out: "", err: "" });
  });
});

describe("compile", () => {
  test("the artefact gives what explain gives, and the class is fed", async () => {
    const written = await json("compile", "digits", "-o", at("fed.onnx"), "--target", "input", "--ledger");
    expect(written.outputs.map(({ name }: { name: string }) => name)).toEqual(["relevance", "explained_target", "ledger"]);
    expect(written.inputs).toEqual([{ name: "target", type: "int64", dims: [null] }]);
    expect(written.bytes).toBe(readFileSync(at("fed.onnx")).length);
    await json("explain", "digits", digit, "--target", "3", "--relevance", at("three.npy"));
    await using session = await (await nodeRuntime()).createSession(readFileSync(at("fed.onnx")));
    const input = readNpy(readFileSync(digit));
    const out = await session.run({
      input: { ...input, dims: [1, ...input.dims] },
      target: { type: "int64", dims: [1], data: BigInt64Array.of(3n) },
    });
    expect(out.relevance!.data).toEqual(readNpy(readFileSync(at("three.npy"))).data);
  });

  test("an artefact is not compiled again, the model not overwritten, a sidecar not put elsewhere", async () => {
    await backlit("compile", "digits", "-o", at("once.onnx"));
    const again = await backlit("compile", at("once.onnx"), "-o", at("twice.onnx"));
    expect(again).toMatchObject({ code: 1, err: expect.stringMatching(/^backlit: this model is an artefact/) });
    expect(existsSync(at("twice.onnx"))).toBe(false);
    copyFileSync(root("models/digits/model.onnx"), at("own.onnx"));
    const before = readFileSync(at("own.onnx"));
    expect(await backlit("compile", at("own.onnx"), "-o", `${scratch}/./own.onnx`)).toMatchObject({
      code: 2,
      err: expect.stringMatching(/would overwrite an input/),
    });
    expect(readFileSync(at("own.onnx"))).toEqual(before);
    const sidecar = await backlit("compile", "digits", "-o", at("s.onnx"), "--sidecar");
    expect(sidecar).toMatchObject({ code: 2, err: expect.stringMatching(/must lie beside the model's file/) });
    expect(existsSync(at("s.onnx"))).toBe(false);
  });
});

test("inspect lists every node with its rule and the reason", async () => {
  const { code, out } = await backlit("inspect", "digits", "--composite", "gamma", "--why");
  expect(code).toBe(0);
  expect(out).toMatch(/^ +1 +\/3\/Conv +Conv +linear +gamma 0\.25 +rule 1 of gamma: every layer/m);
  const { nodes } = await json("inspect", "digits");
  expect(nodes.filter(({ index }: { index: number | null }) => index !== null)).toHaveLength(4);
});

test("conform counts, names what is not supported, and fails by its exit code", async () => {
  const folder = root("conformance/rules");
  const [name] = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const good = await backlit("conform", `${folder}/${name!.name}`);
  expect(good).toMatchObject({ code: 0, out: expect.stringMatching(/^\d+ passed, 0 failed, 0 not supported\n$/) });
  const broken = at("broken");
  cpSync(`${folder}/${name!.name}`, broken, { recursive: true });
  const { expected, forward: _, ...rest } = JSON.parse(readFileSync(`${broken}/case.json`, "utf8"));
  const [first] = expected;
  const other = { ...first, id: "other", method: "divination" };
  const wrong = { ...first, id: "wrong", tolerance: 0 };
  writeFileSync(`${broken}/case.json`, JSON.stringify({ ...rest, loose: [], expected: [first, other, wrong] }));
  const { code, out } = await backlit("conform", broken);
  expect(code).toBe(1);
  expect(out).toMatch(/^failed: .* wrong: error .*, tolerance 0/m);
  expect(out).toMatch(/^not supported: .* other: method divination$/m);
  expect(out.trimEnd().split("\n").at(-1)).toBe("1 passed, 1 failed, 1 not supported");
});

test("models lists what is bundled", async () => {
  const { models } = await json("models");
  expect(models).toContainEqual(
    expect.objectContaining({ name: "digits", classes: 10, inputs: [{ name: "input", dims: ["N", 1, 28, 28] }] }),
  );
  expect((await backlit("models")).out).toMatch(/^efficientnet-lite0 +18\.6 MB +1000 /m);
});

describe("a model's surroundings", () => {
  const source = decodeModel(readFileSync(root("models/digits/model.onnx")));

  test("weights in files beside it give the same numbers", async () => {
    const { externalFiles, withExternal, readTensor } = await import("@backlit/core");
    const parts: Uint8Array[] = [];
    let offset = 0;
    const initializer = source.graph.initializer.map((tensor) => {
      const { data } = readTensor(tensor) as { data: Float32Array };
      const bytes = new Uint8Array(data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength));
      parts.push(bytes);
      offset += bytes.length;
      return withExternal(tensor, "weights.bin", offset - bytes.length, bytes.length);
    });
    const model = { ...source, graph: { ...source.graph, initializer } };
    expect(externalFiles(model).size).toBe(1);
    mkdirSync(at("external"));
    copyFileSync(root("models/digits/preprocessor_config.json"), at("external/preprocessor_config.json"));
    writeFileSync(at("external/model.onnx"), encodeModelBytes(model));
    expect(await backlit("explain", at("external"), digit)).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^backlit: the model's weights are missing \(.*weights\.bin\)/),
    });
    writeFileSync(at("external/weights.bin"), Buffer.concat(parts));
    const [far, near] = [await json("explain", at("external"), digit), await json("explain", "digits", digit)];
    expect(far.inputs[0].relevance).toEqual(near.inputs[0].relevance);
  });

  test("config files of a folder, onnx/model.onnx, and files that do not fit", async () => {
    mkdirSync(at("folder/onnx"), { recursive: true });
    writeFileSync(at("folder/onnx/model.onnx"), encodeModelBytes(source));
    writeFileSync(at("folder/config.json"), JSON.stringify({ id2label: { 0: "null", 1: "eins" } }));
    writeFileSync(at("folder/preprocessor_config.json"), "{");
    const { notices, inputs } = await json("explain", at("folder"), digit);
    expect(notices).toContainEqual(expect.stringMatching(/2 class names for 10 classes/));
    expect(notices).toContainEqual(expect.stringMatching(/preprocessor_config.json is left aside/));
    expect(inputs[0].label).toBeNull();
    const names = Array.from({ length: 10 }, (_, i) => `ziffer ${i}`);
    writeFileSync(at("folder/labels.json"), JSON.stringify(names));
    expect((await json("explain", at("folder/onnx/model.onnx"), digit)).inputs[0].label).toBe(`ziffer ${labels[0]}`);
    const guessed = await json("explain", at("folder"), cat);
    expect(guessed.notices).toContainEqual(expect.stringMatching(/guessed 28x28 pixels, grey/));
  });
});

describe("what goes wrong is one line that says what to do", () => {
  const nan = at("nan.npy");
  writeFileSync(nan, writeNpy({ type: "float32", dims: [1, 1, 28, 28], data: new Float32Array(784).fill(Number.NaN) }));
  mkdirSync(at("folder.json"));
  writeFileSync(at("text.onnx"), "this is no model\n");
  writeFileSync(at("pdf.jpg"), "%PDF-1.7\n");
  const odd = parseModel(
    "g (float[N,4] x) => (float[N,2] y) <float[4,2] w = random(1), int64[3] s = {-1,2,2}, int64[2] t = {-1,1}> { r = Reshape(x, s) d = Det(r) a = Reshape(d, t) b = Add (a, x) y = MatMul (b, w) }",
  );
  writeFileSync(at("odd.onnx"), encodeModelBytes(odd));
  writeFileSync(at("four.npy"), writeNpy({ type: "float32", dims: [1, 4], data: Float32Array.of(1, 2, 3, 4) }));

  test.each<[string, 1 | 2, string[], RegExp]>([
    ["a missing model", 1, ["explain", at("no.onnx"), cat], /no such model .*no\.onnx/],
    ["a name near a bundled one", 1, ["explain", "digit", cat], /did you mean 'digits'\?/],
    ["a folder without a model", 1, ["explain", root("data/photos"), cat], /no model\.onnx in the folder/],
    ["text named .onnx", 1, ["explain", at("text.onnx"), cat], /not an ONNX file .*looks like a text file/],
    ["a missing picture", 1, ["explain", "digits", at("no.jpg")], /no such file .*no\.jpg/],
    ["a PDF named .jpg", 1, ["explain", "digits", at("pdf.jpg")], /looks like a PDF document/],
    ["an unknown label", 1, ["explain", "efficientnet-lite0", cat, "--target", "gold fsh"], /did you mean 'goldfish'/],
    ["a class that does not exist", 1, ["explain", "efficientnet-lite0", cat, "--target", "5000"], /classes run from 0 to 999/],
    ["an array of another shape", 1, ["explain", "digits", at("four.npy")], /takes float N×1×28×28, .* 0 to 1/],
    ["NaN", 1, ["explain", "digits", nan], /784 of 784 values are NaN/],
    ["an operator without a rule", 1, ["explain", at("odd.onnx"), at("four.npy")], /Det.*--on-unsupported detach/],
    ["an empty text", 1, ["explain", "text-sentiment", " "], /the text is empty/],
    ["a text that looks like a file", 1, ["explain", "text-sentiment", "no.txt"], /no such file .*no\.txt/],
    ["a missing folder", 1, ["explain", "digits", digit, "--heatmap", at("none/h.png")], /no such folder .*none/],
    ["a folder as output", 2, ["explain", "digits", digit, "--ledger", at("folder.json")], /the output is a folder/],
    ["an input swallowed by --ledger", 2, ["explain", "digits", digit, "--ledger", cat], /put --ledger last/],
    [
      "an unknown option",
      2,
      ["explain", "digits", digit, "--heatmp", "x"],
      /unknown option '--heatmp' \(Did you mean --heatmap\?\)/,
    ],
    ["an unknown composite", 2, ["explain", "digits", digit, "--composite", "gama"], /did you mean 'gamma'\?/],
    ["an unknown method", 2, ["explain", "digits", digit, "--method", "gradients"], /did you mean 'gradient'\?/],
    ["a fed class", 2, ["explain", "digits", digit, "--target", "input"], /goes with compile/],
    ["no input", 2, ["explain", "digits"], /no INPUT/],
    ["no command", 2, ["explian"], /unknown command 'explian' \(Did you mean explain\?\)/],
    ["a ledger of a gradient", 2, ["explain", "digits", digit, "--method", "gradient", "--strict"], /no ledger/],
    ["an input as output", 2, ["explain", "digits", digit, "--relevance", digit], /overwrite an input/],
  ])("%s", async (_, code, argv, message) => {
    const ran = await backlit(...argv);
    expect(ran.err).toMatch(message);
    expect(ran.err).toMatch(/^backlit: [^\n]+\n$/);
    expect(ran).toMatchObject({ code, out: "" });
  });

  test("--on-unsupported detach goes on without", async () => {
    const { inputs, notices } = await json("explain", at("odd.onnx"), at("four.npy"), "--on-unsupported", "detach");
    expect(notices).toContainEqual(expect.stringMatching(/Det/));
    // What comes of the detached node keeps its share of the sum, and the ledger says so.
    const { lost, rest, tolerance } = inputs[0].ledger;
    expect(Math.abs(lost.detached)).toBeGreaterThan(tolerance);
    expect(Math.abs(rest)).toBeLessThan(tolerance);
  });

  test("--debug shows where", async () => {
    expect((await backlit("explain", at("no.onnx"), cat, "--debug")).err).toMatch(/\n {4}at .*find/);
  });

  test("nothing temporary is left", () => {
    expect(readdirSync(scratch).filter((file) => file.endsWith(".tmp"))).toEqual([]);
  });
});
