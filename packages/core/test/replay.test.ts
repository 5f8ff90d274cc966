/** Recipes and artefacts that people have kept: they load, keep their hash and give the numbers they gave (data/replay/README.md). */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { nodeRuntime } from "../../backlit/src/host/runtime/node.ts";
import type { Choices } from "../src/explain/index.ts";
import { decodeModel } from "../src/onnx/index.ts";
import { canonicalJson, parseRecipe, type Recipe, type ResolvedRecipe, recipeHash, resolve } from "../src/plan/index.ts";
import { expectClose } from "./support/compare.ts";
import { loadText } from "./support/load.ts";
import { floats, numbers } from "./support/run.ts";

interface Stored {
  readonly dims: readonly number[];
  readonly data: readonly number[];
}

interface Case {
  readonly name: string;
  readonly model: string;
  /** As it was asked for. */
  readonly recipe: Recipe;
  readonly target?: string | number;
  readonly options?: Pick<Choices, "ledger" | "layers">;
  readonly resolved: ResolvedRecipe;
  readonly hash: string;
  readonly input: Stored;
  readonly outputs: Readonly<Record<string, Stored>>;
}

const at = (path: string) => new URL(`data/replay/${path}`, import.meta.url);

describe.each(["before", "after"])("%s", (folder) => {
  const { models, cases } = JSON.parse(readFileSync(at(`${folder}/cases.json`), "utf8")) as {
    readonly models: Readonly<Record<string, string>>;
    readonly cases: readonly Case[];
  };

  test.each(cases.map((one) => [one.name, one] as const))("%s", async (name, one) => {
    const { resolved, hash, input, outputs, target, options } = one;
    const bytes = readFileSync(at(`${folder}/${name}.onnx`));

    // The artefact runs and says what it said.
    await using session = await (await nodeRuntime()).createSession(bytes, { threads: 1 });
    const x = floats(input.dims, input.data);
    const ran = await session.run({ x });
    expect(Object.keys(ran).sort()).toEqual(Object.keys(outputs).sort());
    for (const [output, { dims, data }] of Object.entries(outputs)) {
      expect(ran[output]!.dims, output).toEqual(dims);
      expectClose(numbers(ran[output]), data, 1e-6, output);
    }

    // Its recipe means what it meant, under the same hash.
    const stored = decodeModel(bytes).metadataProps.find(({ key }) => key === "backlit.recipe")!.value;
    expect(JSON.parse(stored)).toEqual(resolved);
    const { recipe, notices } = parseRecipe(stored);
    const again = resolve(recipe, { ops: new Set(), attention: false });
    expect([notices, again.notices, again.recipe]).toEqual([[], [], resolved]);
    expect(await recipeHash(again.recipe)).toBe(hash);

    // Explained, or compiled anew, with that recipe the model gives the same relevance.
    await using lit = await loadText(models[one.model]!);
    const replayed = await lit.explain(x, { ...recipe, ...options, ...(target !== undefined && { target }) });
    expect(replayed.hash).toBe(hash);
    expect(replayed.relevance.dims).toEqual(outputs.relevance!.dims);
    expectClose(numbers(replayed.relevance), outputs.relevance!.data, 1e-5, "explained");
    const anew = await lit.compile({ ...recipe, ...options, ...(target !== undefined && { target }) });
    expect(anew.model.metadataProps).toContainEqual({ key: "backlit.recipe", value: stored });
    await using other = await (await nodeRuntime()).createSession(Buffer.concat(anew.chunks), { threads: 1 });
    const compiled = await other.run({ x });
    for (const output of Object.keys(outputs).filter((key) => key.startsWith("relevance")))
      expectClose(numbers(compiled[output]), outputs[output]!.data, 1e-5, `compiled, ${output}`);
  });
});

const before = JSON.parse(readFileSync(at("before/cases.json"), "utf8")) as { readonly cases: readonly Case[] };

test.each(before.cases.filter(({ recipe }) => Object.keys(recipe).length > 0).map((one) => [one.name, one] as const))(
  "a file as it was written has its hash: %s",
  async (_, { recipe, resolved, hash }) => {
    const parsed = parseRecipe(canonicalJson(recipe)).recipe;
    const { recipe: now } = resolve(parsed, { ops: new Set(["Conv", "Gemm"]), attention: true });
    expect(now).toEqual(resolved);
    expect(await recipeHash(now)).toBe(hash);
  },
);
