/** compile --preprocess, and what docs/own-models.md says how to feed such a model from: Python, Node, a page. */
import { execFile } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { promisify } from "node:util";
import { decodeModel, encodeModelBytes, PREPROCESS_KEY, parseModel } from "@backlit/core";
import { chromium } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { load } from "../src/index.ts";
import { at, backlit, root } from "./cli.ts";
import { pythonWith } from "./python.ts";

const run = promisify(execFile);
const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);
const python = await pythonWith("onnxruntime", "PIL");
const snippets = [...readFileSync(root("docs/own-models.md"), "utf8").matchAll(/^```(py|js)\n([\s\S]*?)^```/gm)];
const snippet = (mark: string): string => {
  const found = snippets.find(([, , code]) => code!.includes(mark))?.[2];
  if (found === undefined) throw new Error(`no snippet with ${mark}`);
  return found;
};

interface Found {
  readonly target: number;
  readonly heat: readonly number[];
}

describe("bytes of a photograph", () => {
  let own: Found;
  beforeAll(async () => {
    const { code, out, err } = await backlit(
      "compile",
      "efficientnet-lite0",
      "-o",
      at("explained.onnx"),
      "--preprocess",
      "resize",
    );
    expect(code, err).toBe(0);
    expect(out).toMatch(/new input {3}pixels {2}uint8 N×picture_height×picture_width×3/);
    expect(out).toContain("relevance belongs to 'input', the model's own input [N, C, H, W] behind the preprocessing");
    const lit = await load("efficientnet-lite0");
    const { maps, relevance } = await lit.explain(root("data/photos/cat.jpg"));
    await lit.release();
    own = { target: maps[0]!.target.index as number, heat: summed(relevance.data as Float32Array) };
  });

  /** Decoders of JPEG may differ by a grey level. */
  const same = ({ target, heat }: Found, atMost: number) => {
    expect(target).toBe(own.target);
    const largest = Math.max(...own.heat.map(Math.abs));
    const apart = heat.reduce((sum, value, i) => sum + Math.abs(value - own.heat[i]!), 0) / heat.length / largest;
    expect(apart).toBeLessThan(atMost);
  };

  test("Node", async () => {
    const path = root(`out-preprocess-${process.pid}.mjs`);
    const code = snippet("onnxruntime-node").replace('"explained.onnx"', JSON.stringify(at("explained.onnx")));
    writeFileSync(path, `${code}\nconsole.log(JSON.stringify({ target: Number(target.data[0]), heat: [...heat] }));`);
    const { stdout } = await run(process.execPath, [path], { cwd: root(""), maxBuffer: 2 ** 26 }).finally(() => rmSync(path));
    same(JSON.parse(stdout), 1e-6);
  });

  test.runIf(python)("Python, where onnxruntime and Pillow are", async () => {
    const code = snippet("import numpy").replace('"explained.onnx"', JSON.stringify(at("explained.onnx")));
    const print = 'import json; print(json.dumps({"target": int(target.ravel()[0]), "heat": heat.ravel().tolist()}))';
    const { stdout } = await run(python!, ["-c", `${code}\n${print}`], { cwd: root(""), maxBuffer: 2 ** 26 });
    same(JSON.parse(stdout), 5e-3);
    const [, made, sample] = /^npx backlit (compile .*--preprocess.*)\n[\s\S]*?^```py\n([\s\S]*?)^```/m.exec(
      readFileSync(root("README.md"), "utf8"),
    )!;
    const fed = at("fed.onnx");
    expect((await backlit(...made!.replace("explained.onnx", fed).split(" "))).code).toBe(0);
    const told = await run(
      python!,
      ["-c", `${sample!.replace('"explained.onnx"', JSON.stringify(fed))}\nprint(target, relevance.shape, ledger.ndim)`],
      {
        cwd: root(""),
      },
    );
    expect(told.stdout).toBe("[282] (1, 3, 224, 224) 3\n");
  });

  test.skipIf(executablePath === undefined && !process.env.CI)("a page", async () => {
    const page = `<!doctype html><script type="importmap">{ "imports": { "onnxruntime-web": "/node_modules/onnxruntime-web/dist/ort.wasm.bundle.min.mjs" } }</script>
<script type="module">${snippet("onnxruntime-web")}\nglobalThis.result = { target: Number(target.data[0]), heat: [...heat] };</script>`;
    const types: Record<string, string> = { html: "text/html", mjs: "text/javascript", wasm: "application/wasm" };
    const server = createServer((request, response) => {
      const path = new URL(request.url!, "http://localhost").pathname;
      const file = path === "/explained.onnx" ? at("explained.onnx") : root(path.slice(1));
      const there = path === "/" || existsSync(file);
      const type = path === "/" ? "text/html" : types[path.split(".").at(-1)!];
      response.writeHead(there ? 200 : 404, { "content-type": type ?? "application/octet-stream" });
      response.end(path === "/" ? page : there ? readFileSync(file) : undefined);
    });
    await new Promise<void>((resolve) => server.listen(0, "localhost", () => resolve()));
    const browser = await chromium.launch({ ...(executablePath && { executablePath }), args: ["--no-sandbox", "--disable-gpu"] });
    try {
      const opened = await browser.newPage();
      const failed = new Promise<never>((_, reject) => opened.on("pageerror", reject));
      await opened.goto(`http://localhost:${(server.address() as AddressInfo).port}/`);
      await Promise.race([failed, opened.waitForFunction("globalThis.result !== undefined")]);
      same(await opened.evaluate("globalThis.result"), 5e-3);
    } finally {
      await browser.close();
      server.close();
    }
  });
});

