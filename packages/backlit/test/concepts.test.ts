/** `concepts`, `cluster` and `repair` on the command line. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { decodeModel, encodeModelBytes, parseModel, REPAIR_KEY, randomBy, readNpy, writeNpy } from "@backlit/core";
import { parquetReadObjects } from "hyparquet";
import { expect, test } from "vitest";
import { nodeRuntime } from "../src/host/runtime/node.ts";
import { at, backlit } from "./cli.ts";

/** Channel 0 sees the top left pixel's block, channel 1 the whole picture, channel 2 nothing. */
const net = `g (float[N,1,4,4] x) => (float[N,2] logits) <float[3,1,1,1] v = {1, 0.5, 0}, float[48,2] w = random(2)>
{ c = Conv(x, v) r = Relu(c) f = Flatten(r) logits = MatMul(f, w) }`;
writeFileSync(at("net.onnx"), encodeModelBytes(parseModel(net)));

const stream = randomBy(3).stream(0);
const pictures = (count: number, bright: (n: number) => number) => ({
  type: "float32" as const,
  dims: [count, 1, 4, 4],
  data: Float32Array.from(
    { length: count * 16 },
    (_, i) => (i % 16 === bright(Math.floor(i / 16)) ? 3 : 0.2) + 0.1 * stream.next(),
  ),
});
writeFileSync(at("x.npy"), writeNpy(pictures(30, (n) => (n % 3 === 0 ? 0 : 10))));
writeFileSync(at("marked.npy"), writeNpy(pictures(12, () => 0)));

const json = async (...argv: string[]) => {
  const { code, out, err } = await backlit(...argv, "--json", "--quiet");
  expect(code, err).toBe(0);
  return JSON.parse(out);
};

test("concepts: samples of every channel, in a table, as JSON, in a file; a stopped run goes on", async () => {
  const asked = ["concepts", at("net.onnx"), at("x.npy"), "--value", "r", "--composite", "epsilon", "--cache", at("kept")];
  const result = await json(...asked, "--top", "3", "--per-class", "1", "--vectors", "-o", at("c.json"));
  expect(result.samples).toHaveLength(30);
  expect(result.values.r.references.activation.top[0]).toHaveLength(3);
  expect(result.values.r.never).toEqual({ relevance: [2], activation: [2] });
  expect(result.values.r.vectors).toHaveLength(30);
  expect(JSON.parse(readFileSync(at("c.json"), "utf8"))).toEqual(result);
  expect(await json(...asked, "--top", "3", "--per-class", "1", "--vectors")).toEqual(result);
  const files = [at("c.csv"), at("c.parquet")] as const;
  for (const file of files) await json(...asked, "--top", "3", "--per-class", "1", "--vectors", "--scores", file);
  const rows = await parquetReadObjects({ file: new Uint8Array(readFileSync(files[1])).buffer });
  expect(readFileSync(files[0], "utf8").trim().split("\n")).toHaveLength(1 + rows.length);
  const [best] = result.values.r.references.relevance.top[1];
  expect(rows).toContainEqual({
    ...{
      value: "r",
      channel: 1,
      by: "relevance",
      list: "top",
      rank: 0,
      sample: best.sample,
      score: best.value,
      position: best.position,
    },
    class: result.samples[best.sample].target.join(),
    name: result.samples[best.sample].name,
  });
  const every = rows.filter(({ list }) => list === "every");
  expect(every.map(({ score }) => score)).toEqual(result.values.r.vectors.flat());
  expect(every[0]).toMatchObject({ rank: null, position: null, sample: 0, channel: 0 });
  expect((await backlit(...asked, "--scores", at("c.txt"))).err).toMatch(/.csv or .parquet/);
  const { code, out } = await backlit(...asked, "--by", "activation");
  expect(code).toBe(0);
  expect(out).toMatch(/r, by activation/);
  expect(out).toMatch(/1 channels are never active/);
});

test("subspaces: a model with a layer of directions, whose channels are concepts like any others", async () => {
  const asked = ["--composite", "epsilon", "--seed", "logit", "--target", "0"];
  const turned = await json("subspaces", at("net.onnx"), at("x.npy"), "--value", "r", ...asked, "-o", at("turned.onnx"));
  expect(turned).toMatchObject({ value: "r/subspaces", axis: 1, data: { count: 30 } });
  expect(turned.relevance).toHaveLength(3);
  const channels = ["--value", "r/subspaces", "--vectors", "--raw", "--top", "30", "--by", "relevance"];
  const { values } = await json("concepts", at("turned.onnx"), at("x.npy"), ...channels, ...asked);
  // Of each direction the mean over samples of what passes along it.
  for (const [k, mean] of turned.relevance.entries()) {
    const own = values["r/subspaces"].references.relevance.top[k].map((one: { value: number }) => one.value);
    expect(own.reduce((a: number, b: number) => a + b, 0) / 30).toBeCloseTo(mean, 2);
  }
  const maps = async (...more: string[]) => {
    const { code, err } = await backlit(
      "explain",
      at("turned.onnx"),
      at("marked.npy"),
      ...asked,
      ...more,
      "--relevance",
      at("r.npy"),
      "--quiet",
    );
    expect(code, err).toBe(0);
    return Array.from(readNpy(readFileSync(at("r.npy"))).data, Number);
  };
  const [whole, first, rest] = [
    await maps(),
    await maps("--condition", "r/subspaces:0", "--only"),
    await maps("--condition", "r/subspaces:1,2", "--only"),
  ];
  const most = Math.max(...whole.map(Math.abs));
  expect(Math.max(...whole.map((v, i) => Math.abs(v - first[i]! - rest[i]!))) / most).toBeLessThan(1e-4);
  const { code, out } = await backlit("subspaces", at("net.onnx"), at("x.npy"), "--value", "r", "-o", at("turned.onnx"));
  expect(code).toBe(0);
  expect(out).toMatch(/'r\/subspaces': 3 directions/);
});

