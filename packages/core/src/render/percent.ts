/** Shares for people. */

/** Three significant digits, as in "0.0214 %"; an exponent only below a millionth of a per cent. "? %" for what is no number. */
export const percent = (value: number): string => {
  if (!Number.isFinite(value)) return "? %";
  if (value === 0) return "0 %";
  const exponent = Math.floor(Math.log10(Math.abs(value)));
  const digits = exponent < -6 ? value.toExponential(2) : value.toFixed(Math.max(0, 2 - exponent));
  return `${digits.replaceAll("-", "−")} %`;
};
