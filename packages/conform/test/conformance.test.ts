import { fileURLToPath } from "node:url";
import { METHODS, methods } from "@backlit/core";
import { describe, expect, test } from "vitest";
import { nodeRuntime } from "../../backlit/src/host/runtime/node.ts";
import { findCases } from "../src/cases.ts";
import { runCase } from "../src/run.ts";

const folder = (suite: string) => fileURLToPath(new URL(`../../../conformance/${suite}`, import.meta.url));

/** Every expectation of these suites by a method backlit has must pass at its stored tolerance. */
describe.each(["rules", "cnn", "ops", "precision", "zoo", "transformer", "real"])("conformance/%s", async (suite) => {
  const cases = await findCases(folder(suite));
  test.each(cases.map((it) => [it.name, it] as const))("%s", async (_, it) => {
    const verdicts = await runCase(it, await nodeRuntime());
    const bad = verdicts.filter((v) => v.status === "failed");
    expect(bad).toEqual([]);
    const known: readonly string[] = [...METHODS, ...Object.keys(methods)];
    const expected = it.format === "golden/1" ? it.expected : [];
    const supported = new Set(expected.filter((e) => known.includes(e.method)).map((e) => e.id));
    expect(verdicts.filter((v) => v.status === "passed" && v.id !== "forward").map((v) => v.id)).toEqual([...supported]);
  });
});

/** Nothing is left out. */
describe("conformance/concepts", async () => {
  const cases = await findCases(folder("concepts"));
  test.each(cases.map((it) => [it.name, it] as const))("%s", { timeout: 120_000 }, async (_, it) => {
    const verdicts = await runCase(it, await nodeRuntime());
    expect(verdicts.filter((v) => v.status !== "passed")).toEqual([]);
    if (it.format !== "golden/1") throw new Error(`format ${it.format}`);
    expect(verdicts).toHaveLength(it.expected.length + (it.forward === undefined ? 0 : 1));
  });
});

/** Every entry, the model's output and every relation hold; nothing is left out. */
describe("conformance/metrics", async () => {
  const cases = await findCases(folder("metrics"));
  test.each(cases.map((it) => [it.name, it] as const))("%s", { timeout: 120_000 }, async (_, it) => {
    const verdicts = await runCase(it, await nodeRuntime());
    expect(verdicts.filter((v) => v.status !== "passed")).toEqual([]);
    if (it.format !== "golden-metrics/1") throw new Error(`format ${it.format}`);
    expect(verdicts).toHaveLength(it.expected.length + it.relations.length + (it.forward === undefined ? 0 : 1));
  });
});
