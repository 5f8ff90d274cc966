/** float16, bfloat16 and float64 models are explained in float32; the artefact's inputs and outputs keep their types. */

import { describe, expect, test } from "vitest";
import { nodeRuntime } from "../../../../backlit/src/host/runtime/node.ts";
import { expectClose } from "../../../test/support/compare.ts";
import { explain, floats, model, noise, numbers, runModel } from "../../../test/support/run.ts";
import { load } from "../../explain/index.ts";
import { encodeModelBytes } from "../../onnx/encode.ts";
import { DataType, type ModelProto } from "../../onnx/proto.ts";
import { floatToHalf, halfToFloat } from "../../tensor/half.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { prepare } from "../prepare.ts";

/** A small network in one float type; `t` is the type's name in the text form. */
const net = (t: string): ModelProto =>
  model(`net (${t}[N,3,6,6] x) => (${t}[N,3] y, ${t}[N,4] f) <${t}[4,3,3,3] w = random(1), ${t}[4] b = random(2), ${t}[4,3] d = random(3)> {
    half = Constant <value = ${t} {0.5}> ()
    big = Constant <value = ${t}[1,100] random(4)> ()
    one = ReduceSum(big) z = Conv(x, w, b) r = Relu(z) p = GlobalAveragePool(r) g = Flatten(p) h = Mul(g, half) f = Add(h, one) y = Gemm(f, d) }`);
const halves = (x: Tensor): Tensor => ({ ...x, type: "float16", data: Uint16Array.from(numbers(x), floatToHalf) });
const doubles = (x: Tensor): Tensor => ({ ...x, type: "float64", data: Float64Array.from(numbers(x)) });
const plain = (t: Tensor | undefined): number[] => (t?.type === "float16" ? numbers(t).map(halfToFloat) : numbers(t));
const lowered = async (m: ModelProto) => prepare(m, await nodeRuntime());
/** What float16 can hold. */
const x = floats([2, 3, 6, 6], numbers(halves(noise([2, 3, 6, 6], 7))).map(halfToFloat));

describe("a network", () => {
  test("of float16 gives what the runtime gives for it, and keeps its weights' bytes", async () => {
    const m = net("float16");
    const { compiled, out, relevance } = await explain(m, { x: halves(x) }, { recipe: { method: "gradient" } });
    const want = await runModel(m, { x: halves(x) });
    for (const name of ["y", "f"]) {
      expect(out[name]!.type).toBe("float16");
      expectClose(plain(out[name]), plain(want[name]), 2e-3, name);
    }
    expect(out.relevance!.type).toBe("float32");
    const weight = compiled.model.graph.initializer.find((t) => t.name.startsWith("w"))!;
    expect(weight.dataType).toBe(DataType.FLOAT16);
    expect(weight.rawData!.buffer).toBe(m.graph.initializer[0]!.rawData!.buffer);
    const border = [...compiled.model.graph.input, ...compiled.model.graph.output];
    expect(border.map((v) => [v.name, v.type?.tensorType?.elemType]).slice(0, 3)).toEqual([
      ["x", DataType.FLOAT16],
      ["y", DataType.FLOAT16],
      ["f", DataType.FLOAT16],
    ]);
    // The same network in float32 differs by the rounding of its weights only.
    const same = await explain(net("float"), { x }, { recipe: { method: "gradient" } });
    expectClose(relevance, same.relevance, 2e-3);
  });

  test("of float64, whose convolution the runtime does not have", async () => {
    const m = net("double");
    await expect(runModel(m, { x: doubles(x) })).rejects.toThrow(/Conv/);
    const { out, relevance } = await explain(m, { x: doubles(x) });
    const same = await explain(net("float"), { x });
    expect(out.y!.type).toBe("float64");
    expectClose(numbers(out.y), numbers(same.out.y), 1e-6);
    expectClose(relevance, same.relevance, 1e-6);
  });

  test("of bfloat16, of which there are not even tensors here", async () => {
    const bytes = encodeModelBytes(net("bfloat16"));
    await using lit = await load(bytes, { runtime: await nodeRuntime() });
    const { output, relevance } = await lit.explain(x, { method: "gradient" });
    const same = await explain(net("float"), { x }, { recipe: { method: "gradient" } });
    expectClose(numbers(output), numbers(same.out.y), 2e-2);
    expectClose(numbers(relevance), same.relevance, 2e-2);
    const { model: artefact } = await lit.compile();
    expect(artefact.graph.input[0]!.type!.tensorType!.elemType).toBe(DataType.BFLOAT16);
  });
});

