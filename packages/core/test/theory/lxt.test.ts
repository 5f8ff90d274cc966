/** AttnLRP of language models against its authors' own software: per-token relevance of tiny Llama, Qwen and GPT-2 (test/data/lxt/make.py). */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { nodeRuntime } from "../../../backlit/src/host/runtime/node.ts";
import { load } from "../../src/index.ts";
import { ints } from "../support/run.ts";

interface Expected {
  readonly ids: readonly (readonly number[])[];
  readonly position: number;
  readonly models: Readonly<
    Record<
      string,
      {
        readonly tokens: readonly number[];
        readonly logits: readonly number[];
        readonly relevance: readonly (readonly number[])[];
      }
    >
  >;
}
const data = (name: string) => readFileSync(new URL(`../data/lxt/${name}`, import.meta.url));
const { ids, position, models }: Expected = JSON.parse(data("expected.json").toString());
const dims = [ids.length, ids[0]!.length] as const;
const x = {
  input_ids: ints([...dims], ids.flat()),
  attention_mask: ints(
    [...dims],
    ids.flat().map(() => 1),
  ),
};

/** LXT divides by what it finds: its linear rules have no stabiliser. Ours moves the map in proportion to ε. */
const composite = { name: "attnlrp", params: { epsilon: 1e-9 } };

test.each(Object.entries(models))("%s: 1e-5 of the largest", async (name, { tokens, logits, relevance }) => {
  await using lit = await load(data(`${name}.onnx`), { runtime: await nodeRuntime() });
  for (const [n, token] of tokens.entries()) {
    const found = await lit.explain(x, { composite, seed: "logit", target: `${token}@position:${position}` });
    const width = found.relevance.data.length / ids.length / ids[0]!.length;
    const perToken = ids[0]!.map((_, at) => {
      const from = (n * ids[0]!.length + at) * width;
      return found.relevance.data.subarray(from, from + width).reduce((sum, v) => sum + v, 0);
    });
    const z = (found.output.data as Float32Array)[(n * ids[0]!.length + position) * 23 + token]!;
    expect(z).toBeCloseTo(logits[n]!, 4);
    const largest = Math.max(...relevance[n]!.map(Math.abs));
    for (const [at, v] of relevance[n]!.entries())
      expect(Math.abs(perToken[at]! - v) / largest, `token ${at}`).toBeLessThan(1e-5);
  }
});
