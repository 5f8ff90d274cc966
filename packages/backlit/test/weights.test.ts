/** Weights that stay in their files: sidecars, external data, and models whose files are larger than what is read of them. */
import { createHash } from "node:crypto";
import {
  closeSync,
  cpSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  statSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import {
  decodeModel,
  encodeModelBytes,
  externalFiles,
  load as loadBytes,
  type ModelProto,
  modelIdentity,
  parseModel,
  type Runtime,
  readTensor,
  type Tensor,
  withExternal,
} from "@backlit/core";
import * as node from "onnxruntime-node";
import * as web from "onnxruntime-web";
import { beforeAll, describe, expect, test } from "vitest";
import { nodeFiles } from "../src/host/files.ts";
import { nodeRuntime, webRuntime } from "../src/host/runtime/node.ts";
import { load } from "../src/load.ts";
import { at, backlit, root } from "./cli.ts";
import { npyOf, relativeError } from "./support.ts";

web.env.wasm.numThreads = 1;
const input = npyOf("conformance/real/digits/inputs/input.npy");
/** The box of z^B: what the default takes depends on it. */
const PREPROCESSING = root("models/digits/preprocessor_config.json");

const hashOf = (path: string): string => createHash("sha256").update(readFileSync(path)).digest("hex");

const json = async (...argv: string[]) => {
  const { code, out, err } = await backlit(...argv, "--json");
  expect(err, err).not.toMatch(/^backlit:/m);
  expect(code).toBe(0);
  return JSON.parse(out);
};

/** A copy of a bundled model's folder. */
const copied = (model: string, name: string): string => {
  cpSync(root(`models/${model}`), at(name), { recursive: true });
  return at(name);
};

/** The same model, all weights in a file beside it. */
const external = (model: ModelProto, location: string): { model: ModelProto; weights: Uint8Array } => {
  const parts: Uint8Array[] = [];
  let offset = 0;
  const initializer = model.graph.initializer.map((tensor) => {
    const { data } = readTensor(tensor) as { data: Float32Array };
    const bytes = new Uint8Array(data.slice().buffer);
    parts.push(bytes);
    offset += bytes.length;
    return withExternal(tensor, location, offset - bytes.length, bytes.length);
  });
  return { model: { ...model, graph: { ...model.graph, initializer } }, weights: Buffer.concat(parts) };
};

const plain = (results: object): Record<string, Tensor> =>
  Object.fromEntries(Object.entries(results).map(([name, { dims, data, type }]) => [name, { type, dims, data }]));

const runNode = async (path: string, feeds: Record<string, Tensor> = { input }) => {
  const session = await node.InferenceSession.create(path, { logSeverityLevel: 3 });
  const tensors = Object.entries(feeds).map(([name, t]) => [
    name,
    new node.Tensor(t.type as "float32", t.data as Float32Array, t.dims),
  ]);
  return plain(await session.run(Object.fromEntries(tensors)));
};

describe("a sidecar", () => {
  let dir: string;
  let path: string;
  let whole: Record<string, Tensor>;

  beforeAll(async () => {
    dir = copied("digits", "sidecar");
    path = join(dir, "lit.onnx");
    await json("compile", "digits", "-o", at("whole.onnx"));
    const document = await json("compile", dir, "-o", path, "--sidecar");
    expect(document).toMatchObject({ file: path, files: [path], bytes: statSync(path).size, weights_stay_in: ["model.onnx"] });
    whole = await runNode(at("whole.onnx"));
  });

  test("is small, and says what it points into", () => {
    const model = decodeModel(readFileSync(path));
    expect([...externalFiles(model)]).toEqual(["model.onnx"]);
    expect(statSync(path).size).toBeLessThan(statSync(at("whole.onnx")).size - 170_000);
    const metadata = Object.fromEntries(model.metadataProps.map(({ key, value }) => [key, value]));
    expect(JSON.parse(metadata["backlit.sidecar"]!)).toEqual({ "model.onnx": metadata["backlit.model.sha256"] });
  });

  test("gives the numbers of the whole artefact: onnxruntime-node by path", async () => {
    const out = await runNode(path);
    for (const name of ["logits", "relevance"]) expect(relativeError(out[name]!, whole[name]!)).toBeLessThan(1e-6);
  });

  test.each(["bytes", "a Blob"])("and onnxruntime-web with the original as %s", async (how) => {
    const bytes = readFileSync(join(dir, "model.onnx"));
    const data = how === "bytes" ? new Uint8Array(bytes) : new Blob([bytes]);
    const session = await web.InferenceSession.create(new Uint8Array(readFileSync(path)), {
      externalData: [{ path: "model.onnx", data }],
    });
    const out = plain(
      await session.run({ input: new web.Tensor("float32", input.data as Float32Array, input.dims as number[]) }),
    );
    for (const name of ["logits", "relevance"]) expect(relativeError(out[name]!, whole[name]!)).toBeLessThan(1e-4);
    await session.release();
  });

  test("is refused where the original is another file now", async () => {
    const changed = copied("digits", "changed");
    await json("compile", changed, "-o", join(changed, "lit.onnx"), "--sidecar");
    expect((await backlit("inspect", join(changed, "lit.onnx"))).code).toBe(0);
    const bytes = readFileSync(join(changed, "model.onnx"));
    bytes[bytes.length >> 1]! ^= 1;
    writeFileSync(join(changed, "model.onnx"), bytes);
    expect((await backlit("inspect", join(changed, "lit.onnx"))).err).toMatch(
      /not those the artefact was compiled with \(model\.onnx\)/,
    );
  });

  test("lies in the original's folder and nowhere else", async () => {
    const { code, err } = await backlit("compile", dir, "-o", at("elsewhere.onnx"), "--sidecar");
    expect([code, err]).toEqual([2, expect.stringContaining(`write it to ${realpathSync(dir)}`)]);
    expect((await backlit("compile", "digits", "-o", at("x.onnx"), "--sidecar")).err).toContain(
      realpathSync(root("models/digits")),
    );
  });

  test("of a folder with onnx/model.onnx lies in onnx/", async () => {
    mkdirSync(at("nested/onnx"), { recursive: true });
    cpSync(join(dir, "model.onnx"), at("nested/onnx/model.onnx"));
    cpSync(PREPROCESSING, at("nested/preprocessor_config.json"));
    await json("compile", at("nested"), "-o", at("nested/onnx/lit.onnx"), "--sidecar");
    expect(relativeError((await runNode(at("nested/onnx/lit.onnx"))).relevance!, whole.relevance!)).toBeLessThan(1e-6);
  });

  test("copies in what is not stored as bytes", async () => {
    mkdirSync(at("numbers"));
    const model = decodeModel(readFileSync(join(dir, "model.onnx")));
    const initializer = model.graph.initializer.map((tensor, i) => {
      const { rawData, ...rest } = tensor;
      return i === 4 ? { ...rest, floatData: [...(readTensor(tensor).data as Float32Array)] } : tensor;
    });
    cpSync(PREPROCESSING, at("numbers/preprocessor_config.json"));
    writeFileSync(at("numbers/model.onnx"), encodeModelBytes({ ...model, graph: { ...model.graph, initializer } }));
    const { bytes } = await json("compile", at("numbers"), "-o", at("numbers/lit.onnx"), "--sidecar");
    expect(bytes).toBeGreaterThan(160_000);
    expect(relativeError((await runNode(at("numbers/lit.onnx"))).relevance!, whole.relevance!)).toBeLessThan(1e-6);
  });
});

test("sessions can read the weights from the model's file, as those of large models do", async () => {
  const bytes = readFileSync(root("models/digits/model.onnx"));
  const given: number[] = [];
  const runtime = await nodeRuntime();
  const watching: Runtime = {
    ...runtime,
    createSession: (model, options) => {
      given.push((model as Uint8Array).length);
      return runtime.createSession(model, options);
    },
  };
  const source = { file: { name: "model.onnx", bytes }, folder: root("models/digits") };
  await using far = await loadBytes(bytes, { runtime: watching, source });
  await using near = await load(bytes, { runtime });
  const [a, b] = [await far.explain(input), await near.explain(input)];
  expect(relativeError(a.relevance, b.relevance)).toBeLessThan(1e-6);
  expect(given.length).toBeGreaterThan(1);
  expect(Math.max(...given)).toBeLessThan(60_000);
});

describe("external data", () => {
  let dir: string;

  beforeAll(() => {
    dir = at("external-digits");
    mkdirSync(dir);
    const { model, weights } = external(decodeModel(readFileSync(root("models/digits/model.onnx"))), "data/weights.bin");
    mkdirSync(join(dir, "data"));
    writeFileSync(join(dir, "data/weights.bin"), weights);
    cpSync(PREPROCESSING, join(dir, "preprocessor_config.json"));
    writeFileSync(join(dir, "model.onnx"), encodeModelBytes(model));
  });

  test("an artefact has a weight file of its own, and runs anywhere", async () => {
    mkdirSync(at("moved"));
    const out = at("moved/lit.onnx");
    const { files, bytes } = await json("compile", dir, "-o", out);
    expect(files).toEqual([`${out}.data`, out]);
    expect(bytes).toBe(statSync(out).size + statSync(`${out}.data`).size);
    expect(statSync(out).size).toBeLessThan(60_000);
    await json("compile", "digits", "-o", at("digits-lit.onnx"));
    const [far, near] = [await runNode(out), await runNode(at("digits-lit.onnx"))];
    expect(relativeError(far.relevance!, near.relevance!)).toBeLessThan(1e-6);
  });

  test("an artefact names the model by all its files", async () => {
    const { model } = await json("compile", dir, "-o", at("named.onnx"));
    const [own, weights] = [hashOf(join(dir, "model.onnx")), hashOf(join(dir, "data/weights.bin"))];
    const identity = createHash("sha256").update(`. ${own}\ndata/weights.bin ${weights}\n`).digest("hex");
    expect(model).toMatchObject({ sha256: own, identity });
    const { metadataProps } = decodeModel(readFileSync(at("named.onnx")));
    const metadata = Object.fromEntries(metadataProps.map(({ key, value }) => [key, value]));
    expect(metadata).toMatchObject({ "backlit.model.sha256": own, "backlit.model.identity": identity });
    expect((await json("compile", "digits", "-o", at("named.onnx"))).model).toMatchObject({
      identity: hashOf(root("models/digits/model.onnx")),
    });
    const bytes = readFileSync(join(dir, "model.onnx"));
    const given = {
      runtime: await nodeRuntime(),
      source: {
        folder: dir,
        external: { read: (name: string, from: number, length?: number) => nodeFiles().now!(dir, name, from, length) },
      },
    };
    await using lit = await loadBytes(bytes, given);
    expect(await lit.identity).toBe(identity);
    await using blind = await loadBytes(bytes, { ...given, source: { folder: dir } });
    await expect(blind.identity).rejects.toMatchObject({ _tag: "BadInput" });
  });

  test("other weights in the same file are another model: kept work is not used, audit and compare tell", async () => {
    const folder = at("retrained");
    cpSync(dir, folder, { recursive: true });
    const quick = ["--methods", "epsilon", "--limit", "4", "--workers", "1"];
    const evaluated = (out: string) =>
      json("evaluate", folder, root("data/digits"), ...quick, "--cache", at("kept"), "--out", out);
    const before = await evaluated(at("before"));
    expect((await evaluated(at("again"))).tables).toEqual(before.tables);
    const { model: audited } = await json("audit", folder, root("data/digits"), ...quick.slice(2), "--out", at("audit.json"));
    expect(audited.identity).toBe(before.model.identity);
    const file = join(folder, "data/weights.bin");
    const weights = new Float32Array(Uint8Array.from(readFileSync(file)).buffer);
    writeFileSync(file, new Uint8Array(weights.map((value) => value * 0.9).buffer));
    const after = await evaluated(at("after"));
    expect(after.model.sha256).toBe(before.model.sha256);
    expect(after.model.identity).not.toBe(before.model.identity);
    expect(after.tables).not.toEqual(before.tables);
    const { differing } = await json("compare", at("before"), at("after"));
    expect(differing).toMatchObject([{ what: "model" }]);
    const verified = await backlit("audit", "--verify", at("audit.json"), folder, root("data/digits"), ...quick.slice(4));
    expect(verified.out).toContain(`another model: SHA-256 ${after.model.identity}, the audit is of ${before.model.identity}`);
  });

  test("a sidecar points into the data file", async () => {
    const { weights_stay_in } = await json("compile", dir, "-o", join(dir, "lit.onnx"), "--sidecar");
    expect(weights_stay_in).toEqual(["data/weights.bin"]);
    expect((await runNode(join(dir, "lit.onnx"))).relevance!.dims).toEqual([2, 1, 28, 28]);
  });

  test("runtimes that open no files are given the contents", async () => {
    await using lit = await load(dir, { runtime: await webRuntime() });
    await using original = await load("digits");
    const [a, b] = [await lit.explain(input), await original.explain(input)];
    expect(relativeError(a.relevance, b.relevance)).toBeLessThan(1e-4);
  });

  test("links are followed, as long as all lies in one folder", async () => {
    mkdirSync(at("cache/blobs"), { recursive: true });
    mkdirSync(at("cache/snapshot"));
    const { model, weights } = external(decodeModel(readFileSync(root("models/digits/model.onnx"))), "model.onnx_data");
    writeFileSync(at("cache/blobs/aaaa"), encodeModelBytes(model));
    writeFileSync(at("cache/blobs/bbbb"), weights);
    cpSync(PREPROCESSING, at("cache/snapshot/preprocessor_config.json"));
    symlinkSync(at("cache/blobs/aaaa"), at("cache/snapshot/model.onnx"));
    symlinkSync(at("cache/blobs/bbbb"), at("cache/snapshot/model.onnx_data"));
    await using lit = await load(at("cache/snapshot"));
    await using original = await load("digits");
    const [a, b] = [await lit.explain(input), await original.explain(input)];
    expect(relativeError(a.relevance, b.relevance)).toBeLessThan(1e-6);
    const files = new Map([["model.onnx_data", hashOf(at("cache/blobs/bbbb"))]]); // named as the model does, not as the cache
    expect(await lit.identity).toBe(await modelIdentity(hashOf(at("cache/blobs/aaaa")), files));

    mkdirSync(at("stray"));
    writeFileSync(at("stray/model.onnx"), encodeModelBytes(model));
    symlinkSync(at("cache/blobs/bbbb"), at("stray/model.onnx_data"));
    expect((await backlit("inspect", at("stray"))).err).toMatch(/no path inside the model's folder/);
  });

  test("a file too short is told before anything runs", async () => {
    cpSync(dir, at("short"), { recursive: true });
    writeFileSync(at("short/data/weights.bin"), new Uint8Array(1000));
    expect((await backlit("inspect", at("short"))).err).toMatch(/too short \(.*weights\.bin\): 1000 bytes are there of 178136/);
  });

  test("a batch norm whose numbers lie there merges", async () => {
    mkdirSync(at("norm"));
    const ones = (n: number) => Array.from({ length: n }, (_, i) => 0.5 + i).join(", ");
    const net = parseModel(`net (float[N,3,8,8] x) => (float[N,4] y)
      <float[4,3,3,3] w = {${ones(108)}}, float[4] s = {${ones(4)}}, float[4] b = {${ones(4)}}, float[4] m = {${ones(4)}}, float[4] v = {${ones(4)}}>
      { c = Conv(x, w) n = BatchNormalization(c, s, b, m, v) r = Relu(n) p = GlobalAveragePool(r) y = Flatten(p) }`);
    const { model, weights } = external(net, "w.bin");
    writeFileSync(at("norm/model.onnx"), encodeModelBytes(model));
    writeFileSync(at("norm/w.bin"), weights);
    const { nodes } = await json("inspect", at("norm"));
    expect(nodes.map(({ op }: { op: string }) => op)).not.toContain("BatchNormalization");
  });

  test("more of it than 2 GB: inspected and explained, in little memory", async () => {
    mkdirSync(at("huge"));
    const [rows, width] = [140_000, 4096];
    const table = rows * width * 4;
    const net = parseModel(`net (int64[N,T] ids) => (float[N,8] y)
      <float[${rows},${width}] table = ["location": "w.bin", "offset": "0", "length": "${table}"],
       float[${width},8] v = ["location": "w.bin", "offset": "${table}", "length": "${width * 32}"]>
      { e = Gather(table, ids) p = ReduceMean<axes = [1], keepdims = 0>(e) y = MatMul(p, v) }`);
    writeFileSync(at("huge/model.onnx"), encodeModelBytes(net));
    const file = openSync(at("huge/w.bin"), "w"); // sparse: zeros that take no room
    writeSync(file, new Uint8Array(new Float32Array(2 * width).fill(0.5).buffer), 0, undefined, 0);
    ftruncateSync(file, table);
    writeSync(file, new Uint8Array(new Float32Array(width * 8).fill(0.25).buffer), 0, undefined, table);
    closeSync(file);
    const before = process.memoryUsage.rss();
    const { nodes } = await json("inspect", at("huge"), "--explain", "e");
    expect(nodes.map(({ op }: { op: string }) => op)).toEqual(["ReduceMean", "MatMul"]);
    await using lit = await load(at("huge"));
    const ids = { type: "int64", dims: [1, 2], data: BigInt64Array.of(1n, 99n) } as const;
    const { relevance, output } = await lit.explain(ids, { explain: ["e"], composite: { name: "epsilon" }, seed: "logit" });
    expect(output.data[0]).toBeCloseTo(width * 0.25 * 0.25);
    expect([relevance.data[0], relevance.data[width]]).toEqual([expect.closeTo(0.0625), 0]); // token 99 is all zeros
    expect(process.memoryUsage.rss() - before).toBeLessThan(500e6);
  });
});
