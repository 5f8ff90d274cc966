/**
 * OKLab (Ottosson 2020), a colour space in which equal distances look about equally large:
 *
 *   sRGB ─ inverse gamma ─► linear RGB ─ M1 ─► LMS ─ ∛ ─► L'M'S' ─ M2 ─► (L, a, b)
 *
 * L is lightness 0..1; chroma C = |(a, b)| and hue h = atan2(b, a) are its polar form, OKLCh.
 */
export type Vec3 = readonly [number, number, number];
/** A colour in sRGB, 0..255 per channel. */
export type Rgb = Vec3;

const dot = (m: Vec3, v: Vec3) => m[0] * v[0] + m[1] * v[1] + m[2] * v[2];
const times = (m: readonly [Vec3, Vec3, Vec3], v: Vec3): Vec3 => [dot(m[0], v), dot(m[1], v), dot(m[2], v)];
const each = (v: Vec3, f: (x: number) => number): Vec3 => [f(v[0]), f(v[1]), f(v[2])];

const LMS_FROM_RGB = [
  [0.4122214708, 0.5363325363, 0.0514459929],
  [0.2119034982, 0.6806995451, 0.1073969566],
  [0.0883024619, 0.2817188376, 0.6299787005],
] as const;
const LAB_FROM_LMS = [
  [0.2104542553, 0.793617785, -0.0040720468],
  [1.9779984951, -2.428592205, 0.4505937099],
  [0.0259040371, 0.7827717662, -0.808675766],
] as const;
const LMS_FROM_LAB = [
  [1, 0.3963377774, 0.2158037573],
  [1, -0.1055613458, -0.0638541728],
  [1, -0.0894841775, -1.291485548],
] as const;
const RGB_FROM_LMS = [
  [4.0767416621, -3.3077115913, 0.2309699292],
  [-1.2684380046, 2.6097574011, -0.3413193965],
  [-0.0041960863, -0.7034186147, 1.707614701],
] as const;

const decodeGamma = (u: number) => (u <= 0.04045 ? u / 12.92 : ((u + 0.055) / 1.055) ** 2.4);
const encodeGamma = (u: number) => (u <= 0.0031308 ? 12.92 * u : 1.055 * u ** (1 / 2.4) - 0.055);

/** sRGB 0..255 to linear light 0..1. */
export const linearFromRgb = (rgb: Rgb): Vec3 => each(rgb, (c) => decodeGamma(c / 255));

/** Linear light to sRGB 0..255, rounded; what lies outside the gamut is clamped. */
export const rgbFromLinear = (linear: Vec3): Rgb =>
  each(linear, (u) => Math.round(255 * encodeGamma(Math.min(1, Math.max(0, u)))));

/**
 * sRGB 0..255 to (L, a, b).
 * @internal Exported for its tests.
 */
export const oklabFromRgb = (rgb: Rgb): Vec3 => times(LAB_FROM_LMS, each(times(LMS_FROM_RGB, linearFromRgb(rgb)), Math.cbrt));

/** (L, a, b) to linear light; values outside 0..1 are colours sRGB cannot show. */
export const linearFromOklab = (lab: Vec3): Vec3 =>
  times(
    RGB_FROM_LMS,
    each(times(LMS_FROM_LAB, lab), (x) => x ** 3),
  );

/** (L, C, hue in degrees) to (L, a, b). */
export const oklabFromOklch = ([lightness, chroma, hue]: Vec3): Vec3 => [
  lightness,
  chroma * Math.cos((hue * Math.PI) / 180),
  chroma * Math.sin((hue * Math.PI) / 180),
];
