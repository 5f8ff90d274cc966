/** Memory is measured in processes of their own: the parent starts this bundle again with a job, which answers in JSON. */
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { compileModel, decodeModel, encodeModel, prepare, type Runtime, readNpy } from "@backlit/core";
import { processIo } from "../packages/backlit/src/io.ts";
import { main } from "../packages/backlit/src/main.ts";
import { spread, timed } from "./measure.ts";
import { filled, type Input } from "./networks.ts";
import { recipes } from "./recipes.ts";

const MB = 2 ** 20;

export interface Jobs {
  /** Runs a model file on inputs, both in a JSON list: memory of the process at its peak and after the runs, MB. */
  run(what: string, runtime: Runtime): Promise<{ readonly peak: number; readonly after: number }>;
  /** Compiles a model file whose facts are known. */
  compile(path: string, runtime: Runtime): Promise<Compilation>;
  /** The `backlit` command with arguments in JSON. */
  command(args: string): Promise<Commanded>;
  /** Runs a model file once on an array, both in a JSON list: peak memory, MB. */
  feed(paths: string, runtime: Runtime): Promise<{ readonly peak: number }>;
}

interface Commanded {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  /** MB. */
  readonly peak: number;
  readonly ms: number;
}

interface Compilation {
  /** The first time in a process, ms. */
  readonly first: number;
  /** Median of later ones, ms. */
  readonly later: number;
  /** Into chunks that refer to the weights, ms. */
  readonly encode: number;
  /** All that compiling and encoding allocated beside the model, MB; nothing is collected in between. */
  readonly memory: number;
  readonly modelBytes: number;
  readonly artefactBytes: number;
}

export const jobs: Jobs = {
  async run(what, runtime) {
    const [path, inputs] = JSON.parse(what) as [string, readonly Input[]];
    const session = await runtime.createSession({ path });
    const feeds = filled(inputs);
    for (let i = 0; i < 3; i++) await session.run(feeds);
    return { peak: await peakMemory(), after: process.memoryUsage.rss() / MB };
  },
  async compile(path, runtime) {
    const file = await readFile(path);
    const prepared = await prepare(decodeModel(file, path), runtime);
    const { recipe } = recipes["epsilon-plus-flat"]!;
    await settled();
    const before = process.memoryUsage();
    const [artefact, first] = await timed(() => compileModel(prepared, recipe));
    const [chunks, encode] = await timed(() => encodeModel(artefact.model));
    const after = process.memoryUsage();
    const later: number[] = [];
    for (let i = 0; i < 9; i++) later.push((await timed(() => compileModel(prepared, recipe)))[1]);
    return {
      first,
      later: spread(later).median,
      encode,
      memory: (after.heapUsed + after.external - before.heapUsed - before.external) / MB,
      modelBytes: file.length,
      artefactBytes: chunks.reduce((sum, chunk) => sum + chunk.length, 0),
    };
  },
  async command(args) {
    const [out, err]: [string[], string[]] = [[], []];
    const io = {
      ...processIo(),
      out: (text: string) => void out.push(text),
      err: (text: string) => void err.push(text),
    };
    const [code, ms] = await timed(() => main(JSON.parse(args), io));
    return { code, out: out.join(""), err: err.join(""), peak: await peakMemory(), ms };
  },
  async feed(paths, runtime) {
    const [path, input] = JSON.parse(paths) as [string, string];
    const session = await runtime.createSession({ path });
    await session.run({ [session.inputNames[0]!]: readNpy(await readFile(input)) });
    return { peak: await peakMemory() };
  },
};

/** MB. Linux hands maxRSS of the parent on to its children, so the process's own mark is read where there is one. */
const peakMemory = async (): Promise<number> => {
  const status = await readFile("/proc/self/status", "utf8").catch(() => "");
  const own = /^VmHWM:\s*(\d+) kB/m.exec(status)?.[1];
  return Number(own ?? process.resourceUsage().maxRSS) / 1024;
};

/** Waits until what tracing left behind is collected. */
const settled = async (): Promise<void> => {
  for (let i = 0; i < 3; i++) {
    globalThis.gc?.();
    await new Promise((done) => setTimeout(done, 50));
  }
};

/** Starts a job in a new process. The young generation is made large, so that allocations can be counted. */
export const inChild = async <Job extends keyof Jobs>(job: Job, path: string): Promise<Awaited<ReturnType<Jobs[Job]>>> => {
  const script = fileURLToPath(new URL("./child-main.js", import.meta.url));
  const args = ["--expose-gc", "--max-semi-space-size=256", "--min-semi-space-size=256", script, job, path];
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 2 ** 28 });
  return JSON.parse(stdout);
};
