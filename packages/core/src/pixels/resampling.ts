/**
 * Resizing and cropping as two products of matrices: picture · across, down · that. A column of `across` holds the weights with which a pixel
 * of the result reads a row of the picture, as `input/picture/resize.ts` has them (Pillow's): filter(d) / Σ filter(d), d the distance
 * between the centres in units of the widened filter. Sizes are read from the picture when it comes; what a crop leaves out is never
 * computed, and what lies outside the picture has no weights: it is black. All of it is float64, in which bytes times weights of 22 bits add up
 * exactly: the bytes are Pillow's.
 */
import type { Builder } from "../graph/builder.ts";
import type { CropStep, ResizeFilter, ResizeStep } from "../input/index.ts";
import { DataType } from "../onnx/proto.ts";

export interface Frame {
  readonly resize: ResizeStep | null;
  readonly crop: CropStep | null;
}

type Side = "width" | "height";

/** `bytes`: uint8 [N, C, H, W]; the same as whole numbers in float32, at the frame's size. */
export const resampled = (g: Builder, bytes: string, frame: Frame): string => {
  const shape = g.op("Shape", [bytes]);
  const sizes = { height: g.op("Gather", [shape, g.ints(2)]), width: g.op("Gather", [shape, g.ints(3)]) };
  const across = weights(g, sizes, frame, "width");
  const down = g.op("Transpose", [weights(g, sizes, frame, "height")], { perm: [1, 0] });
  const rows = whole(g, g.op("MatMul", [g.op("Cast", [bytes], { to: DataType.DOUBLE }), across]));
  return g.op("Cast", [whole(g, g.op("MatMul", [down, rows]))], { to: DataType.FLOAT });
};

/** Rounded half up and clipped to 0..255. */
const whole = (g: Builder, values: string): string => {
  const rounded = g.op("Floor", [g.op("Add", [values, of(g)(0.5)])]);
  return g.op("Clip", [rounded, of(g)(0), of(g)(255)]);
};

const BITS = 2 ** 22;

/** float64 [from, to] along one side. */
const weights = (g: Builder, sizes: Readonly<Record<Side, string>>, frame: Frame, side: Side): string => {
  const n = of(g);
  const double = (values: string) => g.op("Cast", [values], { to: DataType.DOUBLE });
  const from = double(sizes[side]);
  const resized = double(resizedSize(g, sizes, frame.resize, side));
  const [first, count] = frame.crop ? [margin(g, resized, frame.crop, side), n(frame.crop[side])] : [n(0), resized];
  const places = g.op("Add", [g.op("Range", [n(0), count, n(1)]), first]);
  const scale = g.op("Div", [from, resized]);
  const centres = g.op("Mul", [g.op("Add", [places, n(0.5)]), scale]);
  const pixels = g.op("Unsqueeze", [g.op("Range", [n(0), from, n(1)]), g.ints([1])]);
  const filter = frame.resize?.filter ?? "bilinear";
  const raw =
    filter === "nearest"
      ? double(
          g.op("Equal", [pixels, g.op("Min", [g.op("Floor", [added(g, scale, places, resized)]), g.op("Sub", [from, n(1)])])]),
        )
      : KERNELS[filter](g, g.op("Div", [g.op("Sub", [g.op("Add", [pixels, n(0.5)]), centres]), g.op("Max", [scale, n(1)])]));
  const total = g.op("ReduceSum", [raw, g.ints([0])]);
  const share = g.op("Div", [raw, g.op("Where", [g.op("Equal", [total, n(0)]), n(1), total])]);
  const inside = g.op("And", [g.op("GreaterOrEqual", [places, n(0)]), g.op("Less", [places, resized])]);
  const known = g.op("Where", [inside, share, n(0)]);
  // Halves are rounded away from 0.
  const steps = g.op("Floor", [g.op("Add", [g.op("Mul", [g.op("Abs", [known]), n(BITS)]), n(0.5)])]);
  return g.op("Div", [g.op("Mul", [steps, g.op("Sign", [known])]), n(BITS)]);
};

