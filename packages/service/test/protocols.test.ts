/** KServe's V1 and the Open Inference Protocol, JSON and binary. */

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { load } from "../../backlit/src/load.ts";
import type { OpenService } from "../src/index.ts";
import { ask as at, digitsOf, npy, openDigits, post } from "./support.ts";

let opened: OpenService;
beforeAll(async () => {
  opened = await openDigits();
});
afterAll(() => opened.drain());

const get = async (path: string) => (await at(opened, path)).json();
const send = async (path: string, body: unknown, headers: Record<string, string> = {}) => at(opened, path, post(body, headers));
const two = digitsOf(2);
const values = Array.from(two.data as Float32Array);
const input = () => ({ name: inputName, shape: two.dims, datatype: "FP32", data: values });
let inputName = "";
let outputName = "";
beforeAll(async () => {
  const { inputs, outputs } = await get("/v2/models/digits");
  [inputName, outputName] = [inputs[0].name, outputs[0].name];
});
const infer = (body: unknown, headers: Record<string, string> = {}) => send("/v2/models/digits/infer", body, headers);

describe("V2", () => {
  test("says what it is, and what a model is", async () => {
    expect(await get("/v2")).toMatchObject({ name: "backlit", extensions: ["binary_tensor_data"] });
    expect(await get("/v2/")).toEqual(await get("/v2"));
    expect(await get("/v2/health/ready")).toEqual({ ready: true });
    const model = await get("/v2/models/digits/versions/1");
    expect(model).toMatchObject({ name: "digits", versions: ["1"], inputs: [{ datatype: "FP32", shape: [-1, 1, 28, 28] }] });
    expect(model.outputs.map(({ name }: { name: string }) => name)).toEqual([outputName, "relevance", "explained_target"]);
    expect((await at(opened, "/v2/models/digits/versions/2")).status).toBe(404);
    expect((await at(opened, "/v2/models/cats/ready")).status).toBe(404);
  });

  test("gives all outputs, or those that are named, and relevance for the target asked for", async () => {
    const all = await (await infer({ id: "42", inputs: [input()], parameters: { target: 3 } })).json();
    expect(all).toMatchObject({ model_name: "digits", model_version: "1", id: "42" });
    await using lit = await load("digits");
    const { relevance, output } = await lit.explain(two, { target: 3 });
    const [first, map, target] = all.outputs;
    expect(first.data).toEqual(Array.from(output.data as Float32Array));
    expect([map.name, map.shape, map.data]).toEqual(["relevance", relevance.dims, Array.from(relevance.data)]);
    expect(target).toEqual({ name: "explained_target", datatype: "INT64", shape: [2, 1], data: [3, 3] });
    const one = await (await infer({ inputs: [input()], outputs: [{ name: outputName }] })).json();
    expect(one.outputs).toHaveLength(1);
    expect(one.outputs[0].data.map((v: number) => v.toFixed(3))).toEqual(first.data.map((v: number) => v.toFixed(3)));
  });

  test("takes and gives tensors in bytes", async () => {
    const bytes = new Uint8Array((two.data as Float32Array).buffer);
    const head = { inputs: [{ ...input(), data: undefined, parameters: { binary_data_size: bytes.length } }] };
    const json = new TextEncoder().encode(
      JSON.stringify({ ...head, outputs: [{ name: "relevance", parameters: { binary_data: true } }, { name: outputName }] }),
    );
    const answer = await infer(new Uint8Array([...json, ...bytes]), { "Inference-Header-Content-Length": String(json.length) });
    const length = Number(answer.headers.get("Inference-Header-Content-Length"));
    const all = new Uint8Array(await answer.arrayBuffer());
    const document = JSON.parse(new TextDecoder().decode(all.subarray(0, length)));
    expect(document.outputs[0]).toMatchObject({ name: "relevance", parameters: { binary_data_size: bytes.length } });
    const plain = await (await infer({ inputs: [input()], outputs: [{ name: "relevance" }] })).json();
    expect(Array.from(new Float32Array(all.slice(length).buffer))).toEqual(plain.outputs[0].data);
    expect(document.outputs[1].data).toHaveLength(20);
  });

  test.each<[string, (one: ReturnType<typeof input>) => unknown, RegExp]>([
    ["no JSON", () => "{", /no JSON/],
    ["no object", () => "[]", /object/],
    ["no inputs", () => ({}), /no inputs/],
    ["another input", (one) => ({ inputs: [{ ...one, name: "nose" }] }), /nose/],
    ["an input twice", (one) => ({ inputs: [one, one] }), /twice/],
    ["a shape that lies", (one) => ({ inputs: [{ ...one, shape: [1, 28] }] }), /1568 values/],
    ["a shape that is none", (one) => ({ inputs: [{ ...one, shape: [-1] }] }), /shape/],
    ["a type that is none", (one) => ({ inputs: [{ ...one, datatype: "FP8" }] }), /FP8/],
    ["a type that does not fit", (one) => ({ inputs: [{ ...one, datatype: "INT32" }] }), /int32/],
    ["texts for numbers", (one) => ({ inputs: [{ ...one, data: one.data.map(String) }] }), /no number/],
    ["an output that is none", (one) => ({ inputs: [one], outputs: [{ name: "why" }] }), /why/],
    ["an output without a name", (one) => ({ inputs: [one], outputs: [{}] }), /name/],
    [
      "bytes that are not there",
      (one) => ({ inputs: [{ ...one, data: undefined, parameters: { binary_data_size: 4 } }] }),
      /binary_data_size/,
    ],
    ["a target that is none", (one) => ({ inputs: [one], parameters: { target: 10 } }), /10/],
    ["a method that is none", (one) => ({ inputs: [one], parameters: { method: "guess" } }), /guess/],
    ["parameters that are none", (one) => ({ inputs: [one], parameters: { params: 3 } }), /params/],
    ["an id that is no text", (one) => ({ id: 7, inputs: [one] }), /id/],
  ])("refuses %s", async (_, body, error) => {
    const answer = await infer(body(input()));
    const document = await answer.json();
    expect([answer.status, Object.keys(document)]).toEqual([400, ["error"]]);
    expect(document.error).toMatch(error);
  });

  test("refuses values that are no numbers, and a header that lies", async () => {
    const bad = new Float32Array(784).fill(Number.NaN);
    const json = new TextEncoder().encode(
      JSON.stringify({
        inputs: [{ name: inputName, shape: [1, 1, 28, 28], datatype: "FP32", parameters: { binary_data_size: 3136 } }],
      }),
    );
    const answer = await infer(new Uint8Array([...json, ...new Uint8Array(bad.buffer)]), {
      "Inference-Header-Content-Length": String(json.length),
    });
    expect([answer.status, (await answer.json()).error]).toEqual([400, expect.stringMatching(/NaN/)]);
    for (const length of ["-1", "x", "99999"])
      expect((await infer({ inputs: [input()] }, { "Inference-Header-Content-Length": length })).status).toBe(400);
  });
});

