/** Boxes of detectors in the forms that exporters write; two things in one picture; thresholds. */
import { describe, expect, test } from "vitest";
import { expectClose } from "../../../test/support/compare.ts";
import { loadText } from "../../../test/support/load.ts";
import { floats } from "../../../test/support/run.ts";
import { readDetector } from "../../reading/detector/index.ts";
import { detectionsIn } from "./detections.ts";

const GRID = 4;
const CELL = 4;
const A = GRID * GRID;
const cell = (weight: number) => new Array(16).fill(weight / 16);
/** Red and blue of a cell, each less the other colours; and how bright it is. */
const filters = [...[1, -1, -1].flatMap(cell), ...[-1, -1, 1].flatMap(cell), ...[0.2, 0.2, 0.2].flatMap(cell)].join();
const centres = (axis: number) =>
  Array.from({ length: A }, (_, i) => CELL * ((axis === 0 ? i % GRID : Math.floor(i / GRID)) + 0.5));
const held = `float[3,3,4,4] f = {${filters}}, float[2,3,1,1] wc = {12,-1,1,-1,12,1}, float[2] bc = {-3,-3}, float[3,3,1,1] wb = {9,-1,0,-1,9,0,0,0,1}, float[3] bb = {-2,-2,1},
  float[4,3,1,1] wd = {0.3,0,0.1,0,0.3,0.1,0,0,1,0,0,1}, float[2,16] centre = {${[...centres(0), ...centres(1)].join()}}, float[1,1,1] four = {4}, float halfs = {0.5}, float[16,2] centred = {${centres(
    0,
  )
    .flatMap((x, i) => [x, centres(1)[i]!])
    .join()}},
  int64[3] flat = {0,-1,16}, int64[2] two = {2,2}, int64[3] five = {2,2,3}, int64[1] last = {2}, float big = {16}, float iou = {0.45}, float least = {0.25}, int64[1] most = {9}`;
const heads = `a = Conv <strides=[4,4]> (x, f) h = Relu(a) dm = Conv(h, wd) d = Reshape(dm, flat) cm = Conv(h, wc, bc) c = Reshape(cm, flat)
  dxy, dwh = Split <axis=1> (d, two) xy = Add(dxy, centre) wh = Add(dwh, four)`;
const v8 = `g (float[N,3,16,16] images) => (float[N,6,16] output0) <${held}> { x = Identity(images) ${heads} b = Concat <axis=1> (xy, wh) s = Sigmoid(c) output0 = Concat <axis=1> (b, s) }`;
const v5 =
  `g (float[N,3,16,16] images) => (float[N,16,7] output0) <${held}> { x = Identity(images) ${heads} om = Conv(h, wb, bb) o = Reshape(om, flat)
  o1, o2 = Split <axis=1> (o, last12) oc = Concat <axis=1> (o2, c) os = Sigmoid(oc) z = Concat <axis=1> (xy, wh, os) output0 = Transpose <perm=[0,2,1]> (z) }`.replace(
    "int64[2] two",
    "int64[2] last12 = {2,1}, int64[2] two",
  );
const apart = `${heads} b4 = Concat <axis=1> (xy, wh) boxes_ = Transpose <perm=[0,2,1]> (b4)`;
/** Corners: what SSD and RetinaNet decode. */
const corners = `${heads} half = Mul(wh, halfs) lo = Sub(xy, half) hi = Add(xy, half) b4 = Concat <axis=1> (lo, hi) boxes = Transpose <perm=[0,2,1]> (b4)`;
const ssd = `g (float[N,3,16,16] images) => (float[N,16,4] boxes, float[N,16,3] scores) <${held}, float[1,16,1] none = {${new Array(A).fill(0)}}> { x = Identity(images) ${corners} ct = Transpose <perm=[0,2,1]> (c) zero = ReduceSum <keepdims=1> (ct, last) nil = Mul(zero, none) all = Concat <axis=2> (nil, ct) scores = Softmax <axis=2> (all) }`;
const detr = `g (float[N,3,16,16] pixel_values) => (float[N,16,3] logits, float[N,16,4] pred_boxes) <${held}, float[1,16,1] none = {${new Array(A).fill(0)}}> { x = Identity(pixel_values) ${apart} pb = Div(boxes_, big) pred_boxes = Identity(pb)
  ct = Transpose <perm=[0,2,1]> (c) zero = ReduceSum <keepdims=1> (ct, last) nil = Mul(zero, none) logits = Concat <axis=2> (ct, nil) }`;
