/** Rules in words. */
import type { RuleSpec } from "@backlit/core";

/** Name and parameters: `gamma 0.1`, `alpha-beta alpha=2 beta=1`. */
export const describeRule = ({ name, ...parameters }: RuleSpec): string =>
  [
    name,
    ...Object.entries(parameters).map(([key, value]) => {
      const text = Array.isArray(value) ? value.map(short).join("|") : short(value);
      return key === name ? text : `${key}=${text}`;
    }),
  ].join(" ");

const short = (value: unknown): string =>
  typeof value !== "number"
    ? String(value)
    : Math.abs(value) >= 1e-4
      ? String(Number(value.toPrecision(4)))
      : value.toExponential();
