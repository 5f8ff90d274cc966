/** A Reshape keeps the order of values: its axes are the old ones, put together or taken apart. */
import type { Origins, Part } from "./origins.ts";
import type { Axis } from "./track.ts";

export interface Factored {
  readonly axes: readonly Axis[];
  /** Parts that could not be placed. */
  readonly unplaced: readonly Part[];
}

export const factored = (before: readonly Axis[], dims: readonly number[], origins: Origins): Factored => {
  const parts = before.flat();
  let at = 0;
  let left = parts[0]?.size ?? 1; // of the part that is being placed
  const next = () => {
    at++;
    left = parts[at]?.size ?? 1;
  };
  const axes: Axis[] = [];
  for (const [axis, size] of dims.entries()) {
    const own: Part[] = [];
    let rest = size;
    if (size === 1 && parts[at]?.size === 1) {
      own.push(parts[at]!);
      next();
    }
    while (rest > 1 && at < parts.length) {
      const part = parts[at]!;
      const whole = left === part.size;
      if (part.size === 1) {
        own.push(part);
        next();
      } else if (rest % left === 0) {
        own.push(whole ? part : { ...part, exact: false, size: left });
        rest /= left;
        next();
      } else if (left % rest === 0) {
        own.push({ ...part, exact: false, size: rest });
        left /= rest;
        rest = 1;
      } else {
        const open = dims.slice(axis).map((n) => (n > 1 ? [origins.fresh(n)] : []));
        return { axes: [...axes, ...open], unplaced: parts.slice(at).concat(own) };
      }
    }
    while (own.length > 0 && size > 1 && parts[at]?.size === 1 && axis === dims.length - 1) {
      own.push(parts[at]!);
      next();
    }
    axes.push(own.length === 0 && size > 1 ? [origins.fresh(size)] : together(own, origins));
  }
  return { axes, unplaced: parts.slice(at).filter(({ size }) => size > 1) };
};

/** Shares of one origin side by side are a larger share. */
const together = (parts: readonly Part[], origins: Origins): Axis => {
  const made: Part[] = [];
  for (const part of parts) {
    const before = made.at(-1);
    const shared =
      before !== undefined && !part.exact && !before.exact && origins.find(before.origin) === origins.find(part.origin);
    if (shared) made[made.length - 1] = { ...part, size: before.size * part.size };
    else made.push(part);
  }
  return made;
};
