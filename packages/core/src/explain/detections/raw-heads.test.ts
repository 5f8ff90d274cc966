/** Raw heads in the layouts people export, their boxes against a decode of the outputs in float64; what is explained against the maps themselves. */
import { expect, test } from "vitest";
import { nodeRuntime } from "../../../../backlit/src/host/runtime/node.ts";
import { expectClose } from "../../../test/support/compare.ts";
import { loadText } from "../../../test/support/load.ts";
import { floats } from "../../../test/support/run.ts";
import type { Tensor } from "../../tensor/tensor.ts";

const SIDE = 32;
const C = 2;
const x = floats(
  [1, 3, SIDE, SIDE],
  Float32Array.from({ length: 3 * SIDE * SIDE }, (_, i) => Math.sin(i * 0.37) + 0.4 * Math.cos(i / 11)),
);
const sigmoid = (t: number) => 1 / (1 + Math.exp(-t));
const logit = (p: number) => Math.log(p / (1 - p));

interface Found {
  readonly box: readonly number[];
  /** Times the objectness. */
  readonly scores: readonly number[];
  /** Where the logits stand: the output, and the index of class k. */
  readonly output: string;
  at(k: number): readonly number[];
}
/** A number of an output by its index behind the batch. */
type Read = (...index: number[]) => number;
interface Scale {
  readonly stride: number;
  readonly size: number;
  read(output: string): Read;
}

interface Form {
  readonly name: string;
  readonly model: string;
  readonly options?: object;
  readonly labels?: readonly string[];
  /** All anchors of a scale, k from the finest, in the order in which they are counted: anchor by anchor, then cell by cell. */
  decode(scale: Scale, k: number): readonly Found[];
}

const STRIDES = [8, 16];
const conv = (out: string, channels: number, stride: number, seed: number) => ({
  held: `float[${channels},3,${stride},${stride}] w${out} = random(${seed}), float[${channels}] b${out} = random(${seed + 50})`,
  node: `n${out} = Mul(x, gain) ${out} = Conv <strides=[${stride},${stride}]> (n${out}, w${out}, b${out})`,
});
const net = (outputs: string, parts: readonly { held: string; node: string }[], nodes: string, more = "") =>
  `g (float[N,3,${SIDE},${SIDE}] images) => (${outputs}) <${["float gain = {0.15}", ...parts.map(({ held }) => held), ...(more ? [more] : [])].join(", ")}> { x = Identity(images) ${parts.map(({ node }) => node).join(" ")} ${nodes} }`;
const cells = (size: number) => Array.from({ length: size * size }, (_, i) => [Math.floor(i / size), i % size] as const);
const each = (count: number) => Array.from({ length: count }, (_, i) => i);
const corners = (cx: number, cy: number, w: number, h: number) => [cx - w / 2, cy - h / 2, cx + w / 2, cy + h / 2];
const classes = each(C);

const ANCHORS = [
  [4, 6, 9, 5, 12, 14],
  [20, 12, 14, 25, 30, 28],
];
/** YOLOv5's numbers of anchor a at a cell. */
const five = (t: (k: number) => number, k: number, a: number, row: number, column: number, stride: number) => {
  const [w, h] = [ANCHORS[k]![2 * a]!, ANCHORS[k]![2 * a + 1]!];
  const centre = (i: number, g: number) => (2 * sigmoid(t(i)) - 0.5 + g) * stride;
  return corners(centre(0, column), centre(1, row), (2 * sigmoid(t(2))) ** 2 * w, (2 * sigmoid(t(3))) ** 2 * h);
};
const anchored = (
  read: Read,
  index: (a: number, j: number, row: number, column: number) => number[],
  output: string,
  k: number,
  { stride, size }: Scale,
  undo = (v: number) => v,
) =>
  each(3).flatMap((a) =>
    cells(size).map(([row, column]): Found => {
      const t = (j: number) => undo(read(...index(a, j, row, column)));
      return {
        box: five(t, k, a, row, column, stride),
        scores: classes.map((c) => sigmoid(t(4)) * sigmoid(t(5 + c))),
        ...{ output, at: (c: number) => index(a, 5 + c, row, column) },
      };
    }),
  );
