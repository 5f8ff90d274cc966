/** `--ledger --strict` on every conformance case: the artefact loads and runs, and every sample's book, and every row, balances. */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { decodeModel, load, type Tensor } from "@backlit/core";
import { describe, expect, test } from "vitest";
import { nodeRuntime } from "../../backlit/src/host/runtime/node.ts";
import { type Case, findCases } from "../src/cases.ts";
import { caseArray } from "../src/verdict.ts";

const folder = (suite: string) => fileURLToPath(new URL(`../../../conformance/${suite}`, import.meta.url));

describe.each(["rules", "cnn", "ops", "precision", "zoo", "transformer", "real", "concepts"])("conformance/%s", async (suite) => {
  const cases = (await findCases(folder(suite))).filter((it): it is Case => it.format === "golden/1");
  test.each(cases.map((it) => [it.name, it] as const))("%s", { timeout: 120_000 }, async (_, it) => {
    const inputs: Record<string, Tensor> = {};
    for (const [name, file] of Object.entries(it.inputs)) inputs[name] = await caseArray(it.dir, file);
    const bytes = await readFile(it.model);
    const own = decodeModel(bytes).graph.input.map(({ name }) => name);
    for (const name of Object.keys(inputs)) if (!own.includes(name)) delete inputs[name]; // labels, and the like
    await using lit = await load(bytes, { runtime: await nodeRuntime(), sample: inputs });
    const { plan } = lit.inspect();
    // Of several sizes one has to be named: the first.
    const sizes = lit.facts.shapes.get(plan.start)!.filter((_, axis) => axis !== plan.batchAxis);
    const one = plan.reading.classes || sizes.every((size) => size === 1);
    const target = one ? {} : { target: sizes.map(() => 0).join(",") };
    const { ledger } = await lit.explain(inputs, { strict: true, ...target });
    for (const { entries, tolerance } of ledger!)
      for (const { node, rest } of entries) expect(Math.abs(rest), node).toBeLessThanOrEqual(tolerance);
  });
});
