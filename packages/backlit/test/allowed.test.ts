/** What is read may cost so much, and more where it is allowed. */
import { mkdirSync, writeFileSync } from "node:fs";
import { encodeModelBytes, parseModel, writeNpy, writeNpz } from "@backlit/core";
import { expect, test } from "vitest";
import { openTokenizer } from "../src/load.ts";
import { at, backlit } from "./cli.ts";

const model = at("grown.onnx");
writeFileSync(
  model,
  encodeModelBytes(
    parseModel(`net (float[N,1] x) => (float[N,1000] y) <int64[2] size = {1, 1000}, int64 n = {3}, bool on = {1}, float[1] half = {0.5}> {
      h = Loop <body = b (int64 i, bool c, float[] h) => (bool c2, float[] h2) { c2 = Identity(c) h2 = Tanh(h) }> (n, on, x)
      big = Expand(half, size) y = Mul(h, big) }`),
  ),
);
const x = at("x.npy");
writeFileSync(x, writeNpy({ type: "float32", dims: [1, 1], data: Float32Array.of(0.5) }));
const explained = (...more: string[]) => backlit("explain", model, x, "--quiet", ...more);

test("budgets of a model, each by name", async () => {
  expect(await explained()).toEqual({ code: 0, out: "", err: "" });
  expect((await explained("--allow", "steps=2")).err).toMatch(/it takes 3 steps, and at most 2 are unrolled \(--allow steps=N/);
  expect((await explained("--allow", "nodes=4")).err).toMatch(/unrolled it is 6 nodes \(3 steps\), and at most 4/);
  expect((await explained("--allow", "bytes=1")).err).toMatch(/constants of .* would be written.*--allow bytes=N/);
  expect((await explained("--allow", "steps=2", "--allow", "steps=3")).code).toBe(0);
});

test("an unknown name or a value that is no number is refused with the list", async () => {
  for (const bad of ["step=3", "steps=many", "steps", "steps=-1", "steps="]) {
    const { code, err } = await explained("--allow", bad);
    expect([code, err]).toEqual([
      2,
      expect.stringMatching(/^backlit: --allow .*: give NAME=N of nodes, steps, bytes, session-bytes, npz/),
    ]);
  }
});

test("archives", async () => {
  const zeros = at("zeros.npz");
  const arrays = new Map([["x", { type: "float32", dims: [500_000, 1], data: new Float32Array(500_000) } as const]]);
  writeFileSync(zeros, writeNpz(arrays, { compress: true }));
  const refused = /zeros\.npz\): its arrays take 2000128 bytes when unpacked, \d+ times its own \d+; the limit is 100 times/;
  expect((await backlit("explain", model, zeros, "--allow", "npz-ratio=100")).err).toMatch(refused);
  expect((await backlit("evaluate", model, zeros, "--allow", "npz-ratio=100")).err).toMatch(refused);
  expect((await backlit("explain", model, zeros, "--allow", "npz-bytes=1e6")).err).toMatch(
    /2000128 bytes when unpacked, the limit is 1000000/,
  );
});

test("a tokenizer whose regular expression never ends is stopped", async () => {
  mkdirSync(at("endless"));
  const tokenizer = {
    version: "1.0",
    added_tokens: [],
    normalizer: null,
    pre_tokenizer: { type: "Split", pattern: { Regex: "^(a+)+$" }, behavior: "Isolated", invert: false },
    post_processor: null,
    decoder: null,
    model: { type: "BPE", vocab: { a: 0, "!": 1 }, merges: [] },
  };
  writeFileSync(at("endless/tokenizer.json"), JSON.stringify(tokenizer));
  const { tokenize } = await openTokenizer(at("endless/tokenizer.json"), { tokenizerSeconds: 0.3 });
  expect(tokenize(["aaa"]).tokens).toHaveLength(3);
  expect(() => tokenize([`${"a".repeat(60)}!`])).toThrow(
    /took more than 0\.3 s for a text of 61 characters.*tokenizer-seconds=N/,
  );
});