const distances = (d: readonly number[], row: number, column: number, s: number) => [
  (column + 0.5 - d[0]!) * s,
  (row + 0.5 - d[1]!) * s,
  (column + 0.5 + d[2]!) * s,
  (row + 0.5 + d[3]!) * s,
];
const expected = (t: (bin: number) => number, bins: number) => {
  const e = each(bins).map((i) => Math.exp(t(i)));
  const sum = e.reduce((a, b) => a + b, 0);
  return e.reduce((total, v, i) => total + (i * v) / sum, 0);
};
const two = (make: (k: number) => ReturnType<typeof conv>[]) => [...make(0), ...make(1)];
const sizes = [4, 2];

const FORMS: readonly Form[] = [
  {
    name: "YOLOv5: [N, 3·(5+C), H, W]",
    model: net(
      `float[N,21,4,4] p0, float[N,21,2,2] p1`,
      two((k) => [conv(`p${k}`, 21, STRIDES[k]!, 3 + k)]),
      "",
    ),
    options: { anchors: ANCHORS },
    decode: (scale, k) => anchored(scale.read(`p${k}`), (a, j, r, c) => [7 * a + j, r, c], `p${k}`, k, scale),
  },
  {
    name: "YOLOv5: [N, 3, H, W, 5+C], the coarse scale first",
    model: net(
      `float[N,3,2,2,7] q1, float[N,3,4,4,7] q0`,
      two((k) => [conv(`p${k}`, 21, STRIDES[k]!, 5 + k)]),
      sizes.map((_, k) => `r${k} = Reshape(p${k}, s${k}) q${k} = Transpose <perm=[0,1,3,4,2]> (r${k})`).join(" "),
      sizes.map((s, k) => `int64[5] s${k} = {0,3,7,${s},${s}}`).join(", "),
    ),
    options: { anchors: ANCHORS.flat() },
    decode: (scale, k) => anchored(scale.read(`q${k}`), (a, j, r, c) => [a, r, c, j], `q${k}`, k, scale),
  },
  {
    name: "YOLOv5 behind sigmoids: [N, 3·(5+C), H, W] of 0 to 1",
    model: net(
      `float[N,21,4,4] y0, float[N,21,2,2] y1`,
      two((k) => [conv(`p${k}`, 21, STRIDES[k]!, 7 + k)]),
      "y0 = Sigmoid(p0) y1 = Sigmoid(p1)",
    ),
    options: { anchors: ANCHORS },
    decode: (scale, k) => anchored(scale.read(`y${k}`), (a, j, r, c) => [7 * a + j, r, c], `p${k}`, k, scale, logit),
  },
  {
    name: "YOLOv3 with channels last: [N, H, W, 3·(5+C)]",
    model: net(
      `float[N,4,4,21] q0, float[N,2,2,21] q1`,
      two((k) => [conv(`p${k}`, 21, STRIDES[k]!, 9 + k)]),
      "q0 = Transpose <perm=[0,2,3,1]> (p0) q1 = Transpose <perm=[0,2,3,1]> (p1)",
    ),
    options: { anchors: ANCHORS, boxDecoder: "yolov3" },
    decode: (scale, k) => {
      const read = scale.read(`q${k}`);
      return each(3).flatMap((a) =>
        cells(scale.size).map(([row, column]) => {
          const t = (j: number) => read(row, column, 7 * a + j);
          const [w, h] = [ANCHORS[k]![2 * a]!, ANCHORS[k]![2 * a + 1]!];
          return {
            box: corners(
              (sigmoid(t(0)) + column) * scale.stride,
              (sigmoid(t(1)) + row) * scale.stride,
              w * Math.exp(t(2)),
              h * Math.exp(t(3)),
            ),
            scores: classes.map((c) => sigmoid(t(4)) * sigmoid(t(5 + c))),
            ...{ output: `q${k}`, at: (c: number) => [row, column, 7 * a + 5 + c] },
          };
        }),
      );
    },
  },
  {
    name: "YOLOv8: joined maps [N, 4·16+C, H, W]",
    model: net(
      `float[N,66,4,4] y0, float[N,66,2,2] y1`,
      two((k) => [conv(`d${k}`, 64, STRIDES[k]!, 11 + k), conv(`c${k}`, C, STRIDES[k]!, 13 + k)]),
      "y0 = Concat <axis=1> (d0, c0) y1 = Concat <axis=1> (d1, c1)",
    ),
    decode: dfl(
      (k) => [`y${k}`, 0],
      (k) => [`y${k}`, 64],
    ),
  },
  {
    name: "YOLOv8: one convolution, told by its class names",
    model: net(
      `float[N,66,4,4] y0, float[N,66,2,2] y1`,
      two((k) => [conv(`y${k}`, 66, STRIDES[k]!, 15 + k)]),
      "",
    ),
    labels: ["cat", "dog"],
    decode: dfl(
      (k) => [`y${k}`, 0],
      (k) => [`y${k}`, 64],
    ),
  },
  {
    name: "maps apart: 64 bins, sigmoids of classes, their sum",
    model: net(
      `float[N,64,4,4] d0, float[N,2,4,4] s0, float[N,1,4,4] t0, float[N,64,2,2] d1, float[N,2,2,2] s1, float[N,1,2,2] t1`,
      two((k) => [conv(`d${k}`, 64, STRIDES[k]!, 17 + k), conv(`c${k}`, C, STRIDES[k]!, 19 + k)]),
      [0, 1]
        .map((k) => `s${k} = Sigmoid(c${k}) u${k} = ReduceSum <keepdims=1> (s${k}, one) t${k} = Clip(u${k}, low, high)`)
        .join(" "),
      "int64[1] one = {1}, float low = {0}, float high = {1}",
    ),
    decode: dfl(
      (k) => [`d${k}`, 0],
      (k) => [`s${k}`, 0],
      true,
    ),
  },
  {
    name: "YOLOv6: distances [N, 4, H, W] and classes",
    model: net(
      `float[N,4,4,4] d0, float[N,2,4,4] c0, float[N,4,2,2] d1, float[N,2,2,2] c1`,
      two((k) => [conv(`d${k}`, 4, STRIDES[k]!, 21 + k), conv(`c${k}`, C, STRIDES[k]!, 23 + k)]),
      "",
    ),
    decode: ({ read, size, stride }, k) =>
      cells(size).map(([row, column]) => ({
        box: distances(
          each(4).map((i) => read(`d${k}`)(i, row, column)),
          row,
          column,
          stride,
        ),
        scores: classes.map((c) => sigmoid(read(`c${k}`)(c, row, column))),
        ...{ output: `c${k}`, at: (c: number) => [c, row, column] },
      })),
  },
  {
    name: "YOLOX: one output [N, cells, 5+C], an objectness, no anchors",
    model: net(
      `float[N,20,7] output`,
      two((k) => [
        conv(`d${k}`, 4, STRIDES[k]!, 25 + k),
        conv(`o${k}`, 1, STRIDES[k]!, 27 + k),
        conv(`c${k}`, C, STRIDES[k]!, 29 + k),
      ]),
      `${[0, 1].map((k) => `so${k} = Sigmoid(o${k}) sc${k} = Sigmoid(c${k}) m${k} = Concat <axis=1> (d${k}, so${k}, sc${k}) f${k} = Reshape(m${k}, flat)`).join(" ")} all = Concat <axis=2> (f0, f1) output = Transpose <perm=[0,2,1]> (all)`,
      "int64[3] flat = {0,7,-1}",
    ),
    decode: ({ read, size, stride }, k) =>
      cells(size).map(([row, column], i) => {
        const t = (j: number) => read("output")(16 * k + i, j);
        return {
          box: corners((t(0) + column) * stride, (t(1) + row) * stride, Math.exp(t(2)) * stride, Math.exp(t(3)) * stride),
          scores: classes.map((c) => t(4) * t(5 + c)),
          ...{ output: `c${k}`, at: (c: number) => [c, row, column] },
        };
      }),
  },
  {
    name: "YOLOX: maps apart, their objectness a third",
    model: net(
      `float[N,2,4,4] c0, float[N,4,4,4] d0, float[N,1,4,4] o0, float[N,2,2,2] c1, float[N,4,2,2] d1, float[N,1,2,2] o1`,
      two((k) => [
        conv(`d${k}`, 4, STRIDES[k]!, 31 + k),
        conv(`o${k}`, 1, STRIDES[k]!, 33 + k),
        conv(`c${k}`, C, STRIDES[k]!, 35 + k),
      ]),
      "",
    ),
    decode: ({ read, size, stride }, k) =>
      cells(size).map(([row, column]) => {
        const t = (j: number) => read(`d${k}`)(j, row, column);
        return {
          box: corners((t(0) + column) * stride, (t(1) + row) * stride, Math.exp(t(2)) * stride, Math.exp(t(3)) * stride),
          scores: classes.map((c) => sigmoid(read(`o${k}`)(0, row, column)) * sigmoid(read(`c${k}`)(c, row, column))),
          ...{ output: `c${k}`, at: (c: number) => [c, row, column] },
        };
      }),
  },
  {
    name: "EfficientDet: offsets to anchors, heights first, in two outputs of all anchors",
    model: net(
      `float[N,40,2] scores, float[N,40,4] boxes`,
      two((k) => [conv(`d${k}`, 8, STRIDES[k]!, 37 + k), conv(`c${k}`, 2 * C, STRIDES[k]!, 39 + k)]),
      `${[0, 1].map((k) => `td${k} = Transpose <perm=[0,2,3,1]> (d${k}) fd${k} = Reshape(td${k}, four) tc${k} = Transpose <perm=[0,2,3,1]> (c${k}) fc${k} = Reshape(tc${k}, two)`).join(" ")}
      boxes = Concat <axis=1> (fd0, fd1) all = Concat <axis=1> (fc0, fc1) scores = Sigmoid(all)`,
      "int64[3] four = {0,-1,4}, int64[3] two = {0,-1,2}",
    ),
    options: { anchors: ANCHORS.map((sides) => sides.slice(0, 4)), boxDecoder: "deltas-yx" },
    decode: ({ read, size, stride }, k) =>
      each(2).flatMap((a) =>
        cells(size).map(([row, column], i) => {
          const at = (k === 0 ? 0 : 32) + 2 * i + a;
          const t = (j: number) => read("boxes")(at, j);
          const [w, h] = [ANCHORS[k]![2 * a]!, ANCHORS[k]![2 * a + 1]!];
          return {
            box: corners(
              (column + 0.5) * stride + t(1) * w,
              (row + 0.5) * stride + t(0) * h,
              Math.exp(t(3)) * w,
              Math.exp(t(2)) * h,
            ),
            scores: classes.map((c) => read("scores")(at, c)),
            ...{ output: `c${k}`, at: (c: number) => [C * a + c, row, column] },
          };
        }),
      ),
  },
];

