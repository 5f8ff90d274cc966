/** `--condition`, `--only` and `--mask` on the command line. */
import { readFileSync, writeFileSync } from "node:fs";
import { decodeModel, encodeModelBytes, parseModel, readNpy, writeNpy } from "@backlit/core";
import { expect, test } from "vitest";
import { at, backlit } from "./cli.ts";

const net = `g (float[N,1,4,4] x) => (float[N,3] logits) <float[2,1,3,3] v = random(1), float[2,2,3,3] u = random(4), float[32,3] w = random(2)>
{ c = Conv <pads=[1,1,1,1]> (x, v) r = Relu(c) d = Conv <pads=[1,1,1,1]> (r, u) s = Add(d, r) f = Flatten(s) logits = MatMul(f, w) }`;
writeFileSync(at("net.onnx"), encodeModelBytes(parseModel(net)));
const data = Float32Array.from({ length: 16 }, (_, i) => Math.sin(i));
writeFileSync(at("x.npy"), writeNpy({ type: "float32", dims: [1, 1, 4, 4], data }));

const map = async (...more: string[]): Promise<number[]> => {
  const { code, err } = await backlit(
    "explain",
    at("net.onnx"),
    at("x.npy"),
    "--composite",
    "epsilon",
    "--relevance",
    at("r.npy"),
    ...more,
  );
  expect(code, err).toBe(0);
  return Array.from(readNpy(readFileSync(at("r.npy"))).data as Float32Array);
};

test("channels of a value, one after another or together", async () => {
  const [zero, one] = [await map("--condition", "d:0", "--only"), await map("--condition", "d:1", "--only")];
  const both = await map("--condition", "d:0,1", "--only");
  const again = await map("--condition", "d:0", "--condition", "d:1", "--only");
  both.forEach((v, i) => {
    expect(v).toBeCloseTo(zero[i]! + one[i]!, 4);
  });
  expect(again).toEqual(both);
  // Every path passes c: both of its channels are all there is.
  const whole = await map();
  (await map("--condition", "c:0,1")).forEach((v, i) => {
    expect(v).toBeCloseTo(whole[i]!, 4);
  });
});

test("what is kept is said, in words and in --json", async () => {
  const { out, err } = await backlit(
    "explain",
    at("net.onnx"),
    at("x.npy"),
    "--condition",
    "d:1",
    "--condition",
    "c:0",
    "--json",
  );
  expect(JSON.parse(out)).toMatchObject({ conditions: { d: [1], c: [0] }, only: false });
  expect(JSON.parse(out).notices.join()).toContain("relevance of channel 1 of 'd' and channel 0 of 'c'");
  expect(err).not.toMatch(/error/i);
});

test.each<[string, readonly string[], number, RegExp]>([
  ["no channels", ["--condition", "d"], 2, /condition 'd': write VALUE:3,7/],
  ["only alone", ["--only"], 2, /it goes with --condition/],
  ["a channel that there is not", ["--condition", "d:2"], 1, /no channel 2 \(value 'd'\): it has 2/],
  ["a value that there is not", ["--condition", "q:0"], 1, /no value 'q'/],
  [
    "a method of many passes",
    ["--condition", "d:0", "--method", "smoothgrad"],
    2,
    /--condition does not go with method smoothgrad/,
  ],
])("%s is refused", async (_, more, code, message) => {
  const ran = await backlit("explain", at("net.onnx"), at("x.npy"), ...more);
  expect(ran.code).toBe(code);
  expect(ran.err).toMatch(message);
});

test("a compiled mask is an input, checked when written", async () => {
  const ran = await backlit("compile", at("net.onnx"), "-o", at("masked.onnx"), "--mask", "d", "--only", "--json");
  expect(ran.code, ran.err).toBe(0);
  expect(JSON.parse(ran.out).inputs).toEqual([{ name: "mask@d", type: "float", dims: [null, 2] }]);
  const { metadataProps } = decodeModel(readFileSync(at("masked.onnx")));
  expect(JSON.parse(metadataProps.find(({ key }) => key === "backlit.names")!.value)).toMatchObject({ masks: { d: "mask@d" } });
  expect((await backlit("compile", at("net.onnx"), "-o", at("no.onnx"), "--only")).code).toBe(1);
});
