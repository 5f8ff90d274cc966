/** Signed numbers for people, with the digits that count: "+0.42", "-1.3e-5"; "0" for zero, "?" for what is no number. */
export const signed = (value: number, digits = 3): string => {
  if (!Number.isFinite(value)) return "?";
  if (value === 0) return "0";
  const size = Math.abs(value);
  const text = size >= 1e-3 && size < 1e5 ? String(Number(size.toPrecision(digits))) : size.toExponential(digits - 1);
  return `${value < 0 ? "-" : "+"}${text}`;
};

/** With as many decimals as tell values apart that are small beside `limit`: "+0.401", "-0.007". */
export const signedBeside = (value: number, limit: number): string => {
  if (!Number.isFinite(value) || !(limit >= 1e-3 && limit < 1e5)) return signed(value, 2);
  const text = Math.abs(value).toFixed(Math.max(0, 2 - Math.floor(Math.log10(limit))));
  return Number(text) === 0 ? "0" : `${value < 0 ? "-" : "+"}${text}`;
};

/** With the minus sign of typesetting, as wide as the plus. */
export const typeset = (number: string): string => number.replaceAll("-", "−");

export const signedNumber = (value: number): string => typeset(signed(value));
