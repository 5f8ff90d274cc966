import { expect, test } from "vitest";
import { symmetricEigen } from "./eigen.ts";
import { randomBy } from "./random.ts";

test.each([1, 2, 3, 17, 60])("A v = λ v, orthonormal, ascending, of %i rows", (n) => {
  const stream = randomBy(n).stream(0);
  const a = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) a[i * n + j] = a[j * n + i] = stream.normal();
  const { values, vectors } = symmetricEigen(a, n);
  for (const [k, v] of vectors.entries()) {
    if (k > 0) expect(values[k]!).toBeGreaterThanOrEqual(values[k - 1]!);
    for (let i = 0; i < n; i++) {
      const av = v.reduce((sum, x, j) => sum + a[i * n + j]! * x, 0);
      expect(av).toBeCloseTo(values[k]! * v[i]!, 10);
    }
    for (const [l, u] of vectors.entries()) expect(u.reduce((sum, x, j) => sum + x * v[j]!, 0)).toBeCloseTo(k === l ? 1 : 0, 10);
  }
});

test("known ones: a path of equal springs has 2 − 2 cos; equal values are all there", () => {
  const n = 6;
  const path = Float64Array.from({ length: n * n }, (_, i) => [2, -1][Math.abs(Math.floor(i / n) - (i % n))] ?? 0);
  symmetricEigen(path, n).values.forEach((value, k) => {
    expect(value).toBeCloseTo(2 - 2 * Math.cos(((k + 1) * Math.PI) / (n + 1)), 12);
  });
  expect(Array.from(symmetricEigen([3, 0, 0, 0, 3, 0, 0, 0, 1], 3).values)).toEqual([1, 3, 3]);
});
