/** The runtime in a worker, as it is built: `npm run build` first. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { encodeModelBytes, load, parseModel, type Tensor } from "@backlit/core";
import { describe, expect, test } from "vitest";
import { nodeRuntime, webRuntime } from "../src/host/runtime/node.ts";
import { workerRuntime } from "../src/host/runtime/worker.ts";
import { bytesOf, npyOf, relativeError } from "./support.ts";

const built = new URL("../dist/worker-thread.js", import.meta.url);
const missing = () => {
  throw new Error("no notice expected");
};

describe.skipIf(!existsSync(fileURLToPath(built)))("the worker", () => {
  test("gives what the runtime in this thread gives, and this thread goes on meanwhile", async () => {
    const images = npyOf("data/digits/images.npy");
    const x: Tensor = {
      type: "float32",
      dims: [64, 1, 28, 28],
      data: Float32Array.from(images.data.slice(0, 64 * 784) as Uint8Array),
    };
    const here = await load(bytesOf("models/digits/model.onnx"), { runtime: await nodeRuntime() });
    const there = await load(bytesOf("models/digits/model.onnx"), { runtime: await workerRuntime(missing, built) });
    const options = { method: "integrated-gradients", params: { steps: 4 }, batch: 256 };
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    const [a, b] = [await here.explain(x, options), await there.explain(x, options)];
    clearInterval(timer);
    expect(relativeError(b.relevance, a.relevance)).toBeLessThan(1e-6);
    expect(x.data.length).toBe(64 * 784); // still the caller's
    expect(turns).toBeGreaterThan(1);
    await here[Symbol.asyncDispose]();
    await there[Symbol.asyncDispose]();
  });

  test("errors keep their tags, and a session is released once", async () => {
    const runtime = await workerRuntime(missing, built);
    await expect(runtime.createSession(new Uint8Array(8))).rejects.toMatchObject({ _tag: "Runtime" });
    const session = await runtime.createSession(
      encodeModelBytes(parseModel("net (float[N,2] x) => (float[N,2] y) { y = Relu(x) }")),
    );
    expect([session.inputNames, session.outputNames]).toEqual([["x"], ["y"]]);
    const x: Tensor = { type: "float32", dims: [1, 2], data: Float32Array.of(-1, 2) };
    await expect(session.run({ x: { ...x, dims: [1, 1, 2] } })).rejects.toMatchObject({ _tag: "Runtime" });
    // A view on a larger array: only what it shows is sent.
    const view = { ...x, data: new Float32Array([0, 0, -1, 2, 0]).subarray(2, 4) };
    const [{ y: one }, { y: two }] = await Promise.all([session.run({ x }), session.run({ x: view })]);
    expect([one!.data, two!.data]).toEqual([Float32Array.of(0, 2), Float32Array.of(0, 2)]);
    await session.release();
    await session.release();
  });

  test("strings go and come", async () => {
    const runtime = await workerRuntime(missing, built);
    const text = "net (string[N] x) => (string[N] y) { y = Identity(x) }";
    await using session = await runtime.createSession(encodeModelBytes(parseModel(text)));
    const x: Tensor = { type: "string", dims: [2], data: ["a", "ü"] };
    expect((await session.run({ x })).y).toEqual(x);
  });
});

test("where no worker starts, sessions run in this thread", async () => {
  const absent = await workerRuntime(missing, new URL("./absent.js", import.meta.url));
  expect(absent).toBe(await nodeRuntime());
  // A file that is no worker: it ends without a word.
  const other = await workerRuntime(missing, new URL("./support.ts", import.meta.url));
  expect(other).toBe(await nodeRuntime());
  expect((await webRuntime()).name).toBe("onnxruntime-web");
});