function dfl(boxes: (k: number) => [string, number], scores: (k: number) => [string, number], squashed = false): Form["decode"] {
  return ({ read, size, stride }, k) =>
    cells(size).map(([row, column]) => {
      const [[box, from], [score, first]] = [boxes(k), scores(k)];
      const side = (i: number) => expected((bin) => read(box)(from + 16 * i + bin, row, column), 16);
      return {
        box: distances(each(4).map(side), row, column, stride),
        scores: classes.map((c) => (squashed ? read(score)(c, row, column) : sigmoid(read(score)(first + c, row, column)))),
        ...{ output: squashed ? `c${k}` : score, at: (c: number) => [first + c, row, column] },
      };
    });
}

const readerOf =
  (outputs: Readonly<Record<string, Tensor>>) =>
  (name: string): Read => {
    const { dims, data } = outputs[name]!;
    return (...index) => Number((data as Float32Array)[index.reduce((at, i, axis) => at * dims[axis + 1]! + i, 0)]);
  };

/** All detections of an explanation: every box counts, none hides another. */
const ALL = { detections: { score: 0, iou: 1 } };

test.each(FORMS)("$name", async ({ model, options, labels, decode }) => {
  await using lit = await loadText(model, { ...(labels && { labels }), reading: options ?? {} });
  const decoded = async (at: typeof x) => {
    const { outputs } = await lit.explain(at, { ...ALL, target: "box:0", method: "gradient" });
    const read = readerOf(outputs);
    return STRIDES.flatMap((stride, k) => decode({ stride, size: sizes[k]!, read }, k));
  };
  // Boxes, classes and scores of the three best are those of the decode.
  const best = (found: Found) => Math.max(...found.scores);
  const all = (await decoded(x)).toSorted((a, b) => best(b) - best(a));
  const first = await lit.explain(x, { ...ALL, target: { list: ["box:0", "box:1", "box:2"] }, method: "gradient" });
  first.aims![0]!.forEach(({ found }, k) => {
    expect(found!.class).toBe(all[k]!.scores.indexOf(best(all[k]!)));
    expect(found!.score).toBeCloseTo(best(all[k]!), 5);
    expectClose(found!.box as number[], all[k]!.box as number[], 1e-5);
  });
  // What is explained is the class's logit in the map, and nobody needs to name it.
  const usual = await lit.explain(x, { ...ALL, method: "gradient" });
  expect(usual.notices.join()).toMatch(/the first detection is explained: .*8, 16 pixels a cell/);
  const { output, at, scores } = all[0]!;
  const target = `index:${at(scores.indexOf(best(all[0]!))).join()}`;
  const plain = await lit.explain(x, { method: "gradient", output, target, seed: "logit" });
  expectClose(Array.from(usual.relevance.data), Array.from(plain.relevance.data), 1e-5);
  // A coordinate moves as the decode says: along its gradient g, (f(x + hg) − f(x − hg)) / 2h = |g|².
  const { relevance } = await lit.explain(x, { ...ALL, target: "box:0.x2", method: "gradient" });
  const { anchor } = usual.aims![0]![0]!.found as { anchor: number };
  const norm = relevance.data.reduce((sum, v) => sum + v * v, 0);
  const h = 0.02 / Math.sqrt(norm);
  const moved = async (by: number) =>
    (
      await decoded(
        floats(
          [1, 3, SIDE, SIDE],
          (x.data as Float32Array).map((v, i) => v + by * relevance.data[i]!),
        ),
      )
    )[anchor]!.box[2]!;
  expect(Math.abs(((await moved(h)) - (await moved(-h))) / (2 * h * norm) - 1)).toBeLessThan(2e-3);
});

