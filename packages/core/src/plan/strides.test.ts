import { describe, expect, test } from "vitest";
import { tracedModel } from "../../test/support/run.ts";
import { planModel } from "../compile/index.ts";
import { describeLayers } from "./match.ts";
import type { Recipe } from "./recipe-fields.ts";

const planned = async (text: string, recipe: Recipe = {}, asked?: boolean) =>
  planModel(await tracedModel(text), recipe, asked === undefined ? {} : { asked });
/** Share of the total stride of every convolution, by name. */
const shares = async (text: string) => {
  const { plan, canonical, reading } = await planned(text, { composite: "epsilon" });
  const nodes = plan.steps.map(({ node, role }) => ({ node, kind: role.kind, inputs: role.inputs }));
  const layers = describeLayers(nodes, { facts: canonical.facts, axes: reading.axes, ...plan, head: new Set() });
  return Object.fromEntries(
    layers.flatMap(({ node, strideShare }) => (node.opType.startsWith("Conv") ? [[node.name, strideShare]] : [])),
  );
};

const K = "float[3,3,3,3] k = random(1), float[3,3,1,1] p = random(2), float[3,4] w = random(3)";
const net = (side: number, nodes: string, rest = "") => `net (float[N,3,${side},${side}] x) => (float[N,4] y) <${K}${rest}> {
  ${nodes} y = Gemm(f, w) }`;
const conv = (name: string, from: string, to: string, stride = 1, pad = 1) =>
  `["${name}"] ${to}_z = Conv <strides=[${stride},${stride}], pads=[${pad},${pad},${pad},${pad}]> (${from}, k) ${to} = Relu(${to}_z)`;
const END = (from: string) => `g = GlobalAveragePool(${from}) f = Flatten(g)`;

describe("strides", () => {
  test("multiply along the way, whatever unpadded convolutions cut off", async () => {
    const text = net(
      29,
      `${conv("a", "x", "h1", 2, 0)} ${conv("b", "h1", "h2", 1, 0)} ${conv("c", "h2", "h3", 2, 0)} ${END("h3")}`,
    );
    expect(await shares(text)).toEqual({ a: 0.5, b: 0.5, c: 1 });
  });
  test("of pools count, but not of those that take the whole map", async () => {
    const pool = (op: string, n: number, from: string, to: string) =>
      `${to} = ${op} <kernel_shape=[${n},${n}], strides=[${n},${n}]> (${from})`;
    const fixed = net(
      16,
      `${conv("a", "x", "h1")} ${pool("MaxPool", 2, "h1", "m1")} ${conv("b", "m1", "h2", 2)} ${pool("AveragePool", 4, "h2", "q")} f = Flatten(q)`,
    );
    expect(await shares(fixed)).toEqual({ a: 0.25, b: 1 });
    // VGG's last pool, and a transition of a DenseNet on a small picture.
    const last = net(4, `${conv("a", "x", "h1", 2)} ${pool("MaxPool", 2, "h1", "q")} f = Flatten(q)`);
    expect(await shares(last)).toEqual({ a: 0.5 });
    const between = net(
      4,
      `${conv("a", "x", "h1", 2)} ${pool("AveragePool", 2, "h1", "m")} ${conv("b", "m", "h2")} ${END("h2")}`,
    );
    expect(await shares(between)).toEqual({ a: 0.5, b: 1 });
  });
  test("of a gate are no map's; its product is as fine as what it gates", async () => {
    const gate = `e = GlobalAveragePool(h1) ["squeeze"] s = Conv(e, p) i = Sigmoid(s) u = Mul(h1, i)`;
    expect(await shares(net(16, `${conv("a", "x", "h1", 2)} ${gate} ${conv("b", "u", "h2", 2)} ${END("h2")}`))).toEqual({
      a: 0.5,
      squeeze: Number.POSITIVE_INFINITY,
      b: 1,
    });
  });
  test("upwards they divide, and cuts with steps count", async () => {
    const up = `["up"] u = ConvTranspose <strides=[2,2]> (h2, p2) ["late"] v_z = Conv(u, p) v = Relu(v_z)`;
    const text = net(
      16,
      `${conv("a", "x", "h1", 2)} ${conv("b", "h1", "h2", 2)} ${up} ${END("v")}`,
      ", float[3,3,2,2] p2 = random(5)",
    );
    expect(await shares(text)).toEqual({ a: 0.5, b: 1, up: 0.5, late: 0.5 });
    const cut = `c = Slice(x, from, to, axes, steps) ${conv("a", "c", "h1")} ${conv("b", "h1", "h2", 2)} ${END("h2")}`;
    const slice = "int64[2] from = {0,0}, int64[2] to = {16,16}, int64[2] axes = {2,3}, int64[2] steps = {2,2}";
    expect(await shares(net(16, cut, `, ${slice}`))).toEqual({ a: 0.5, b: 1 });
  });
  test("of unequal axes count by their geometric mean", async () => {
    const wide = `["a"] z1 = Conv <strides=[1,4], pads=[1,1,1,1]> (x, k) h1 = Relu(z1) ${conv("b", "h1", "h2", 2)} ${END("h2")}`;
    expect(await shares(net(16, wide))).toEqual({ a: 0.5, b: 1 });
  });
});

