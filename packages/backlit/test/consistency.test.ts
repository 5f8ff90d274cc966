/** explain --consistency: whether Deep Taylor keeps what it promises of each map. */
import { writeFileSync } from "node:fs";
import { encodeModelBytes, parseModel, writeNpy } from "@backlit/core";
import { beforeAll, expect, test } from "vitest";
import { at, backlit } from "./cli.ts";

const net = (bias: string) =>
  `<ir_version: 8, opset_import: ["": 17]> net (float[N,3] x) => (float[N,2] y)
  <float[3,3] w = {1, 1, -1, 2, 1, 3, 1, -1, 2}, float[3] b = {${bias}}, float[3,2] v = {1, -1, 2, 1, 1, 1}>
  { z = MatMul(x, w) a = Add(z, b) h = Relu(a) y = MatMul(h, v) }`;

beforeAll(() => {
  for (const [name, bias] of [
    ["none", "0, 0, 0"],
    ["biased", "5, 5, 5"],
  ] as const)
    writeFileSync(at(`${name}.onnx`), encodeModelBytes(parseModel(net(bias))));
  writeFileSync(at("x.npy"), writeNpy({ type: "float32", dims: [1, 3], data: Float32Array.of(1, 2, 0.5) }));
});

const deep = (name: string, ...more: string[]) =>
  backlit("explain", at(`${name}.onnx`), at("x.npy"), "--method", "deep-taylor", "--consistency", "--target", "0", ...more);

test("a net without biases is consistent, one with positive biases is not conservative", async () => {
  const [none, biased] = [await deep("none", "--json"), await deep("biased", "--json")];
  const [own, other] = [none, biased].map(({ out }) => JSON.parse(out).inputs[0]);
  expect(own.consistency).toMatchObject({ positivity: 1, conservative: true, positive: true, consistent: true });
  expect(own.relevance.sum).toBeCloseTo(own.top.find(({ index }: { index: number }) => index === 0).logit ?? own.seed, 4);
  expect(own.consistency.gap).toBeLessThan(1e-5);
  expect(other.consistency).toMatchObject({ conservative: false, positive: true, consistent: false });
  expect(other.consistency.gap).toBeCloseTo(Math.abs(other.relevance.sum - other.seed) / other.seed, 5);
  const { out, err } = await deep("none");
  expect(out + err).toMatch(/ consistent: Σ R = /);
  expect((await deep("biased")).out).toMatch(/not conservative: Σ R = /);
});

test("other methods promise nothing of the kind", async () => {
  for (const method of ["gradient", "lrp", "lime"]) {
    const { code, err } = await backlit("explain", at("none.onnx"), at("x.npy"), "--method", method, "--consistency");
    expect(code).not.toBe(0);
    expect(err).toContain("it goes with --method deep-taylor");
  }
});