const five21 = FORMS[0]!.model;

test("anchors are never guessed: the refusal names what to give, and published ones are taken by name with a notice", async () => {
  await using bare = await loadText(five21);
  await expect(bare.explain(x)).rejects.toThrow(/raw heads.*--anchors/);
  await expect(bare.explain(x, { target: "box:0" })).rejects.toThrow(/raw heads.*--anchors/);
  expect(bare.detects).toBeUndefined(); // what is told of the output is no refusal
  await using named = await loadText(five21, { labels: ["cat", "dog"] });
  await expect(named.explain(x)).rejects.toThrow(/3 anchors a cell, whose sizes the file does not hold.*--anchors yolov5/);
  // Any number of the maps can still be named.
  expect((await named.explain(x, { target: "0,0,0" })).output.dims).toEqual([1, 21, 4, 4]);
  await using tiny = await loadText(five21, { reading: { anchors: "yolov3-tiny" } });
  const { notices, aims } = await tiny.explain(x, ALL);
  expect(notices.join()).toMatch(/anchors are the published ones of YOLOv3-tiny/);
  expect(aims![0]![0]!.name).toMatch(/^box:0/);
});

test.each([
  ["yolov5", /they are of 3, the model has 2 scales/],
  ["yolo5", /nobody of that name/],
  [[1, 2, 3], /as many widths and heights/],
  [[1, -2, 3, 4], /above 0/],
  [[[1, 2], [3]], /as many widths and heights/],
] as const)("anchors %j that do not fit are refused", async (anchors, error) => {
  await expect(loadText(five21, { reading: { anchors } })).rejects.toThrow(error);
});

