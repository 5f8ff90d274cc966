/**
 * The same ratios in a page: onnxruntime-web in one thread of a headless Chromium. Artefacts are compiled here and opened there; the page
 * runs model and artefact in alternation and reads its own clock (the wall's).
 */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { compileModel, encodeModelBytes, prepare, type Runtime } from "@backlit/core";
import { chromium, type Page } from "playwright-core";
import { ratio, spread } from "./measure.ts";
import { filled, inputsOf, type NetworkName, networks } from "./networks.ts";
import { recipes } from "./recipes.ts";
import { type Row, row } from "./report.ts";

const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);
/** From the built bundle. */
const dist = new URL("../../onnxruntime-web/dist/", import.meta.url);

const SCRIPT = `import * as ort from "/ort/ort.wasm.bundle.min.mjs";
ort.env.wasm.numThreads = 1;
ort.env.wasm.wasmPaths = "/ort/";
globalThis.measure = async (models, inputs, rounds) => {
  const feeds = Object.fromEntries(inputs.map(({ name, type, dims, data }) =>
    [name, new ort.Tensor(type, type === "int64" ? BigInt64Array.from(data, BigInt) : Float32Array.from(data), dims)]));
  const sessions = [];
  for (const model of models) {
    const bytes = new Uint8Array(await (await fetch("/model/" + model)).arrayBuffer());
    sessions.push(await ort.InferenceSession.create(bytes, { graphOptimizationLevel: "all" }));
  }
  const times = sessions.map(() => []);
  for (let round = -2; round < rounds; round++)
    for (const [i, session] of sessions.entries()) {
      const start = performance.now();
      await session.run(feeds);
      if (round >= 0) times[i].push(performance.now() - start);
    }
  for (const session of sessions) await session.release();
  return times;
};`;

/** A browser, and the models its page may fetch. */
export class Chromium implements AsyncDisposable {
  readonly #models = new Map<string, Uint8Array>();

  private constructor(
    readonly page: Page,
    readonly close: () => Promise<void>,
    models: Map<string, Uint8Array>,
  ) {
    this.#models = models;
  }

  static async open(): Promise<Chromium> {
    if (executablePath === undefined) throw new Error("no Chromium in /usr/bin");
    const models = new Map<string, Uint8Array>();
    const server = await serve(models);
    const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
    const page = await browser.newPage();
    await page.goto(`http://localhost:${(server.address() as AddressInfo).port}/`);
    await page.waitForFunction("globalThis.measure !== undefined");
    const close = async () => {
      await browser.close();
      server.close();
    };
    return new Chromium(page, close, models);
  }

  /** Forward passes and recipes of a network, side by side. */
  async speed(name: NetworkName, runtime: Runtime, chosen: readonly string[], { rounds, onRow }: Told): Promise<void> {
    const prepared = await prepare(await networks[name](), runtime);
    this.#models.set("forward", encodeModelBytes(prepared.model));
    const inputs = Object.entries(filled(inputsOf(prepared.model))).map(([input, { type, dims, data }]) => ({
      ...{ name: input, type, dims },
      data: Array.from(data as ArrayLike<number | bigint>, Number),
    }));
    for (const label of chosen) {
      const { recipe, options } = recipes[label]!;
      this.#models.set(label, encodeModelBytes(compileModel(prepared, recipe, options).model));
      const given = JSON.stringify([["forward", encodeURIComponent(label)], inputs, rounds]);
      const [bare, explained] = (await this.page.evaluate(`globalThis.measure(...${given})`)) as [number[], number[]];
      if (label === chosen[0]) onRow(row(name, "Chromium, forward", "ms", spread(bare)));
      onRow(row(name, `Chromium, ${label}`, "×", ratio(bare, explained)));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

interface Told {
  readonly rounds: number;
  readonly onRow: (row: Row) => void;
}

const TYPES: Readonly<Record<string, string>> = { mjs: "text/javascript", js: "text/javascript", wasm: "application/wasm" };

const serve = (models: ReadonlyMap<string, Uint8Array>): Promise<Server> => {
  const bodyOf = async (path: string): Promise<string | Uint8Array | undefined> => {
    if (path === "/") return `<!doctype html><title>bench</title><script type="module" src="/page.js"></script>`;
    if (path === "/page.js") return SCRIPT;
    if (path.startsWith("/model/")) return models.get(path.slice("/model/".length));
    if (!/^\/ort\/[\w.-]+$/.test(path)) return undefined;
    return readFile(fileURLToPath(new URL(path.slice("/ort/".length), dist))).catch(() => undefined);
  };
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url!, "http://localhost").pathname);
    const body = await bodyOf(path);
    const type = path === "/" ? "text/html" : (TYPES[path.split(".").at(-1)!] ?? "application/octet-stream");
    response.writeHead(body === undefined ? 404 : 200, { "content-type": type });
    response.end(body);
  });
  return new Promise((resolve) => server.listen(0, "localhost", () => resolve(server)));
};
