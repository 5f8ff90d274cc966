/**
 * The two 16-bit floats, as bit patterns. float16 (IEEE 754 binary16): sign 1, exponent 5 (bias 15), fraction 10.
 * bfloat16: the upper half of a float32.
 */
const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/** Every float16 is a float32. */
export const halfToFloat = (half: number): number => {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
};

/** The nearest float16 (ties to even); beyond 65504 infinity. */
export const floatToHalf = (value: number): number => {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  if (Number.isNaN(value)) return 0x7e00;
  if (size >= 65520) return sign | 0x7c00;
  const exponent = Math.max(-14, size === 0 ? -14 : Math.floor(Math.log2(size)));
  const units = roundHalfEven(size / 2 ** (exponent - 10)); // in units of the last place; 2048 carries into the exponent
  return sign | (((exponent + 14) << 10) + units); // the hidden bit (1024) adds the last 1 to the exponent
};

export const bfloatToFloat = (half: number): number => {
  bits[0] = half << 16;
  return float[0]!;
};

/** The nearest bfloat16 (ties to even). */
export const floatToBfloat = (value: number): number => {
  if (Number.isNaN(value)) return 0x7fc0;
  float[0] = value;
  const pattern = bits[0]!;
  return (pattern + 0x7fff + ((pattern >>> 16) & 1)) >>> 16;
};

const roundHalfEven = (x: number): number => {
  const below = Math.floor(x);
  const rest = x - below;
  return rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below;
};