const retina = `g (float[N,3,16,16] images) => (float[N,16,4] boxes, float[N,16,2] scores) <${held}> { x = Identity(images) ${corners} ct = Transpose <perm=[0,2,1]> (c) scores = Sigmoid(ct) }`;
const nms =
  `g (float[1,3,16,16] images) => (float[M,4] found, int64[M,3] selected) <${held}, int64[1] col = {2}, int64[1] zero1 = {0}> { x = Identity(images) ${apart} s = Sigmoid(c)
  selected = NonMaxSuppression <center_point_box=1> (boxes_, s, most, iou, least) at = Gather <axis=1> (selected, col) ats = Squeeze(at, one1) flatb = Squeeze(boxes_, zero1) found = Gather(flatb, ats) }`.replace(
    "int64[1] col",
    "int64[1] one1 = {1}, int64[1] col",
  );

/** Grey, with one red and one blue cell: row 0, column 1, and row 3, column 2. */
const picture = (): Float32Array => {
  const data = new Float32Array(3 * 256).fill(0.05);
  const paint = (channel: number, row: number, column: number, value: number) => {
    for (let i = 0; i < CELL; i++)
      for (let j = 0; j < CELL; j++) data[channel * 256 + (row * CELL + i) * 16 + column * CELL + j] = value;
  };
  paint(0, 0, 1, 1);
  paint(2, 3, 2, 0.9);
  return data;
};
const x = floats([1, 3, 16, 16], picture());
const labels = ["red", "blue"];
const v10 =
  `g (float[N,3,16,16] images) => (float[N,4,6] output0) <${held}, int64[1] four1 = {4}, float[1,4,1] fours = {1,1,1,1}> { x = Identity(images) ${corners} bt = Identity(boxes) s = Sigmoid(c) st = Transpose <perm=[0,2,1]> (s)
  m = ReduceMax <axes=[2], keepdims=0> (st) k = ArgMax <axis=2, keepdims=0> (st) v, i = TopK <axis=1> (m, four1) iu = Unsqueeze(i, last) i4 = Tile(iu, rep4) gb = GatherElements <axis=1> (bt, i4) kk = GatherElements <axis=1> (k, i) kf = Cast <to=1> (kk) ku = Unsqueeze(kf, last) vu = Unsqueeze(v, last) output0 = Concat <axis=2> (gb, vu, ku) }`.replace(
    "int64[1] four1",
    "int64[3] rep4 = {1,1,4}, int64[1] four1",
  );
const FORMS: readonly (readonly [string, string])[] = [
  ["YOLOv8 to v11", v8],
  ["YOLOv5", v5],
  ["YOLOv10", v10],
  ["SSD", ssd],
  ["RetinaNet", retina],
  ["DETR", detr],
  ["a trailing NonMaxSuppression", nms],
];

/** Share of positive relevance inside a box. */
const inside = (map: Float32Array, [x1, y1, x2, y2]: readonly number[], scale = 1): number => {
  let [within, all] = [0, 0];
  for (let i = 0; i < 256; i++) {
    const r = [0, 1, 2].reduce((sum, channel) => sum + map[channel * 256 + i]!, 0);
    if (r <= 0) continue;
    all += r;
    const [row, column] = [Math.floor(i / 16) + 0.5, (i % 16) + 0.5];
    if (column > x1! * scale && column < x2! * scale && row > y1! * scale && row < y2! * scale) within += r;
  }
  return within / all;
};

describe.each(FORMS)("%s", (form, text) => {
  test.each([{}, { method: "gradient-x-input" }, { composite: "epsilon-plus" }])(
    "each of two things has at least 95 % of positive relevance in its box: %j",
    async (options) => {
      await using lit = await loadText(text, { labels });
      for (const [k, name] of labels.entries()) {
        const { relevance, aims } = await lit.explain(x, { ...options, target: `box:${k}` });
        const { name: called, found } = aims![0]![0]!;
        expect(called).toBe(`box:${k} (${name})`);
        expect(found!.score).toBeGreaterThan(0.5);
        expect(inside(relevance.data, found!.box as number[], form === "DETR" ? 16 : 1)).toBeGreaterThan(0.95);
      }
    },
  );

  test("the first is taken when nobody says; the ledger adds up", async () => {
    await using lit = await loadText(text, { labels });
    const { aims, notices } = await lit.explain(x, { strict: true });
    expect(aims![0]![0]!.name).toBe("box:0 (red)");
    expect(notices.join()).toMatch(/the first detection is explained/);
  });

  test("a coordinate is the sum of the numbers it is made of, by hand", async () => {
    await using lit = await loadText(text, { labels });
    const { traced, facts } = lit;
    const { boxes } = readDetector(traced.graph, traced.ownFacts(), 2)!;
    const shape = facts.shapes.get(boxes.value)!.map((size) => size ?? 1);
    const { aims, relevance } = await lit.explain(x, { target: "box:1.x2", composite: "epsilon" });
    const { anchor, box } = aims![0]![0]!.found as { anchor: number; box: number[] };
    const v = new Float32Array(shape.reduce((a, b) => a * b, 1));
    const at = (k: number) => (boxes.anchors === 1 ? anchor * shape[2]! + k : k * shape[2]! + anchor);
    if (boxes.layout === "cxcywh") {
      v[at(0)] = 1;
      v[at(2)] = 0.5;
    } else v[at(2)] = 1;
    const output = boxes.value;
    const fed = await lit.explain(x, {
      seed: "direction",
      seedVector: floats(shape, v),
      composite: "epsilon",
      output,
      start: "product",
    });
    expectClose(Array.from(relevance.data), Array.from(fed.relevance.data), 1e-6);
    expect(box[2]).toBeGreaterThan(box[0]!);
    expect(aims![0]![0]!.beside!.find((one) => one.own)).toEqual({
      name: expect.stringMatching(/^box:1 /),
      target: "box:1.x2",
      box,
      value: box[2],
      own: true,
    });
  });
});

