/**
 * In every family the default map of class t is Σ_j v_j M_j, M_j the map of the single logit z_j: whatever is added to all logits, and
 * wherever, and whichever number z_t happens to be.
 */
import { describe, expect, test } from "vitest";
import { randomValues } from "../../src/onnx/parse-tensors.ts";
import { BIAS, families, type Written, write } from "../support/families.ts";
import { expectSame, mapsOf } from "../support/maps.ts";
import { noise, numbers } from "../support/run.ts";
import { combined, direction, SEEDS } from "../support/seeds.ts";

interface Site extends Written {
  readonly where: string;
  /** ∂y/∂z. */
  readonly slope?: number;
}

const three = (v: number) => `{${v},${v},${v}}`;
const shifts = (by: number): readonly Site[] => [
  { where: "nowhere" },
  { where: "the bias", bias: BIAS.map((v) => v + by) },
  { where: "a scalar", held: `float by = {${by}}`, after: "y = Add(z, by)" },
  { where: "[1], taken away", held: `float[1] by = {${by}}`, after: "y = Sub(z, by)" },
  { where: "[C]", held: `float[3] by = ${three(by)}`, after: "y = Add(by, z)" },
  { where: "[1, C]", held: `float[1,3] by = ${three(by)}`, after: "y = Add(z, by)" },
  {
    where: "before 1 − x",
    held: `float[1] by = {${by}}, float one = {1}`,
    after: "above = Add(z, by) y = Sub(one, above)",
    slope: -1,
  },
  {
    where: "before a temperature",
    held: `float by = {${by}}, float warmth = {2.5}`,
    after: "above = Add(z, by) y = Div(above, warmth)",
    slope: 0.4,
  },
  {
    where: "a batch norm",
    held: `float[3] gain = ${three(2)}, float[3] by = ${three(by)}, float[3] mean = ${three(0)}, float[3] variance = ${three(1)}`,
    after: "y = BatchNormalization <epsilon=0.0> (z, gain, by, mean, variance)",
    slope: 2,
  },
];
const shiftsBeforePools = (by: number): readonly Site[] => [
  { where: "[C, 1, 1] before the pool", held: `float[3,1,1] by = ${three(by)}`, before: "moved = Add(maps, by)" },
  { where: "[1, C, 1, 1] before the pool", held: `float[1,3,1,1] by = ${three(by)}`, before: "moved = Sub(maps, by)" },
  { where: "a scalar before the pool", held: `float by = {${by}}`, before: "moved = Add(by, maps)" },
];
/** Every second family has the other half of them. */
const LOGITS = [
  [0, 1e-8, -1e-8],
  [20, 0, -20],
  [-20, 1e-8, 20],
  [-1e-8, -20, 0],
  [0, 0, 0],
  [20, -20, 1e-8],
];

test.each(families.map((family, k) => [family.name, family, k] as const))("%s", async (_, family, k) => {
  const { dims: shape } = family;
  const single = await mapsOf(write(family), { shape, seed: "logit" });
  const z = single.output;

  for (const [j, by] of shifts(0).map((_, j) => [j, (j + k) % 2 === 0 ? 20 : -20] as const)) {
    const site = shifts(by)[j]!;
    const { maps, output, seed } = await mapsOf(write(family, site), { shape });
    for (const [t, map] of maps.entries()) {
      const v = direction(seed, output, t).map((one) => one * (site.slope ?? 1));
      expectSame(map, combined(v, single.maps), `${by} at ${site.where}, class ${t}`);
    }
  }
  const beforePool = family.pooled === undefined ? [] : [...shiftsBeforePools(20), ...shiftsBeforePools(-20)];
  for (const site of beforePool) {
    const { maps, seed } = await mapsOf(write(family, site), { shape });
    for (const [t, map] of maps.entries())
      expectSame(map, combined(direction(seed, z, t), single.maps), `${site.where}, class ${t}`);
  }

  for (const [i, logits] of LOGITS.filter((_, i) => i % 2 === k % 2).entries()) {
    const seed = SEEDS[(i + k) % 3]!;
    // What is taken away is what the same nodes gave: the logits are exact.
    const held = `float[1,3] own = {${z}}, float[1,3] asked = {${logits}}`;
    const written = write(family, { held, after: "none = Sub(z, own) y = Add(none, asked)" });
    const { maps, output } = await mapsOf(written, { shape, seed });
    expect(output).toEqual(logits.map(Math.fround));
    for (const [t, map] of maps.entries())
      expectSame(map, combined(direction(seed, logits, t), single.maps), `${seed}, ${logits}, class ${t}`);
  }
});

describe("of a linear model the map is x ⊙ Wᵀv", () => {
  const family = families[0]!;
  const { dims: shape } = family;
  const w = randomValues(1, 12);
  const x = numbers(noise(shape, 5, 4));
  const columns = BIAS.map((_, j) => x.map((v, i) => v * w[3 * i + j]!));
  const z = columns.map((column, j) => column.reduce((a, b) => a + b, BIAS[j]!));
  test.each(SEEDS)("%s", async (seed) => {
    const { maps } = await mapsOf(write(family), { shape, seed });
    for (const [t, map] of maps.entries()) expectSame(map, combined(direction(seed, z, t), columns), `class ${t}`, 1e-5);
  });
});
