/** Detectors that choose inside, as torchvision exports them: several scales with sigmoids, one with a softmax, a centre's share. */
import { describe, expect, test } from "vitest";
import { expectClose } from "../../../test/support/compare.ts";
import { loadText } from "../../../test/support/load.ts";
import { floats } from "../../../test/support/run.ts";

const held = `float[2,3,4,4] f = random(1), float[2,3,8,8] f2 = random(2), float[4,3,4,4] fb = random(3), float[4,3,8,8] fb2 = random(4), float[1,3,4,4] fc = random(5), float[1,3,8,8] fc2 = random(6),
  int64[2] rows = {-1,2}, int64[2] fours = {-1,4}, int64[1] all = {-1}, int64[1] three = {3}, int64 two = {2}, int64[1] one = {1}, int64[1] zero = {0}`;
/** Anchors are cells of a 4 × 4 and of a 2 × 2 grid; a picture without a batch. */
const scale = (
  k: "" | "2",
  stride: number,
) => `c${k} = Conv <strides=[${stride},${stride}]> (x, f${k}) t${k} = Transpose <perm=[0,2,3,1]> (c${k}) l${k} = Reshape(t${k}, rows)
  b${k} = Conv <strides=[${stride},${stride}]> (x, fb${k}) u${k} = Transpose <perm=[0,2,3,1]> (b${k}) d${k} = Reshape(u${k}, fours)`;
const outputs = "(float[D,4] boxes, float[D] scores, int64[D] labels)";
const choose = `scores, i = TopK(flat, three) labels = Mod(i, two) anchor = Div(i, two) boxes = Gather(d_all, anchor)`;
const sigmoids = `g (float[3,16,16] image) => ${outputs} <${held}> { x = Unsqueeze(image, zero) ${scale("", 4)} ${scale("2", 8)}
  s = Sigmoid(l) s2 = Sigmoid(l2) p = Reshape(s, all) p2 = Reshape(s2, all) flat = Concat <axis=0> (p, p2) d_all = Concat <axis=0> (d, d2) ${choose} }`;
const centred = `g (float[3,16,16] image) => ${outputs} <${held}> { x = Unsqueeze(image, zero) ${scale("", 4)} ${scale("2", 8)}
  q = Conv <strides=[4,4]> (x, fc) q1 = Reshape(q, column) qs = Sigmoid(q1) q2 = Conv <strides=[8,8]> (x, fc2) q3 = Reshape(q2, column) qs2 = Sigmoid(q3)
  s = Sigmoid(l) s2 = Sigmoid(l2) m = Mul(s, qs) r = Sqrt(m) m2 = Mul(s2, qs2) r2 = Sqrt(m2) p = Reshape(r, all) p2 = Reshape(r2, all) flat = Concat <axis=0> (p, p2) d_all = Concat <axis=0> (d, d2) ${choose} }`.replace(
  "int64[2] fours",
  "int64[2] column = {-1,1}, int64[2] fours",
);
const softmax = `g (float[3,16,16] image) => ${outputs} <${held}> { x = Unsqueeze(image, zero) ${scale("", 4)} s = Softmax <axis=1> (l) flat = Reshape(s, all) d_all = Identity(d) ${choose} }`;
/** RT-DETR and D-FINE: of each sample the best among all queries and classes; the second one numbers its classes otherwise. */
const queries = (labels: string, more = "") =>
  `g (float[N,3,16,16] images) => (int64[N,3] labels, float[N,3,4] boxes, float[N,3] scores) <${held}, int64[3] each = {0,2,16}, int64[3] four = {0,4,16}, int64[2] whole = {0,-1}, int64[1] last = {2}, int64[3] four4 = {1,1,4}${more}> { x = Identity(images)
  c = Conv <strides=[4,4]> (x, f) r = Reshape(c, each) l = Transpose <perm=[0,2,1]> (r) b = Conv <strides=[4,4]> (x, fb) q = Reshape(b, four) d = Transpose <perm=[0,2,1]> (q)
  s = Sigmoid(l) flat = Reshape(s, whole) scores, i = TopK <axis=1> (flat, three) own = Mod(i, two) ${labels} query = Div(i, two) at = Unsqueeze(query, last) at4 = Tile(at, four4) boxes = GatherElements <axis=1> (d, at4) }`;
const x = floats(
  [3, 16, 16],
  Float32Array.from({ length: 768 }, (_, i) => Math.sin(i * 0.7) + 0.3 * Math.cos(i / 5)),
);

