/** How far arrays are apart, in the way an expectation says. */
import { type Tensor, toFloat32 } from "@backlit/core";
import type { Result } from "./verdict.ts";

export interface Comparison {
  readonly tolerance?: number;
  /** Absent: the relative L2 error of the whole array. */
  readonly compare?: string;
  /** Of partitions: the least adjusted Rand index. */
  readonly minimum?: number;
  /** A difference that is also good enough. */
  readonly absolute?: number;
}

export const compare = (
  got: Tensor,
  want: Tensor,
  { tolerance = 0, compare: how, minimum = 1, absolute }: Comparison,
): Result => {
  if (got.dims.join() !== want.dims.join())
    return { status: "failed", tolerance, reason: `shape ${got.dims.join("×")} instead of ${want.dims.join("×")}` };
  if (how === "adjusted-rand") return rand(numbersOf(got), numbersOf(want), minimum);
  if (how?.startsWith("equal")) return equal(numbersOf(got), numbersOf(want));
  const [a, b] = [toFloat32(got).data as Float32Array, toFloat32(want).data as Float32Array];
  let difference = 0;
  let norm = 0;
  let largest = 0;
  b.forEach((v, i) => {
    difference += (a[i]! - v) ** 2;
    norm += v * v;
    largest = Math.max(largest, Math.abs(a[i]! - v));
  });
  // A reference of zeros is met by zeros only.
  const error = norm === 0 ? Math.sqrt(difference) : Math.sqrt(difference / norm);
  const close = error <= tolerance || (absolute !== undefined && largest <= absolute);
  return { status: close ? "passed" : "failed", error, tolerance };
};

const numbersOf = ({ data }: Tensor): readonly number[] => Array.from(data as ArrayLike<number | bigint>, Number);

const equal = (a: readonly number[], b: readonly number[]): Result => {
  const wrong = b.filter((v, i) => a[i] !== v).length;
  return wrong === 0
    ? { status: "passed", error: 0 }
    : { status: "failed", reason: `${wrong} of ${b.length} numbers are others` };
};

/** Adjusted Rand index (Hubert and Arabie 1985). */
const rand = (a: readonly number[], b: readonly number[], minimum: number): Result => {
  const pairs = (n: number) => (n * (n - 1)) / 2;
  const counts = (keys: readonly string[]) => {
    const counted = new Map<string, number>();
    for (const key of keys) counted.set(key, (counted.get(key) ?? 0) + 1);
    return [...counted.values()].reduce((sum, n) => sum + pairs(n), 0);
  };
  const both = counts(a.map((v, i) => `${v} ${b[i]}`));
  const [left, right] = [counts(a.map(String)), counts(b.map(String))];
  const chance = (left * right) / pairs(a.length);
  const most = (left + right) / 2;
  const index = most === chance ? 1 : (both - chance) / (most - chance);
  return index >= minimum
    ? { status: "passed", error: 1 - index }
    : { status: "failed", reason: `adjusted Rand index ${index.toFixed(4)}` };
};
