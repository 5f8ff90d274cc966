/** docs/scale.md's examples of Ray Data and Spark, where Python has them: what they write is the library's own relevance. */
import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { load } from "../src/index.ts";
import { at, backlit, root } from "./cli.ts";
import { pythonWith } from "./python.ts";
import { npyOf } from "./support.ts";

const run = promisify(execFile);
const COUNT = 8;

const needs = ["onnxruntime", "pandas", "pyarrow"];
const compared = async (name: string, python: string): Promise<void> => {
  const [model, inputs, out] = ["explained.onnx", "inputs.parquet", name].map(at);
  expect((await backlit("compile", "digits", "-o", model!)).code).toBe(0);
  const write = `import sys, numpy as np, pandas as pd
x = np.load(sys.argv[1])[:${COUNT}].reshape(${COUNT}, -1).astype(np.float32)
pd.DataFrame({"name": [str(i) for i in range(len(x))], "x": list(x)}).to_parquet(sys.argv[2])`;
  await run(python, ["-c", write, root("data/digits/images.npy"), inputs!]);
  const settings = { env: { ...process.env, SPARK_LOCAL_IP: "127.0.0.1", PYSPARK_PYTHON: python } };
  await run(python, [root(`examples/python/${name}.py`), model!, inputs!, out!], settings);
  expect(readdirSync(out!).some((file) => file.endsWith(".parquet"))).toBe(true);
  const read = `import sys, json, pandas as pd
found = pd.read_parquet(sys.argv[1]).set_index("name").loc[[str(i) for i in range(${COUNT})]]
print(json.dumps([[int(t), [float(v) for v in r]] for t, r in zip(found["target"], found["relevance"])]))`;
  const { stdout } = await run(python, ["-c", read, out!], { maxBuffer: 2 ** 26 });
  const found: readonly [number, readonly number[]][] = JSON.parse(stdout);
  const images = npyOf("data/digits/images.npy").data.slice(0, COUNT * 784) as Uint8Array;
  const lit = await load("digits");
  const own = await lit.explain({ type: "float32", dims: [COUNT, 1, 28, 28], data: Float32Array.from(images) });
  await lit.release();
  expect(found.map(([target]) => [target])).toEqual(own.target);
  const [relevance, values] = [own.relevance.data as Float32Array, found.flatMap(([, row]) => row)];
  const largest = Math.max(...relevance.map(Math.abs));
  expect(Math.max(...values.map((value, i) => Math.abs(value - relevance[i]!))) / largest).toBeLessThan(1e-5);
};

for (const [name, module] of [
  ["ray_data", "ray.data"],
  ["spark", "pyspark"],
] as const) {
  const python = await pythonWith(module, ...needs);
  test.runIf(python)(name, () => compared(name, python!));
}