/** Places of the scores among the logits, by their definition. */
describe.each([
  ["sigmoids of two scales", sigmoids],
  ["times how central an anchor is", centred],
  ["a softmax", softmax],
])("%s", (_, text) => {
  test("a detection is the logit of its class before the choice", async () => {
    await using lit = await loadText(text);
    for (const k of [0, 1, 2]) {
      const {
        aims,
        relevance,
        outputs: out,
      } = await lit.explain(x, {
        target: `box:${k}`,
        detections: { score: 0 },
        method: "gradient",
      });
      const [aim] = aims![0]!;
      const { found, beside } = aim!;
      expect(found!.score).toBe(out.scores!.data[k]);
      expect(found!.class).toBe(Number(out.labels!.data[k]));
      expectClose(found!.box as number[], Array.from(out.boxes!.data.slice(4 * k, 4 * k + 4) as Float32Array), 1e-6);
      expect(beside).toHaveLength(3);
      // The same by the logit's own place, in the scale it is of.
      const { at } = aim!.places[0]!;
      const first = at < 32 ? "l" : "l2";
      const own = at < 32 ? at : at - 32;
      const seed = text === softmax ? undefined : "logit";
      const fed = await lit.explain(x, {
        method: "gradient",
        output: first,
        target: `${Math.floor(own / 2)},${own % 2}`,
        ...(seed && { seed }),
      });
      expectClose(Array.from(relevance.data), Array.from(fed.relevance.data), 1e-5);
    }
  });
  test("the first is taken when nobody says; coordinates are those of the output; the ledger adds up", async () => {
    await using lit = await loadText(text);
    const { aims, notices } = await lit.explain(x, { detections: { score: 0 }, strict: true });
    expect(aims![0]![0]!.name).toMatch(/^box:0 /);
    expect(notices.join()).toMatch(/its choice of 'scores' is left out/);
    const wide = await lit.explain(x, { target: "box:1.w", detections: { score: 0 }, method: "gradient" });
    const [left, right] = await Promise.all(
      ["1,0", "1,2"].map((target) => lit.explain(x, { output: "boxes", target, method: "gradient", seed: "logit" })),
    );
    expectClose(
      Array.from(wide.relevance.data),
      Array.from(right!.relevance.data, (r, i) => r - left!.relevance.data[i]!),
      1e-5,
    );
    await expect(lit.explain(x, { target: "box:3", detections: { score: 0 } })).rejects.toThrow(/sample 0 has 3 detections/);
    await expect(lit.explain(x, { target: "box:0", detections: { score: 1.1 } })).rejects.toThrow(/nothing is detected/);
  });
});

test.each([
  ["as they are", queries("labels = Identity(own)"), (k: number) => k],
  ["as a data set numbers them", queries("labels = Gather(names, own)", ", int64[2] names = {7,3}"), (k: number) => [7, 3][k]!],
])("the best of each sample, classes numbered %s", async (_, text, named) => {
  await using lit = await loadText(text);
  const two = floats([2, 3, 16, 16], [...(x.data as Float32Array), ...(x.data as Float32Array).map((v, i) => v * Math.cos(i))]);
  const { aims, outputs, relevance } = await lit.explain(two, { target: "box:1", detections: { score: 0 }, method: "gradient" });
  for (const n of [0, 1]) {
    const { found, places } = aims![n]![0]!;
    expect(found!.score).toBe(outputs.scores!.data[3 * n + 1]);
    expectClose(found!.box as number[], Array.from(outputs.boxes!.data.slice(12 * n + 4, 12 * n + 8) as Float32Array), 1e-6);
    expect(found!.class).toBe(named(places[0]!.at % 2));
    // The same by the query's own logit.
    const one = floats([1, 3, 16, 16], (two.data as Float32Array).slice(768 * n, 768 * (n + 1)));
    const target = `index:${Math.floor(places[0]!.at / 2)},${places[0]!.at % 2}`;
    const own = await lit.explain(one, { method: "gradient", output: "l", target, seed: "logit" });
    expectClose(Array.from(relevance.data.slice(768 * n, 768 * (n + 1))), Array.from(own.relevance.data), 1e-5);
  }
  const wide = await lit.explain(two, { target: "box:0.w", detections: { score: 0 }, method: "gradient" });
  expect(wide.aims!.map(([aim]) => aim!.places.length)).toEqual([2, 2]);
  await expect(lit.explain(two, { target: "box:3", detections: { score: 0 } })).rejects.toThrow(/sample 0 has 3 detections/);
});

test("boxes and sigmoids side by side, all from 0 to 1 (RT-DETR): told by the number of class names", async () => {
  const text = `g (float[N,3,16,16] images) => (float[N,16,6] output0) <${held}, int64[3] each = {0,2,16}, int64[3] four = {0,4,16}> { x = Identity(images)
    c = Conv <strides=[4,4]> (x, f) r = Reshape(c, each) l = Transpose <perm=[0,2,1]> (r) s = Sigmoid(l) b = Conv <strides=[4,4]> (x, fb) q = Reshape(b, four) d = Transpose <perm=[0,2,1]> (q) e = Sigmoid(d) output0 = Concat <axis=2> (e, s) }`;
  const one = floats([1, 3, 16, 16], x.data as Float32Array);
  await using lit = await loadText(text, { labels: ["cat", "dog"] });
  const { aims, outputs } = await lit.explain(one, { method: "gradient" });
  const y = outputs.output0!.data as Float32Array;
  const { found } = aims![0]![0]!;
  const scores = Array.from({ length: 16 }, (_, i) => Math.max(y[6 * i + 4]!, y[6 * i + 5]!));
  expect(found!.score).toBeCloseTo(Math.max(...scores), 6);
  const at = scores.indexOf(Math.max(...scores));
  const [cx, cy, w, h] = y.slice(6 * at, 6 * at + 4);
  expectClose(found!.box as number[], [cx! - w! / 2, cy! - h! / 2, cx! + w! / 2, cy! + h! / 2], 1e-5);
  await using nameless = await loadText(text);
  await expect(nameless.explain(one, { target: "box:0" })).rejects.toThrow(/no output holds boxes/);
});