test("a detector whose boxes are decoded, one map, a segmentation: none of them is a raw head", async () => {
  const grid = net(
    "float[N,3,4,4,7] y0, float[N,3,2,2,7] y1",
    two((k) => [conv(`p${k}`, 21, STRIDES[k]!, 3 + k)]),
    sizes
      .map((_, k) => `r${k} = Reshape(p${k}, s${k}) q${k} = Transpose <perm=[0,1,3,4,2]> (r${k}) y${k} = Add(q${k}, g${k})`)
      .join(" "),
    sizes.map((s, k) => `int64[5] s${k} = {0,3,7,${s},${s}}, float[1,1,${s},${s},1] g${k} = random(${k})`).join(", "),
  );
  const one = net("float[N,5,4,4] y", [conv("y", 5, 8, 1)], "");
  for (const text of [grid, one]) {
    await using lit = await loadText(text);
    expect((await lit.explain(x)).notices.join()).not.toMatch(/detection/);
    await expect(lit.explain(x, { target: "box:0" })).rejects.toThrow(/no output holds boxes/);
  }
});

test("what reaches the picture and all losses are the coordinate that is explained", async () => {
  for (const { model, options } of [FORMS[0]!, FORMS[4]!]) {
    await using lit = await loadText(model, { reading: options ?? {} });
    expect((await lit.explain(x, { ...ALL, target: "box:0.w", strict: true })).ledger).toHaveLength(1);
  }
});