test("the logit of a class that lies behind a sigmoid beside other numbers: v = 1/(p (1 − p)) gives e_t at the logit", async () => {
  await using lit = await loadText(v8, { labels });
  const { relevance, aims } = await lit.explain(x, { target: "box:1", method: "gradient" });
  const { anchor } = aims![0]![0]!.found as { anchor: number };
  const logit = await lit.explain(x, { method: "gradient", output: "c", target: `1,${anchor}` });
  expectClose(Array.from(relevance.data), Array.from(logit.relevance.data), 1e-4);
  const probability = await lit.explain(x, { target: "box:1", method: "gradient", score: "probability" });
  const plain = await lit.explain(x, { method: "gradient", output: "s", target: `1,${anchor}`, score: "probability" });
  expectClose(Array.from(probability.relevance.data), Array.from(plain.relevance.data), 1e-4);
});

test("thresholds: a lower score finds more, the rest is named", async () => {
  await using lit = await loadText(v8, { labels });
  await expect(lit.explain(x, { target: "box:2" })).rejects.toThrow(/2 detections with a score of 0.25.*count from 0 to 1/);
  await expect(lit.explain(x, { target: "box:0", detections: { score: 0.9999999 } })).rejects.toThrow(
    /nothing is detected.*largest score is/,
  );
  const all = await lit.explain(x, { target: "box:2", detections: { score: 0.001 } });
  expect(all.aims![0]![0]!.found!.score).toBeLessThan(0.25);
  await expect(lit.explain(x, { target: "box:a" })).rejects.toThrow(/count detections from 0/);
  await expect(lit.explain(x, { target: "box:0.z" })).rejects.toThrow(/box:K\.x1/);
  await using plain = await loadText("net (float[N,3] x) => (float[N,2] y) <float[3,2] w = random(1)> { y = MatMul(x, w) }");
  await expect(plain.explain(floats([1, 3], [1, 2, 3]), { target: "box:0" })).rejects.toThrow(/no output holds boxes/);
});

test("overlapping boxes of one class are one thing, of two classes two", () => {
  const columns = (axis: number, from: number) => ({ value: "y", anchors: 1, axis, from });
  const detector = {
    boxes: { ...columns(2, 0), layout: "xyxy" as const },
    scores: { ...columns(2, 4), classes: 2, link: "none" as const },
    why: "",
  };
  const rows = [
    [0, 0, 10, 10, 0.9, 0],
    [1, 0, 11, 10, 0.8, 0],
    [1, 0, 11, 10, 0, 0.7],
    [20, 0, 30, 10, 0.6, 0],
  ];
  const y = floats([1, 4, 6], rows.flat());
  const { kept } = detectionsIn(detector, { y: y as never }, 0, { score: 0.25, iou: 0.45 });
  expect(kept.map(({ anchor }) => anchor)).toEqual([0, 2, 3]);
  expect(detectionsIn(detector, { y: y as never }, 0, { score: 0.25, iou: 0.9 }).kept.map(({ anchor }) => anchor)).toEqual([
    0, 1, 2, 3,
  ]);
});

test("classifiers, sequences and segmentations are no detectors", async () => {
  for (const text of [
    "g (float[N,3,8,8] x) => (float[N,6,16] y) <float[6,3,2,2] w = random(1), int64[3] s = {0,6,16}> { z = Conv <strides=[2,2]> (x, w) r = Reshape(z, s) y = Sigmoid(r) }",
    "g (float[N,7,5] x) => (float[N,7,6] y) <float[5,4] a = random(1), float[5,2] b = random(2)> { p = MatMul(x, a) q = MatMul(x, b) c = Concat <axis=2> (p, q) y = Softmax(c) }",
    "g (float[N,5] x) => (float[N,4] y, float[N,6] z) <float[5,4] a = random(1), float[5,6] b = random(2)> { y = MatMul(x, a) z = MatMul(x, b) }",
  ]) {
    await using lit = await loadText(text);
    expect(readDetector(lit.traced.graph, lit.traced.ownFacts())).toBeUndefined();
  }
});
