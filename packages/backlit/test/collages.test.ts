/** Two objects in one picture, one above the other: the positive relevance of each class must lie in its own half. */
import type { Recipe } from "@backlit/core";
import { expect, test } from "vitest";
import { jsonOf, loadLite0, photo } from "./support.ts";

interface Found {
  /** Share of the positive relevance inside the object's half. */
  readonly share: number;
  /** The hottest pixel lies inside. */
  readonly hit: boolean;
}

const SIDE = 224;

const judge = (relevance: Float32Array, [left, top, right, bottom]: readonly number[]): Found => {
  let [positive, inside, hottest, hit] = [0, 0, -Infinity, false];
  for (let i = 0; i < SIDE * SIDE; i++) {
    const r = relevance[i]! + relevance[i + SIDE * SIDE]! + relevance[i + 2 * SIDE * SIDE]!;
    const [x, y] = [i % SIDE, Math.floor(i / SIDE)];
    const within = x >= left! && x < right! && y >= top! && y < bottom!;
    if (r > 0) positive += r;
    if (r > 0 && within) inside += r;
    if (r > hottest) [hottest, hit] = [r, within];
  }
  return { share: inside / positive, hit };
};

test("positive relevance lies on the explained object", async () => {
  const lit = await loadLite0();
  const collages = jsonOf("data/photos/photos.json").photos.filter(({ file }: { file: string }) => file.startsWith("collage"));
  expect(collages).toHaveLength(5);
  const table: Record<string, Found[]> = {};
  const recipes: Record<string, Recipe> = { default: {}, "epsilon-plus-flat": { composite: { name: "epsilon-plus-flat" } } };
  for (const [name, recipe] of Object.entries(recipes))
    for (const { file, objects } of collages)
      for (const { index, label, inputBox } of objects) {
        const { relevance } = await lit.explain(await photo(file), { ...recipe, target: index });
        const found = judge(relevance.data, inputBox);
        table[name] = [...(table[name] ?? []), found];
        console.log(
          `${name.padEnd(18)} ${file.padEnd(32)} ${label.padEnd(16)} ${(100 * found.share).toFixed(1).padStart(5)} % inside, maximum ${found.hit ? "inside" : "outside"}`,
        );
      }
  await lit[Symbol.asyncDispose]();
  const mean = (name: string) => table[name]!.reduce((sum, { share }) => sum + share, 0) / table[name]!.length;
  console.log(
    `mean share: default ${(100 * mean("default")).toFixed(1)} %, epsilon-plus-flat ${(100 * mean("epsilon-plus-flat")).toFixed(1)} %`,
  );
  for (const { share, hit } of table.default!) {
    expect(share).toBeGreaterThan(0.95);
    expect(hit).toBe(true);
  }
  expect(mean("default")).toBeGreaterThan(mean("epsilon-plus-flat") + 0.1);
});
