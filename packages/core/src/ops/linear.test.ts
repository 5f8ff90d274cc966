/**
 * Linear maps: ⟨apply(x), s⟩ = ⟨x, adjoint(s)⟩ for all x, by running each op on unit vectors. What method `gradient` hands back
 * for a random s must be Wᵀ s, for ops with weights, averages, sums, and ops that only move values.
 */
import { describe, expect, test } from "vitest";
import { expectClose } from "../../test/support/compare.ts";
import { denseOf, type Layer, layerText, linearLayers, NAMES, size, sumLayers } from "../../test/support/layers.ts";
import { noise } from "../../test/support/run.ts";
import { vjpOf } from "../../test/support/vjp.ts";

const on = (
  name: string,
  dims: readonly number[],
  nodes: string,
  out: readonly number[],
  held?: string,
  opset?: number,
): Layer => ({
  name,
  inputs: [dims],
  nodes,
  out,
  ...(held && { held }),
  ...(opset && { opset }),
});

/** Ops that move, copy, drop or scale values. */
const moves: readonly Layer[] = [
  on("Reshape", [2, 6], "z = Reshape(a, s)", [3, 4], "int64[2] s = {3,-1}"),
  on("Flatten", [2, 2, 3], "z = Flatten <axis=2> (a)", [4, 3]),
  on("Squeeze", [2, 1, 3], "z = Squeeze(a, s)", [2, 3], "int64[1] s = {1}"),
  on("Unsqueeze", [2, 3], "z = Unsqueeze(a, s)", [2, 1, 3, 1], "int64[2] s = {1,-1}"),
  on("Identity", [2, 3], "z = Identity(a)", [2, 3]),
  on("Dropout", [2, 3], "z = Dropout(a)", [2, 3]),
  on("Cast", [2, 3], "z = Cast <to=1> (a)", [2, 3]),
  on("Transpose", [2, 3, 4], "z = Transpose <perm=[1,2,0]> (a)", [3, 4, 2]),
  on("Transpose, default", [2, 3, 4], "z = Transpose(a)", [4, 3, 2]),
  on("Concat", [2, 3], "h = Neg(a) z = Concat <axis=-1> (a, c, h)", [2, 8], "float[2,2] c = {0,0,0,0}"),
  on("Split", [2, 6], "p, q, r = Split <axis=1> (a, s) z = Concat <axis=1> (r, p)", [2, 4], "int64[3] s = {1,2,3}"),
  on("Split, one output unused", [2, 6], "p, q = Split <axis=-1> (a) z = Neg(q)", [2, 3]),
  on("Expand", [2, 1, 3], "z = Expand(a, s)", [2, 2, 4, 3], "int64[4] s = {2,1,4,1}"),
  on(
    "Slice",
    [2, 5, 4],
    "z = Slice(a, from, to, axes)",
    [2, 3, 3],
    "int64[2] from = {1,-3}, int64[2] to = {-1,9223372036854775807}, int64[2] axes = {1,-1}",
  ),
  on(
    "Slice with steps",
    [2, 7, 4],
    "z = Slice(a, from, to, axes, steps)",
    [2, 3, 4],
    "int64[2] from = {1,-1}, int64[2] to = {6,-9223372036854775808}, int64[2] axes = {1,2}, int64[2] steps = {2,-1}",
  ),
  on("Slice, axes left out", [1, 5], "z = Slice(a, from, to)", [1, 2], "int64[2] from = {0,2}, int64[2] to = {1,4}"),
  on("Gather, one", [2, 5, 3], "z = Gather <axis=1> (a, i)", [2, 3], "int64 i = {-2}"),
  on("Gather, several", [2, 5, 3], "z = Gather <axis=1> (a, i)", [2, 4, 3], "int64[4] i = {3,0,3,-1}"),
  on("Gather, a table of indices", [2, 5, 3], "z = Gather <axis=1> (a, i)", [2, 2, 2, 3], "int64[2,2] i = {3,0,3,4}"),
  on("Gather, [1]", [2, 5], "z = Gather <axis=1> (a, i)", [2, 1], "int64[1] i = {2}"),
  on("Pad", [1, 2, 3], "z = Pad(a, p)", [1, 5, 4], "int64[6] p = {0,1,0,0,2,1}"),
  on("Pad, negative", [1, 4, 3], "z = Pad(a, p)", [1, 3, 3], "int64[6] p = {0,-1,1,0,0,-1}"),
  on("Pad, reflect", [1, 4, 5], 'z = Pad <mode="reflect"> (a, p)', [1, 7, 8], "int64[6] p = {0,2,1,0,1,2}"),
  on("Pad, edge", [1, 2, 3], 'z = Pad <mode="edge"> (a, p)', [1, 5, 4], "int64[6] p = {0,1,0,0,2,1}"),
  on("Pad, wrap", [1, 4], 'z = Pad <mode="wrap"> (a, p)', [1, 7], "int64[4] p = {0,1,0,2}", 19),
  on(
    "Pad, axes",
    [1, 2, 4, 4],
    'z = Pad <mode="reflect"> (a, p, "", axes)',
    [1, 2, 6, 5],
    "int64[4] p = {1,1,1,0}, int64[2] axes = {-2,3}",
    18,
  ),
  on(
    "Pad, constant axes",
    [1, 2, 4, 4],
    'z = Pad(a, p, "", axes)',
    [1, 2, 6, 5],
    "int64[4] p = {1,1,0,1}, int64[2] axes = {3,-2}",
    18,
  ),
  on("Tile", [1, 2, 3], "z = Tile(a, n)", [2, 2, 9], "int64[3] n = {2,1,3}"),
  on("DepthToSpace DCR", [1, 8, 2, 3], "z = DepthToSpace <blocksize=2> (a)", [1, 2, 4, 6]),
  on("DepthToSpace CRD", [1, 8, 2, 3], 'z = DepthToSpace <blocksize=2, mode="CRD"> (a)', [1, 2, 4, 6]),
  on("SpaceToDepth", [1, 2, 4, 6], "z = SpaceToDepth <blocksize=2> (a)", [1, 8, 2, 3]),
  on("CastLike", [2, 3], "z = CastLike(a, c)", [2, 3], "float c = {1}"),
  on(
    "Slice, ends beyond",
    [1, 5],
    "z = Slice(a, from, to, axes)",
    [1, 3],
    "int64[1] from = {-3}, int64[1] to = {99}, int64[1] axes = {1}",
  ),
  on("a long axis: Gather", [1, 514], "z = Gather <axis=1> (a, i)", [1, 3], "int64[3] i = {3,-1,3}"),
  on(
    "a long axis: Slice with steps",
    [514, 1],
    "z = Slice(a, from, to, axes, steps)",
    [2, 1],
    "int64[1] from = {-1}, int64[1] to = {1}, int64[1] axes = {0}, int64[1] steps = {-300}",
  ),
  on("a long axis: Pad", [514], 'z = Pad <mode="reflect"> (a, p)', [519], "int64[2] p = {3,2}"),
  on("GatherElements", [2, 4], "z = GatherElements <axis=-1> (a, i)", [2, 3], "int64[2,3] i = {3,0,3,-1,1,2}"),
  on("GatherND", [3, 2, 2], "z = GatherND(a, i)", [2, 2], "int64[2,2] i = {2,1,0,-1}"),
  on("GatherND, slices twice", [3, 2, 2], "z = GatherND(a, i)", [3, 2, 2], "int64[3,1] i = {2,1,2}"),
  on("GatherND, batch", [2, 3, 4], "z = GatherND <batch_dims=1> (a, i)", [2, 2, 4], "int64[2,2,1] i = {2,0,1,1}"),
  on("GatherND, two batch axes", [2, 2, 3], "z = GatherND <batch_dims=2> (a, i)", [2, 2], "int64[2,2,1] i = {2,0,1,1}"),
  on("Compress", [2, 4], "z = Compress <axis=1> (a, c)", [2, 2], "bool[3] c = {1,0,1}"),
  on("Compress flattened", [2, 3], "z = Compress(a, c)", [2], "bool[5] c = {0,1,0,0,1}"),
  on("Where", [2, 3], "z = Where(c, a, n)", [2, 3], "bool[3] c = {1,0,1}, float n = {0}"),
  on("Where, broadcast", [2, 1], "z = Where(c, n, a)", [2, 3], "bool[1,3] c = {1,0,0}, float n = {0}"),
  on("Trilu", [2, 3, 4], "z = Trilu(a, k)", [2, 3, 4], "int64 k = {1}"),
  on("Trilu lower", [3, 4], "z = Trilu <upper=0> (a)", [3, 4]),
  on("ReverseSequence", [4, 3], "z = ReverseSequence <batch_axis=1, time_axis=0> (a, n)", [4, 3], "int64[3] n = {4,2,3}"),
  on("MaxUnpool", [1, 2, 2], "z = MaxUnpool <kernel_shape=[2], strides=[2]> (a, i)", [1, 2, 4], "int64[1,2,2] i = {1,2,4,7}"),
  on("Col2Im", [1, 8, 6], "z = Col2Im(a, size, block)", [1, 2, 3, 4], "int64[2] size = {3,4}, int64[2] block = {2,2}", 18),
  on(
    "Col2Im strided",
    [2, 3, 4],
    "z = Col2Im <strides=[2], pads=[1,0], dilations=[2]> (a, size, block)",
    [2, 1, 10],
    "int64[1] size = {10}, int64[1] block = {3}",
    18,
  ),
  on("CenterCropPad", [5, 2, 4], "z = CenterCropPad(a, n)", [2, 5, 4], "int64[3] n = {2,5,4}", 18),
  on("CenterCropPad, axes", [2, 5, 4], "z = CenterCropPad <axes=[-1,1]> (a, n)", [2, 2, 7], "int64[2] n = {7,2}", 18),
  on("CumSum", [2, 4], "z = CumSum(a, axis)", [2, 4], "int64 axis = {1}"),
  on("CumSum exclusive, from the end", [2, 4], "z = CumSum <exclusive=1, reverse=1> (a, axis)", [2, 4], "int64 axis = {-2}"),
  ...["zeros", "border", "reflection"].flatMap((padding) =>
    [0, 1].flatMap((corners) =>
      ["bilinear", "nearest"].map((mode) =>
        on(
          `GridSample ${mode} ${padding} ${corners}`,
          [1, 2, 3, 4],
          `z = GridSample <mode="${mode}", padding_mode="${padding}", align_corners=${corners}> (a, grid)`,
          [1, 2, 3, 2],
          "float[1,3,2,2] grid = {-0.9,0.3,0.21,-0.77,1.4,0.1,0.62,-1.3,-2.1,0.97,0.44,2.6}",
        ),
      ),
    ),
  ),
  {
    name: "GridSample 20",
    inputs: [[2, 1, 3, 3]],
    nodes: 'z = GridSample <mode="linear"> (a, grid)',
    held: "float[2,1,2,2] grid = random(9)",
    out: [2, 1, 1, 2],
    opset: 20,
  },
  ...["ScatterElements", 'ScatterElements <axis=1, reduction="add">'].map((op) => ({
    name: op,
    inputs: [
      [2, 4],
      [2, 2],
    ],
    nodes: `z = ${op === "ScatterElements" ? "ScatterElements <axis=1>" : op}(a, i, b)`,
    held: "int64[2,2] i = {3,0,1,2}",
    out: [2, 4],
  })),
  ...["ScatterND", 'ScatterND <reduction="add">'].map((op) => ({
    name: op,
    inputs: [
      [4, 3],
      [2, 3],
    ],
    nodes: `z = ${op}(a, i, b)`,
    held: "int64[2,1] i = {3,1}",
    out: [4, 3],
  })),
  on(
    "ScatterND into zeros",
    [2, 3],
    "z = ScatterND(c, i, a)",
    [4, 3],
    "int64[2,1] i = {3,1}, float[4,3] c = {0,0,0,0,0,0,0,0,0,0,0,0}",
  ),
  on("Neg", [2, 3], "z = Neg(a)", [2, 3]),
  on("Mul by a constant", [2, 1, 3], "z = Mul(c, a)", [2, 4, 3], "float[4,1] c = random(3)"),
  on("Div by a constant", [2, 3], "z = Div(a, c)", [2, 3], "float[3] c = {2,-4,0.5}"),
  on(
    "BatchNormalization",
    [2, 3, 2],
    "z = BatchNormalization <epsilon=0.01> (a, s, n, n, v)",
    [2, 3, 2],
    "float[3] s = random(1), float[3] n = {0,0,0}, float[3] v = {1,2,0.5}",
  ),
  on(
    "BatchNormalization 2-d",
    [2, 3],
    "z = BatchNormalization(a, s, n, n, v)",
    [2, 3],
    "float[3] s = random(1), float[3] n = {0,0,0}, float[3] v = {1,2,0.5}",
  ),
  ...["half_pixel", "asymmetric", "pytorch_half_pixel", "align_corners"].flatMap((coordinates) =>
    ["round_prefer_floor", "round_prefer_ceil", "floor", "ceil"].map((rounding) =>
      on(
        `Resize nearest ${coordinates} ${rounding}`,
        [1, 1, 3, 4],
        `z = Resize <mode="nearest", coordinate_transformation_mode="${coordinates}", nearest_mode="${rounding}"> (a, "", s)`,
        [1, 1, 6, 12],
        "float[4] s = {1,1,2,3}",
      ),
    ),
  ),
  on(
    "Resize nearest, odd scales",
    [1, 2, 3, 5],
    'z = Resize <mode="nearest"> (a, "", s)',
    [1, 2, 6, 7],
    "float[4] s = {1,1,2.2,1.5}",
  ),
  on("Resize cubic", [1, 1, 4, 4], 'z = Resize <mode="cubic"> (a, "", "", s)', [1, 1, 7, 6], "int64[4] s = {1,1,7,6}"),
  on("Resize axes", [1, 2, 3, 4], 'z = Resize <mode="linear", axes=[2,3]> (a, "", s)', [1, 2, 6, 6], "float[2] s = {2,1.5}", 18),
  on(
    "Resize axes and sizes",
    [1, 2, 3, 4],
    'z = Resize <mode="linear", axes=[3,2]> (a, "", "", s)',
    [1, 2, 5, 6],
    "int64[2] s = {6,5}",
    18,
  ),
  on(
    "Resize antialias",
    [1, 1, 6, 8],
    'z = Resize <mode="linear", antialias=1> (a, "", "", s)',
    [1, 1, 3, 5],
    "int64[4] s = {1,1,3,5}",
    18,
  ),
  ...[0, 1].flatMap((onesided) =>
    [8, 7].map((length) =>
      on(
        `STFT of ${length}${onesided ? ", one-sided" : ""}`,
        [2, 24, 1],
        `z = STFT <onesided=${onesided}> (a, step, window)`,
        [2, Math.floor((24 - length) / 5) + 1, onesided ? Math.floor(length / 2) + 1 : length, 2],
        `int64 step = {5}, float[${length}] window = random(3)`,
      ),
    ),
  ),
  on("STFT without a window", [2, 16, 1], 'z = STFT(a, step, "", length)', [2, 3, 5, 2], "int64 step = {4}, int64 length = {8}"),
  ...[0, 2]
    .flatMap((ratio) => ["half_pixel", "output_half_pixel"].map((mode) => [ratio, mode] as const))
    .map(([ratio, mode]) =>
      on(
        `RoiAlign ${mode}, ${ratio} points`,
        [2, 3, 6, 7],
        `z = RoiAlign <output_height=2, output_width=3, sampling_ratio=${ratio}, spatial_scale=0.5, coordinate_transformation_mode="${mode}"> (a, boxes, batch)`,
        [4, 3, 2, 3],
        "float[4,4] boxes = {1, 1, 9, 8, -6, 2, 3, 14, 4, 4, 4.5, 5, 2, 0, 20, 11.5}, int64[4] batch = {0, 1, 1, 0}",
      ),
    ),
  on("ReduceMean all", [1, 2, 3], "z = ReduceMean(a)", [1, 1, 1]),
  on("ReduceMean axes input", [2, 3, 4], "z = ReduceMean(a, axes)", [2, 3, 1], "int64[1] axes = {-1}", 18),
  on("ReduceSum nothing", [2, 3], "z = ReduceSum <noop_with_empty_axes=1> (a)", [2, 3]),
  on("Add of a constant", [2, 3], "z = Add(c, a)", [2, 3], "float[3] c = {0,0,0}"),
  on("Sub from a constant", [2, 3], "z = Sub(c, a)", [2, 3], "float[3] c = {0,0,0}"),
  on("Mean with a constant", [2, 3], "z = Mean(a, c)", [2, 3], "float[3] c = {0,0,0}"),
];

describe.each([...linearLayers, ...sumLayers, ...moves].map((layer) => [layer.name, layer] as const))("%s", (_, layer) => {
  test("the gradient is the transposed map", async () => {
    const feeds = Object.fromEntries(layer.inputs.map((dims, k) => [`${NAMES[k]}_in`, noise(dims, 60 + k)]));
    const before = layer.inputs.map((_, k) => `${NAMES[k]} = Identity(${NAMES[k]}_in)`).join(" ");
    const text = layerText(layer, true, { before, after: "y = Mul(z, unit)", held: "float unit = {1}" });
    const { seed, gradients } = await vjpOf(text, feeds);
    const { w } = await denseOf(layer);
    const want = w.map((row) => row.reduce((total, v, j) => total + v * seed[j]!, 0));
    expect(want.length).toBe(layer.inputs.map(size).reduce((a, b) => a + b));
    expectClose(
      layer.inputs.flatMap((_, k) => gradients[`${NAMES[k]}_in`]!),
      want,
      2e-6,
    );
  });
});
