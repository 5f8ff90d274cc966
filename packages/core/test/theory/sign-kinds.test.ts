/** Which sign and size the default map has behind one logit, sigmoids, softmaxes and mixtures of them. */
import { describe, expect, test } from "vitest";
import { exactly, families, write } from "../support/families.ts";
import { expectSame, mapsOf } from "../support/maps.ts";
import { combined } from "../support/seeds.ts";

const named = (name: string) => families.find((family) => family.name === name)!;
const NUMBERS = [0, 1e-8, -1e-8, 20, -20];
const softmax = (z: readonly number[]) => {
  const e = z.map((v) => Math.exp(v - Math.max(...z)));
  const sum = e.reduce((a, b) => a + b, 0);
  return e.map((v) => v / sum);
};
const times = (factor: number, map: readonly number[]) => map.map((v) => factor * v);

describe.each(["a dense net", "convolutions, 1×1 head", "a transformer"])("%s", (name) => {
  const family = named(name);
  const { dims: shape } = family;

  test("one logit: the same maps whichever number it is, ± for the two classes", async () => {
    const { maps: single, output: z } = await mapsOf(write(family), { shape, seed: "logit" });
    for (const by of NUMBERS) {
      const held = `float[1,1] own = {${z[1]}}, float by = {${by}}, int64[1] i1 = {1}, int64[1] i2 = {2}`;
      const after = "third = Slice(z, i1, i2, i1) none = Sub(third, own) y = Add(none, by)";
      const { maps, output } = await mapsOf(write(family, { held, after, output: "float[N,1] y" }), { shape, classes: 2 });
      expect(output).toEqual([Math.fround(by)]);
      expectSame(maps[1]!, single[1]!, `${by}, class 1`);
      expectSame(maps[0]!, times(-1, single[1]!), `${by}, class 0`);
    }
  });

  test("labels of their own have the maps of their logits", async () => {
    const { maps: single, output: z } = await mapsOf(write(family), { shape, seed: "logit" });
    for (const asked of [
      [0, 1e-8, -20],
      [20, -1e-8, 0],
    ]) {
      const { held, nodes } = exactly(z, asked);
      const { maps } = await mapsOf(write(family, { held, after: `${nodes} y = Sigmoid(set)` }), { shape });
      for (const [t, map] of maps.entries()) expectSame(map, single[t]!, `${asked}, label ${t}`);
    }
  });

  test("softmax and log-softmax have the maps of their logits, wherever these lie", async () => {
    const plain = await mapsOf(write(family), { shape });
    for (const [op, by] of [
      ["Softmax", 20],
      ["LogSoftmax", -20],
    ]) {
      const { maps } = await mapsOf(write(family, { held: `float by = {${by}}`, after: `set = Add(z, by) y = ${op}(set)` }), {
        shape,
      });
      for (const [t, map] of maps.entries()) expectSame(map, plain.maps[t]!, `${op}, class ${t}`);
    }
  });

  test("[1 − p, p] has the maps of the one logit", async () => {
    const { maps: single, output: z } = await mapsOf(write(family), { shape, seed: "logit" });
    for (const by of [1e-8, 20, -20]) {
      const held = `float[1,1] own = {${z[1]}}, float by = {${by}}, float one = {1}, int64[1] i1 = {1}, int64[1] i2 = {2}`;
      const after = `third = Slice(z, i1, i2, i1) none = Sub(third, own) set = Add(none, by) pr = Sigmoid(set) rest = Sub(one, pr)
        y = Concat <axis=1> (rest, pr)`;
      const { maps } = await mapsOf(write(family, { held, after, output: "float[N,2] y" }), { shape, classes: 2 });
      expectSame(maps[1]!, single[1]!, `${by}, class 1`);
      expectSame(maps[0]!, times(-1, single[1]!), `${by}, class 0`);
    }
  });

  test("a mean of two softmaxes: Σ_m Σ_j v_mj M_mj", async () => {
    const { maps: single, output: z } = await mapsOf(write(family), { shape, seed: "logit" });
    for (const [first, second] of MEMBERS) {
      const { held, nodes } = exactly(z, first!);
      const after = `${nodes} p1 = Softmax(set) other = Add(none, asked2) turned = Transpose <perm=[1,0]> (other) order = Gather(turned, order_of)
        back = Transpose <perm=[1,0]> (order) p2 = Softmax(back) y = Mean(p1, p2)`;
      const more = `${held}, float[1,3] asked2 = {${second}}, int64[3] order_of = {2,0,1}`;
      const { maps, notes } = await mapsOf(write(family, { held: more, after }), { shape });
      const z2 = [second![2]!, second![0]!, second![1]!];
      const [p, q] = [softmax(first!), softmax(z2)];
      for (const [t, map] of maps.entries()) {
        const mean = p.map((v, j) => (v + q[j]!) / 2);
        const rest = mean.reduce((sum, v, j) => sum + (j === t ? 0 : v), 0);
        const slope = (member: readonly number[]) =>
          member.map(
            (v, j) =>
              (0.5 * member[t]! * (j === t ? member.reduce((s, u, i) => s + (i === t ? 0 : u), 0) : -v)) / (mean[t]! * rest),
          );
        const [v1, v2] = [slope(p), slope(q)];
        // Class j of the second member is logit (j + 2) mod 3.
        const v = [0, 1, 2].map((i) => v1[i]! + v2[(i + 1) % 3]!);
        const want = combined(v, single);
        // Where every member is sure nothing moves the score: that is said, and there is no map to compare.
        if (Math.max(...want.map(Math.abs)) < 1e-6) expect(notes[t]).toBe("nothing");
        else expectSame(map, want, `${first} and ${second}, class ${t}`);
      }
    }
  });
});

const MEMBERS = [
  [
    [0, 1e-8, -1e-8],
    [0.5, 0, -0.5],
  ],
  [
    [20, 0, -20],
    [0, 20, -20],
  ],
  [
    [21, 20, 19.5],
    [-20, -20.5, -19],
  ],
];