/** Five steps down to stride 32, with what real nets have on the way. */
const deep = (side: number, down: "convolution" | "pool" | "average"): string => {
  const pools = { pool: "MaxPool", average: "AveragePool" };
  const steps = [1, 2, 3, 4, 5].map((i) => {
    const from = i === 1 ? "x" : `o${i - 1}`;
    if (down === "convolution") return `${conv(`down${i}`, from, `o${i}`, 2)}`;
    return `${conv(`flat${i}`, from, `c${i}`)} o${i} = ${pools[down]} <kernel_shape=[2,2], strides=[2,2]> (c${i})`;
  });
  const gated = `e = GlobalAveragePool(o2) ["squeeze"] s = Conv(e, p) i = Sigmoid(s) o2g = Mul(o2, i)`;
  const nodes = steps.flatMap((step, i) => (i === 1 ? [step, gated] : i === 2 ? [step.replace("(o2,", "(o2g,")] : [step]));
  const end = down === "average" ? `${conv("last", "o5", "last")} ${END("last")}` : END("o5");
  return net(side, `${nodes.join("\n")} ${end}`);
};

describe("gamma-depth's border at half of the total stride", () => {
  const rulesOf = async (text: string, border?: string) => {
    const composite = { name: "gamma-depth", ...(border && { params: { border } }) };
    return (await planned(text, { composite })).plan.steps.map(({ node, rule }) => `${node.name} ${JSON.stringify(rule)}`);
  };
  test.each(["convolution", "pool", "average"] as const)("at stride 32 by %s it is 1/16 of the side", async (down) => {
    for (const side of [32, 64, 96, 224]) {
      const rules = await rulesOf(deep(side, down), "half-stride");
      expect(rules, `${side}`).toEqual(await rulesOf(deep(side, down)));
      expect(rules.filter((rule) => rule.includes("zplus")).length).toBe(down === "convolution" ? 2 : 3);
      expect(rules.some((rule) => rule.includes("gamma"))).toBe(true);
    }
  });
  const eight = net(32, `${conv("a", "x", "h1", 2)} ${conv("b", "h1", "h2", 2)} ${conv("c", "h2", "h3", 2)} ${END("h3")}`);
  test("at stride 8 γ acts, where 1/16 of the side leaves z⁺", async () => {
    expect((await rulesOf(eight)).filter((rule) => rule.includes("gamma"))).toEqual([]);
    expect((await rulesOf(eight, "half-stride")).filter((rule) => rule.includes("gamma")).map((rule) => rule[0])).toEqual([
      "b",
      "c",
    ]);
  });
  test("is what a choice by name takes, and recipes as written do not", async () => {
    const border = async (recipe: Recipe, asked?: boolean) =>
      (await planned(eight, recipe, asked)).plan.recipe.rules.find(({ match }) => match.mapAbove !== undefined)?.match.mapAbove;
    expect(await border({ composite: "gamma-depth" })).toBe(1 / 16);
    expect(await border({ composite: "gamma-depth" }, true)).toBe("half-stride");
    expect(await border({ composite: { name: "gamma-depth", params: { border: 0.25 } } }, true)).toBe(0.25);
    await expect(border({ composite: { name: "gamma-depth", params: { border: "half" } } })).rejects.toMatchObject({
      _tag: "BadRecipe",
    });
  });
});
