/** backlit tune as people call it: what it prints and writes, and what it refuses. */
import { readFileSync, writeFileSync } from "node:fs";
import { type TuneResult, writeNpy } from "@backlit/core";
import { expect, test } from "vitest";
import { at, backlit, root } from "./cli.ts";

const quick = ["--set", "srg.steps=log:4", "--unit", "grid:7", "--imputer", "zero", "--workers", "1"];
const MODEL = root("models/digits-mlp");
const DATA = root("data/digits");

test("the result as JSON; the recipe replays in explain under the hash that tune names", async () => {
  const recipe = at("tuned.json");
  const argv = ["tune", MODEL, DATA, ...quick, "--limit", "48", "--budget", "6", "--start", "zplus", "-o", recipe, "--json"];
  const { code, out, err } = await backlit(...argv);
  expect(err).not.toMatch(/backlit:/);
  expect(code).toBe(0);
  const result = JSON.parse(out) as TuneResult;
  expect(result.searched.tried).toBe(6);
  expect(result.halves.search.length + result.halves.held.length).toBe(48);
  expect(result.halves.strata).toBe("labels");
  expect(result.held.comparisons.length).toBeGreaterThan(2);
  const written = JSON.parse(readFileSync(recipe, "utf8"));
  expect(written).toMatchObject({ recipe: 1, hash: result.hash, what: expect.stringContaining(result.verdict.why) });
  const image = at("digit.npy");
  writeFileSync(image, writeNpy({ type: "float32", dims: [1, 1, 28, 28], data: new Float32Array(784).fill(0.5) }));
  const explained = await backlit("explain", MODEL, image, "--recipe", recipe, "--json");
  expect(explained.code).toBe(0);
  expect(JSON.parse(explained.out).hash).toBe(result.hash);
});

test("A minus B for all samples is a seed: none is searched for, and the recipe replays with the target", async () => {
  const recipe = at("pair.json");
  const argv = ["tune", MODEL, DATA, ...quick, "--limit", "12", "--budget", "4", "--start", "zplus", "-o", recipe];
  const { code, out, err } = await backlit(...argv, "--target", "3 minus 8", "--score", "logit", "--json");
  expect(code, err).toBe(0);
  const result = JSON.parse(out) as TuneResult;
  expect(result.target).toBe("3 minus 8");
  expect(result.searched.groups.map(({ name }) => name)).not.toContain("seed");
  expect(JSON.parse(readFileSync(recipe, "utf8")).seed).toEqual({ contrast: 8 });
  const image = at("pair.npy");
  writeFileSync(image, writeNpy({ type: "float32", dims: [1, 1, 28, 28], data: new Float32Array(784).fill(0.5) }));
  const explained = await backlit("explain", MODEL, image, "--recipe", recipe, "--target", "3 minus 8", "--json");
  expect(explained.code, explained.err).toBe(0);
  expect(JSON.parse(explained.out).hash).toBe(result.hash);
  const other = await backlit("explain", MODEL, image, "--recipe", recipe, "--target", "3 minus 7");
  expect([other.code, other.err]).toEqual([1, expect.stringMatching(/leave the seed out/)]);
});

test("words for people: too few to rank, and still a recipe", async () => {
  const recipe = at("few.json");
  const argv = ["tune", MODEL, DATA, ...quick, "--limit", "12", "--budget", "3", "--start", "auto", "-o", recipe];
  const { code, out } = await backlit(...argv);
  expect(code).toBe(0);
  expect(out).toMatch(/6 samples searched on, 6 held out/);
  expect(out).toMatch(/3 of at most 3 recipes tried: the budget ended the search/);
  expect(out).toMatch(/not enough to rank: 6 held-out samples/);
  expect(out).toMatch(/few\.json: the tuned recipe, not shown to be better/);
  expect(JSON.parse(readFileSync(recipe, "utf8")).rules.length).toBeGreaterThan(0);
});

test.each([
  [["--metric", "srgg"], /unknown metric 'srgg'/],
  [["--metric", "srg,aopc"], /tune by one metric|unknown metric/],
  [["--start", "epsilon-pluss"], /unknown composite 'epsilon-pluss'/],
  [["--budget", "0"], /--budget 0: give a whole number from 1/],
  [["--limit", "1"], /--limit 1: give a whole number from 2/],
  [["-o", "recipe.txt"], /name a file that ends in \.json/],
])("bad usage %j", async (argv, message) => {
  const { code, err } = await backlit("tune", MODEL, DATA, ...argv);
  expect(err).toMatch(message);
  expect(code).toBe(2);
});

test("data that is not there", async () => {
  const { code, err } = await backlit("tune", MODEL, root("data/nothing"));
  expect(err).toMatch(/no such data/);
  expect(code).toBe(1);
});