/** Centres as Pillow adds them up, so that ties fall the same way. */
const added = (g: Builder, scale: string, places: string, resized: string): string => {
  const n = of(g);
  const all = g.op("Range", [n(0), resized, n(1)]);
  const steps = g.op("Where", [g.op("Equal", [all, n(0)]), g.op("Mul", [scale, n(0.5)]), scale]);
  const last = g.op("Sub", [resized, n(1)]);
  const at = g.op("Max", [g.op("Min", [places, last]), n(0)]);
  return g.op("Gather", [g.op("CumSum", [steps, g.ints(0)]), g.op("Cast", [at], { to: DataType.INT64 })]);
};

/** int64 */
const resizedSize = (g: Builder, sizes: Readonly<Record<Side, string>>, resize: ResizeStep | null, side: Side): string => {
  if (resize === null) return sizes[side];
  if (resize.to === "size") return g.ints(resize[side]);
  const shorter = g.op("Min", [sizes.width, sizes.height]);
  return g.op("Div", [g.op("Mul", [sizes[side], g.ints(resize.edge)]), shorter]);
};

/** Where the crop begins, float64; below 0 where the picture is smaller. */
const margin = (g: Builder, resized: string, crop: CropStep, side: Side): string => {
  const n = of(g);
  const half = g.op("Div", [g.op("Sub", [resized, n(crop[side])]), n(2)]);
  if (crop.margin === "floor") return g.op("Floor", [half]);
  // ONNX rounds halves to the even neighbour.
  return g.op("Where", [g.op("Less", [half, n(0)]), g.op("Ceil", [half]), g.op("Round", [half])]);
};

type Kernel = (g: Builder, distance: string) => string;
const of = (g: Builder) => (value: number) => g.doubles(Float64Array.of(value), []);

const sinc: Kernel = (g, x) => {
  const n = of(g);
  const angle = g.op("Mul", [x, n(Math.PI)]);
  const zero = g.op("Equal", [x, n(0)]);
  return g.op("Where", [zero, n(1), g.op("Div", [g.op("Sin", [angle]), g.op("Where", [zero, n(1), angle])])]);
};

const within = (g: Builder, x: string, limit: number, value: string): string =>
  g.op("Where", [g.op("Less", [g.op("Abs", [x]), of(g)(limit)]), value, of(g)(0)]);

const KERNELS: Readonly<Record<Exclude<ResizeFilter, "nearest">, Kernel>> = {
  box: (g, x) => {
    const inside = g.op("And", [g.op("Greater", [x, of(g)(-0.5)]), g.op("LessOrEqual", [x, of(g)(0.5)])]);
    return g.op("Cast", [inside], { to: DataType.DOUBLE });
  },
  bilinear: (g, x) => g.op("Max", [g.op("Sub", [of(g)(1), g.op("Abs", [x])]), of(g)(0)]),
  hamming: (g, x) => {
    const cosine = g.op("Cos", [g.op("Mul", [x, of(g)(Math.PI)])]);
    const window = g.op("Add", [g.op("Mul", [cosine, of(g)(0.46)]), of(g)(0.54)]);
    return within(g, x, 1, g.op("Mul", [sinc(g, x), window]));
  },
  bicubic: (g, x) => {
    const n = of(g);
    const d = g.op("Abs", [x]);
    const horner = (...coefficients: readonly number[]) =>
      coefficients.slice(1).reduce((sum, c) => g.op("Add", [g.op("Mul", [sum, d]), n(c)]), n(coefficients[0]!));
    const a = -0.5;
    const near = horner(a + 2, -(a + 3), 0, 1);
    const far = horner(a, -5 * a, 8 * a, -4 * a);
    return within(g, x, 2, g.op("Where", [g.op("Less", [d, n(1)]), near, far]));
  },
  lanczos: (g, x) => within(g, x, 3, g.op("Mul", [sinc(g, x), sinc(g, g.op("Div", [x, of(g)(3)]))])),
};
