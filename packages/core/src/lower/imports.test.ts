/** What a file's imports of operator sets mean: as ONNX Runtime reads them, which is run beside. */

import { expect, test } from "vitest";
import { nodeRuntime } from "../../../backlit/src/host/runtime/node.ts";
import { expectClose } from "../../test/support/compare.ts";
import { model, noise, numbers, runModel } from "../../test/support/run.ts";
import type { ModelProto, OpsetId } from "../onnx/proto.ts";
import { prepare } from "./prepare.ts";

/** Softmax runs over all axes from the second on until opset 12, and over the last one since. */
const net = (opsetImport: readonly Partial<OpsetId>[], text = "y = Softmax(x)"): ModelProto => ({
  ...model(`<ir_version: 8, opset_import: ["" : 13]> net (float[2,2,3] x) => (float[] y) { ${text} }`),
  opsetImport: opsetImport as OpsetId[],
});
const x = noise([2, 2, 3], 3);
/** Σ over the last axis: 1 where softmax runs over it alone. */
const rowSum = (values: readonly number[]) => values.slice(0, 3).reduce((a, b) => a + b, 0);
const on = (domain: string, version?: number): Partial<OpsetId> => ({ domain, ...(version !== undefined && { version }) });

test.each([
  ["one", [on("", 13)], true],
  ["an older one", [on("", 11)], false],
  ["two: the last one", [on("", 13), on("", 11)], false],
  ["two, the other way round", [on("", 11), on("", 13)], true],
  ["under both names of the domain", [on("ai.onnx", 13), on("", 11)], false],
  ["three", [on("", 11), on("ai.onnx", 12), on("", 13)], true],
  ["another domain alone: the newest there is", [on("ai.onnx.ml", 3)], true],
  ["another domain twice", [on("ai.onnx.ml", 3), on("ai.onnx.ml", 2), on("", 11)], false],
])("%s", async (_, imports, alone) => {
  const m = net(imports);
  const want = numbers((await runModel(m, { x })).y);
  expect(Math.abs(rowSum(want) - 1) < 1e-5).toBe(alone);
  const prepared = await prepare(m, await nodeRuntime());
  expectClose(numbers((await runModel(prepared.model, { x })).y), want, 1e-6);
});

test.each([
  ["none", [], /imports no operator set/],
  ["no version", [on("")], /./],
  ["version 0", [on("", 0)], /./],
  ["a version that is not there yet", [on("", 99)], /./],
])("%s is refused, as the runtime does", async (_, imports, why) => {
  const m = net(imports);
  await expect(runModel(m, { x })).rejects.toThrow();
  const failed = await prepare(m, await nodeRuntime()).catch((error: Error) => error);
  expect(failed).toMatchObject({ name: "BacklitError", message: expect.stringMatching(why) });
});

test("operators that came later mean what they mean in the newest set", async () => {
  const m = net([on("ai.onnx.ml", 3)], "y = Gelu(x)");
  const want = numbers((await runModel(m, { x })).y);
  expectClose(numbers((await runModel((await prepare(m, await nodeRuntime())).model, { x })).y), want, 1e-6);
});
