import { fileURLToPath } from "node:url";
import { METHODS, methods } from "@backlit/core";
import { describe, expect, test } from "vitest";
import { findCases } from "../src/conform/cases.ts";
import { runCase } from "../src/conform/run.ts";
import { nodeRuntime } from "../src/runtime/node.ts";

const folder = (suite: string) => fileURLToPath(new URL(`../../../conformance/${suite}`, import.meta.url));

/** Every expectation of these suites by a method backlit has must pass at its stored tolerance. */
describe.each(["rules", "cnn", "ops", "zoo", "transformer", "real"])("conformance/%s", async (suite) => {
  const cases = await findCases(folder(suite));
  test.each(cases.map((it) => [it.name, it] as const))("%s", async (_, it) => {
    const verdicts = await runCase(it, await nodeRuntime());
    const bad = verdicts.filter((v) => v.status === "failed");
    expect(bad).toEqual([]);
    const known: readonly string[] = [...METHODS, ...Object.keys(methods)];
    const supported = new Set(it.expected.filter((e) => known.includes(e.method)).map((e) => e.id));
    expect(verdicts.filter((v) => v.status === "passed" && v.id !== "forward").map((v) => v.id)).toEqual([...supported]);
  });
});