const summed = (data: Float32Array): number[] => {
  const size = data.length / 3;
  return Array.from({ length: size }, (_, i) => data[i]! + data[size + i]! + data[2 * size + i]!);
};

const MEANS = `<ir_version: 8, opset_import: ["" : 18]> g (float[N,4,4,3] x) => (float[N,3] y) <int64[2] axes = {1,2}, float[3,3] w = {1,0,0,0,1,0,0,0,1}> {
    m = ReduceMean <keepdims = 0> (x, axes) y = MatMul (m, w) }`;

test("what is said of pictures is what the artefact computes; what is written is compared with the model", async () => {
  writeFileSync(at("means.onnx"), encodeModelBytes(parseModel(MEANS)));
  const said = ["--size", "8", "--crop", "4", "--mean", "0.5,0.4,0.3", "--std", "0.5", "--bgr"];
  for (const [form, before] of [
    [[], { resize: { to: "shortest-edge", edge: 8, filter: "bilinear" }, crop: { width: 4, height: 4, margin: "even" } }],
    [["resize"], { resize: null, crop: null }],
  ] as const) {
    const out = at(`taking${form.length}.onnx`);
    const {
      code,
      out: text,
      err,
    } = await backlit("compile", at("means.onnx"), "-o", out, ...said, "--json", "--preprocess", ...form);
    expect(code, err).toBe(0);
    const { preprocess, notices } = JSON.parse(text);
    expect(preprocess).toMatchObject({
      input: "pixels",
      value: "x",
      before,
      inside: { order: "bgr", layout: "nhwc", std: [0.5, 0.5, 0.5] },
    });
    expect(notices.join()).not.toMatch(/guessed/);
    const written = decodeModel(readFileSync(out)).metadataProps.find(({ key }) => key === PREPROCESS_KEY);
    expect(JSON.parse(written!.value)).toEqual(preprocess);
  }
});

test("a model without pictures", async () => {
  const row = `<ir_version: 8, opset_import: ["" : 18]> g (float[N,3] x) => (float[N,3] y) <float[3,3] w = random(1)> { y = MatMul (x, w) }`;
  writeFileSync(at("row.onnx"), encodeModelBytes(parseModel(row)));
  const { code, err } = await backlit("compile", at("row.onnx"), "-o", at("no.onnx"), "--preprocess");
  expect([code, err]).toEqual([2, "backlit: --preprocess: the model takes no pictures: leave it out\n"]);
});
