/** Two logits and their one-logit form, and why A beside why B. */
import { describe, test } from "vitest";
import { BIAS, families, write } from "../support/families.ts";
import { expectSame, mapsOf } from "../support/maps.ts";

const times = (factor: number, map: readonly number[]) => map.map((v) => factor * v);

describe("two logits and their one-logit form agree, and why A is the negative of why B", () => {
  const held = "int64[1] i0 = {0}, int64[1] i1 = {1}, int64[1] i2 = {2}";
  test.each(families.map((family) => [family.name, family] as const))("%s", async (_, family) => {
    const { dims: shape, classAxis } = family;
    const more = `${held}, int64[1] axis = {${classAxis}}, int64[1] last = {1}`;
    const cut = (nodes: string) => ({ ...family, nodes: nodes.replace(/\bw\b/, "cut") });
    const two =
      family.adds === undefined
        ? write(
            { ...cut(family.nodes), nodes: `cut = Slice(w, i0, i2, axis) ${cut(family.nodes).nodes}` },
            { bias: [BIAS[0]!, BIAS[1]!], held: more, output: "float[N,2] y" },
          )
        : write(family, { held: more, after: "y = Slice(z, i0, i2, last)", output: "float[N,2] y" });
    const one =
      family.adds === undefined
        ? write(
            {
              ...family,
              nodes: `w0 = Slice(w, i0, i1, axis) w1 = Slice(w, i1, i2, axis) cut = Sub(w1, w0) ${cut(family.nodes).nodes}`,
            },
            { bias: [BIAS[1]! - BIAS[0]!], held: more, output: "float[N,1] y" },
          )
        : write(family, {
            held: more,
            after: "z0 = Slice(z, i0, i1, last) z1 = Slice(z, i1, i2, last) y = Sub(z1, z0)",
            output: "float[N,1] y",
          });
    for (const seed of ["log-odds", "half-log-odds"] as const) {
      const pair = await mapsOf(two, { shape, seed, classes: 2 });
      const single = await mapsOf(one, { shape, seed, classes: 2 });
      expectSame(pair.maps[0]!, times(-1, pair.maps[1]!), "A and B", 1e-5);
      for (const t of [0, 1]) expectSame(single.maps[t]!, pair.maps[t]!, `${seed}, class ${t}`, 1e-5);
    }
  });
});
