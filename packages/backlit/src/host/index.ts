/** This machine as a host: its disk, its runtimes, sharp. */
import { availableParallelism } from "node:os";
import type { Runtime } from "@backlit/core";
import type { Host } from "@backlit/workbench";
import { bundled, bundledFolder } from "./bundled.ts";
import { nodeFiles } from "./files.ts";
import { nodePictures } from "./pictures.ts";
import { onDevice } from "./runtime/device.ts";
import { nodeRuntime } from "./runtime/node.ts";
import { workerRuntime } from "./runtime/worker.ts";
import { folderStore } from "./store.ts";
import { timed } from "./timed.ts";

export interface NodeHostOptions {
  /** What the path `-` reads; the process's own standard input unless given. */
  readonly stdin?: AsyncIterable<Uint8Array | string>;
  /** A single runtime works in this thread: what takes no time needs no other. */
  readonly here?: boolean;
  /** Of the engine in every runtime, whatever is asked for. */
  readonly threads?: number | undefined;
  /** An execution provider by name, in every runtime; default: the processor. */
  readonly device?: string | undefined;
}

export const nodeHost = ({ stdin, here = false, threads: most, device }: NodeHostOptions = {}): Host => ({
  files: nodeFiles(stdin),
  runtimes: {
    cores: availableParallelism(),
    several: (count, threads, note) =>
      here && count === 1
        ? nodeRuntime(note).then((runtime) => [onDevice(withThreads(runtime, most), device, note)])
        : Promise.all(
            Array.from({ length: count }, async () =>
              onDevice(withThreads(await workerRuntime(note), most ?? threads), device, note),
            ),
          ),
  },
  pictures: nodePictures,
  store: folderStore,
  bundled: { names: Object.keys(bundled), folder: (name) => bundledFolder(name) },
  limited: timed,
});

const withThreads = (runtime: Runtime, threads: number | undefined): Runtime =>
  threads === undefined
    ? runtime
    : { ...runtime, createSession: (model, options) => runtime.createSession(model, { threads, ...options }) };
