/** What stands beside an explained thing can be asked for by the words that it comes with. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { load } from "../src/load.ts";
import { root } from "./cli.ts";

const two = () => new Uint8Array(readFileSync(root("data/shapes/two.png")));

test.each<[string, () => Uint8Array | string, string | undefined]>([
  ["shapes-detector", two, undefined],
  ["shapes-detector", two, "box:1.x2"],
  ["shapes-segmenter", two, undefined],
  ["shapes-segmenter", two, "circle@pixel:32,23"],
  ["grammar-lm", () => "the cat that the dogs see", undefined],
  ["grammar-lm", () => "the cat that the dogs see", "sleeps minus sleep"],
  ["names-tagger", () => "jordan travels from paris to jordan", undefined],
])("%s %#", async (model, given, target) => {
  await using lit = await load(root(`models/${model}`));
  const x = given();
  const input = typeof x === "string" ? new TextEncoder().encode(x) : x;
  const { prediction, ...first } = await lit.explain(input, target === undefined ? {} : { target });
  expect(prediction.length).toBeGreaterThan(1);
  const again = await lit.explain(input, { target: first.target.target ?? first.target.index });
  expect(again.target.label).toBe(first.target.label);
  const other = prediction.find(({ label }) => label !== first.target.label)!;
  const asked = await lit.explain(input, { target: other.target ?? other.index });
  const name = asked.target.label ?? "";
  expect(name.split("@")[0]).toBe(other.label!.split("@")[0]);
  expect(asked.target.probability ?? asked.target.value).toBeCloseTo(other.probability ?? other.value!, 4);
});
