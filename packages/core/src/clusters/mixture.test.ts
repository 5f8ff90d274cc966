import { expect, test } from "vitest";
import { logSumExp } from "../numeric/log-sum-exp.ts";
import { randomBy } from "../numeric/random.ts";
import { kMeans } from "./k-means.ts";
import { densityOf, fitMixture, responsibilitiesOf } from "./mixture.ts";

const stream = randomBy(1).stream(0);
/** Two clouds, far apart: 60 rows and 30. */
const rows = Array.from({ length: 90 }, (_, i) => [
  (i < 60 ? 0 : 8) + stream.normal(),
  (i < 60 ? 0 : -5) + 0.5 * stream.normal(),
  1,
]);

test("two clouds are two clusters, whatever the covariance", () => {
  const { labels, means, inertia } = kMeans(rows, 2);
  expect(labels).toEqual(rows.map((_, i) => (i < 60 ? 0 : 1)));
  expect(means[1]![0]).toBeCloseTo(8, 0);
  expect(inertia).toBeLessThan(200);
  for (const covariance of ["diag", "full"] as const) {
    const { weights, means: own } = fitMixture(rows, { components: 2, covariance });
    expect(weights[0]).toBeCloseTo(2 / 3, 6);
    expect(own[1]![1]).toBeCloseTo(-5, 0);
  }
});

test("one component is the mean and the covariance of the rows; its density integrates to one", () => {
  const one = rows.map(([a]) => [a!]);
  const mixture = fitMixture(one, { components: 1, reg: 0 });
  const mean = one.reduce((sum, [a]) => sum + a!, 0) / 90;
  expect(mixture.means[0]![0]).toBeCloseTo(mean, 10);
  expect(mixture.covariances[0]![0]).toBeCloseTo(one.reduce((sum, [a]) => sum + (a! - mean) ** 2, 0) / 90, 10);
  const density = densityOf(mixture);
  const integral = Array.from({ length: 8001 }, (_, i) => Math.exp(logSumExp(density([-40 + i / 100]))) / 100);
  expect(integral.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 6);
});

test("shares add up to one, far outside too; what cannot be fitted is said", () => {
  const density = densityOf(fitMixture(rows, { components: 2 }));
  expect(responsibilitiesOf(density([1e6, 1e6, 0])).reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
  expect(() => fitMixture(rows.slice(0, 1), { components: 2 })).toThrow(/2 components of 1 rows/);
  const flat = { covariance: "full", weights: [1], means: [[0, 0]], covariances: [[1, 2, 2, 1]] } as const;
  expect(() => densityOf(flat)).toThrow(/not positive definite/);
  expect(() => kMeans(rows, 91)).toThrow(/91 clusters of 90 rows/);
});
