/** Groups of values and superpixels. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { floats, ints, noise } from "../../../test/support/run.ts";
import { groupsOf as groupsAs, membersOf } from "../../features/index.ts";
import type { LayoutKind } from "../../features/layout.ts";
import { slic } from "../../features/slic.ts";
import type { FloatTensor } from "../../tensor/float.ts";
import type { Tensor } from "../../tensor/tensor.ts";

const tensor = (...dims: number[]) => noise(dims, 1) as FloatTensor;
const groupsOf = (x: FloatTensor, spec: string, context: { kind?: LayoutKind; given?: Tensor } = {}) =>
  groupsAs(x, spec, { kind: x.dims.length > 2 ? "space" : "values", ...context });
const ids = (x: FloatTensor, spec: string, context = {}) => [...groupsOf(x, spec, context)[0]!.ids];

describe("groups", () => {
  test("a pixel is all channels at one place, a channel all places of one", () => {
    expect(ids(tensor(1, 2, 1, 3), "pixel")).toEqual([0, 1, 2, 0, 1, 2]);
    expect(ids(tensor(1, 2, 1, 3), "channel")).toEqual([0, 0, 0, 1, 1, 1]);
    expect(ids(tensor(1, 2, 3), "pixel")).toEqual([0, 1, 2, 0, 1, 2]);
  });

  test("a token is a row of an embedding, a feature a value", () => {
    expect(ids(tensor(1, 3, 2), "token", { kind: "tokens" })).toEqual([0, 0, 1, 1, 2, 2]);
    expect(ids(tensor(1, 2, 2), "feature")).toEqual([0, 1, 2, 3]);
    expect(ids(tensor(2, 3), "feature")).toEqual([0, 1, 2]);
  });

  test("cells are cut at the border", () => {
    const [only] = groupsOf(tensor(1, 1, 3, 5), "grid:2");
    expect([...only!.ids]).toEqual([0, 0, 1, 1, 2, 0, 0, 1, 1, 2, 3, 3, 4, 4, 5]);
    expect(only!.count).toBe(6);
    expect(ids(tensor(1, 2, 4), "grid:2")).toEqual([0, 0, 1, 1, 0, 0, 1, 1]);
    expect(ids(tensor(1, 4, 2), "grid:2", { kind: "tokens" })).toEqual([0, 0, 0, 0, 1, 1, 1, 1]);
  });

  test("auto: superpixels, an eighth of a series, tokens, features, or what is given", () => {
    expect(groupsOf(tensor(1, 1, 16, 16), "auto")[0]!.ids).toEqual(groupsOf(tensor(1, 1, 16, 16), "slic:50")[0]!.ids);
    expect(groupsOf(tensor(1, 3, 40), "auto")[0]!.count).toBe(8);
    expect(groupsOf(tensor(1, 3, 40), "auto", { kind: "tokens" })[0]!.count).toBe(3);
    expect(groupsOf(tensor(1, 7), "auto")[0]!.count).toBe(7);
    expect(ids(tensor(1, 3), "auto", { given: ints([3], [5, 5, 9]) })).toEqual([0, 0, 1]);
  });

  test("given groups go by their numbers and stretch along axes of size 1, for one sample or each", () => {
    expect(ids(tensor(1, 2, 1, 3), "given", { given: floats([1, 1, 3], [4, 4, -1]) })).toEqual([1, 1, 0, 1, 1, 0]);
    const each = groupsOf(tensor(2, 2), "given", { given: ints([2, 2], [7, 7, 1, 2]) });
    expect(each.map(({ ids }) => [...ids])).toEqual([
      [0, 0],
      [0, 1],
    ]);
    expect(() => groupsOf(tensor(2, 2), "given", { given: ints([3], [1, 2, 3]) })).toThrow(/groups of 3/);
    expect(() => groupsOf(tensor(2, 2), "given")).toThrow(/no groups were given/);
  });

  test.each(["grid", "grid:0", "grid:1.5", "slic:x", "slic:10:-1", "word"])("'%s' is an error that lists the choices", (spec) => {
    expect(() => groupsOf(tensor(1, 1, 4, 4), spec)).toThrow(/grid:K/);
  });

  test("pictures have superpixels, tables have neither these nor pixels", () => {
    expect(() => groupsOf(tensor(1, 4), "slic:2")).toThrow(/need a picture/);
    expect(() => groupsOf(tensor(1, 4), "pixel")).toThrow(/take feature/);
  });

  test("members list every value once, by group", () => {
    const [of] = groupsOf(tensor(1, 2, 5, 4), "grid:2");
    const { values, from } = membersOf(of!);
    expect([...values].sort((a, b) => a - b)).toEqual([...of!.ids.keys()]);
    for (let g = 0; g < of!.count; g++) for (const v of values.subarray(from[g], from[g + 1])) expect(of!.ids[v]).toBe(g);
  });
});

/** How many pixels are reached from the first one of each label within it. */
const reached = (labels: Uint32Array, height: number, width: number): number => {
  const seen = new Set<number>();
  const started = new Set<number>();
  for (const [first, label] of labels.entries()) {
    if (started.has(label)) continue;
    started.add(label);
    const open = [first];
    while (open.length > 0) {
      const p = open.pop()!;
      if (seen.has(p)) continue;
      seen.add(p);
      const x = p % width;
      for (const [q, inside] of [
        [p - 1, x > 0],
        [p + 1, x < width - 1],
        [p - width, true],
        [p + width, true],
      ] as const)
        if (inside && q >= 0 && q < height * width && labels[q] === label) open.push(q);
    }
  }
  return seen.size;
};

