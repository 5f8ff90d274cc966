/** Concepts of one box and of one region: the target language says what is explained, channels are looked at as ever. */
import { copyFileSync, mkdirSync, readFileSync } from "node:fs";
import { readNpy } from "@backlit/core";
import { expect, test } from "vitest";
import { at, backlit, root } from "./cli.ts";

const picture = root("data/shapes/two.png");
/** The last map before the head. */
const layerOf = (block: number) => `/body/body.${block}/body.${block}.1/Relu_output_0`;

const json = async (...argv: string[]) => {
  const { code, out, err } = await backlit(...argv, "--json", "--quiet");
  expect(code, err).toBe(0);
  return JSON.parse(out);
};

const map = async (model: string, target: string, ...more: string[]): Promise<Float32Array> => {
  await json("explain", model, picture, "--target", target, "--relevance", at("r.npy"), ...more);
  return readNpy(readFileSync(at("r.npy"))).data as Float32Array;
};

const norm = (values: ArrayLike<number>) => Math.sqrt(Array.from(values).reduce((sum, v) => sum + v * v, 0));

test.each([
  ["shapes-detector", layerOf(3), "box:0", "box:1"],
  ["shapes-segmenter", layerOf(4), "region:circle", "region:square"],
])("%s at %s: channels of %s", async (model, layer, target, other) => {
  mkdirSync(at("pictures"), { recursive: true });
  copyFileSync(picture, at("pictures/two.png"));
  const asked = ["concepts", model, at("pictures"), "--value", layer, "--top", "2", "--per-class", "1"];
  const { values, samples } = await json(...asked, "--target", target, "--by", "relevance");
  const { top, byClass } = values[layer].references.relevance;
  expect(samples[0].aim).toMatch(new RegExp(`^${target}`));
  expect(Object.keys(byClass)).toEqual([samples[0].aim]);
  const order = [...top.keys()].sort((a: number, b: number) => top[b][0].value - top[a][0].value);
  const strongest = order[0] as number;
  // Through that channel alone, and through the others: together the map of the box. Another box has another map of it.
  const whole = await map(model, target);
  const own = await map(model, target, "--condition", `${layer}:${strongest}`, "--only");
  const rest = await map(model, target, "--condition", `${layer}:${order.slice(1).join(",")}`, "--only");
  expect(norm(own)).toBeGreaterThan(0.05 * norm(whole));
  expect(norm(whole.map((v, i) => v - own[i]! - rest[i]!))).toBeLessThan(1e-3 * norm(whole));
  const elsewhere = await map(model, other, "--condition", `${layer}:${strongest}`, "--only");
  expect(norm(own.map((v, i) => v - elsewhere[i]!))).toBeGreaterThan(0.5 * norm(own));
});