describe("V1", () => {
  const instances = [0, 1].map((i) => [nested(values.slice(i * 784, (i + 1) * 784))]);
  function nested(flat: readonly number[]) {
    return Array.from({ length: 28 }, (_, row) => flat.slice(row * 28, row * 28 + 28));
  }

  test("predicts and explains", async () => {
    expect(await get("/v1/models")).toEqual({ models: ["digits"] });
    expect(await get("/v1/models/digits")).toEqual({ name: "digits", ready: true });
    const predicted = await (await send("/v1/models/digits:predict", { instances })).json();
    expect(Object.keys(predicted)).toEqual(["predictions"]);
    expect(predicted.predictions.map((row: number[]) => row.length)).toEqual([10, 10]);
    const explained = await (await send("/v1/models/digits:explain", { instances, parameters: { target: 3 } })).json();
    expect(explained.explanations[1].target).toBe(3);
    await using lit = await load("digits");
    const { relevance } = await lit.explain(two, { target: 3 });
    expect(explained.explanations.flatMap(({ relevance }: { relevance: unknown[] }) => relevance.flat(4))).toEqual(
      Array.from(relevance.data),
    );
    const [named] = (await (await send("/v1/models/digits:predict", { instances: [{ [inputName]: instances[0] }] })).json())
      .predictions;
    expect(named).toEqual(predicted.predictions[0]);
  });

  test("takes files in Base64", async () => {
    const b64 = Buffer.from(npy(digitsOf(1))).toString("base64");
    const answer = await (await send("/v1/models/digits:explain", { instances: [{ b64 }, { b64 }] })).json();
    expect(answer.predictions).toHaveLength(2);
    expect(answer.explanations[0].relevance[0]).toHaveLength(28);
    expect((await (await send("/v1/models/digits:predict", { instances: [{ b64 }] })).json()).explanations).toBeUndefined();
  });

  test.each([
    ["{", 400],
    [{}, 400],
    [{ instances: [] }, 400],
    [{ instances: [[1, 2]] }, 400],
    [{ instances: [[[1, 2], [3]]] }, 400],
    [{ instances: [[1], [1, 2]] }, 400],
    [{ instances: [{ nose: 1 }] }, 400],
    [{ instances: [{ b64: "%%" }] }, 400],
    [{ instances: [null] }, 400],
    [{ instances, parameters: { target: [] } }, 400],
  ])("refuses %j", async (body, status) => {
    const answer = await send("/v1/models/digits:explain", body);
    expect([answer.status, Object.keys(await answer.json())]).toEqual([status, ["error"]]);
  });

  test("knows two verbs", async () => {
    expect((await send("/v1/models/digits:ponder", { instances })).status).toBe(404);
    expect((await send("/v1/models/cats:predict", { instances })).status).toBe(404);
  });
});
