/** Jobs in a page, with the browser's host, give Node's numbers; what a page loads for them is small. */
import { readFile } from "node:fs/promises";
import type { Server } from "node:http";
import { decodeModel, encodeModelBytes, readNpy, withWeightFile, writeNpz } from "@backlit/core";
import { type ExplainResult, type JobContext, type JobName, type JobRequest, runJob, silent } from "@backlit/workbench";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { nodeHost } from "../../backlit/src/host/index.ts";
import { addressOf, bundled, call, executablePath, root, serve, sizesOf } from "./page.ts";

const PAGE = `
import { filesOf, load, runJob, webHost } from "@backlit/web";
const fetched = async (path) => new Blob([await (await fetch("/" + path)).arrayBuffer()]);
const hostOf = async (paths, bytes) => {
  const files = await Promise.all(paths.map(async (path) => [path, await fetched(path)]));
  const given = Object.entries(bytes).map(([path, values]) => [path, Uint8Array.from(values)]);
  return webHost({ files: filesOf(new Map([...files, ...given])) });
};
const listener = { note: () => {}, progress: () => {}, working: () => {} };
const numbers = (_, value) => value instanceof Uint8Array ? Array.from(value) : ArrayBuffer.isView(value) ? Array.from(value, Number) : typeof value === "bigint" ? Number(value) : value;
globalThis.job = async (name, request, paths, bytes = {}) =>
  JSON.stringify(await runJob(name, request, { host: await hostOf(paths, bytes), listener }), numbers);
globalThis.stopped = async (name, request, paths) => {
  const host = await hostOf(paths, {});
  const { files } = host;
  let open = 0;
  const stop = new AbortController();
  const [runtime] = await host.runtimes.several(1, undefined, () => {});
  const counting = { ...runtime, createSession: async (...given) => {
    const session = await runtime.createSession(...given);
    open += 1;
    const release = async () => { open -= 1; await session.release(); };
    return { ...session, release, [Symbol.asyncDispose]: release };
  } };
  const progress = () => stop.abort();
  const work = runJob(name, request, { host: { ...webHost({ files, runtime: counting }) }, listener: { ...listener, working: progress }, signal: stop.signal });
  return { error: await work.then(() => "none", (error) => error._tag), open };
};
globalThis.why = async (address, input, target) => {
  const lit = await load(address);
  const { prediction, maps, relevance, view } = await lit.explain(input, { target });
  const png = await view().png();
  await lit.release();
  return { prediction, targets: maps.map(({ target }) => target.label), dims: relevance.dims, png: png && Array.from(png.subarray(1, 4)) };
};
`;

const DIGITS = ["models/digits/model.onnx", "models/digits/preprocessor_config.json", "models/digits/config.json"];
const INPUT = "conformance/real/digits/inputs/input.npy";

