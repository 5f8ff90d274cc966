/** Numbers as people read them. */
export const percent = (share: number): string => {
  const value = 100 * share;
  if (!Number.isFinite(value)) return "–";
  if (value === 0) return "0 %";
  return Math.abs(value) < 0.1 ? `${value.toPrecision(1)} %` : `${value.toFixed(1)} %`;
};

/** A value with four digits; in powers of ten below 0.001 and from 100,000 on. */
export const amount = (value: number): string =>
  value === 0
    ? "0"
    : Math.abs(value) >= 1e-3 && Math.abs(value) < 1e5
      ? String(Number(value.toPrecision(4)))
      : value.toExponential(2);

/** Milliseconds as "12 ms" or "1.50 s". */
export const seconds = (ms: number): string => (ms < 1000 ? `${ms.toFixed(0)} ms` : `${(ms / 1000).toFixed(2)} s`);

/** "12 bytes", "3 kB", "1.5 MB"; a kB is 1000 bytes. */
export const bytes = (count: number): string =>
  count >= 1e6 ? `${(count / 1e6).toFixed(1)} MB` : count >= 1e3 ? `${(count / 1e3).toFixed(0)} kB` : `${count} bytes`;

/** A share of a bar `width` characters long, in eighths of a character. */
export const bar = (share: number, width: number): string => {
  const eighths = Math.round(Math.min(1, Math.max(0, share)) * width * 8);
  return "█".repeat(Math.floor(eighths / 8)) + (["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8] ?? "");
};