describe("explain", () => {
  test("takes any float type, and says what else it got", async () => {
    for (const t of ["float16", "float", "double"]) {
      await using lit = await load(encodeModelBytes(net(t)), { runtime: await nodeRuntime() });
      const maps = [];
      for (const given of [x, halves(x), doubles(x)]) {
        const { output, relevance } = await lit.explain(given, { target: 1 });
        expect(output.type).toBe("float32");
        maps.push(numbers(relevance));
      }
      expectClose(maps[1]!, maps[0]!, 1e-6);
      expectClose(maps[2]!, maps[0]!, 1e-6);
      await expect(lit.explain({ ...x, type: "int32", data: new Int32Array(216) })).rejects.toThrow(
        /a tensor of int32 \(input 'x'\): the model takes float32/,
      );
      const infinite = halves(x);
      (infinite.data as Uint16Array)[0] = 0x7c00;
      await expect(lit.explain(infinite)).rejects.toThrow(/1 of 216 values are infinite/);
    }
  });
});

describe("types", () => {
  test("in attributes, of constants of a shape, random numbers and casts, in branches too", async () => {
    const m = model(`net (float16[N,4] x) => (float16[] y) <bool yes = {1}, float16[2,40] big = random(1)> {
      s = Shape(x) c = ConstantOfShape <value = float16[1] {0.5}> (s) e = EyeLike <dtype = 10> (x) r = RandomNormalLike <dtype = 11> (x)
      d = Cast <to = 11> (x) l = CastLike(c, x) q = Cast <to = 10> (d) t = Add(q, c) v = Add(t, e) u = Add(v, l) k = Cast <to = 10> (r) n = Sub(k, k) o = Add(u, n)
      y = If (yes) <then_branch = a () => (float16[] b) <float16[4,20] inner = random(2)> { f = Cast <to = 10> (yes) g = ReduceMax(inner) h = Add(f, g) i = ReduceMax(big) j = Add(h, i) b = Add(j, o) },
                    else_branch = w () => (float16[] z) { z = Identity(o) }> }`);
    const { model: low, facts } = await lowered(m);
    const [want, got] = [
      await runModel(m, { x: halves(noise([2, 4], 3)) }),
      await runModel(low, { x: floats([2, 4], numbers(halves(noise([2, 4], 3))).map(halfToFloat)) }),
    ];
    expectClose(numbers(got.y), plain(want.y), 2e-3);
    expect(facts.notices[0]).toBe("float16, double is computed in float32");
    expect(facts.types.get("x")).toBe(DataType.FLOAT16);
  });

  test("of scales of quantised tensors; those of Resize are float32 anyway", async () => {
    const m = model(`<ir_version: 9, opset_import: ["" : 19]>
      net (float16[N,1,4,4] x) => (float16[] y) <float16 s = {0.1}, uint8 z = {128}, float[4] by = {1,1,2,2}> {
      q = QuantizeLinear(x, s, z) d = DequantizeLinear(q, s, z) y = Resize <mode = "linear"> (d, , by) }`);
    // On the grid of the scale: quantisation changes nothing there.
    const given = floats(
      [1, 1, 4, 4],
      numbers(noise([1, 1, 4, 4], 2)).map((v) => Math.round(v * 10) * halfToFloat(floatToHalf(0.1))),
    );
    const { model: low } = await lowered(m);
    expectClose(numbers((await runModel(low, { x: given })).y), plain((await runModel(m, { x: halves(given) })).y), 2e-3);
  });

  test("a float32 model is left alone, and only what is there is named", async () => {
    const m = net("float");
    expect((await lowered(m)).model).toBe(m);
    const mixed = model("net (float[N,4] x) => (float[N,4] y) { d = Cast <to = 11> (x) e = Exp(d) y = Cast <to = 1> (e) }");
    expect((await lowered(mixed)).facts.notices).toEqual(["double is computed in float32"]);
  });
});
