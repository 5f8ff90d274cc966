/** What follows from a model alone is derived once: passes, plan and reading hand it on. */

import { beforeEach, expect, test, vi } from "vitest";
import { nodeRuntime } from "../../backlit/src/host/runtime/node.ts";
import { compileModel, planModel } from "../src/compile/index.ts";
import { prepare } from "../src/lower/prepare.ts";
import { parseModel } from "../src/onnx/parse-text.ts";
import type { Runtime } from "../src/runtime/runtime.ts";

const made = vi.hoisted(() => ({ graphs: [] as unknown[], facts: [] as unknown[] }));
vi.mock("../src/graph/graph.ts", async (original) => {
  const real = await original<typeof import("../src/graph/graph.ts")>();
  const graphOf: typeof real.graphOf = (model) => {
    made.graphs.push(model);
    return real.graphOf(model);
  };
  return { ...real, graphOf };
});
vi.mock("../src/graph/facts.ts", async (original) => {
  const real = await original<typeof import("../src/graph/facts.ts")>();
  class Facts extends real.Facts {
    constructor(...given: ConstructorParameters<typeof real.Facts>) {
      super(...given);
      made.facts.push(given[0]);
    }
  }
  return { ...real, Facts };
});

beforeEach(() => {
  made.graphs = [];
  made.facts = [];
});

const counting = async (): Promise<{ readonly runtime: Runtime; sessions: number }> => {
  const runtime = await nodeRuntime();
  const counted = {
    sessions: 0,
    runtime: {
      ...runtime,
      createSession: (...given: Parameters<Runtime["createSession"]>) => {
        counted.sessions++;
        return runtime.createSession(...given);
      },
    },
  };
  return counted;
};

const layers = Array.from({ length: 5 }, (_, i) => `m${i} = MatMul(r${i}, w) r${i + 1} = Relu(m${i})`).join(" ");
const plain = (opset: number) => `<ir_version: 8, opset_import: ["" : ${opset}]>
  net (float[N,4] r0) => (float[] r5) <float[4,4] w = random(1)> { ${layers} }`;

test("a model that is plain already has one graph and one set of facts, planned and compiled again and again", async () => {
  const { runtime } = await counting();
  const prepared = await prepare(parseModel(plain(17)), runtime);
  expect(made.graphs).toHaveLength(1);
  const [rounds, before] = [2, made.facts.length]; // before the first trace, and after it
  expect(before).toBeLessThanOrEqual(rounds);
  for (const method of ["lrp", "gradient"]) planModel(prepared, { method });
  compileModel(prepared);
  expect(made.graphs).toEqual([prepared.model]);
  expect(made.facts.length).toBe(before + 1); // with what preparing found besides
});

test("each pass that changes the model adds one of each, and each round one session", async () => {
  const counted = await counting();
  const prepared = await prepare(parseModel(plain(12)), counted.runtime);
  compileModel(prepared);
  expect(new Set(made.graphs).size).toBe(made.graphs.length);
  expect(made.graphs).toHaveLength(2); // as the file has it, and of opset 17
  expect(counted.sessions).toBe(2);
});