test("prototypes: how ordinary a decision is, told by explain and by an artefact", async () => {
  const asked = ["concepts", at("net.onnx"), at("x.npy"), "--value", "r", "--composite", "epsilon", "--target", "0"];
  const made = await json(...asked, "--prototypes", "2", "-o", at("prototypes.json"));
  expect(made.values.r.vectors).toBeUndefined();
  expect(made.prototypes.r["0"].samples).toHaveLength(30);
  const ordinary = ["--ordinary", at("prototypes.json"), "--target", "0"];
  const { inputs, hash } = await json("explain", at("net.onnx"), at("x.npy"), ...ordinary);
  expect(hash).toBe(made.hash);
  const told = inputs.map((one: { ordinary: unknown[] }) => one.ordinary[0]);
  const [densest] = made.prototypes.r["0"].densest;
  expect(told[densest]).toMatchObject({ value: "r", samples: 30 });
  expect(told[densest].percentile).toBeGreaterThan(90);
  expect(told[densest].prototype.name).toBe(made.samples[told[densest].prototype.sample].name);
  expect(told[densest].unusual).toHaveLength(3);
  const { code, out, err } = await backlit("explain", at("net.onnx"), at("marked.npy"), ...ordinary);
  expect(code, err).toBe(0);
  expect(out).toMatch(/at 'r': .*more likely than \d+ % of the 30 samples of its class; nearest prototype/);
  expect(out).toMatch(/farthest from usual: channel \d has/);
  const artefact = await json("compile", at("net.onnx"), ...ordinary, "-o", at("judging.onnx"));
  expect(artefact.hash).toBe(made.hash);
  const session = await (await nodeRuntime()).createSession(readFileSync(at("judging.onnx")));
  const outputs = await session.run({ x: readNpy(readFileSync(at("x.npy"))) });
  await session.release();
  for (const [n, { logLikelihood }] of told.entries())
    expect(Number(outputs["likelihood@r"]!.data[n])).toBeCloseTo(logLikelihood, 3);
  const other = await backlit("explain", at("net.onnx"), at("x.npy"), ...ordinary, "--composite", "zplus");
  expect(other.err).toMatch(/prototypes of recipe .*this is recipe/);
  const none = await backlit("explain", at("net.onnx"), at("x.npy"), "--ordinary", at("net.onnx"));
  expect(none.err).toMatch(/no prototypes .*concepts … --prototypes/);
});

test("concepts --judge: channels switched off, reference samples of halves", async () => {
  const asked = ["concepts", at("net.onnx"), at("x.npy"), "--value", "r", "--composite", "epsilon", "--target", "0", "--judge"];
  const { judged, values } = await json(...asked);
  const { deletion, stability } = judged.r;
  expect(values.r.vectors).toBeUndefined();
  expect(deletion.steps).toEqual([0, 1 / 3, 2 / 3, 1]);
  expect(deletion.srg).toBeGreaterThanOrEqual(deletion.overRandom);
  expect(stability.channels).toHaveLength(3);
  expect(stability.channels[2]).toBeNull();
  const { out } = await backlit(...asked);
  expect(out).toMatch(/r: channels switched off by relevance, SRG [\d.-]+, over random/);
});

test("concepts --report: what channels see, cut out, beside the map through each; in a file that loads nothing", async () => {
  const asked = ["concepts", at("net.onnx"), at("x.npy"), "--value", "r", "--composite", "epsilon", "--top", "2"];
  const { code, out, err } = await backlit(...asked, "--report", at("atlas.html"), "--show", "1");
  expect(code, err).toBe(0);
  expect(out).toMatch(/wrote .*atlas\.html/);
  const page = readFileSync(at("atlas.html"), "utf8");
  expect(page).not.toMatch(/<script|<link|(src|href)="(?!data:)/);
  expect(page).toMatch(/1 of 3 channels are never relevant/);
  expect(page).toMatch(/2 channels are not drawn/);
  // By relevance and by activation, two samples each; of one position of a 1 × 1 convolution a pixel is seen.
  const sizes = [...page.matchAll(/src="data:image\/png;base64,([^"]+)"/g)].map(([, text]) => {
    const bytes = Buffer.from(text!, "base64");
    return [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
  });
  expect(sizes).toEqual(Array.from({ length: 8 }, () => [1, 1]));
});

