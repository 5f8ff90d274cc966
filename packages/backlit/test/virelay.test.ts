/** Clusters as a project of ViRelAy, and places by UMAP. */
import { execFile } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { promisify } from "node:util";
import { encodeModelBytes, parseModel, randomBy, type Tensor, writeNpz } from "@backlit/core";
import h5wasm from "h5wasm/node";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { at, backlit } from "./cli.ts";
import { pythonWith } from "./python.ts";

const run = promisify(execFile);
const [h5py, virelay] = [await pythonWith("h5py"), await pythonWith("h5py", "virelay")];

const net = `g (float[N,1,4,4] x) => (float[N,2] logits) <float[3,1,1,1] v = {1, 0.5, 0}, float[48,2] w = random(2)>
{ c = Conv(x, v) r = Relu(c) f = Flatten(r) logits = MatMul(f, w) }`;
writeFileSync(at("net.onnx"), encodeModelBytes(parseModel(net)));
const stream = randomBy(3).stream(0);
const count = 36;
const bright = (n: number) => (n % 3 === 0 ? 0 : 10);
const x: Tensor = {
  type: "float32",
  dims: [count, 1, 4, 4],
  data: Float32Array.from({ length: count * 16 }, (_, i) => (i % 16 === bright(Math.floor(i / 16)) ? 0.9 : 0.1 * stream.next())),
};
const y: Tensor = { type: "int64", dims: [count], data: BigInt64Array.from({ length: count }, (_, n) => BigInt(n % 2)) };
const arrays: [string, Tensor][] = [
  ["x", x],
  ["y", y],
];
writeFileSync(at("x.npz"), writeNpz(new Map(arrays)));

const asked = ["cluster", at("net.onnx"), at("x.npz"), "--target", "label", "--composite", "epsilon", "--workers", "1"];

test("UMAP's places are the same for the same seed, and apart for groups that are", async () => {
  const placesBy = async (...more: string[]) => {
    const { code, out, err } = await backlit(...asked, "--embedding", "umap", "--json", "--quiet", ...more);
    expect(code, err).toBe(0);
    const result = JSON.parse(out);
    expect(result.embedding).toBe("umap");
    return result.classes[0].places as [number, number][];
  };
  const places = await placesBy();
  expect(await placesBy()).toEqual(places);
  expect(await placesBy("--seed-rng", "1")).not.toEqual(places);
  const groups = [true, false].map((own) => places.filter((_, i) => (bright(2 * i) === 0) === own));
  const middles = groups.map((group) => [0, 1].map((axis) => group.reduce((sum, place) => sum + place[axis]!, 0) / group.length));
  const distance = (a: readonly number[], b: readonly number[]) => Math.hypot(a[0]! - b[0]!, a[1]! - b[1]!);
  const within = groups.flatMap((group, k) => group.map((place) => distance(place, middles[k]!)));
  expect(distance(middles[0]!, middles[1]!)).toBeGreaterThan(within.reduce((a, b) => a + b, 0) / within.length);
});

test("--virelay: project, data, attributions and analyses", async () => {
  const folder = at("project");
  const { code, out, err } = await backlit(...asked, "--virelay", folder, "-o", at("clusters.json"));
  expect(code, err).toBe(0);
  expect(out).toMatch(/wrote .*clusters\.json, .*project\.yaml/);
  expect(readdirSync(folder).sort()).toEqual(["analysis.h5", "attribution.h5", "data.h5", "labels.json", "project.yaml"]);
  const { project } = parse(readFileSync(`${folder}/project.yaml`, "utf8"));
  expect(project.attributions).toMatchObject({ attribution_strategy: "true_label", sources: ["attribution.h5"] });
  const { classes } = JSON.parse(readFileSync(at("clusters.json"), "utf8"));
  await h5wasm.ready;
  const valuesOf = (file: string, path: string) => {
    const opened = new h5wasm.File(`${folder}/${file}`, "r");
    const found = opened.get(path) as { readonly value: ArrayLike<number>; readonly shape: number[] };
    const read = { value: Array.from(found.value, Number), shape: found.shape };
    opened.close();
    return read;
  };
  expect(valuesOf("data.h5", "data")).toEqual({ value: Array.from(x.data, Number), shape: x.dims });
  expect(valuesOf("data.h5", "label").value).toEqual(Array.from(y.data, Number));
  expect(valuesOf("attribution.h5", "attribution").shape).toEqual(x.dims);
  expect(valuesOf("attribution.h5", "prediction").shape).toEqual([count, 2]);
  for (const [k, one] of classes.entries()) {
    expect(valuesOf("analysis.h5", `class ${k}/index`).value).toEqual(one.samples);
    expect(valuesOf("analysis.h5", `class ${k}/cluster/spray`).value).toEqual(one.labels);
    expect(valuesOf("analysis.h5", `class ${k}/embedding/spectral`).value).toEqual(one.places.flat());
  }
});

/** Prints what the program sees of sample 5 and of the first class's analysis. */
const H5PY = `
import h5py, json, sys
d, a, s = (h5py.File(f"{sys.argv[1]}/{n}.h5") for n in ("data", "attribution", "analysis"))
g = s["class 0"]
print(json.dumps([d["data"].shape, int(d["label"][5]), str(a["attribution"].dtype), a["index"][:].tolist()[:3], g["cluster/spray"][:].tolist(), g["embedding/spectral"].attrs["eigenvalue"].shape[0]]))`;
const VIRELAY = `
import json, sys
from virelay.model import Project
p = Project(f"{sys.argv[1]}/project.yaml")
[method] = p.get_analysis_methods()
[first, second] = p.get_analysis_categories(method)
[k], [e] = p.get_analysis_clustering_names(method), p.get_analysis_embedding_names(method)
found, seen, sample = p.get_analysis(method, first.name, k, e), p.get_attribution(5), p.get_sample(5)
print(json.dumps([[first.human_readable_name, second.human_readable_name], found.clustering.tolist(), found.embedding.shape, len(found.eigenvalues), found.attribution_indices.tolist(), seen.data.shape, seen.labels[0].name, seen.prediction.shape, sample.data.shape, sample.labels[0].index]))`;

test.runIf(h5py)("h5py reads it", async () => {
  const { stdout } = await run(h5py!, ["-c", H5PY, at("project")]);
  const { classes } = JSON.parse(readFileSync(at("clusters.json"), "utf8"));
  expect(JSON.parse(stdout)).toEqual([x.dims, 1, "float32", [0, 1, 2], classes[0].labels, classes[0].eigenvalues.length]);
});

test.runIf(virelay)("ViRelAy's own loader reads it", async () => {
  const { stdout } = await run(virelay!, ["-c", VIRELAY, at("project")]);
  const [own] = JSON.parse(readFileSync(at("clusters.json"), "utf8")).classes;
  const plane = [own.samples.length, 2];
  expect(JSON.parse(stdout)).toEqual([
    ["class 0", "class 1"],
    ...[own.labels, plane, own.eigenvalues.length, own.samples],
    ...[[4, 4, 1], "class 1", [2], [4, 4, 1], 1],
  ]);
});