describe.skipIf(executablePath === undefined && !process.env.CI)("jobs in a page", () => {
  let browser: Browser;
  let server: Server;
  let page: Page;
  beforeAll(async () => {
    server = await serve(await bundled(PAGE));
    browser = await chromium.launch({ ...(executablePath && { executablePath }), args: ["--no-sandbox", "--disable-gpu"] });
    page = await browser.newPage();
    await page.goto(addressOf(server));
  });
  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  const context: JobContext = { host: inRoot(), listener: silent };
  const both = async <N extends JobName>(name: N, request: JobRequest<N>, paths: readonly string[]) => {
    const there = JSON.parse(await call<string>(page, "job", name, request, paths));
    return { there, here: await runJob(name, request, context) };
  };

  test("explain", async () => {
    const request = { v: 1, model: "models/digits", inputs: [INPUT], target: ["top:2"] } as const;
    const { there, here } = await both("explain", request, [...DIGITS, INPUT]);
    closeTo(mapsOf(there), mapsOf(here));
    expect(there.hash).toBe(here.hash);
    expect(there.rows[0].top[0].probability).toBeCloseTo(here.rows[0]!.top[0]!.probability!, 4);
  });

  test("names of the classes from a picked file; another count is the same error", async () => {
    const request = { v: 1, model: "models/digits", inputs: [INPUT], labels: "names.txt" } as const;
    const asked = (text: string) =>
      call<string>(page, "job", "explain", request, [...DIGITS, INPUT], {
        "names.txt": Array.from(new TextEncoder().encode(text)),
      });
    const names = Array.from({ length: 10 }, (_, i) => `digit ${i}`);
    const there = JSON.parse(await asked(`\uFEFF${names.join("\r\n\r\n")}`));
    const { index, label } = there.rows[0].top[0];
    expect(label).toBe(names[index]);
    await expect(asked("a\nb\n")).rejects.toThrow(/2 class names \(names.txt\): the model has 10 classes/);
  });

  test("a sentence, by the tokenizer beside the model", async () => {
    const model = "models/text-sentiment";
    const files = ["model.onnx", "config.json", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json"];
    const there = files.map((file) => `${model}/${file}`).filter((path) => !path.endsWith("special_tokens_map.json"));
    const request = { v: 1, model, inputs: ["A quiet, wonderful film."] } as const;
    const { there: found, here } = await both("explain", request, there);
    closeTo(mapsOf(found), mapsOf(here));
  });

  test("inspect", async () => {
    const { there, here } = await both("inspect", { v: 1, model: "models/digits", rewrites: true }, DIGITS);
    expect(there).toEqual(JSON.parse(JSON.stringify(here)));
  });

  test("compile: the same bytes", async () => {
    const { there, here } = await both("compile", { v: 1, model: "models/digits", out: "why.onnx", ledger: true }, DIGITS);
    expect(there.document.hash).toBe(here.document.hash);
    const bytes = here.files.flatMap(({ chunks }) => [...(chunks as Iterable<Uint8Array>)].map((chunk) => Buffer.from(chunk)));
    expect(Buffer.concat(there.files[0].chunks.map((chunk: number[]) => Buffer.from(chunk))).equals(Buffer.concat(bytes))).toBe(
      true,
    );
  });

  test("evaluate", async () => {
    const { data } = readNpy(await readFile(`${root}/data/digits/images.npy`));
    const images = { type: "uint8", dims: [24, 28, 28], data: (data as Uint8Array).slice(0, 24 * 784) } as const;
    const npz = writeNpz(new Map([["images", images]]));
    const request: JobRequest<"evaluate"> = {
      ...{ v: 1, model: "models/digits", data: "digits.npz", methods: ["epsilon", "gradient"], workers: 1 },
      settings: { imputers: ["zero"] },
    };
    const there = JSON.parse(await call<string>(page, "job", "evaluate", request, DIGITS, { "digits.npz": Array.from(npz) }));
    const host = { ...inRoot(), files: withFile(inRoot().files, "digits.npz", npz) };
    const here = await runJob("evaluate", request, { host, listener: silent });
    expect(there.result.data.sha256).toBe(here.result.data.sha256);
    const scores = (of: typeof here) =>
      of.result.tables.flatMap(({ values }) => values.flat(3).map((value) => value ?? 0)).filter(Number.isFinite);
    expect(scores(here).length).toBeGreaterThan(50);
    closeTo(scores(there), scores(here));
  });

  test("weights in a file of their own are read from the picked files", async () => {
    const model = decodeModel(await readFile(`${root}/models/digits/model.onnx`));
    const { model: moved, parts } = withWeightFile(model, "model.onnx.data");
    const last = parts.at(-1)!;
    const weights = new Uint8Array(last.offset + last.length);
    for (const { offset, from } of parts) weights.set(from as Uint8Array, offset);
    const config = Array.from(await readFile(`${root}/models/digits/preprocessor_config.json`));
    const bytes = {
      "m/model.onnx": Array.from(encodeModelBytes(moved)),
      "m/model.onnx.data": Array.from(weights),
      "m/preprocessor_config.json": config,
    };
    const there = JSON.parse(
      await call<string>(page, "job", "explain", { v: 1, model: "m", inputs: [INPUT] }, [INPUT], bytes),
    ) as ExplainResult;
    closeTo(mapsOf(there), mapsOf(await runJob("explain", { v: 1, model: "models/digits", inputs: [INPUT] }, context)));
  });

  test("a job that is stopped says so, and leaves no session open", async () => {
    const request = { v: 1, model: "models/digits", inputs: [INPUT], recipe: { method: "kernel-shap" } };
    expect(await call(page, "stopped", "explain", request, [...DIGITS, INPUT])).toEqual({ error: "Aborted", open: 0 });
  });

  test("load by an address, and explain a picture by its name for two classes", async () => {
    const address = `${addressOf(server)}models/digits/`;
    const digit = "../../data/photos/cat.jpg";
    const why = await call(page, "why", address, digit, ["3", "index:5"]);
    expect(why).toMatchObject({ targets: ["3", "5"], dims: [1, 28, 28], png: [80, 78, 71] });
  });
});

test("what a page loads to explain is at most 250 kB gzipped, the runtime aside", async () => {
  const [first, all] = await sizesOf(
    `import * as web from "@backlit/web"; globalThis.web = [web.load, web.runJob, web.filesOf, web.webHost];`,
  );
  console.info(
    `the workbench for a page: ${(first / 1000).toFixed(1)} kB gzipped at once, ${(all / 1000).toFixed(0)} with all jobs`,
  );
  expect(first).toBeLessThanOrEqual(250_000);
  expect(all).toBeLessThanOrEqual(535_000); // pages of concepts, clusters with UMAP, windows put elsewhere, prototypes, subspaces, pairs, charts over rows, moved columns, neuralised models
});

/** The clone's files by their paths in it. */
function inRoot() {
  const host = nodeHost({ here: true });
  const { info, list, read, slice } = host.files;
  const at = (path: string) => `${root}/${path}`;
  return {
    ...host,
    files: {
      info: (path: string) => info(at(path)),
      list: (path: string) => list(at(path)),
      read: (path: string) => read(at(path)),
      slice: (path: string, offset: number, length: number) => slice(at(path), offset, length),
    },
  };
}

function withFile(files: JobContext["host"]["files"], name: string, bytes: Uint8Array): JobContext["host"]["files"] {
  return {
    ...files,
    info: async (path) => (path === name ? { kind: "file", name, size: bytes.length } : files.info(path)),
    read: async (path) => (path === name ? bytes : files.read(path)),
  };
}

const mapsOf = ({ rows }: Pick<ExplainResult, "rows">): number[] =>
  rows.flatMap(({ maps }) => maps.flatMap(({ relevances }) => Object.values(relevances).flatMap(({ data }) => Array.from(data))));

/** Relative to the largest. */
const closeTo = (got: readonly number[], want: readonly number[]): void => {
  expect(got.length).toBe(want.length);
  const largest = want.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  expect(largest).toBeGreaterThan(0);
  const far = want.reduce((most, value, i) => Math.max(most, Math.abs(value - got[i]!)), 0) / largest;
  expect(far).toBeLessThan(1e-4);
};
