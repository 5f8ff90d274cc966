/** A fleet for tests: a store, a queue, workers in this process or in their own. */
import type { ChildProcess } from "node:child_process";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { MessageChannel } from "node:worker_threads";
import type { Host, UnitKind } from "@backlit/workbench";
import { enqueueRun, type FleetWorker, jobsAt, type RunState, startFleetWorker, type Thread, workIn } from "../../src/index.ts";
import { openObjects } from "../../src/store/open.ts";
import { scratch, started, until } from "./servers.ts";
import { resultOf, sleep } from "./sleep.js";

export interface Sleep {
  readonly name: string;
  readonly count: number;
  readonly ms: number;
  readonly bad?: readonly number[];
  readonly deadly?: readonly number[];
}

const sleepers = { sleep: async () => sleep as unknown as UnitKind };

/** An engine by name only. */
export const engineHost = (name = "none"): Host => ({
  files: {} as Host["files"],
  pictures: {} as Host["pictures"],
  runtimes: {
    cores: 1,
    several: async (count) =>
      Array.from({ length: count }, () => ({
        name,
        version: "1",
        cpu: "any",
        createSession: () => Promise.reject(new Error("none")),
      })),
  },
});

/** The other end of `workIn`, in this thread. */
const threadHere = (host: Host, cache: string): Thread => {
  const { port1, port2 } = new MessageChannel();
  workIn(port2, { host, cache, kinds: sleepers });
  return {
    postMessage: (call) => port1.postMessage(call),
    listen: ({ message }) => void port1.on("message", message),
    terminate: async () => port1.close(),
  };
};

export class Fleet {
  readonly folder = scratch();
  readonly store: string;
  readonly #processes: ChildProcess[] = [];
  readonly #workers: FleetWorker[] = [];
  readonly notes: string[] = [];

  constructor(
    readonly queue: string,
    store?: string,
  ) {
    this.store = store ?? join(this.folder, "store");
  }

  submit(request: Sleep, more: { readonly mixed?: boolean; readonly fan?: number } = {}): Promise<string> {
    return enqueueRun(this.queue, this.store, { kind: "sleep", request, title: `sleep ${request.name}`, ...more });
  }

  /** In this process. */
  async worker(host = engineHost(), threads = 1, done = () => {}): Promise<FleetWorker> {
    const worker = await startFleetWorker({
      ...{ queue: this.queue, lock: 1, threads, done },
      start: () => threadHere(host, join(this.folder, "cache")),
      note: (text) => void this.notes.push(text),
    });
    this.#workers.push(worker);
    return worker;
  }

  /** In a process of its own, ready when this resolves. */
  async process(
    env: Readonly<Record<string, string>> = {},
    queue = this.queue,
    node: readonly string[] = [],
  ): Promise<ChildProcess> {
    const script = fileURLToPath(new URL("worker.js", import.meta.url));
    const child = started(process.execPath, [...node, script], {
      env: { ...process.env, QUEUE: queue, CACHE: join(this.folder, "cache"), ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#processes.push(child);
    let said = "";
    for (const stream of [child.stdout!, child.stderr!])
      stream.on("data", (data) => {
        said += data;
        this.notes.push(String(data));
      });
    await until(() => {
      if (child.exitCode !== null) throw new Error(said);
      return said.includes("working");
    }, "a worker works");
    return child;
  }

  async state(run: string): Promise<RunState> {
    await using jobs = await jobsAt(this.queue);
    return await jobs.find(run);
  }

  /** Until a run is in one of these states. */
  async reach(run: string, ...states: readonly RunState["state"][]): Promise<RunState> {
    await using jobs = await jobsAt(this.queue);
    let last: RunState | undefined;
    await until(
      async () => {
        last = await jobs.find(run).catch(() => undefined);
        return last !== undefined && states.includes(last.state);
      },
      `run is ${states.join(" or ")} (${this.notes.slice(-5).join("; ")})`,
    );
    return last!;
  }

  async close(): Promise<void> {
    for (const child of this.#processes) child.kill("SIGKILL");
    await Promise.all(this.#workers.map((worker) => worker.close()));
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Names and contents of all results below a folder store. */
export const resultsIn = (store: string): readonly (readonly [name: string, content: string])[] => {
  const units = join(store, "units");
  return (
    readdirSync(units, { recursive: true, withFileTypes: true }) as { isFile(): boolean; name: string; parentPath: string }[]
  )
    .filter((entry) => entry.isFile())
    .map(({ name, parentPath }) => [name, readFileSync(join(parentPath, name), "utf8")] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
};

/** What one process makes of it, unit by unit. */
export const alone = async (request: Sleep): Promise<ReturnType<typeof resultsIn>> => {
  const folder = scratch();
  const { keptStore } = await import("../../src/store/kept.ts");
  const host = { store: () => keptStore(openObjects(join(folder, "store"))) };
  const units = await sleep.openUnits({ ...request, ms: 0, bad: [], deadly: [], store: "" } as never, { host } as never);
  for (let unit = 0; unit < request.count; unit++) await units.run(unit);
  const results = resultsIn(join(folder, "store"));
  rmSync(folder, { recursive: true });
  return results;
};

export { resultOf };
