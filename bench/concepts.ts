/** `concepts` over many generated pictures: its throughput against bare explanation runs (by the clock: beside other work the ratio swings, 0.57 to 1.13 for digits), and its memory. */
import { readFile } from "node:fs/promises";
import { concepts, type EvaluationData, load, type Runtime, randomBy } from "@backlit/core";
import type { Row } from "./report.ts";

interface Setting {
  readonly dims: readonly number[];
  readonly chunk: number;
  /** Pictures of a whole run, and of a quick one. */
  readonly counts: readonly [number, number];
  /** Whose channels are looked at, of all activations. */
  values(activations: readonly string[]): readonly string[];
}

/** Bundled models. */
const SETTINGS: Readonly<Record<string, Setting>> = {
  digits: { dims: [1, 28, 28], chunk: 64, counts: [10_000, 1000], values: (all) => all.slice(0, 2) },
  "efficientnet-lite0": { dims: [3, 224, 224], chunk: 16, counts: [480, 96], values: (all) => all.slice(-2) },
};

export const conceptModels = Object.keys(SETTINGS);

/** From the built bundle back to the repository. */
const modelOf = (name: string) => new URL(`../../../models/${name}/model.onnx`, import.meta.url);

/** Different pictures; more of them come again. */
const POOL = 64;

/** `count` pictures of noise. */
const generated = ({ dims, chunk }: Setting, count: number): EvaluationData => {
  const size = dims.reduce((a, b) => a * b, 1);
  const stream = randomBy(0).stream(0);
  const pool = Float32Array.from({ length: POOL * size }, () => stream.next());
  return {
    ...{ name: "generated", sha256: "0", count, chunk },
    read: async (from, many) => {
      const data = new Float32Array(many * size);
      for (let n = 0; n < many; n++) {
        const at = ((from + n) % POOL) * size;
        data.set(pool.subarray(at, at + size), n * size);
      }
      const names = Array.from({ length: many }, (_, n) => String(from + n));
      return { x: { type: "float32", dims: [many, ...dims], data }, names };
    },
  };
};

const megabytes = (): number => {
  globalThis.gc?.();
  return process.memoryUsage().rss / 2 ** 20;
};

export const conceptCosts = async (name: string, runtime: Runtime, quick: boolean, onRow: (row: Row) => void): Promise<void> => {
  const setting = SETTINGS[name]!;
  const { chunk } = setting;
  const count = setting.counts[quick ? 1 : 0];
  await using lit = await load(new Uint8Array(await readFile(modelOf(name))), { runtime });
  const activations = lit.traced.graph.nodes.flatMap(({ opType, output }) =>
    opType === "Relu" || opType === "Clip" ? [output[0]!] : [],
  );
  const values = setting.values(activations);
  const data = generated(setting, count);
  const say = (what: string, unit: Row["unit"], value: number) => onRow({ network: name, what, unit, value });
  const bare = async (): Promise<number> => {
    const started = performance.now();
    for (let from = 0; from < count; from += chunk) await lit.explain((await data.read(from, Math.min(chunk, count - from))).x);
    return performance.now() - started;
  };
  const memory: number[] = [];
  const whole = async (): Promise<number> => {
    const started = performance.now();
    const at = new Set([1, 2, 3, 4].map((k) => Math.ceil((k * Math.ceil(count / chunk)) / 4)));
    const onProgress = (done: number) => void (at.has(done) && memory.push(megabytes()));
    await concepts([lit], { model: name, data, values, perClass: 2, onProgress });
    return performance.now() - started;
  };
  // By turns, so that what else the machine does falls on both.
  const times = { bare: 0, whole: 0 };
  for (let round = 0; round < 2; round++) {
    times.bare += await bare();
    times.whole += await whole();
  }
  say(`explain, ${count} pictures`, "ms", times.bare / 2);
  say(`concepts of ${values.length} values`, "ms", times.whole / 2);
  say("concepts, throughput over explain's", "×", times.bare / times.whole);
  for (const [k, value] of memory.entries())
    say(`concepts, memory after ${25 * ((k % 4) + 1)} %, round ${Math.floor(k / 4) + 1}`, "MB", value);
};
