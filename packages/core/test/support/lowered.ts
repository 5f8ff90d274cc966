/** A lowered model against the original: the same outputs, in standard operators alone. */

import { expect } from "vitest";
import { nodeRuntime } from "../../../backlit/src/host/runtime/node.ts";
import type { TraceOptions } from "../../src/graph/trace.ts";
import { prepare } from "../../src/lower/prepare.ts";
import type { ModelProto } from "../../src/onnx/proto.ts";
import { expectClose } from "./compare.ts";
import { type Feeds, model, numbers, runModel } from "./run.ts";

/** An opset header with ONNX Runtime's own domain. */
export const microsoft = (opset = 17): string => `<ir_version: 9, opset_import: ["" : ${opset}, "com.microsoft" : 1]>`;

export const lowered = async (source: string | ModelProto, options: TraceOptions = {}): Promise<ModelProto> =>
  (await prepare(model(source), await nodeRuntime(), options)).model;

export const opsOf = (m: ModelProto): string[] =>
  m.graph.node.map(({ domain, opType }) => (domain ? `${domain}.${opType}` : opType));

/** Runs both on the same input and hands back the lowered model. */
export const sameForward = async (
  source: string | ModelProto,
  feeds: Feeds,
  tolerance = 1e-5,
  options: TraceOptions = {},
): Promise<ModelProto> => {
  const m = await lowered(source, options);
  expect(opsOf(m).filter((op) => op.includes("."))).toEqual([]);
  expect(m.opsetImport.map(({ domain }) => domain)).toEqual([""]);
  const [want, got] = [await runModel(source, feeds), await runModel(m, feeds)];
  for (const { name } of model(source).graph.output) {
    expect(got[name]!.dims, name).toEqual(want[name]!.dims);
    expect(got[name]!.type, name).toEqual(want[name]!.type);
    expectClose(numbers(got[name]), numbers(want[name]), tolerance, name);
  }
  return m;
};
