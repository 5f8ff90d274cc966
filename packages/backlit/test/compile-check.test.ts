/** compile opens what it wrote: nothing wrong stays on disk. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { checkArtefact, encodeModelBytes, fail, load, parseModel, type Session, type Tensor } from "@backlit/core";
import { expect, test } from "vitest";
import { nodeRuntime } from "../src/host/runtime/node.ts";
import { writeFiles } from "../src/host/write-files.ts";
import { at, backlit, root } from "./cli.ts";

const NET = `<ir_version: 8, opset_import: ["" : 17]> net (float[N,3] x) => (float[N,2] y, float[N,3] n, float[N,3] r, int64[N] k) <float[3,2] w = random(1), float zero = {0}> {
  y = MatMul(x, w) d = Sub(x, x) n = Div(d, zero) r = RandomNormalLike(x) k = ArgMax <axis=1, keepdims=0> (y) }`;

/** Its artefact, with one output changed on the way. */
const checked = async (change: (out: Record<string, Tensor>) => Record<string, Tensor>) => {
  const file = parseModel(NET);
  const runtime = await nodeRuntime();
  await using lit = await load(encodeModelBytes(file), { runtime });
  const compiled = await lit.compile({ composite: "epsilon", target: "input" });
  await using original = await runtime.createSession(encodeModelBytes(file));
  await using real = await runtime.createSession(encodeModelBytes(compiled.model));
  const artefact: Session = { ...real, run: async (feeds, fetches) => change(await real.run(feeds, fetches)) };
  return await checkArtefact(lit, { file, compiled, original, artefact });
};
const scaled = ({ data, ...rest }: Tensor, by: number): Tensor => ({ ...rest, data: (data as Float32Array).map((v) => v * by) });

test("NaN equals NaN, and random numbers are compared by their shape", async () => {
  expect(await checked((out) => out)).toEqual([]);
  expect(await checked((out) => ({ ...out, y: scaled(out.y!, 1 + 1e-6), r: scaled(out.r!, 5) }))).toEqual([]);
});

test.each([
  ["values", (out) => ({ ...out, y: scaled(out.y!, 1.0001) }), /output 'y'.*off by 1.0e-4/],
  ["a number for none", (out) => ({ ...out, n: { ...out.n!, data: new Float32Array(3) } }), /output 'n'.*not NaN/],
  ["a shape", (out) => ({ ...out, y: { ...out.y!, dims: [2, 1] } }), /output 'y'.*its shape is 2×1, not 1×2/],
  [
    "whole numbers",
    (out) => ({ ...out, k: { ...out.k!, data: (out.k!.data as BigInt64Array).map((v) => 1n - v) } }),
    /output 'k'.*element 0/,
  ],
] as [string, (out: Record<string, Tensor>) => Record<string, Tensor>, RegExp][])(
  "%s that differ are an error",
  async (_, change, why) => {
    await expect(checked(change)).rejects.toThrow(why);
  },
);

test("what fails the check goes, and what was there comes back", async () => {
  const [kept, fresh] = [at("kept.onnx"), at("fresh.onnx")];
  writeFileSync(kept, "before");
  const bytes = [new TextEncoder().encode("after")];
  const files = [fresh, kept].map((path) => ({ path, chunks: bytes }));
  const seen: string[] = [];
  const wrong = writeFiles(files, async () => {
    seen.push(readFileSync(kept, "utf8"), readFileSync(fresh, "utf8"));
    throw fail("Mismatch", { what: "not the same" });
  });
  await expect(wrong).rejects.toThrow("not the same");
  expect(seen).toEqual(["after", "after"]);
  expect([readFileSync(kept, "utf8"), existsSync(fresh)]).toEqual(["before", false]);
  await writeFiles(files, async () => {});
  expect(readFileSync(kept, "utf8")).toBe("after");
});

test("the command checks, also what takes a class, a seed or a reference", async () => {
  const model = root("models/digits/model.onnx");
  for (const more of [
    ["--target", "input"],
    ["--seed", "input"],
    ["--method", "deeplift", "--set", "baseline=input"],
    ["--no-check"],
  ]) {
    const { code, err } = await backlit("compile", model, "-o", at("out.onnx"), ...more);
    expect([code, err.includes("backlit:")], `${more}: ${err}`).toEqual([0, false]);
  }
});
