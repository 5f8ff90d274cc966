/** `concepts` over many generated pictures: its throughput against bare explanation runs, and its memory. */
import { readFile } from "node:fs/promises";
import { concepts, type EvaluationData, load, type Runtime, randomBy } from "@backlit/core";
import type { Row } from "./report.ts";

/** From the built bundle back to the repository. */
const model = new URL("../../../models/digits/model.onnx", import.meta.url);
const CHUNK = 64;
const VALUES = 2;

/** `count` pictures of noise, made when they are read. */
const generated = (count: number): EvaluationData => ({
  ...{ name: "generated", sha256: "0", count, chunk: CHUNK },
  read: async (from, many) => {
    const data = new Float32Array(many * 784);
    for (let n = 0; n < many; n++) {
      const stream = randomBy(0).stream(from + n);
      for (let i = 0; i < 784; i++) data[n * 784 + i] = stream.next();
    }
    const names = Array.from({ length: many }, (_, n) => String(from + n));
    return { x: { type: "float32", dims: [many, 1, 28, 28], data }, names };
  },
});

const megabytes = (): number => {
  globalThis.gc?.();
  return process.memoryUsage().rss / 2 ** 20;
};

export const conceptCosts = async (runtime: Runtime, count: number, onRow: (row: Row) => void): Promise<void> => {
  await using lit = await load(new Uint8Array(await readFile(model)), { runtime });
  const activations = lit.traced.graph.nodes.flatMap(({ opType, output }) => (opType === "Relu" ? [output[0]!] : []));
  const values = activations.slice(0, VALUES);
  const data = generated(count);
  const say = (what: string, unit: Row["unit"], value: number) => onRow({ network: "digits", what, unit, value });
  const bare = async (): Promise<number> => {
    const started = performance.now();
    for (let from = 0; from < count; from += CHUNK) await lit.explain((await data.read(from, Math.min(CHUNK, count - from))).x);
    return performance.now() - started;
  };
  const memory: number[] = [];
  const whole = async (): Promise<number> => {
    const started = performance.now();
    const at = new Set([1, 2, 3, 4].map((k) => Math.ceil((k * Math.ceil(count / CHUNK)) / 4)));
    const onProgress = (done: number) => void (at.has(done) && memory.push(megabytes()));
    await concepts([lit], { model: "digits", data, values, perClass: 2, onProgress });
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
