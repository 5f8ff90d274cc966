/**
 * The runtime in a thread of its own. A native `run` blocks the event loop of its thread: here that is the worker's, and the
 * caller's stays free to draw progress and to hear Ctrl-C.
 */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { append, fail, type Runtime, type Session, type SessionOptions, type Tensor } from "@backlit/core";
import { type Answer, type Call, type Created, copied, type Ready, receivedError } from "@backlit/workbench";
import { nodeRuntime, withoutTelemetry } from "./node.ts";

/** Beside the bundle; the sources have none, and run in this thread. */
const BUILT = new URL("./worker-thread.js", import.meta.url);

/** This machine's runtime in a worker, or in this thread where none starts. `notice` is called as by `nodeRuntime`. */
export const workerRuntime = async (notice: (text: string) => void = () => {}, file: URL = BUILT): Promise<Runtime> => {
  if (!existsSync(fileURLToPath(file))) return nodeRuntime(notice);
  withoutTelemetry();
  try {
    const worker = await started(file);
    const { notices, ...told } = worker.ready;
    notices.forEach(notice);
    return { ...told, createSession: (model, options) => open(worker, model, options) };
  } catch {
    return nodeRuntime(notice);
  }
};

type Caller = (call: Call, moved?: readonly ArrayBuffer[]) => Promise<unknown>;

interface Started {
  readonly ready: Ready;
  readonly call: Caller;
  /** Memory of the last call's tensors. */
  readonly back: ArrayBuffer[];
}

const started = (file: URL): Promise<Started> =>
  new Promise((resolve, reject) => {
    const worker = new Worker(file);
    const waiting = new Map<number, { resolve(value: unknown): void; reject(error: unknown): void }>();
    const back: ArrayBuffer[] = [];
    let next = 0;
    let broken: unknown;
    // An idle worker does not keep the process alive.
    const settle = (id: number) => {
      const one = waiting.get(id);
      waiting.delete(id);
      if (waiting.size === 0) worker.unref();
      return one;
    };
    const call: Caller = (what, moved = []) =>
      new Promise((resolve, reject) => {
        if (broken !== undefined) return reject(broken);
        const id = next++;
        waiting.set(id, { resolve, reject });
        worker.ref();
        worker.postMessage({ ...what, id }, moved);
      });
    const lost = (why: string) => {
      broken = fail("Runtime", { what: "the worker of the runtime ended", why });
      for (const id of [...waiting.keys()]) settle(id)?.reject(broken);
      reject(broken);
    };
    worker.on("error", (error) => lost(error.message));
    worker.on("exit", (code) => lost(`exit code ${code}`));
    worker.once("message", (ready: Ready) => {
      worker.on("message", (answer: Answer) => {
        const one = settle(answer.id);
        if ("error" in answer) return one?.reject(receivedError(answer.error));
        if (answer.back) {
          back.length = 0;
          append(back, answer.back);
        }
        one?.resolve(answer.value);
      });
      worker.unref();
      resolve({ ready, call, back });
    });
  });

const open = async (
  { call, back }: Started,
  model: Uint8Array | { readonly path: string },
  options: SessionOptions = {},
): Promise<Session> => {
  const bytes = model instanceof Uint8Array ? model.slice() : model;
  const moved = bytes instanceof Uint8Array ? [bytes.buffer] : [];
  const { session, inputNames, outputNames } = (await call({ do: "create", model: bytes, options }, moved)) as Created;
  let released: Promise<void> | undefined;
  const release = () => {
    released ??= call({ do: "release", session }) as Promise<void>;
    return released;
  };
  return {
    inputNames,
    outputNames,
    run: (feeds, fetches) => {
      const { tensors, moved } = copied(feeds, back);
      return call({ do: "run", session, feeds: tensors, fetches }, moved) as Promise<Record<string, Tensor>>;
    },
    release,
    [Symbol.asyncDispose]: release,
  };
};
