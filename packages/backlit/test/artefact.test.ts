/** The artefact is an ordinary ONNX model: bare runtimes, without a line of backlit, run it and agree with the references. */
import { compileModel, decodeModel, encodeModelBytes, type Recipe, type Tensor, TracedModel, trace } from "@backlit/core";
import * as node from "onnxruntime-node";
import * as web from "onnxruntime-web";
import { describe, expect, test } from "vitest";
import { nodeRuntime } from "../src/host/runtime/node.ts";
import { bytesOf, jsonOf, npyOf, relativeError } from "./support.ts";

web.env.wasm.numThreads = 1;
const runtimes = [
  ["onnxruntime-node", node],
  ["onnxruntime-web (WASM)", web],
] as const;
const dir = "conformance/real/digits";
const cases = jsonOf(`${dir}/case.json`);
const expectation = (id: string) => cases.expected.find((e: { id: string }) => e.id === id);
const model = decodeModel(bytesOf("models/digits/model.onnx"));
const input = npyOf(`${dir}/inputs/input.npy`);

const compiled = async (recipe: Recipe, options = {}) =>
  compileModel(new TracedModel(model, await trace(model, await nodeRuntime())), recipe, options);

describe.each(runtimes)("%s", (_, ort) => {
  const run = async (bytes: Uint8Array, feeds: Record<string, InstanceType<typeof ort.Tensor>>) => {
    const session = await ort.InferenceSession.create(bytes as never, { logSeverityLevel: 3 });
    try {
      const out = await session.run(feeds as never);
      // Plain tensors: the fields of ONNX Runtime's are getters.
      return Object.fromEntries(
        Object.entries(out).map(([name, { dims, data }]) => [name, { type: "float32", dims, data } as Tensor]),
      );
    } finally {
      await session.release();
    }
  };
  const x = () => new ort.Tensor("float32", input.data as Float32Array, input.dims as number[]);

  test.each(["gradient", "epsilon", "epsilon-plus-flat", "epsilon-gamma-box", "epsilon-alpha2-beta1-flat"])("%s", async (id) => {
    const want = expectation(id);
    const { model: artefact } = await compiled(want, { target: { kind: "input" } });
    const out = await run(encodeModelBytes(artefact), {
      input: x(),
      target: new ort.Tensor("int64", BigInt64Array.from(want.targets, BigInt), [2]),
    });
    expect(relativeError(out.relevance!, npyOf(`${dir}/${want.file}`))).toBeLessThan(want.tolerance);
    expect(Array.from(out.explained_target!.data as unknown as BigInt64Array, Number)).toEqual(want.targets);
  });

  test("keeps the original's outputs, and serves any batch size", async () => {
    const { model: artefact } = await compiled({});
    const bytes = encodeModelBytes(artefact);
    const one = new ort.Tensor("float32", (input.data as Float32Array).slice(0, 784), [1, 1, 28, 28]);
    const [both, single, original] = [
      await run(bytes, { input: x() }),
      await run(bytes, { input: one }),
      await run(bytesOf("models/digits/model.onnx"), { input: x() }),
    ];
    expect(relativeError(both.logits!, original.logits!)).toBeLessThan(1e-5);
    expect(both.relevance!.dims).toEqual([2, 1, 28, 28]);
    expect(single.relevance!.dims).toEqual([1, 1, 28, 28]);
    const first = { type: "float32", dims: [1, 1, 28, 28], data: (both.relevance!.data as Float32Array).slice(0, 784) } as const;
    expect(relativeError(single.relevance!, first)).toBeLessThan(1e-5);
  });
});

test("says what it is in its metadata, and cannot be compiled again", async () => {
  const { model: artefact } = await compiled(
    { composite: { name: "epsilon" } },
    { ledger: true, metadata: { "backlit.version": "x" } },
  );
  const metadata = Object.fromEntries(
    decodeModel(encodeModelBytes(artefact)).metadataProps.map(({ key, value }) => [key, value]),
  );
  expect(Object.keys(metadata).sort()).toEqual(["backlit.ledger", "backlit.names", "backlit.recipe", "backlit.version"]);
  expect(JSON.parse(metadata["backlit.recipe"]!)).toMatchObject({ recipe: 1, method: "lrp", seed: "one" });
  const facts = await trace(artefact, await nodeRuntime());
  expect(() => compileModel(new TracedModel(artefact, facts))).toThrow("already");
});

test("weights are referenced, not copied: the artefact is little larger than the model", async () => {
  const { model: artefact } = await compiled({});
  expect(encodeModelBytes(artefact).length - bytesOf("models/digits/model.onnx").length).toBeLessThan(40_000);
});