describe("superpixels", () => {
  test("are connected, cover everything, are numbered without gaps, and come out the same again", () => {
    const shape = fc.record({
      height: fc.integer({ min: 1, max: 30 }),
      width: fc.integer({ min: 1, max: 30 }),
      channels: fc.integer({ min: 1, max: 3 }),
      count: fc.integer({ min: 1, max: 60 }),
      compactness: fc.constantFrom(0, 0.1, 0.5, 5),
      seed: fc.nat(1000),
    });
    fc.assert(
      fc.property(shape, ({ height, width, channels, seed, ...options }) => {
        const values = noise([channels, height, width], seed).data as Float32Array;
        const labels = slic(values, { height, width, ...options });
        const distinct = new Set(labels);
        expect(labels).toHaveLength(height * width);
        expect(Math.max(...distinct)).toBe(distinct.size - 1);
        expect(reached(labels, height, width)).toBe(height * width);
        expect(slic(values, { height, width, ...options })).toEqual(labels);
      }),
      { numRuns: 60, seed: 1 },
    );
  });

  test("keep to the edges of a picture, and to about the number asked for", () => {
    const [height, width] = [40, 40];
    const inside = (p: number) => (Math.floor(p / width) - 20) ** 2 + ((p % width) - 17) ** 2 < 120;
    const wiggle = noise([1, height, width], 3, 0.1).data as Float32Array;
    const values = Float32Array.from(wiggle, (v, p) => v + (inside(p) ? 1 : 0));
    const labels = slic(values, { height, width, count: 40, compactness: 0.3 });
    const count = Math.max(...labels) + 1;
    expect(count).toBeGreaterThan(25);
    expect(count).toBeLessThan(60);
    // Nearly every superpixel lies on one side of the circle.
    let wrong = 0;
    for (let k = 0; k < count; k++) {
      let [within, size] = [0, 0];
      for (const [p, label] of labels.entries())
        if (label === k) {
          size++;
          if (inside(p)) within++;
        }
      wrong += Math.min(within, size - within);
    }
    expect(wrong / labels.length).toBeLessThan(0.02);
  });

  test("of a picture of one colour are squares", () => {
    const labels = slic(new Float32Array(64), { height: 8, width: 8, count: 4, compactness: 1 });
    const square = (p: number) => Math.floor(p / 32) * 2 + Math.floor((p % 8) / 4);
    const wrong = labels.reduce((sum, label, p) => sum + (label === square(p) ? 0 : 1), 0);
    expect(Math.max(...labels)).toBe(3);
    expect(wrong).toBeLessThanOrEqual(16); // centres have moved by a pixel
  });
});