test("cluster: groups of maps, class by class", async () => {
  const asked = ["cluster", at("net.onnx"), at("x.npy"), "--target", "0", "--composite", "epsilon", "--seed", "logit"];
  const { classes, pool } = await json(...asked, "--clusters", "2", "--cache", at("kept"));
  expect(pool).toBe(1);
  expect(classes).toHaveLength(1);
  expect(classes[0].labels).toEqual(Array.from({ length: 30 }, (_, n) => (n % 3 === 0 ? 0 : 1)));
  const { code, out } = await backlit(...asked);
  expect(code).toBe(0);
  expect(out).toMatch(/class 0: 30 samples, eigengap/);
  expect(out).toMatch(/like no other: /);
  const page = await backlit(...asked, "--clusters", "2", "--report", at("clusters.html"));
  expect(page.code, page.err).toBe(0);
  const text = readFileSync(at("clusters.html"), "utf8");
  expect(text).not.toMatch(/<script|<link|(src|href)="(?!data:)/);
  expect(text.match(/<article class="cluster">/g)).toHaveLength(2);
  expect(text.match(/<text /g)).toHaveLength(30);
  expect(text.match(/<img src="data:image/g)!.length).toBeGreaterThanOrEqual(16);
});

test("repair: a model file without the concept", async () => {
  const asked = ["repair", at("net.onnx"), at("x.npy"), at("marked.npy"), "--value", "c"];
  const document = await json(...asked, "-o", at("fixed.onnx"), "--direction", "svm", "--reactive");
  expect(document).toMatchObject({ value: "c", axis: 1, reactive: true, clean: { samples: 30 }, artefacts: { samples: 12 } });
  const model = decodeModel(readFileSync(at("fixed.onnx")));
  expect(model.metadataProps.map(({ key }) => key)).toEqual([REPAIR_KEY]);
  expect(document.tried.map((one: { scope: string }) => one.scope)).toEqual(["neurons", "channels"]);
  const patches = await backlit(...asked, "-o", at("patches.onnx"), "--scope", "patches");
  expect(patches.code, patches.err).toBe(0);
  expect(patches.out).toMatch(/learnt \((pattern|svm)\).* of the samples apart \((?!\1)(pattern|svm) among patches [\d.]+ %\)/);
  const one = await json("repair", at("net.onnx"), at("x.npy"), "--concept", "r:1", "-o", at("one.onnx"));
  expect(one).toMatchObject({ value: "r", scope: "positions", direction: { method: "given", vector: [0, 1, 0] } });
  writeFileSync(at("v.npy"), writeNpy({ type: "float32", dims: [3], data: Float32Array.of(1, 2, 0) }));
  const given = await json("repair", at("net.onnx"), at("x.npy"), "--concept", at("v.npy"), "--value", "r", "-o", at("v.onnx"));
  expect(given.direction).toMatchObject({ method: "given", vector: [1, 2, 0] });
  const { code, out, err } = await backlit("explain", at("fixed.onnx"), at("x.npy"), "--composite", "epsilon", "--json");
  expect(code, err).toBe(0);
  expect(JSON.parse(out).inputs).toHaveLength(30);
});

test.each<[string, readonly string[], number, RegExp]>([
  ["no value", ["concepts", "net.onnx", "x.npy"], 2, /no --value/],
  ["a value that there is not", ["concepts", "net.onnx", "x.npy", "--value", "q"], 2, /no value 'q'/],
  ["a method of many passes", ["concepts", "net.onnx", "x.npy", "--value", "r", "--method", "smoothgrad"], 2, /smoothgrad/],
  [
    "a repair nowhere",
    ["repair", "net.onnx", "x.npy", "marked.npy", "--value", "x", "-o", "no.onnx"],
    2,
    /no node of the file makes 'x'/,
  ],
  ["a concept in no form", ["repair", "net.onnx", "x.npy", "--concept", "c", "-o", "no.onnx"], 2, /VALUE:CHANNEL, FILE.npy/],
  ["no concept", ["repair", "net.onnx", "x.npy", "--value", "c", "-o", "no.onnx"], 2, /no samples with the artefact/],
  ["no neighbours", ["cluster", "net.onnx", "x.npy", "--neighbours", "0"], 2, /--neighbours 0/],
])("%s is refused", async (_, argv, code, message) => {
  const ran = await backlit(...argv.map((word) => (/\.(onnx|npy)$/.test(word) ? at(word) : word)));
  expect(ran.err).toMatch(message);
  expect(ran.code).toBe(code);
  expect(existsSync(at("no.onnx"))).toBe(false);
});
