/** Why negative, and why positive, in twenty sentences: either class, token by token, beside occlusion of the same explained score. */
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { nodeRuntime } from "../../../backlit/src/host/runtime/node.ts";
import { load } from "../../src/explain/index.ts";
import { expectSame } from "../support/maps.ts";
import { type Agreement, agreement, total } from "../support/occlusion.ts";
import { ints, numbers } from "../support/run.ts";

const root = (path: string) => readFileSync(new URL(`../../../../${path}`, import.meta.url));

describe("twenty sentences", () => {
  const found: Agreement[] = [];
  const pairs: (readonly [readonly number[], readonly number[]])[] = [];

  beforeAll(async () => {
    const all = JSON.parse(root("data/text/sentences.json").toString()) as readonly { readonly ids: readonly number[] }[];
    await using lit = await load(root("models/text-sentiment/model.onnx"), { runtime: await nodeRuntime() });
    const width = lit.facts.shapes.get(lit.inspect().plan.explained[0]!)!.at(-1)!;
    for (const { ids } of all.filter((_, i) => i % 15 === 0)) {
      const length = [1, ids.length];
      const ones = ids.map(() => 1);
      const feeds = { input_ids: ints(length, ids), attention_mask: ints(length, ones) };
      const map = async (target: number) => numbers((await lit.explain(feeds, { target })).relevance);
      pairs.push([await map(0), await map(1)]);
      found.push(await agreement(lit, { feeds, target: 0, unitOf: (i) => Math.floor(i / width) }));
    }
  });

  test("why negative is the negative of why positive", () => {
    expect(pairs).toHaveLength(20);
    for (const [n, [a, b]] of pairs.entries())
      expectSame(
        a,
        b.map((v) => -v),
        `sentence ${n}`,
        1e-5,
      );
  });

  // Not met: 57 of 74 with what auto takes, 61 with AttnLRP without γ. Turns red when it is met.
  test.fails("nine in ten large units have the sign of their occlusion", () => {
    const { large, agree } = total(found);
    console.log(`sentences, tokens, either class: ${agree} of ${large} units (${((100 * agree) / large).toFixed(1)} %)`);
    expect(agree / large).toBeGreaterThanOrEqual(0.9);
  });
});
