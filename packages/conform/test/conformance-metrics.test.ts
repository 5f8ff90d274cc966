import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readNpy, type Tensor, writeNpy } from "@backlit/core";
import { afterAll, describe, expect, test } from "vitest";
import { nodeRuntime } from "../../backlit/src/host/runtime/node.ts";
import { findCases } from "../src/cases.ts";
import { runCase } from "../src/run.ts";

const source = fileURLToPath(new URL("../../../conformance/metrics/oracle-vector-5", import.meta.url));
const root = await mkdtemp(join(tmpdir(), "backlit-conform-"));
afterAll(() => rm(root, { recursive: true }));

// biome-ignore lint/suspicious/noExplicitAny: JSON that is to be broken in any way.
type Json = any;
let copies = 0;

/** Runs a copy of a small case after it was changed. */
const changed = async (change: (json: Json, dir: string) => unknown) => {
  const dir = join(root, `copy-${copies++}`);
  await cp(source, dir, { recursive: true });
  const json = JSON.parse(await readFile(join(dir, "case.json"), "utf8"));
  await change(json, dir);
  await writeFile(join(dir, "case.json"), JSON.stringify(json));
  const [it] = await findCases(dir);
  return runCase(it!, await nodeRuntime());
};

const entry = (json: Json, id: string): Json => json.expected.find((one: Json) => one.id === id);
const verdictOf = async (id: string, change: Parameters<typeof changed>[0]) =>
  (await changed(change)).find((verdict) => verdict.id === id)!;

