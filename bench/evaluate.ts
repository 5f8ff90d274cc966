/**
 * The perturbation engine against bare batched forward runs: the same number of rows, in as many workers, the bare ones at the best batch
 * size.
 * The budget is 90 % of them. Side by side, round by round.
 */
import { readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { type FloatTensor, judgeOf, load, metrics, type Runtime, readNpy, type Tensor } from "@backlit/core";
import { workerRuntime } from "../packages/backlit/src/host/runtime/worker.ts";
import { ratio, sideBySide, spread, timed } from "./measure.ts";
import { Random } from "./models/random.ts";
import { BUDGET } from "./recipes.ts";
import { type Row, row } from "./report.ts";

/** Heatmaps of each picture: what belongs to the picture alone is made once. */
const MAPS = 4;

/** Beside the built command. As in `backlit evaluate`, one a core, each running its sessions in one thread of its own. */
const WORKER = new URL("../../../packages/backlit/dist/worker-thread.js", import.meta.url);

/** Which model, how many pictures at a time, and what is measured on them. */
const works = {
  digits: { images: 16, params: { unit: "pixel", steps: "every", imputer: "mean", "random-orders": 1 } },
  "efficientnet-lite0": { images: 4, params: { unit: "grid:16", imputer: "blur", "random-orders": 1 } },
} as const;

export const evaluation = async (rounds: number, onRow: (row: Row) => void): Promise<void> => {
  for (const [name, { images, params }] of Object.entries(works)) {
    const file = (path: string) => readFile(new URL(`../../../${path}`, import.meta.url)); // from the bundle
    const bytes = new Uint8Array(await file(`models/${name}/model.onnx`));
    const workers = await Promise.all(
      Array.from({ length: availableParallelism() }, async () => {
        const made = await workerRuntime(() => {}, WORKER);
        const runtime: Runtime = { ...made, createSession: (model, more) => made.createSession(model, { threads: 1, ...more }) };
        return { lit: await load(bytes, { runtime, name }), forward: await runtime.createSession(bytes) };
      }),
    );
    const x = await pictures(name, images, file);
    const maps = Array.from({ length: MAPS }, (_, m): FloatTensor => ({ ...x, data: new Random(m).uniform(x.data.length, 1) }));
    let rows = 0;
    const meter = {
      starts() {},
      announce() {},
      again() {},
      ran: (n: number) => {
        rows += n;
      },
    };
    const engine = async () => {
      rows = 0;
      await Promise.all(
        workers.map(async ({ lit }) => {
          const judge = await judgeOf(lit, x, { meter });
          for (const relevance of maps) await judge.measure(metrics.srg!, params, { relevance });
        }),
      );
    };
    await engine();
    const bare = async (size: number) => {
      const feeds = { [workers[0]!.forward.inputNames[0]!]: batchOf(x, size) };
      await Promise.all(
        workers.map(async ({ forward }) => {
          for (let k = 0; k < rows / workers.length; k += size) await forward.run(feeds);
        }),
      );
    };
    const best = await bestBatch(bare);
    const [plain, perturbed] = await sideBySide([() => bare(best), engine], rounds);
    onRow(row(name, `${rows} bare forward passes by ${best} in ${workers.length} threads`, "ms", spread(plain!)));
    onRow(row(name, "pixel-flipping engine, the same number", "×", ratio(plain!, perturbed!), 1.11));
    if (params.imputer === "blur") await imputers(name, { lit: workers[0]!.lit, x, relevance: maps[0]!, params }, onRow);
    for (const { lit, forward } of workers) {
      await forward.release();
      await lit[Symbol.asyncDispose]();
    }
  }
};

interface Flipping {
  readonly lit: Awaited<ReturnType<typeof load>>;
  readonly x: FloatTensor;
  readonly relevance: FloatTensor;
  readonly params: Readonly<Record<string, string | number>>;
}

/** What the same flipping costs where cells are filled with care, over blurring them. */
const imputers = async (name: string, { lit, x, relevance, params }: Flipping, onRow: (row: Row) => void): Promise<void> => {
  const flip = (imputer: string) => async () => {
    const judge = await judgeOf(lit, x, {});
    await judge.measure(metrics.srg!, { ...params, imputer }, { relevance });
  };
  const names = ["blur", "road", "diffusion"];
  const [blur, ...others] = await sideBySide(names.map(flip), 1);
  for (const [i, imputer] of names.slice(1).entries())
    onRow(row(name, `flipping with ${imputer}, over blur`, "×", ratio(blur!, others[i]!), BUDGET.imputer));
};

const pictures = async (name: string, count: number, file: (path: string) => Promise<Uint8Array>): Promise<FloatTensor> => {
  if (name === "digits") {
    const { data } = readNpy(new Uint8Array(await file("data/digits/images.npy")));
    const pixels = Float32Array.from(data.slice(0, count * 784) as ArrayLike<number>, (v) => v / 255);
    return { type: "float32", dims: [count, 1, 28, 28], data: pixels };
  }
  const data = new Float32Array(count * 3 * 224 * 224).map((_, i) => Math.sin(i / 50) + Math.sin(i / 7001));
  return { type: "float32", dims: [count, 3, 224, 224], data };
};

/** The first pictures, over again where there are too few. */
const batchOf = ({ dims, data }: FloatTensor, size: number): Tensor => {
  const width = data.length / dims[0]!;
  return {
    type: "float32",
    dims: [size, ...dims.slice(1)],
    data: Float32Array.from({ length: size * width }, (_, i) => data[i % data.length]!),
  };
};

const bestBatch = async (bare: (size: number) => Promise<void>): Promise<number> => {
  let best = { size: 1, ms: Number.POSITIVE_INFINITY };
  for (const size of [1, 2, 4, 8, 16, 32, 64, 128, 256]) {
    const [, ms] = await timed(() => bare(size));
    if (ms < best.ms) best = { size, ms };
  }
  return best.size;
};