test("a free size of the picture: grids follow it", async () => {
  const free = FORMS[4]!.model
    .replaceAll(`float[N,3,${SIDE},${SIDE}]`, "float[N,3,H,W]")
    .replaceAll(/float\[N,66,\d,\d\]/g, "float[N,66,h,w]");
  await using lit = await loadText(free, { dims: { H: SIDE, W: SIDE } });
  const wide = floats(
    [1, 3, 32, 64],
    Float32Array.from({ length: 3 * 32 * 64 }, (_, i) => Math.sin(i * 0.31)),
  );
  const { outputs, aims } = await lit.explain(wide, { ...ALL, target: "box:0", method: "gradient" });
  const { anchor, box } = aims![0]![0]!.found as { anchor: number; box: number[] };
  const k = anchor < 32 ? 0 : 1;
  const [at, columns] = [k === 0 ? anchor : anchor - 32, k === 0 ? 8 : 4];
  const read = readerOf(outputs)(`y${k}`);
  const [row, column] = [Math.floor(at / columns), at % columns];
  const d = each(4).map((i) => expected((bin) => read(16 * i + bin, row, column), 16));
  expectClose(box, distances(d, row, column, STRIDES[k]!), 1e-5);
});

test("a direction over the anchors' logits reaches every scale, in an artefact as in a run", async () => {
  await using lit = await loadText(five21, { reading: { anchors: ANCHORS } });
  const { aims, relevance } = await lit.explain(x, { ...ALL, target: "box:0", strict: true });
  const { anchor, class: own } = aims![0]![0]!.found as { anchor: number; class: number };
  const v = new Float32Array((48 + 12) * C);
  v[anchor * C + own] = 1;
  const seedVector = floats([1, 60, C], v);
  const fed = await lit.explain(x, { seed: "direction", seedVector, output: "detections/logits" });
  expectClose(Array.from(fed.relevance.data), Array.from(relevance.data), 1e-6);
  const { chunks } = await lit.compile({ seed: "direction", output: "detections/logits" });
  await using session = await (await nodeRuntime()).createSession(Buffer.concat(chunks));
  const out = await session.run({ images: x, seed: seedVector });
  expectClose(Array.from(out.relevance!.data as Float32Array), Array.from(relevance.data), 1e-6);
  expect(Object.keys(out)).toEqual(expect.arrayContaining(["p0", "p1"]));
});