describe("a changed metrics case", () => {
  test("passes where nothing was changed", async () => {
    expect((await changed(() => {})).map(({ status }) => status)).toEqual(Array(6).fill("passed"));
  });

  test.each<[string, (it: Json, dir: string) => unknown, RegExp]>([
    ["a scalar", (it) => (it.scalars.srg.per_sample = [4.1]), /srg \[0\]: 4 instead of 4.1/],
    ["a mean", (it) => (it.scalars.srg.mean = 3.9), /mean of srg: 4 instead of 3.9/],
    ["an undefined number", (it) => (it.scalars.srg.per_sample = [null]), /srg \[0\]: 4 instead of undefined/],
    ["no tolerance", (it) => delete it.scalars.srg.tolerance, /srg \[0\]/],
    ["too many numbers", (it) => it.scalars.srg.per_sample.push(1), /srg: 1 numbers instead of 2/],
    ["a curve that is missing", (it, dir) => rm(join(dir, it.curves.morf.file)), /morf\.npy cannot be read/],
    ["a curve of another shape", (it, dir) => reshaped(join(dir, it.curves.morf.file)), /curve morf: shape 1×6 instead of 6/],
    ["a curve cut short", (it, dir) => cut(join(dir, it.curves.morf.file)), /morf\.npy: .*bytes/],
    ["a map that is missing", (it) => (it.relevance = "none"), /no map 'none'/],
    ["ties", (it) => (it.ties = [3]), /ties \[0\]: 0 instead of 3/],
    ["a direction", (it) => (it.direction = "sideways"), /direction .* instead of sideways/],
    ["nothing expected", (it) => [delete it.scalars, delete it.curves], /expects nothing/],
  ])("fails by %s, and says so", async (_, change, why) => {
    const id = "perturbation-closed-form";
    const { status, reason } = await verdictOf(id, (json, dir) => change(entry(json, id), dir));
    expect(reason).toMatch(why);
    expect(status).toBe("failed");
  });

  test.each<[string, (it: Json) => unknown, RegExp]>([
    ["a metric", (it) => (it.metric = "telepathy"), /metric 'telepathy'/],
    ["a scalar", (it) => (it.scalars.luck = it.scalars.auc), /scalar 'luck'/],
    ["a curve", (it) => (it.curves = { luck: { file: "x.npy", tolerance: 1 } }), /curve 'luck'/],
    ["a dataset scalar", (it) => (it.dataset_scalars = { luck: { value: 1, tolerance: 1 } }), /dataset scalar 'luck'/],
    ["a key", (it) => (it.luck = 1), /'luck' of an entry/],
    ["an imputer", (it) => (it.params.imputer = { kind: "prayer" }), /imputer 'prayer'/],
    ["an imputer's number", (it) => (it.params.imputer = { kind: "constant", value: "x" }), /imputer 'constant' with value "x"/],
    ["a unit", (it) => (it.params.unit = { kind: "hexagon" }), /unit 'hexagon'/],
    ["an order", (it) => (it.params.order = "sideways"), /order "sideways"/],
    ["a tie rule", (it) => (it.params.tie_break = "random"), /tie_break "random"/],
    ["checkpoints", (it) => (it.params.checkpoints = "all"), /checkpoints "all"/],
    [
      "a parameter that would change the numbers",
      (it) => [Object.assign(it.params, { luck: 1 }), Object.assign(it.scalars.auc, { mean: 9 })],
      /parameters luck/,
    ],
  ])("does not support %s it does not know, and says so", async (_, change, why) => {
    const { status, reason } = await verdictOf("single-step", (json) => change(entry(json, "single-step")));
    expect(reason).toMatch(why);
    expect(status).toBe("not supported");
  });

  test("fails as a whole where its model, inputs or classes are gone", async () => {
    for (const file of ["model.onnx", "inputs.npy", "targets.json"]) {
      const verdicts = await changed((_, dir) => rm(join(dir, file)));
      expect(new Set(verdicts.map(({ status }) => status))).toEqual(new Set(["failed"]));
      expect(verdicts).toHaveLength(6);
      expect(verdicts[0]!.reason).toContain(`the case's file ${file} cannot be read`);
    }
  });

  test("fails by the model's output", async () => {
    const { status, reason } = await verdictOf("forward", async (json, dir) => {
      const path = join(dir, json.forward);
      const tensor = readNpy(await readFile(path));
      (tensor.data as Float32Array)[0]! += 0.01;
      await writeFile(path, writeNpy(tensor));
    });
    expect([status, reason]).toEqual(["failed", expect.stringMatching(/output \[0\]: 4.5 instead of 4.51.* tolerance/)]);
  });

  test("holds relations, and tells those that do not hold or are unknown", async () => {
    const relation = async (json: object) => (await changed((it) => (it.relations = [json]))).at(-1)!;
    const [a, b] = ["perturbation-closed-form", "constant-map"];
    expect(await relation({ type: "zero", a: b, scalar: "srg" })).toMatchObject({ status: "passed" });
    expect(await relation({ type: "equal", a, b, scalar: "srg", holds: false })).toMatchObject({ status: "passed" });
    expect(await relation({ type: "equal", a, b, scalar: "srg" })).toMatchObject({
      status: "failed",
      id: "relation equal perturbation-closed-form constant-map srg",
      reason: expect.stringMatching(/srg \[0\]: 4 instead of 0/),
    });
    expect(await relation({ type: "negated", a, b: "nobody" })).toMatchObject({
      status: "failed",
      reason: "there is no entry 'nobody'",
    });
    expect(await relation({ type: "twice", a, b })).toMatchObject({ status: "not supported", reason: "relation 'twice'" });
  });

  test("of another format is not passed over", async () => {
    expect(await changed((json) => (json.format = "golden/9"))).toMatchObject([
      { id: "case", status: "not supported", reason: 'format "golden/9"' },
    ]);
  });

  test("without a list of entries is an error", async () => {
    await expect(changed((json) => delete json.expected)).rejects.toThrow(/without a list 'expected'/);
  });
});

const reshaped = async (path: string) => {
  const { data, type }: Tensor = readNpy(await readFile(path));
  await writeFile(path, writeNpy({ type, data, dims: [data.length] }));
};

const cut = async (path: string) => writeFile(path, (await readFile(path)).subarray(0, -4));
